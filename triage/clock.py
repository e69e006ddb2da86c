"""What is due when the clock ticks: danger first, then offers, shifts, what the queue keeps of time,
and letters to desks."""

from __future__ import annotations

from datetime import datetime

from triage import shifts
from triage.escalation import sweep as danger
from triage.handover import steps as handovers
from triage.queue import offers
from triage.queue.sweep import sweep
from triage.referral import deadlines
from triage.referral.mixing import POOL


def tick(now: datetime) -> int:
    """Do what is due; how many shifts moved. However many clocks, each thing happens once."""
    danger.sweep(now)
    sweep(now)
    offers.tick(now)
    handovers.tick(now)
    POOL.tick(now)
    deadlines.tick(now)
    return shifts.tick(now)

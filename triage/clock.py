"""What is due when the clock ticks: danger and help that is late first, then offers, shifts, what the
queue keeps of time, letters to desks, raised hands, and whom to look in on."""

from __future__ import annotations

from datetime import datetime

from triage import shifts
from triage.dispatch import sweep as dispatches
from triage.escalation import sweep as danger
from triage.followup import sweep as followup
from triage.handover import steps as handovers
from triage.queue import offers
from triage.queue.sweep import sweep
from triage.referral import deadlines
from triage.referral.mixing import POOL
from triage.sideroom import sweep as sideroom


def tick(now: datetime) -> int:
    """Do what is due; how many shifts moved. However many clocks, each thing happens once."""
    danger.sweep(now)
    dispatches.sweep(now)
    sweep(now)
    offers.tick(now)
    handovers.tick(now)
    POOL.tick(now)
    deadlines.tick(now)
    sideroom.tick(now)
    followup.tick(now)
    return shifts.tick(now)

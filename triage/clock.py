"""What is due when the clock ticks: danger first, then offers, shifts, and what the queue keeps of
time."""

from __future__ import annotations

from datetime import datetime

from triage import shifts
from triage.escalation import sweep as danger
from triage.queue import offers
from triage.queue.sweep import sweep


def tick(now: datetime) -> int:
    """Do what is due; how many shifts moved. However many clocks, each thing happens once."""
    danger.sweep(now)
    sweep(now)
    offers.tick(now)
    return shifts.tick(now)

"""What is due when the clock ticks: shifts, offers that are over, and what the queue keeps of time."""

from __future__ import annotations

from datetime import datetime

from triage import shifts
from triage.queue import offers
from triage.queue.sweep import sweep


def tick(now: datetime) -> int:
    """Do what is due; how many shifts moved. However many clocks, each thing happens once."""
    sweep(now)
    offers.tick(now)
    return shifts.tick(now)

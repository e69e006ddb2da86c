"""What is due when the clock ticks: danger and help that is late first, then offers, shifts, what the
queue keeps of time, letters to desks, raised hands, and whom to look in on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from counsel.one_by_one import one_by_one
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
    parts = (
        danger.sweep, dispatches.sweep, sweep, offers.tick, handovers.tick, POOL.tick, deadlines.tick,
        sideroom.tick, followup.tick,
    )  # fmt: skip
    one_by_one(partial(_due, part, now) for part in parts)
    return one_by_one([partial(shifts.tick, now)])


def _due(part: Callable[[datetime], object], now: datetime) -> int:
    part(now)
    return 1

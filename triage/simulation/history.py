"""What a site's own coarse counts say of who comes and when; nothing finer is kept."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from counsel.models import home
from triage.queue.rows import WaitCount
from triage.simulation.staffing import MIX, SHAPE, Learnt

FEWEST: Final = 50
"""People met since; of fewer the assumed shape says more than their own."""
_LEAST: Final = 0.05
"""Of an hour nobody came in yet: somebody may all the same."""


def learn() -> Learnt:
    """From the counts that are there: those of the last day or so."""
    zone = ZoneInfo(home().zone)
    hours, tiers = [0] * 24, [0] * 4
    for row in WaitCount.objects.all():
        hours[row.quarter_at.astimezone(zone).hour] += row.count
        tiers[row.tier] += row.count
    people = sum(hours)
    if people < FEWEST:
        return Learnt(SHAPE, MIX, 0)
    busiest = max(hours)
    shape = tuple(max(hour / busiest, _LEAST) for hour in hours)
    # A tier nobody was in yet keeps a little of what is assumed: one day is no proof.
    mix = tuple(
        (count + share * FEWEST) / (people + FEWEST)
        for count, share in zip(tiers, MIX, strict=True)
    )
    return Learnt(shape, mix, people)

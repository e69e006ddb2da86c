"""Who is next, over the heads of the tiers. Pure: the one order there is, in SQL and in a simulation.

Red goes first. Among the others each tier has a credit: its weight times the longest wait in it; the
largest is served, and with equal ones the more urgent. Within a tier whoever was left by a listener
goes first, then whoever would like the very person who asks, then who came first. A breached target
changes nothing here (clinical notes 4.2: jumping the queue made the others' waits worse).

Within one class of a tier credit order is arrival order, so the head of each class is all there is
to know: at most eight rows, and the four of those who wish for somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import groupby

from triage.queue import tables
from triage.queue.tiers import Tier


@dataclass(frozen=True, slots=True)
class Head:
    """Somebody who waits. `wished`: for the one who asks."""

    id: int
    tier: Tier
    since: datetime
    returned: bool = False
    wished: bool = False

    @property
    def rank(self) -> tuple[bool, bool, datetime, int]:
        """Their order within a tier."""
        return (not self.returned, not self.wished, self.since, self.id)


class Room(Enum):
    """Whom somebody may be given."""

    ANYBODY = "anybody"
    REDS = "reds"
    """A supervisor's free hands, and slots kept for red."""
    NOBODY = "nobody"


def choose(heads: Iterable[Head], now: datetime, room: Room = Room.ANYBODY) -> Head | None:
    """The next person, among the heads of all classes or among everybody: that is the same."""
    by_tier: dict[Tier, list[Head]] = {}
    for head in heads:
        by_tier.setdefault(head.tier, []).append(head)
    tier = next_tier(
        {tier: min(h.since for h in them) for tier, them in by_tier.items()}, now, room
    )
    return None if tier is None else min(by_tier[tier], key=lambda head: head.rank)


def next_tier(oldest: dict[Tier, datetime], now: datetime, room: Room) -> Tier | None:
    """Whose turn it is, by the longest wait in each tier that has anybody."""
    if room is Room.NOBODY:
        return None
    if Tier.RED in oldest:
        return Tier.RED
    if room is Room.REDS or not oldest:
        return None
    return min(oldest, key=lambda tier: (-credit(tier, now - oldest[tier]), tier))


def credit(tier: Tier, wait: timedelta) -> int:
    """What a wait of so long is worth in a tier, in weighted microseconds: whole, so that every
    database counts it alike."""
    return tables.WEIGHTS[tier] * (wait // timedelta(microseconds=1))


def in_turn(everybody: Iterable[Head], now: datetime) -> Iterator[Head]:
    """Everybody in the order they would be taken in, if all were taken at this instant."""
    ranked = sorted(everybody, key=lambda head: (head.tier, head.rank))
    queues = {tier: list(them)[::-1] for tier, them in groupby(ranked, key=lambda head: head.tier)}
    oldest = {tier: _running_oldest(them) for tier, them in queues.items()}
    while queues:
        tier = next_tier({t: oldest[t][-1] for t in queues}, now, Room.ANYBODY)
        assert tier is not None
        yield queues[tier].pop()
        oldest[tier].pop()
        if not queues[tier]:
            del queues[tier]


def _running_oldest(last_first: Sequence[Head]) -> list[datetime]:
    """For each place of a queue kept last first, the longest wait of what is left with it."""
    found: list[datetime] = []
    for head in last_first:
        found.append(min(head.since, found[-1]) if found else head.since)
    return found

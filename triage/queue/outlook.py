"""What somebody who waits is told: how many are before them, and a range of minutes from the queue
as it is. A range is no promise; where nobody can tell, nothing is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chat.neighbours import Queue
from counsel.lifecycle import Role, State
from triage import door
from triage.queue.duty import Present, read_present
from triage.queue.hands import Free
from triage.queue.heads import NOBODY_IN_PARTICULAR, in_order
from triage.queue.rows import Place
from triage.queue.tables import MEAN_TALK, NOBODY_AFTER, SUPERVISOR_AFTER, SURGE_FROM, TARGETS
from triage.queue.tiers import Now, Tier
from triage.queue.wire import IN_PLANTS, UNKNOWN, Standing, write_standing

_COUNTED: Final = 500
"""How far a place is counted in each class; beyond, it is `this many`."""
_STEPS: Final = (0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
"""Minutes a range begins and ends with: nothing here is known to the minute."""
_LOW: Final = -0.6745
_HIGH: Final = 1.0364
"""The middle of what happens: from a quarter to eighty-five in a hundred, as normal deviates."""


@dataclass(frozen=True, slots=True)
class View:
    """The queue and who is there, read once for everybody who is told."""

    now: datetime
    before: Mapping[int, int]
    present: Sequence[Present]
    closed: bool

    def standing(self, place: Place) -> Standing:
        """What one of those who wait is told."""
        may = [
            one
            for one in self.present
            if one.listens(self.now)
            and one.asker.where.may_meet(
                place.region, place.industry, plants=not place.exclusions & IN_PLANTS
            )
        ]
        offered = place.session.state == State.OFFERED.value
        ahead = 0 if offered else self.before.get(place.pk, len(self.before))
        low, high = self._expect(ahead, may)
        newcomer, _ = self._expect(len(self.before), may)
        return Standing(
            ahead=min(ahead, 65535),
            low=low,
            high=high,
            nobody=int(not may),
            closed=int(self.closed),
            surge=int(bool(may) and timedelta(minutes=newcomer) >= SURGE_FROM),
            stage=stage(place, self.now, somebody=bool(may) or self._is_supervised()),
            offered=int(offered),
        )

    def _is_supervised(self) -> bool:
        """Whoever supervises takes a red nobody else is free for."""
        roles = (one.carrying.role for one in self.present if one.stands(self.now))
        return any(role is Role.SUPERVISOR for role in roles)

    def _expect(self, ahead: int, may: Sequence[Present]) -> tuple[int, int]:
        free = sum(one.free(self.now) is Free.FREE for one in may)
        return expect(ahead, free, sum(one.carrying.cap for one in may))


def look(session_ids: Collection[int], now: datetime) -> Queue:
    """What each of these is told."""
    order = in_order(NOBODY_IN_PARTICULAR, now, each=_COUNTED)
    before = {pk: place for place, pk in enumerate(order)}
    view = View(now, before, read_present(), not door.look(now).open)
    rows = Place.objects.filter(pk__in=session_ids).select_related("session")
    return Queue({place.pk: write_standing(view.standing(place)) for place in rows})


def listeners(now: datetime) -> int:
    """Counsellors who would take somebody now or next: cleared, ready on a shift, their board open."""
    return sum(one.listens(now) for one in read_present())


def expect(ahead: int, free: int, slots: int) -> tuple[int, int]:
    """Minutes from and to until somebody comes, with so many before, hands free, and talks going
    on at once. Releases come one by one, so that the last of `ahead + 1` comes after a sum of
    equal exponentials (Wilson and Hilferty's quantiles of it).
    """
    if slots == 0:
        return UNKNOWN, UNKNOWN
    if ahead < free:
        return 0, 2
    releases = ahead - free + 1
    mean = releases * (MEAN_TALK / timedelta(minutes=1)) / slots
    low, high = (_quantile(mean, releases, z) for z in (_LOW, _HIGH))
    return max(s for s in _STEPS if s <= low), min(
        (s for s in _STEPS if s >= high), default=UNKNOWN
    )


def _quantile(mean: float, shape: int, z: float) -> float:
    factor: float = max(0.0, 1 - 1 / (9 * shape) + z / (3 * shape**0.5))
    return mean * factor * factor * factor


def stage(place: Place, now: datetime, *, somebody: bool) -> int:
    """Whom a red hears is being called: 1 the staff, 2 the supervisor too, 3 nobody has come or
    nobody is there. A recent one is no siren: it stays with the first. Others are told nothing."""
    if place.tier != Tier.RED:
        return 0
    if not somebody:
        return 3
    waits = now - (place.due_at - TARGETS[Tier.RED])
    if place.now == Now.RECENT or waits < SUPERVISOR_AFTER:
        return 1
    return 2 if waits < NOBODY_AFTER else 3

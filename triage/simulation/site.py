"""Those who wait and those who talk, kept in memory: moved by the lifecycle table, chosen by the
chooser, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Final, Protocol

from counsel.lifecycle import SESSION, Event, Role, State
from triage.queue import tiers
from triage.queue.chooser import Head, Room, choose
from triage.queue.tiers import Asked, Tier

MIDNIGHT: Final = datetime(2026, 1, 1, tzinfo=UTC)

Policy = Callable[[Iterable[Head], datetime, Room], Head | None]


def first_come(heads: Iterable[Head], _now: datetime, room: Room) -> Head | None:
    """Whoever came first, however urgent."""
    assert room is Room.ANYBODY
    return min(heads, key=lambda head: (not head.returned, head.since, head.id), default=None)


def strict(heads: Iterable[Head], _now: datetime, room: Room) -> Head | None:
    """The most urgent, however long others have waited."""
    assert room is Room.ANYBODY
    return min(heads, key=lambda head: (head.tier, head.rank), default=None)


def urgent(heads: Iterable[Head], _now: datetime, room: Room) -> Head | None:
    """Strict, with the extra slots for reds that are ours: what order alone can do for a red."""
    taken = (head for head in heads if room is Room.ANYBODY or head.tier is Tier.RED)
    return min(taken, key=lambda head: (head.tier, head.rank), default=None)


def level(heads: Iterable[Head], now: datetime, room: Room) -> Head | None:
    """Ours with the flatter weights of the clinical notes (4.2), 6 : 2 : 1."""
    listed = list(heads)
    reds = [head for head in listed if head.tier is Tier.RED]
    if reds or room is Room.REDS:
        return min(reds, key=lambda head: head.rank, default=None)
    return max(listed, key=lambda head: _LEVEL[head.tier] * (now - head.since), default=None)


_LEVEL: Final = {Tier.ORANGE: 6, Tier.YELLOW: 2, Tier.GREEN: 1}

POLICIES: Final[dict[str, Policy]] = {"fifo": first_come, "strict": strict, "ours": choose}
OTHERS: Final[dict[str, Policy]] = {"urgent": urgent, "level": level}
"""Orders that starve somebody: how far a line could be bought at the others' expense."""


class Site(Protocol):
    """What a simulated day does to a site. Seconds of the day."""

    def admit(self, number: int, shown: int, at: float) -> None:
        """Somebody comes and waits."""

    def worse(self, number: int, counted: int, at: float) -> None:
        """Their phone says that it got worse."""

    def end(self, number: int, role: Role, at: float) -> None:
        """They leave, or a talk is over."""

    def give_back(self, number: int, at: float) -> None:
        """Whoever listened is gone; they wait again, in front."""

    def reach(self, room: Room, at: float) -> int | None:
        """The next person, and they talk now."""


class Memory:
    """A site without a database. Raises `IllegalTransitionError` for what the table does not allow."""

    def __init__(self, policy: Policy = choose) -> None:
        self._policy = policy
        self._states: dict[int, State] = {}
        self._heads: dict[int, Head] = {}
        self._queues: dict[tuple[Tier, bool], list[tuple[datetime, int]]] = {
            (tier, returned): [] for tier in Tier for returned in (False, True)
        }

    def admit(self, number: int, shown: int, at: float) -> None:
        tier = tiers.begun(Tier(shown), Asked.BEGIN)
        self._states[number] = SESSION.first
        self._queue(Head(number, tier, _instant(at)))

    def worse(self, number: int, counted: int, at: float) -> None:
        head = self._heads[number]
        tier = tiers.raised(head.tier, Asked.WORSE, Tier(counted))
        if tier < head.tier:
            self._queue(Head(number, tier, head.since, returned=head.returned))

    def end(self, number: int, role: Role, at: float) -> None:
        self._move(number, Event.END, role)
        self._heads.pop(number, None)

    def give_back(self, number: int, at: float) -> None:
        self._move(number, Event.RETURN, Role.CLOCK)
        head = self._heads[number]
        self._queue(Head(number, head.tier, head.since, returned=True))

    def reach(self, room: Room, at: float) -> int | None:
        found = self._policy(self._first_ones(), _instant(at), room)
        if found is None:
            return None
        role = Role.COUNSELLOR if room is Room.ANYBODY else Role.SUPERVISOR
        self._move(found.id, Event.TAKE, role)
        return found.id

    def _move(self, number: int, event: Event, role: Role) -> None:
        self._states[number] = SESSION.row(self._states[number], event, role).target

    def _queue(self, head: Head) -> None:
        self._heads[head.id] = head
        heappush(self._queues[head.tier, head.returned], (head.since, head.id))

    def _first_ones(self) -> list[Head]:
        """The head of each class; what left its class since is dropped on the way."""
        found = []
        for (tier, returned), queue in self._queues.items():
            while queue:
                number = queue[0][1]
                head = self._heads.get(number)
                waits = head is not None and self._states[number] is State.WAITING
                if head is not None and waits and (head.tier, head.returned) == (tier, returned):
                    found.append(head)
                    break
                heappop(queue)
        return found


def _instant(at: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=at)

"""One day at one site: an event at a time, by the clock of the simulation."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush
from typing import Final

from counsel import limits
from counsel.lifecycle import Role
from triage.queue.chooser import Room
from triage.simulation.bench import Bench
from triage.simulation.people import Person
from triage.simulation.site import Site

_KEPT: Final = limits.KEEP_PLACE_FOR.total_seconds()
"""So long a silent phone keeps its place, and somebody may be given who is not there any more."""


class What(IntEnum):
    """Of two things in the same instant the smaller comes first."""

    OVER = 0
    DROP = 1
    BEGIN = 2
    CEASE = 3
    COME = 4
    TURN = 5
    LEAVE = 6
    FORGET = 7


@dataclass(slots=True)
class Fate:
    """What became of one person. Seconds; infinite where it never happened."""

    person: Person
    reached_at: float = math.inf
    left_at: float = math.inf
    turned_at: float = math.inf

    @property
    def tier(self) -> int:
        """In truth, at the end of their wait."""
        return 0 if self.turned_at < math.inf else self.person.tier

    @property
    def wait(self) -> float:
        """Until somebody was there; a red that was orange counts from the moment of turning."""
        since = self.person.came_at if self.turned_at == math.inf else self.turned_at
        return self.reached_at - since


@dataclass(slots=True)
class Hand:
    """One of the staff: the talks they hold, `most` at a time. `gone`: takes nobody new."""

    most: int
    reds: bool = False
    """An extra slot, for reds only."""
    talks: set[int] = field(default_factory=set)
    gone: bool = False

    @property
    def room(self) -> int:
        """How many more they may take."""
        return 0 if self.gone else self.most - len(self.talks)


class Day:
    """Runs people through a site. `taken` is who was given to somebody, and when, in order;
    `given_back` how often each of them was left by whoever listened."""

    def __init__(
        self, bench: Bench, people: Sequence[Person], site: Site, *, overflow: bool
    ) -> None:
        self._bench, self._site = bench, site
        self.fates = [Fate(person) for person in people]
        self.taken: list[tuple[float, int]] = []
        self.given_back: Counter[int] = Counter()
        self._events: list[tuple[float, int, int]] = []
        self._left: dict[int, float] = {}
        """Seconds of talk left for those whose listener went."""
        whole, rest = divmod(bench.slots, bench.each)
        self._hands = [Hand(most) for most in [bench.each] * whole + [rest] * bool(rest)]
        if bench.shifts:
            self._hands = [Hand(bench.each, gone=True) for _ in bench.shifts]
        self._extra = [Hand(1, reds=True) for _ in range(bench.overflow if overflow else 0)]
        self._free = sum(hand.room for hand in self._hands)
        self._of: dict[int, Hand] = {}
        self._until: dict[int, float] = {}
        for person in people:
            self._plan(person.came_at, What.COME, person.id)
        if bench.drop[0]:
            self._plan(bench.drop[1], What.DROP, 0)
        for number, (since, until) in enumerate(bench.shifts):
            self._plan(since, What.BEGIN, number)
            self._plan(until, What.CEASE, number)

    def run(self) -> list[Fate]:
        """Everything until nobody waits and nobody talks."""
        act = {
            What.OVER: self._over,
            What.DROP: self._drop,
            What.BEGIN: self._begin,
            What.CEASE: self._cease,
            What.COME: self._come,
            What.TURN: self._turn,
            What.LEAVE: self._leave,
            What.FORGET: self._forget,
        }
        while self._events:
            at, what, number = heappop(self._events)
            act[What(what)](number, at)
            self._give(at)
        return self.fates

    def _plan(self, at: float, what: What, number: int) -> None:
        heappush(self._events, (at, int(what), number))

    # --- what happens ----------------------------------------------------------------------------

    def _come(self, number: int, at: float) -> None:
        person = self.fates[number].person
        self._site.admit(number, person.shown, at)
        self._plan(at + person.patience, What.LEAVE, number)
        if person.turns_after < person.patience:
            self._plan(at + person.turns_after, What.TURN, number)

    def _turn(self, number: int, at: float) -> None:
        fate = self.fates[number]
        if fate.reached_at < math.inf:
            return
        fate.turned_at = at
        if fate.person.says >= 0:
            self._site.worse(number, fate.person.says, at)

    def _leave(self, number: int, at: float) -> None:
        fate = self.fates[number]
        if fate.reached_at < math.inf:
            return
        fate.left_at = at
        if fate.person.silent:
            self._plan(at + _KEPT, What.FORGET, number)
        else:
            self._site.end(number, Role.SEEKER, at)

    def _forget(self, number: int, at: float) -> None:
        """The clock passes over a phone that was silent for so long."""
        if number not in self._until:
            self._site.end(number, Role.SEEKER, at)

    def _over(self, number: int, at: float) -> None:
        hand = self._of.get(number)
        if hand is None or self._until[number] != at:
            return  # it went on with somebody else meanwhile
        del self._of[number]
        hand.talks.discard(number)
        self._free += 0 if hand.reds or hand.gone else 1
        self._site.end(number, Role.COUNSELLOR, at)

    def _drop(self, _number: int, at: float) -> None:
        """So many people's lines break; whom they talked with waits again, in front."""
        going = round(self._bench.drop[0] * len(self._hands))
        for hand in self._hands[:going]:
            hand.gone = True
            for number in sorted(hand.talks):
                del self._of[number]
                self._left[number] = self._until[number] - at
                self._site.give_back(number, at)
                self.given_back[number] += 1
            hand.talks.clear()
        self._free = sum(hand.room for hand in self._hands)

    def _begin(self, number: int, _at: float) -> None:
        self._hands[number].gone = False
        self._free = sum(hand.room for hand in self._hands)

    def _cease(self, number: int, _at: float) -> None:
        """Nobody new; the talk that is under way is brought to its end."""
        self._hands[number].gone = True
        self._free = sum(hand.room for hand in self._hands)

    # --- who is given to whom --------------------------------------------------------------------

    def _give(self, at: float) -> None:
        """As many as there are hands: idle ones first, the extra ones only for a red."""
        while self._free > 0:
            idlest = max(self._hands, key=lambda hand: hand.room)
            if not self._take(idlest, Room.ANYBODY, at):
                return
        for hand in self._extra:
            if hand.room > 0 and not self._take(hand, Room.REDS, at):
                return

    def _take(self, hand: Hand, room: Room, at: float) -> bool:
        number = self._site.reach(room, at)
        if number is None:
            return False
        self.taken.append((at, number))
        fate = self.fates[number]
        if fate.left_at < math.inf and number not in self._left:
            lasts = self._bench.empty_talk
        else:
            fate.reached_at = min(fate.reached_at, at)
            lasts = self._left.pop(number, fate.person.service)
            lasts *= self._bench.second_talk if hand.talks else 1.0
        hand.talks.add(number)
        self._free -= 0 if hand.reds else 1
        self._of[number] = hand
        self._until[number] = at + lasts
        self._plan(at + lasts, What.OVER, number)
        return True

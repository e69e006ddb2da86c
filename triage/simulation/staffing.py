"""What a rota means for those who come: the same day, the same chooser, people on their shifts. Pure.

Who is on takes nobody new in the last minutes of their shift; a supervisor's free hands are an extra
slot for a red. Everything that comes out is simulated, and as good as what is known of who comes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from counsel import limits
from triage.simulation.bench import DAY, HOUR, MINUTE, TABLE, TARGETS, Bench
from triage.simulation.day import Day, Fate
from triage.simulation.people import draw_day
from triage.simulation.scores import Score, score
from triage.simulation.site import Memory
from triage.simulation.theory import erlang_a, erlang_b

SHAPE: Final = tuple(TABLE["hourly"]["weights"])
MIX: Final = tuple(TABLE["mix"]["base"])
EVENINGS: Final = 480
"""Simulated for one answer at the most: enough for an interval, and a second or two."""
_PEOPLE: Final = 10_000
"""Simulated for one answer, about: where many come, fewer evenings say as much."""
_GROUPS: Final = 20
"""Of as many evenings each; how they differ is the interval."""
_QUARTER: Final = 15 * MINUTE
_ENOUGH: Final = 0.8
"""The door should close when fewer than this share of those who come then are still met in time."""
_NOBODY_NEW: Final = limits.NOBODY_NEW_BEFORE_END.total_seconds()

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Learnt:
    """By hour of the site's clock and by tier. `people`: from how many, 0 where it is assumed."""

    shape: tuple[float, ...]
    mix: tuple[float, ...]
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """`shifts`: from when to when, one for each of the staff, seconds of the day; past midnight they
    run beyond 24 h. `per_hour`: how many come in the busiest hour."""

    shifts: tuple[tuple[float, float], ...]
    per_hour: float
    each: int = 1
    supervisors: int = 1
    shape: tuple[float, ...] = SHAPE
    mix: tuple[float, ...] = MIX

    @property
    def opens(self) -> float:
        """When the first of them begins."""
        return min(since for since, _ in self.shifts)

    @property
    def closes(self) -> float:
        """When the last of them takes nobody new any more."""
        return max(until for _, until in self.shifts) - _NOBODY_NEW

    def with_more(self, more: int) -> Rota:
        """With so many more people beside whoever is on longest."""
        longest = max(self.shifts, key=lambda shift: shift[1] - shift[0])
        return replace(self, shifts=(*self.shifts, *[longest] * more))

    @property
    def bench(self) -> Bench:
        """The same as the simulation knows it."""
        taking = tuple((since, until - _NOBODY_NEW) for since, until in self.shifts)
        slots = len(self.shifts) * self.each
        made = Bench(
            name="rota",
            slots=slots,
            load=1.0,
            hourly=tuple(weight / max(self.shape) for weight in self.shape),
            mix=self.mix,
            patience=tuple(m * MINUTE for m in TABLE["patience"]["on_screen"]),
            overflow=self.supervisors,
            each=self.each,
            plain=True,
            shifts=taking,
            counted=(self.opens, self.closes),
        )
        return replace(made, load=self.per_hour / HOUR * made.mean_service / slots)


@dataclass(frozen=True, slots=True)
class Hour:
    """The hour in which theory finds the fewest free, as if it went on for ever. `full`: the share of
    those who come then that finds everybody in a talk; `red_waits`: of reds, the supervisor too."""

    at: float
    full: float
    red_waits: float


@dataclass(frozen=True, slots=True)
class Answer:
    """For one rota. `close_at`: seconds of the day, or infinite where all of it is fine; `never_open`:
    even the first who come are not met in time often enough."""

    score: Score
    people: float
    """A shift, in the mean."""
    close_at: float
    never_open: bool
    next_free: float
    """Seconds until one of them is free, in the mean, when all of them talk."""
    all_busy: float
    """The share of reds for whom nobody was free at once, the supervisor's hands included."""
    worst: Hour


def evenings_for(rota: Rota) -> int:
    """How many are simulated for one answer."""
    hours = range(int(rota.opens // HOUR), math.ceil(rota.closes / HOUR))
    come = rota.per_hour * sum(rota.shape[hour % 24] for hour in hours) / max(rota.shape)
    few = max(_GROUPS // 2, int(_PEOPLE / max(come, 1.0)))
    return min(EVENINGS, few if few < _GROUPS else few // _GROUPS * _GROUPS)


def answer(rota: Rota, told: Told = lambda _done, _of: None, *, evenings: int = 0) -> Answer:
    """Simulates the rota so many times, 0 for `evenings_for` it; `told` hears how far it is."""
    evenings = evenings or evenings_for(rota)
    each, groups = max(1, evenings // _GROUPS), []
    for first in range(0, evenings, each):
        groups.append(simulate(rota, range(first, min(first + each, evenings))))
        told(min(first + each, evenings), evenings)
    everybody = [fate for group in groups for fate in group]
    close_at = _close_at(rota, everybody)
    reds = [fate for fate in everybody if fate.tier == 0]
    return Answer(
        score=score(groups),
        people=len(everybody) / evenings,
        close_at=close_at,
        never_open=close_at <= rota.opens,
        next_free=rota.bench.mean_service / rota.bench.slots,
        all_busy=sum(fate.wait > 0 for fate in reds) / max(1, len(reds)),
        worst=worst_hour(rota),
    )


def simulate(rota: Rota, evenings: Sequence[int]) -> list[Fate]:
    """Those who came while the door was open. The people of an evening depend on the load alone, so
    that two rotas meet the same ones."""
    made = rota.bench
    found: list[Fate] = []
    for number in evenings:
        coming = [p for p in draw_day(made, 1, number) if rota.opens <= p.came_at < rota.closes]
        numbered = [replace(person, id=place) for place, person in enumerate(coming)]
        found += Day(made, numbered, Memory(), overflow=True).run()
    return found


def worst_hour(rota: Rota) -> Hour:
    """Erlang-A of each hour by itself, and Erlang-B of the reds it leaves to the supervisor."""
    made = rota.bench
    slower = made.second_talk if made.each > 1 else 1.0
    talk = made.mean_service * slower
    patience = sum(share * mean for share, mean in zip(made.mix, made.patience, strict=True))
    found = []
    for hour in range(int(rota.opens // HOUR), math.ceil(rota.closes / HOUR)):
        middle = (max(hour * HOUR, rota.opens) + min((hour + 1) * HOUR, rota.closes)) / 2
        on = made.each * sum(since <= middle < until for since, until in made.shifts)
        rate = made.rate(middle % DAY)
        full = erlang_a(on, rate, talk, patience).waits if on else 1.0
        left = rate * made.mix[0] * full * made.service[0]
        found.append(Hour(hour * HOUR, full, full * erlang_b(rota.supervisors, left)))
    return max(found, key=lambda hour: hour.full)


def _close_at(rota: Rota, everybody: Sequence[Fate]) -> float:
    """The first quarter-hour from which on too few of those who come are met in time."""
    count = max(1, math.ceil((rota.closes - rota.opens) / _QUARTER))
    met, came = [0] * count, [0] * count
    for fate in everybody:
        quarter = int((fate.person.came_at - rota.opens) // _QUARTER)
        came[quarter] += 1
        met[quarter] += fate.wait <= TARGETS[fate.tier]
    closing = math.inf
    for quarter in reversed(range(count)):
        if came[quarter] and met[quarter] / came[quarter] >= _ENOUGH:
            break
        closing = rota.opens + quarter * _QUARTER
    return closing

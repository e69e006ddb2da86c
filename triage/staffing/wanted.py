"""The question: these people on these shifts, so many who come, and perhaps more people. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from counsel.errors import ValueRefusedError
from triage.simulation.bench import DAY, HOUR, MINUTE
from triage.simulation.staffing import Learnt, Rota

MOST_PEOPLE: Final = 60
"""On one rota: the largest site that is simulated; more are several sites."""
MOST_COME: Final = 300
"""In the busiest hour."""
MOST_SUPERVISORS: Final = 10
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|(24):(00)")
_MORE: Final = 2
"""People who are added where the question names none."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many people from one hour to another; seconds of the day, past 24 h into the next one."""

    since: float
    until: float
    people: int


def line(since: str, until: str, people: int) -> Line:
    """As clocks show it; an end not after the start is tomorrow's. Raises `ValueRefusedError`."""
    first, last = _seconds(since), _seconds(until)
    last += DAY if last <= first else 0
    if not 0 < people <= MOST_PEOPLE or first >= DAY:
        raise ValueRefusedError("no shift of this world")
    if not HOUR / 2 <= last - first <= DAY:
        raise ValueRefusedError("shorter than half an hour")
    return Line(first, last, people)


def _seconds(clock: str) -> float:
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise ValueRefusedError("no hour of a clock")
    hours, minutes = (int(part) for part in found.groups() if part is not None)
    return hours * HOUR + minutes * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`more`: who is added in the second answer; empty for two beside whoever is on longest."""

    lines: tuple[Line, ...]
    per_hour: float
    each: int = 1
    supervisors: int = 1
    more: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        people = sum(one.people for one in (*self.lines, *self.more))
        if not (self.lines and people <= MOST_PEOPLE and 0 < self.per_hour <= MOST_COME):
            raise ValueRefusedError("nobody, or more than one site")
        if not (self.each in (1, 2) and 0 <= self.supervisors <= MOST_SUPERVISORS):
            raise ValueRefusedError("one talk or two; 0 to 10 supervisors")

    def rotas(self, learnt: Learnt) -> tuple[Rota, Rota]:
        """The rota, and the one with more people; who comes as this site has seen it."""
        rota = Rota(
            shifts=_shifts(self.lines),
            per_hour=self.per_hour,
            each=self.each,
            supervisors=self.supervisors,
            shape=learnt.shape,
            mix=learnt.mix,
        )
        if not self.more:
            return rota, rota.with_more(_MORE)
        return rota, replace(rota, shifts=(*rota.shifts, *_shifts(self.more)))

    def as_json(self) -> dict[str, Any]:
        """For `from_json`."""
        return asdict(self)


def from_json(said: Mapping[str, Any]) -> Wanted:
    """What `as_json` wrote."""
    lines, more = (tuple(Line(**one) for one in said[name]) for name in ("lines", "more"))
    return Wanted(**{**said, "lines": lines, "more": more})


def _shifts(lines: Sequence[Line]) -> tuple[tuple[float, float], ...]:
    return tuple((one.since, one.until) for one in lines for _ in range(one.people))

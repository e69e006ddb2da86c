"""A week of evenings as it was meant and as it came, written down by hand.

Monday goes as planned. On Tuesday Lin comes an hour late. Wednesday's shift crosses midnight, and
nobody checks out of it. On Thursday the supervisor's laptop is closed for forty minutes. On Friday
Carol takes a quarter-hour to talk one over, and later the supervisor pauses. In the night to Sunday
the clocks change, where they do. On Sunday nobody signed up; on the next Monday they did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from counsel.lifecycle import Role
from triage.rota import Span

MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
ROLES = {"sam": Role.SUPERVISOR, "carol": Role.COUNSELLOR, "lin": Role.COUNSELLOR}


@dataclass(frozen=True, slots=True)
class Change:
    """A week of one zone: its Monday, and what its clocks are ahead of UTC before and after."""

    zone: ZoneInfo
    monday: date
    before: str
    after: str
    night: timedelta
    """How long a shift from 23:00 to 03:00 is in the night to Sunday, four hours at the most."""

    def at(self, day: int, hour: str) -> datetime:
        """An hour on the wall before the change, days counted from Monday."""
        return self._at(day, hour, self.before)

    def at_last(self, day: int, hour: str) -> datetime:
        """The same after it."""
        return self._at(day, hour, self.after)

    def _at(self, day: int, hour: str, ahead: str) -> datetime:
        text = f"{self.monday + timedelta(days=day)}T{hour}{ahead}"
        return datetime.fromisoformat(text).astimezone(UTC)


BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
AUTUMN = Change(BERLIN, date(2026, 10, 19), "+02:00", "+01:00", 4 * HOUR)
SPRING = Change(BERLIN, date(2026, 3, 23), "+01:00", "+02:00", 3 * HOUR)
NONE = Change(SHANGHAI, date(2026, 10, 19), "+08:00", "+08:00", 4 * HOUR)


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one shift: when they came and went, and when they were not ready or not there."""

    who: str
    shift: Span
    comes: datetime
    goes: datetime
    pauses: Span | None = None
    debriefs: Span | None = None
    away: Span | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """The plan (`day, from, to` on the wall, and for whom), what came of it, and what the door does."""

    change: Change
    plan: tuple[tuple[int, str, str, tuple[str, ...]], ...]
    stays: tuple[Stay, ...]
    missed: tuple[Span, ...]
    """When Lin, who is late, is not on the rota for the door any more."""
    spans: tuple[tuple[Span, tuple[str, ...]], ...]
    open: tuple[Span, ...]
    openings: tuple[datetime, ...]
    """The hours the rota names, in order."""


def write_down(change: Change) -> Week:
    """That week in this zone."""
    at = change.at
    both, pair, all_three = ("sam", "carol"), ("sam", "lin"), ("sam", "carol", "lin")
    monday = Span(at(0, "20:00"), at(0, "23:30"))
    tuesday = Span(at(1, "20:00"), at(1, "23:30"))
    wednesday = Span(at(2, "22:00"), at(3, "02:00"))
    thursday = Span(at(3, "20:00"), at(3, "23:30"))
    friday = Span(at(4, "20:00"), at(4, "23:30"))
    night = Span(at(5, "23:00"), at(5, "23:00") + change.night)
    again = Span(change.at_last(7, "20:00"), change.at_last(7, "23:30"))
    closed_laptop = Span(at(3, "21:00"), at(3, "21:40"))
    debrief = Span(at(4, "21:10"), at(4, "21:25"))
    pause = Span(at(4, "22:00"), at(4, "22:05"))
    late = at(1, "21:00")
    return Week(
        change=change,
        plan=(
            (0, "20:00", "23:30", all_three),
            (1, "20:00", "23:30", pair),
            (2, "22:00", "02:00", both),
            (3, "20:00", "23:30", both),
            (4, "20:00", "23:30", both),
            (5, "23:00", "03:00", both),
            (6, "20:00", "23:30", ()),
            (7, "20:00", "23:30", both),
        ),
        stays=(
            *(Stay(who, monday, at(0, "19:50"), at(0, "23:30")) for who in all_three),
            Stay("sam", tuesday, at(1, "19:55"), at(1, "23:30")),
            Stay("lin", tuesday, late, at(1, "23:20")),
            *(Stay(who, wednesday, at(2, "21:46"), at(3, "02:15")) for who in both),
            Stay("sam", thursday, at(3, "19:45"), at(3, "23:30"), away=closed_laptop),
            Stay("carol", thursday, at(3, "19:59"), at(3, "23:45")),
            Stay("sam", friday, at(4, "20:00"), at(4, "23:30"), pauses=pause),
            Stay("carol", friday, at(4, "20:00"), at(4, "23:30"), debriefs=debrief),
            *(Stay(who, night, at(5, "22:50"), night.ends + QUARTER) for who in both),
        ),
        missed=(Span(tuesday.starts + QUARTER, late),),
        spans=(
            (monday, all_three),
            (tuesday, pair),
            (wednesday, both),
            (thursday, both),
            (friday, both),
            (night, both),
            (again, both),
        ),
        open=(
            Span(at(0, "19:50"), at(0, "23:30")),
            Span(late, at(1, "23:20")),
            Span(at(2, "21:46"), at(3, "02:00")),
            Span(at(3, "19:59"), at(3, "21:02")),
            Span(at(3, "21:40"), at(3, "23:30")),
            Span(at(4, "20:00"), at(4, "21:10")),
            Span(at(4, "21:25"), at(4, "22:00")),
            Span(at(4, "22:05"), at(4, "23:30")),
            Span(at(5, "22:50"), night.ends),
        ),
        openings=tuple(
            one.starts for one in (monday, tuesday, wednesday, thursday, friday, night, again)
        ),
    )

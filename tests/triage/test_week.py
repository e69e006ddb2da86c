"""A week with a moved clock: what the door does each minute, by the judge and by the real rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from counsel.lifecycle import Role, ShiftState
from counsel.models import Organisation, Staff, home
from tests.people import hire
from tests.triage.week import AUTUMN, MINUTE, NONE, ROLES, SPRING, Change, Stay, Week, write_down
from triage import door, rota, shifts
from triage.judge import LIVE, REHEARSAL, Planned, Stander, judge
from triage.models import Shift, ShiftStep

CHANGES = [
    pytest.param(NONE, id="Shanghai"),
    pytest.param(AUTUMN, id="Berlin in autumn"),
    pytest.param(SPRING, id="Berlin in spring"),
]
IDS = {who: number for number, who in enumerate(ROLES, 1)}


def minutes(change: Change) -> Iterator[datetime]:
    """From midnight to midnight a week later, as many as there are."""
    now, end = change.at(0, "00:00"), change.at_last(7, "00:00")
    while now < end:
        yield now
        now += MINUTE


def is_open(week: Week, now: datetime) -> bool:
    """What was written down."""
    return any(span.has(now) for span in week.open)


def opens_at(week: Week, now: datetime) -> datetime | None:
    """The hour that has to be named while the door is shut."""
    return None if is_open(week, now) else next(at for at in week.openings if at > now)


def standing(week: Week, now: datetime) -> list[Stander]:
    """Who is checked in at this minute, from what was written down."""
    return [_stander(stay, now) for stay in week.stays if stay.comes <= now < stay.goes]


def _stander(stay: Stay, now: datetime) -> Stander:
    state = ShiftState.ON
    if stay.pauses and stay.pauses.has(now):
        state = ShiftState.PAUSE
    if stay.debriefs and stay.debriefs.has(now):
        state = ShiftState.DEBRIEF
    away = stay.away is not None and stay.away.has(now)
    return Stander(
        person=IDS[stay.who],
        role=ROLES[stay.who],
        state=state,
        until=stay.shift.ends,
        board_seen_at=stay.away.starts if stay.away is not None and away else now,
    )


def planned(week: Week, now: datetime) -> list[Planned]:
    """Who stands on the rota at this minute; who missed it does not until they come."""
    return [
        Planned(person=IDS[who], role=ROLES[who], span=span)
        for span, people in week.spans
        for who in people
        if now < span.ends and not (who == "lin" and any(one.has(now) for one in week.missed))
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_the_judge_does_the_right_thing_each_minute_of_a_week(change: Change) -> None:
    week, opened = write_down(change), 0
    for now in minutes(change):
        there, ahead = standing(week, now), planned(week, now)
        found = judge(now, mode=REHEARSAL, standing=there, planned=ahead)
        assert found.open is is_open(week, now), now
        assert found.opens_at == opens_at(week, now), now
        shut = judge(now, mode=LIVE, standing=there, planned=ahead, gate=("texts",))
        assert (shut.open, shut.opens_at) == (False, None)
        assert judge(now, mode=LIVE, standing=there, planned=ahead) == found
        opened += found.open
    assert opened == sum((span.ends - span.starts) // MINUTE for span in week.open)


def test_a_week_is_an_hour_longer_in_autumn_and_shorter_in_spring() -> None:
    hours = [sum(1 for _ in minutes(change)) / 60 for change in (NONE, AUTUMN, SPRING)]
    assert hours == [168, 169, 167]


# --- the same week through the real rows -----------------------------------------------------------


class Life:
    """The people of that week, and what they do when."""

    def __init__(self, week: Week) -> None:
        self.week = week
        Organisation.objects.filter(pk=home().pk).update(zone=str(week.change.zone))
        self.people = {who: hire(who, role, on_shift=False).staff for who, role in ROLES.items()}
        self.doings: dict[datetime, list[Callable[[datetime], object]]] = {}
        self._plan()
        for stay in week.stays:
            self._live(stay)

    def _plan(self) -> None:
        change, sam = self.week.change, self.people["sam"]
        for day, begins, ends, people in self.week.plan:
            first = change.monday + timedelta(days=day)
            last = first if begins < ends else first + timedelta(days=1)
            wall = (
                datetime.fromisoformat(f"{first}T{begins}"),
                datetime.fromisoformat(f"{last}T{ends}"),
            )
            spans = rota.weekly(*wall, weeks=1, zone=change.zone)
            for who in people or ("sam", "carol"):
                (shift_id,) = shifts.plan(sam, role=ROLES[who], spans=spans, places=1)
                if people:
                    shifts.sign_up(self.people[who], shift_id, change.at(0, "00:00"))

    def _live(self, stay: Stay) -> None:
        who = self.people[stay.who]
        self._do(stay.comes, lambda now: shifts.check_in(who, 0, now))
        if stay.pauses is not None:
            self._do(stay.pauses.starts, lambda now: shifts.pause(who, now))
            self._do(stay.pauses.ends, lambda now: shifts.resume(who, now))
        if stay.debriefs is not None:
            self._do(stay.debriefs.starts, lambda now: shifts.debrief(who, now))
            self._do(stay.debriefs.ends, lambda now: shifts.resume(who, now))
        if stay.goes <= stay.shift.ends:  # else the clock does it
            self._do(stay.goes, lambda now: shifts.check_out(who, now))

    def _do(self, at: datetime, what: Callable[[datetime], object]) -> None:
        self.doings.setdefault(at, []).append(what)

    def pass_to(self, now: datetime) -> None:
        """The clock ticks, and whoever does something does it."""
        shifts.tick(now)
        for what in self.doings.pop(now, []):
            what(now)
        for stay in self.week.stays:
            if stay.comes <= now < stay.goes:
                self._see(stay, now)

    def _see(self, stay: Stay, now: datetime) -> None:
        """Their board speaks, unless the laptop is closed; then it spoke last when that began."""
        at = stay.away.starts if stay.away is not None and stay.away.has(now) else now
        Staff.objects.filter(pk=self.people[stay.who].pk).update(board_seen_at=at)


def _live_through(change: Change, settings: LazySettings, seen: Callable[[datetime], bool]) -> None:
    settings.MODE = REHEARSAL
    week = write_down(change)
    life = Life(week)
    written = {(one.starts, one.ends) for one, _ in week.spans}
    there = set(Shift.objects.filter(staff__isnull=False).values_list("starts_at", "ends_at"))
    assert there == written
    for now in filter(seen, minutes(change)):
        life.pass_to(now)
        found = door.look(now)
        assert found.open is is_open(week, now), now
        assert found.opens_at == opens_at(week, now), now
    life.pass_to(change.at_last(7, "00:00"))
    assert life.doings == {}
    by_the_clock = ShiftStep.objects.filter(role=Role.CLOCK.value)
    ended = {
        (step.event, step.shift.staff and step.shift.staff.sign_in_name) for step in by_the_clock
    }
    assert ended == {
        ("miss", "lin"), ("check-out", "sam"), ("check-out", "carol"), ("miss", None),
    }  # fmt: skip
    assert by_the_clock.filter(event="check-out").count() == 5  # twice both, and Carol on Thursday


def _turns(week: Week) -> Callable[[datetime], bool]:
    """The minutes around everything that happens, each hour of the evenings, and some of the days."""
    turns = {edge for span in week.open for edge in (span.starts, span.ends)}
    for stay in week.stays:
        turns |= {stay.comes, stay.goes, stay.shift.starts, stay.shift.ends}
    turns |= {span.starts for span in week.missed}
    near = {turn + minute * MINUTE for turn in turns for minute in (-1, 0, 1, 2)}

    def seen(now: datetime) -> bool:
        return now in near or now.hour % 6 == now.minute == 0

    return seen


@pytest.mark.django_db
def test_the_rows_say_the_same_at_every_turn_of_the_week(settings: LazySettings) -> None:
    _live_through(AUTUMN, settings, _turns(write_down(AUTUMN)))


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_the_rows_say_the_same_each_minute_of_the_week(
    change: Change, settings: LazySettings
) -> None:
    _live_through(change, settings, lambda _: True)

"""The judge: when the door is open, why it is shut, and which hour it names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, product

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from chat import sessions
from counsel import limits
from counsel.errors import ClosedDoorError
from counsel.lifecycle import Event, Role, ShiftState
from counsel.models import Staff
from tests.chat.test_lifecycle import start
from tests.people import hire
from triage import door, gate
from triage.judge import DEMO, LIVE, OPEN, REHEARSAL, Planned, Stander, judge
from triage.models import Shift
from triage.rota import Span

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
GONE = limits.STAFF_GONE_AFTER
EVERYTHING = (
    *(gate.PAGE, gate.HOTLINES, "texts", "timers", gate.DEMO, gate.KEYS, gate.AUDIT),
    gate.PAGING,
)
"""What live needs beyond who is on."""


def sam(**more: object) -> Stander:
    """A supervisor who is on and there."""
    said: dict[str, object] = {
        "person": 1, "role": Role.SUPERVISOR, "state": ShiftState.ON, "until": NOW + HOUR,
        "board_seen_at": NOW - SECOND,
    }  # fmt: skip
    return Stander(**said | more)  # type: ignore[arg-type]


def lin(**more: object) -> Stander:
    """A counsellor who is on and there."""
    said: dict[str, object] = {
        "person": 2, "role": Role.COUNSELLOR, "state": ShiftState.ON, "until": NOW + HOUR,
        "board_seen_at": NOW - SECOND,
    }  # fmt: skip
    return Stander(**said | more)  # type: ignore[arg-type]


def planned(person: int, role: Role, begin: int, end: int) -> Planned:
    """From so many minutes from now to so many."""
    minute = timedelta(minutes=1)
    return Planned(person=person, role=role, span=Span(NOW + begin * minute, NOW + end * minute))


@pytest.mark.parametrize(
    ("standing", "unmet"),
    [
        ((), ("supervisor", "two-staff")),
        ((sam(),), ("two-staff",)),
        ((sam(), lin()), ()),
        ((sam(), sam(person=3)), ("two-staff",)),
        ((sam(), lin(board_seen_at=None)), ("two-staff",)),
        ((sam(), lin(board_seen_at=NOW - GONE)), ("two-staff",)),
        ((sam(), lin(board_seen_at=NOW - GONE + SECOND)), ()),
        ((lin(), lin(person=3)), ("supervisor",)),
        ((sam(board_seen_at=NOW - GONE + SECOND), lin()), ()),
        ((sam(board_seen_at=NOW - GONE), lin()), ("supervisor",)),
        ((sam(board_seen_at=None), lin()), ("supervisor",)),
        ((sam(holds=1), lin()), ("supervisor",)),
        ((sam(holds=1), sam(person=3), lin()), ()),
        ((sam(state=ShiftState.PAUSE), lin(), lin(person=3)), ("supervisor",)),
        ((sam(), lin(state=ShiftState.DEBRIEF)), ("two-staff",)),
        ((sam(), lin(state=ShiftState.PAUSE), lin(person=3)), ()),
        ((sam(), lin(until=NOW)), ("two-staff",)),
        ((sam(until=NOW), lin(), lin(person=3)), ("supervisor",)),
    ],
)  # fmt: skip
def test_a_rehearsal_is_open_with_a_free_supervisor_and_two_people(
    standing: tuple[Stander, ...], unmet: tuple[str, ...]
) -> None:
    found = judge(NOW, mode=REHEARSAL, standing=standing, planned=())
    assert found.unmet == unmet
    assert found.open is (unmet == ())
    assert found.supervised is ("supervisor" not in unmet)
    alike = judge(NOW, mode=LIVE, standing=standing, planned=())
    assert alike == found


@given(st.lists(st.builds(sam, person=st.integers(1, 3), state=st.sampled_from(ShiftState))))
def test_a_demo_is_always_open(standing: list[Stander]) -> None:
    assert judge(NOW, mode=DEMO, standing=standing, planned=(), gate=EVERYTHING) == OPEN


def _subsets() -> list[tuple[str, ...]]:
    sizes = range(len(EVERYTHING) + 1)
    return list(chain.from_iterable(combinations(EVERYTHING, size) for size in sizes))


def test_live_with_anything_missing_is_shut_whatever_it_is() -> None:
    people = [(sam(), lin()), (sam(),), (lin(), lin(person=3)), ()]
    judged = 0
    for missing, standing in product(_subsets(), people):
        found = judge(NOW, mode=LIVE, standing=standing, planned=(), gate=missing)
        assert found.open is (missing == () and standing == people[0])
        assert set(missing) <= set(found.unmet)
        judged += 1
    assert judged == 4 * 2 ** len(EVERYTHING)


def test_live_names_no_hour_while_its_gate_is_shut() -> None:
    both = (planned(1, Role.SUPERVISOR, 60, 120), planned(2, Role.COUNSELLOR, 60, 120))
    for missing in ((), ("texts",)):
        found = judge(NOW, mode=LIVE, standing=(), planned=both, gate=missing)
        assert found.opens_at == (None if missing else NOW + HOUR)


PLANNED = st.builds(
    lambda person, begin, length: planned(
        person, Role.SUPERVISOR if person < 2 else Role.COUNSELLOR, begin * 5, (begin + length) * 5
    ),
    st.integers(0, 4),
    st.integers(-12, 24),
    st.integers(1, 24),
)


@given(st.lists(PLANNED, max_size=6))
def test_the_hour_it_names_is_the_next_time_somebody_comes_and_they_are_enough(
    rota: list[Planned],
) -> None:
    def opens(at: datetime) -> bool:
        there = {one.person for one in rota if one.span.starts <= at < one.span.ends}
        comes = any(one.span.starts == at for one in rota)
        return comes and bool(there & {0, 1}) and bool(there - {0, 1})

    minutes = (NOW + timedelta(minutes=minute) for minute in range(1, 24 * 60))
    expected = next((at for at in minutes if opens(at)), None)
    assert judge(NOW, mode=REHEARSAL, standing=(), planned=rota).opens_at == expected
    assert judge(NOW, mode=REHEARSAL, standing=(sam(), lin()), planned=rota).opens_at is None


# --- what it is judged by, from the real rows ------------------------------------------------------


def be_there(*people: Staff) -> None:
    """Their boards have just spoken."""
    Staff.objects.filter(pk__in=[one.pk for one in people]).update(board_seen_at=NOW - SECOND)


@pytest.mark.django_db
def test_a_rehearsal_lets_people_in_while_a_supervisor_is_there(settings: LazySettings) -> None:
    settings.MODE = REHEARSAL
    carol = hire("carol").staff
    with pytest.raises(ClosedDoorError):
        start()
    sam = hire("sam", Role.SUPERVISOR).staff
    be_there(sam, carol)
    door.check(NOW)
    assert door.is_supervised(NOW)
    assert not door.is_supervised(NOW + GONE)
    with pytest.raises(ClosedDoorError):
        door.check(NOW + GONE)


def _suspend(staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(is_active=False)


def _demote(staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(role=Role.AUDITOR.value)


def _unclear(staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(cleared_at=None)


def _pause(staff: Staff) -> None:
    Shift.objects.filter(staff=staff).update(state=ShiftState.PAUSE.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("happens", "who"),
    [(_suspend, "sam"), (_suspend, "carol"), (_demote, "sam"), (_demote, "carol"),
     (_unclear, "carol"), (_pause, "sam"), (_pause, "carol")],
)  # fmt: skip
def test_who_may_not_stand_there_any_more_does_not_count(
    settings: LazySettings, happens: Callable[[Staff], None], who: str
) -> None:
    settings.MODE = REHEARSAL
    people = {"sam": hire("sam", Role.SUPERVISOR).staff, "carol": hire("carol").staff}
    be_there(*people.values())
    assert door.look(NOW).open
    happens(people[who])
    assert not door.look(NOW).open


@pytest.mark.django_db
def test_a_supervisor_who_holds_a_talk_has_no_free_hands(settings: LazySettings) -> None:
    sam, carol = hire("sam", Role.SUPERVISOR).staff, hire("carol").staff
    be_there(sam, carol)
    held = start()
    sessions.advance(held, Event.TAKE, role=Role.COUNSELLOR, staff_id=sam.pk, now=NOW)
    settings.MODE = REHEARSAL
    assert door.look(NOW).unmet == ("supervisor",)
    sessions.advance(held, Event.END, role=Role.SEEKER, now=NOW)
    assert door.look(NOW).open

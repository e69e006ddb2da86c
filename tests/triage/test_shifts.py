"""One shift from the plan to the check-out: every row of the table, its hours, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

import pytest

from chat.models import CounselSession, Seat
from counsel import limits
from counsel.errors import (
    AccessError,
    CounselError,
    IllegalTransitionError,
    LostRaceError,
    NotClearedError,
    OffDutyError,
    ShiftClashError,
    ShiftTooLongError,
)
from counsel.lifecycle import SHIFT, Role, ShiftEvent, ShiftState, State
from counsel.models import Organisation, Staff
from tests.people import hire
from tests.triage.test_matching import wait_since
from triage import shifts, standing
from triage.matching import take_next
from triage.models import Shift, ShiftStep
from triage.rota import Span

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
pytestmark = pytest.mark.django_db


def person(name: str, role: Role = Role.COUNSELLOR) -> Staff:
    """Somebody who is not on yet."""
    return hire(name, role, on_shift=False).staff


def place(begin: int = 0, end: int = 180, *, role: Role = Role.COUNSELLOR) -> int:
    """An open place so many minutes from NOW."""
    planner = Staff.objects.filter(role=Role.SUPERVISOR.value).first()
    planner = planner or person("planner", Role.SUPERVISOR)
    span = Span(NOW + begin * MINUTE, NOW + end * MINUTE)
    return shifts.plan(planner, role=role, spans=[span], places=1)[0]


def state_of(shift_id: int) -> ShiftState:
    """As the row says."""
    return ShiftState(Shift.objects.get(pk=shift_id).state)


Doing = Callable[[Staff, int], object]
DOINGS: Final[dict[ShiftEvent, Doing]] = {
    ShiftEvent.SIGN_UP: lambda lin, pk: shifts.sign_up(lin, pk, NOW),
    ShiftEvent.GIVE_BACK: lambda lin, pk: shifts.give_back(lin, pk, NOW),
    ShiftEvent.CHECK_IN: lambda lin, pk: shifts.check_in(lin, pk, NOW),
    ShiftEvent.PAUSE: lambda lin, _: shifts.pause(lin, NOW),
    ShiftEvent.DEBRIEF: lambda lin, _: shifts.debrief(lin, NOW),
    ShiftEvent.RESUME: lambda lin, _: shifts.resume(lin, NOW + limits.DEBRIEF_FOR),
    ShiftEvent.CHECK_OUT: lambda lin, _: shifts.check_out(lin, NOW),
}
WAYS: Final[dict[ShiftState, tuple[ShiftEvent, ...]]] = {
    ShiftState.OPEN: (),
    ShiftState.TAKEN: (ShiftEvent.SIGN_UP,),
    ShiftState.ON: (ShiftEvent.SIGN_UP, ShiftEvent.CHECK_IN),
    ShiftState.PAUSE: (ShiftEvent.SIGN_UP, ShiftEvent.CHECK_IN, ShiftEvent.PAUSE),
    ShiftState.DEBRIEF: (ShiftEvent.SIGN_UP, ShiftEvent.CHECK_IN, ShiftEvent.DEBRIEF),
    ShiftState.DONE: (ShiftEvent.SIGN_UP, ShiftEvent.CHECK_IN, ShiftEvent.CHECK_OUT),
}
"""How one person brings a shift into each state."""


@pytest.mark.parametrize(("state", "event"), list(product(WAYS, DOINGS)))
def test_what_the_table_has_happens_and_nothing_else(state: ShiftState, event: ShiftEvent) -> None:
    lin, shift_id = person("lin"), place()
    for step in WAYS[state]:
        DOINGS[step](lin, shift_id)
    assert state_of(shift_id) is state
    before = list(ShiftStep.objects.values_list("event", flat=True))
    allowed = [row.target for row in SHIFT if (row.source, row.event) == (state, event)]
    if allowed:
        DOINGS[event](lin, shift_id)
        assert state_of(shift_id) is allowed[0]
        assert ShiftStep.objects.latest("pk").role == Role.COUNSELLOR
        return
    try:
        DOINGS[event](lin, shift_id)
    except CounselError:
        pass
    else:
        assert (event, state in {ShiftState.ON, ShiftState.PAUSE, ShiftState.DEBRIEF}) == (
            ShiftEvent.CHECK_IN,
            True,
        )  # fmt: skip  (who is here is here, and stays)
    assert state_of(shift_id) is state
    assert list(ShiftStep.objects.values_list("event", flat=True)) == before


# --- hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "may"), [(-16, False), (-15, True), (0, True), (179, True), (180, False)]
)
def test_one_may_check_in_from_a_quarter_hour_before_until_the_end(minutes: int, may: bool) -> None:
    lin, shift_id, now = person("lin"), place(), NOW + minutes * MINUTE
    shifts.sign_up(lin, shift_id, NOW - HOUR)
    shifts.tick(now)
    if may:
        assert shifts.check_in(lin, shift_id, now).checked_in_at == now
    else:
        with pytest.raises(IllegalTransitionError):
            shifts.check_in(lin, shift_id, now)


def test_the_clock_misses_who_did_not_come_and_lets_them_come_late() -> None:
    lin, shift_id, left = person("lin"), place(), place()
    shifts.sign_up(lin, shift_id, NOW - HOUR)
    assert shifts.tick(NOW + limits.MISSED_AFTER - MINUTE) == 0
    assert shifts.tick(NOW + limits.MISSED_AFTER) == 2
    assert shifts.tick(NOW + limits.MISSED_AFTER) == 0
    assert [state_of(pk) for pk in (shift_id, left)] == [ShiftState.MISSED] * 2
    assert shifts.check_in(lin, 0, NOW + HOUR).pk == shift_id
    with pytest.raises(LostRaceError):
        shifts.sign_up(person("carol"), left, NOW + HOUR)


@pytest.mark.parametrize("doing", [None, ShiftEvent.PAUSE, ShiftEvent.DEBRIEF])
def test_the_clock_checks_out_a_quarter_hour_after_the_end(doing: ShiftEvent | None) -> None:
    lin, shift_id = person("lin"), place()
    for event in (*WAYS[ShiftState.ON], *([doing] if doing else [])):
        DOINGS[event](lin, shift_id)
    end = NOW + 3 * HOUR
    assert shifts.tick(end + limits.CHECK_OUT_AFTER - MINUTE) == 0
    assert shifts.tick(end + limits.CHECK_OUT_AFTER) == 1
    assert state_of(shift_id) is ShiftState.DONE
    assert ShiftStep.objects.latest("pk").role == Role.CLOCK


def test_the_end_of_a_shift_takes_nobodys_talk_from_them() -> None:
    """However it ends: by the clock or by their own button."""
    wait_since(1)
    wait_since(2)
    lin, ann = person("lin"), person("ann")
    held = []
    for one in (lin, ann):
        shifts.check_in(one, 0, NOW)
        held.append(take_next(one.pk, NOW))
    before = list(Seat.objects.order_by("pk").values())
    shifts.check_out(ann, NOW)
    assert shifts.tick(NOW + 4 * HOUR + limits.CHECK_OUT_AFTER) == 1
    assert list(Seat.objects.order_by("pk").values()) == before
    talks = CounselSession.objects.filter(state=State.ACTIVE.value)
    assert {bytes(ref) for ref in talks.values_list("ref", flat=True)} == {bytes(r) for r in held}


def test_going_and_coming_back_does_not_shorten_a_debrief() -> None:
    lin = hire("lin", on_shift=False).staff
    shifts.check_in(lin, 0, NOW)
    shifts.debrief(lin, NOW)
    shifts.check_out(lin, NOW)
    with pytest.raises(IllegalTransitionError):
        shifts.check_in(lin, 0, NOW + limits.DEBRIEF_FOR - MINUTE)
    assert shifts.check_in(lin, 0, NOW + limits.DEBRIEF_FOR).state == ShiftState.ON


def test_a_debrief_lasts_a_quarter_hour_and_a_pause_as_long_as_one_likes() -> None:
    lin, shift_id = person("lin"), place()
    for event in WAYS[ShiftState.DEBRIEF]:
        DOINGS[event](lin, shift_id)
    with pytest.raises(IllegalTransitionError):
        shifts.resume(lin, NOW + limits.DEBRIEF_FOR - MINUTE)
    shifts.resume(lin, NOW + limits.DEBRIEF_FOR)
    shifts.debrief(lin, NOW + HOUR)
    with pytest.raises(IllegalTransitionError):  # each has its own
        shifts.resume(lin, NOW + HOUR + MINUTE)
    assert standing.debrief_until(Shift.objects.get()) == NOW + HOUR + limits.DEBRIEF_FOR
    shifts.check_out(lin, NOW + HOUR + MINUTE)


def test_who_walks_in_stands_on_the_rota_from_then_on() -> None:
    lin = person("lin")
    shift = shifts.check_in(lin, 0, NOW)
    assert (shift.starts_at, shift.ends_at, shift.walk_in) == (NOW, NOW + 4 * HOUR, True)
    assert shifts.check_in(lin, 0, NOW + HOUR).pk == shift.pk  # pressed twice
    with pytest.raises(ShiftTooLongError):
        shifts.check_in(lin, 0, NOW + 4 * HOUR + MINUTE)
    shifts.tick(NOW + 4 * HOUR + limits.CHECK_OUT_AFTER)
    assert shifts.check_in(lin, 0, NOW + 4 * HOUR + limits.SHIFTS_APART).pk != shift.pk


def test_who_comes_in_the_last_minutes_of_a_shift_stays_on_after_it() -> None:
    lin, shift_id = person("lin"), place()
    shifts.sign_up(lin, shift_id, NOW)
    late = NOW + 3 * HOUR - 5 * MINUTE
    shifts.tick(late)
    shift = shifts.check_in(lin, 0, late)
    assert shift.walk_in
    assert shift.ends_at == late + 4 * HOUR


def test_one_shift_is_left_for_the_next_in_one_go() -> None:
    lin, first, second = person("lin"), place(0, 90), place(90, 180)
    for shift_id in (first, second):
        shifts.sign_up(lin, shift_id, NOW)
    shifts.check_in(lin, 0, NOW)
    shifts.check_in(lin, second, NOW + 80 * MINUTE)
    assert [state_of(pk) for pk in (first, second)] == [ShiftState.DONE, ShiftState.ON]


# --- who may ------------------------------------------------------------------------------------


def test_nobody_is_on_the_rota_twice_or_too_long() -> None:
    lin, early, late, long = person("lin"), place(0, 120), place(60, 180), place(140, 380)
    shifts.sign_up(lin, early, NOW)
    with pytest.raises(ShiftClashError):
        shifts.sign_up(lin, late, NOW)
    with pytest.raises(ShiftTooLongError):
        shifts.sign_up(lin, long, NOW)
    shifts.check_in(lin, early, NOW)
    shifts.check_out(lin, NOW + 30 * MINUTE)  # who left early may stand again
    shifts.sign_up(lin, late, NOW + 31 * MINUTE)


def test_a_colleague_covers_only_where_it_was_asked_for_and_can() -> None:
    lin, carol, shift_id = person("lin"), person("carol"), place()
    shifts.sign_up(lin, shift_id, NOW)
    with pytest.raises(AccessError):
        shifts.cover(carol, shift_id, NOW)
    shifts.ask_cover(lin, shift_id)
    also = place(60, 240)
    shifts.sign_up(carol, also, NOW)
    with pytest.raises(ShiftClashError):
        shifts.cover(carol, shift_id, NOW)
    shifts.give_back(carol, also, NOW)
    assert shifts.cover(carol, shift_id, NOW).staff_id == carol.pk
    assert Shift.objects.get(pk=shift_id).cover_wanted is False
    with pytest.raises(AccessError):
        shifts.check_in(lin, shift_id, NOW)
    shifts.check_in(carol, shift_id, NOW)


def test_who_asked_for_cover_may_come_all_the_same() -> None:
    lin, shift_id = person("lin"), place()
    shifts.sign_up(lin, shift_id, NOW)
    shifts.ask_cover(lin, shift_id)
    shifts.check_in(lin, shift_id, NOW)
    assert Shift.objects.get().cover_wanted is False
    with pytest.raises(IllegalTransitionError):
        shifts.ask_cover(lin, shift_id)


def _of_others(shift_id: int) -> None:
    Shift.objects.filter(pk=shift_id).update(organisation=Organisation.objects.create(name="other"))


def _cancelled(shift_id: int) -> None:
    Shift.objects.filter(pk=shift_id).update(state=ShiftState.CANCELLED.value)


def _for_supervisors(shift_id: int) -> None:
    Shift.objects.filter(pk=shift_id).update(role=Role.SUPERVISOR.value)


def _gone(shift_id: int) -> None:
    Shift.objects.filter(pk=shift_id).delete()


@pytest.mark.parametrize("made", [_of_others, _cancelled, _for_supervisors, _gone])
def test_what_one_may_not_have_looks_like_what_is_not_there(made: Callable[[int], None]) -> None:
    lin, shift_id = person("lin"), place()
    made(shift_id)
    for asked in (shifts.sign_up, shifts.give_back, shifts.cover, shifts.check_in):
        with pytest.raises(AccessError):
            asked(lin, shift_id, NOW)
    with pytest.raises(AccessError):
        shifts.ask_cover(lin, shift_id)
    assert not ShiftStep.objects.exists()


def test_who_is_suspended_meanwhile_signs_up_for_nothing() -> None:
    lin, shift_id = person("lin"), place()
    Staff.objects.filter(pk=lin.pk).update(is_active=False)
    for asked in (shifts.sign_up, shifts.check_in):
        with pytest.raises(AccessError):
            asked(lin, shift_id, NOW)


def test_a_planner_cancels_until_somebody_is_there() -> None:
    sam, lin, shift_id = person("sam", Role.SUPERVISOR), person("lin"), place()
    shifts.sign_up(lin, shift_id, NOW)
    shifts.check_in(lin, shift_id, NOW)
    with pytest.raises(IllegalTransitionError):
        shifts.cancel(sam, shift_id, NOW)
    other = place(0, 60)
    shifts.cancel(sam, other, NOW)
    assert state_of(other) is ShiftState.CANCELLED
    with pytest.raises(AccessError):
        shifts.cancel(sam, other, NOW)


# --- taking somebody ----------------------------------------------------------------------------


def test_nobody_takes_who_is_not_cleared_on_and_ready() -> None:
    wait_since(1)
    lin = person("lin")

    def refused(error: type[CounselError], now: datetime = NOW) -> None:
        with pytest.raises(error):
            take_next(lin.pk, now)

    refused(OffDutyError)
    shifts.check_in(lin, 0, NOW)
    shifts.pause(lin, NOW)
    refused(OffDutyError)
    shifts.resume(lin, NOW)
    shifts.debrief(lin, NOW)
    refused(OffDutyError)
    shifts.resume(lin, NOW + limits.DEBRIEF_FOR)
    refused(OffDutyError, NOW + 4 * HOUR)  # the shift is over, whoever is still there
    Staff.objects.filter(pk=lin.pk).update(cleared_at=None)
    refused(NotClearedError)


def test_nobody_comes_to_a_shift_before_they_are_cleared() -> None:
    lin, shift_id = hire("lin", cleared=False, on_shift=False).staff, place()
    shifts.sign_up(lin, shift_id, NOW)  # planned ahead, while they learn
    with pytest.raises(NotClearedError):
        shifts.check_in(lin, shift_id, NOW)
    sam = hire("sam", Role.SUPERVISOR, cleared=False, on_shift=False).staff
    shifts.check_in(sam, 0, NOW)  # holds no talk: the first one has nobody to clear them

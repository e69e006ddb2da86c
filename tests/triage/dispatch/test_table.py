"""The table of help, walked to its end: every row through the real function, everything else refused."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from counsel import limits
from counsel.dispatches import DISPATCH, ON_THE_WAY, OPEN, DispatchEvent, DispatchState
from counsel.errors import IllegalTransitionError, LostRaceError
from counsel.lifecycle import Role
from tests.chat.test_lifecycle import NOW, start
from triage.dispatch import moving
from triage.dispatch.rows import Dispatch, DispatchStep
from triage.dispatch.timers import AFTER, AGAIN

STAFF = {Role.COUNSELLOR, Role.SUPERVISOR}
OVER = [state for state in DispatchState if state not in OPEN]
LATER = NOW + limits.PLACE_KEPT_FOR
"""When everything is due."""


def put(state: DispatchState) -> Dispatch:
    """Help that stands like this, in somebody's talk."""
    return Dispatch.objects.create(
        step=1, session_id=start(), state=state.value, begun_at=NOW, due_at=NOW + timedelta(minutes=5),
        until=LATER,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", DispatchState)
def test_every_row_happens_and_nothing_else(state: DispatchState) -> None:
    one = put(state)
    for event, role in product(DispatchEvent, Role):
        allowed = [r for r in DISPATCH if r.source is state and r.event is event and role in r.by]
        if allowed:
            continue
        with pytest.raises(IllegalTransitionError):
            moving.move(one, event, role=role, now=LATER)
        assert (one.state, one.step) == (state, 1)
    assert not DispatchStep.objects.exists()
    assert Dispatch.objects.get().state == state
    rows = [row for row in DISPATCH if row.source is state]
    for row, role in [(one, role) for one in rows for role in one.by]:
        Dispatch.objects.all().delete()
        moving.move(put(state), row.event, role=role, now=LATER)
        step = DispatchStep.objects.get()
        assert Dispatch.objects.get().state == step.target == row.target.value
        assert (step.source, step.event, step.role) == (state, row.event, role)


def test_of_all_that_can_be_over_nothing_goes_on() -> None:
    assert not [row for row in DISPATCH if row.source in OVER]


@pytest.mark.parametrize("state", OPEN)
def test_from_every_state_staff_alone_come_to_an_end_and_time_too(state: DispatchState) -> None:
    assert DISPATCH.row(state, DispatchEvent.WITHDRAW, Role.COUNSELLOR).target in OVER
    assert DISPATCH.row(state, DispatchEvent.EXPIRE, Role.CLOCK).target in OVER


def test_a_responder_can_say_nothing_before_somebody_was_called_and_calls_nobody() -> None:
    said = {row.source for row in DISPATCH if Role.RESPONDER in row.by}
    assert said == set(ON_THE_WAY)
    calls = [row for row in DISPATCH if row.target is DispatchState.CALLED is not row.source]
    assert all(row.by <= STAFF for row in calls)


def test_time_alone_says_of_nobody_that_they_are_there() -> None:
    by_time = {row.target for row in DISPATCH if Role.CLOCK in row.by}
    assert by_time == {*OPEN, DispatchState.EXPIRED}


def test_the_receiver_has_ten_minutes_and_an_hour_without_arrival_is_asked_about() -> None:
    assert AFTER[DispatchState.CALLED] == timedelta(minutes=10)
    assert AFTER[DispatchState.ACCEPTED] == timedelta(minutes=60)
    assert AFTER[DispatchState.OFFERED] == timedelta(minutes=5)
    assert timedelta(hours=2) == limits.PLACE_KEPT_FOR
    assert all(AGAIN[state] > timedelta() for state in OPEN)


@pytest.mark.django_db
def test_of_two_who_move_it_at_once_one_does() -> None:
    one = put(DispatchState.CALLED)
    twin = Dispatch.objects.get()
    moving.move(one, DispatchEvent.ARRIVE, role=Role.RESPONDER, now=NOW)
    with pytest.raises(LostRaceError):
        moving.move(twin, DispatchEvent.MISS, role=Role.SUPERVISOR, now=NOW)
    assert Dispatch.objects.get().state == DispatchState.ARRIVED


@pytest.mark.django_db
@pytest.mark.parametrize("event", [DispatchEvent.LATE, DispatchEvent.EXPIRE])
def test_a_clock_that_comes_too_early_does_nothing(event: DispatchEvent) -> None:
    one = put(DispatchState.CALLED)
    with pytest.raises(LostRaceError):
        moving.move(one, event, role=Role.CLOCK, now=NOW)
    assert not DispatchStep.objects.exists()

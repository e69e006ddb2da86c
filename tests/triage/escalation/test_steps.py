"""The table of danger is what happens: every row through the real function, everything else refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import transaction

from counsel.errors import IllegalTransitionError, LostRaceError
from counsel.lifecycle import DANGER, DangerEvent, DangerState, Role
from tests.chat.test_lifecycle import start
from triage.escalation import steps
from triage.escalation.rows import Call, Escalation, EscalationStep
from triage.escalation.timers import ANSWERING, LADDERS, Audience, Kind

NOW = datetime(2026, 3, 14, 20, 15, 42, tzinfo=UTC)
ROLES = (Role.SEEKER, Role.COUNSELLOR, Role.SUPERVISOR, Role.CLOCK)


def escalation(state: DangerState, kind: Kind = Kind.NOW) -> Escalation:
    """One in this state, its timer just run out."""
    return Escalation.objects.create(
        session_id=start(),
        state=state.value,
        kind=kind.value,
        step=7,
        raised_at=NOW - timedelta(minutes=5),
        base_at=NOW - timedelta(minutes=5),
        due_at=NOW,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("state", DangerState)
def test_every_row_happens_and_nothing_else(state: DangerState) -> None:
    one = escalation(state)
    for event, role in product(DangerEvent, ROLES):
        allowed = [r for r in DANGER if r.source is state and r.event is event and role in r.by]
        with transaction.atomic():
            if allowed:
                steps.advance(one, event, role=role, now=NOW)
                found, step = Escalation.objects.get(pk=one.pk), one.steps.get()
                assert found.state == step.target == allowed[0].target.value
                assert (step.source, step.event, step.role) == (state, event, role)
                assert (step.number, step.after, found.step) == (8, 300, 8)
            else:
                with pytest.raises(IllegalTransitionError):
                    steps.advance(one, event, role=role, now=NOW)
                assert not one.steps.exists()
            transaction.set_rollback(True)
        one = Escalation.objects.get(pk=one.pk)


@pytest.mark.django_db
def test_whoever_is_second_changes_nothing() -> None:
    one = escalation(DangerState.RAISED)
    late = Escalation.objects.get(pk=one.pk)
    steps.advance(one, DangerEvent.ACKNOWLEDGE, role=Role.COUNSELLOR, now=NOW)
    for event in (DangerEvent.ACKNOWLEDGE, DangerEvent.CLOSE):
        with pytest.raises(LostRaceError):
            steps.advance(late, event, role=Role.COUNSELLOR, now=NOW)
    assert EscalationStep.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", [DangerState.RAISED, DangerState.ANSWERED])
def test_a_clock_that_is_early_or_came_back_changes_nothing(state: DangerState) -> None:
    one = escalation(state)
    event = DangerEvent.LAPSE if state in ANSWERING else DangerEvent.PAGE
    with pytest.raises(LostRaceError):
        steps.advance(one, event, role=Role.CLOCK, now=NOW - timedelta(seconds=1))
    assert not EscalationStep.objects.exists()
    assert not Call.objects.exists()


@pytest.mark.django_db
def test_a_page_goes_on_where_it_was_when_nobody_acted() -> None:
    """Two minutes are lent to whoever acknowledged; then the next ones are called, not the first."""
    one = escalation(DangerState.RAISED)
    steps.advance(one, DangerEvent.PAGE, role=Role.CLOCK, now=NOW, call=(Audience.DUTY, []))
    steps.advance(one, DangerEvent.ACKNOWLEDGE, role=Role.COUNSELLOR, now=NOW)
    assert one.due_at == NOW + timedelta(seconds=120)
    later = NOW + timedelta(seconds=120)
    steps.advance(one, DangerEvent.LAPSE, role=Role.CLOCK, now=later)
    assert (one.state, one.rung, one.due_at) == ("raised", 1, later)


@pytest.mark.django_db
def test_a_clock_that_was_away_for_an_hour_calls_everybody_once_and_floods_nobody() -> None:
    one = escalation(DangerState.RAISED)
    late, called = NOW + timedelta(hours=1), []
    while one.due_at <= late:
        to = LADDERS[DangerState.RAISED, Kind.NOW].rung(one.rung).to
        steps.advance(one, DangerEvent.PAGE, role=Role.CLOCK, now=late, call=(to, []))
        called.append(to)
    assert called == ["duty", "supervisor", "lead", "everybody"]
    assert one.due_at == late + timedelta(seconds=300)


@pytest.mark.django_db
def test_getting_worse_brings_the_next_call_forward_and_never_back() -> None:
    one = escalation(DangerState.RAISED, Kind.ORANGE)
    Escalation.objects.filter(pk=one.pk).update(due_at=NOW + timedelta(seconds=5))
    one.refresh_from_db()
    steps.advance(one, DangerEvent.RAISE, role=Role.SEEKER, now=NOW, kind=Kind.NOW.value)
    assert one.due_at == NOW + timedelta(seconds=5)

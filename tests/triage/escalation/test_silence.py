"""Whatever state somebody in danger is in, and whoever is missing: it is somebody's turn, and never quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chat.models import Seat
from counsel.lifecycle import DANGER, OPEN_DANGER, DangerEvent, DangerState, Role
from counsel.models import home
from tests.chat.test_lifecycle import NOW, start
from triage.escalation import sweep
from triage.escalation.rows import Call, Escalation, EscalationStep, Receiver
from triage.escalation.timers import Kind

STAFF = {Role.COUNSELLOR, Role.SUPERVISOR}


def everyone(**about: Any) -> list[Escalation]:
    """Somebody in danger in every open state of every kind, their timers just run out."""
    made = []
    for state in OPEN_DANGER:
        for kind in Kind:
            session_id = start()
            facts = {"raised_at": NOW, "base_at": NOW, "due_at": NOW, **about}
            made.append(
                Escalation.objects.create(
                    session_id=session_id, state=state.value, kind=kind.value, step=1, **facts
                )
            )
    Seat.objects.update(seen_at=NOW - timedelta(days=1))  # no phone comes back and begins anew
    return made


@pytest.mark.parametrize("state", OPEN_DANGER)
def test_in_every_state_it_is_the_turn_of_a_person_and_of_the_clock(state: DangerState) -> None:
    rows = [row for row in DANGER if row.source is state]
    moves = {row.event for row in rows if row.by & STAFF and row.target is not state}
    words = {row.event for row in rows} & {DangerEvent.SHOW}  # of a person, once a phone shows them
    only_ended = state in {DangerState.LOWERED, DangerState.LOST}
    assert only_ended or (words | moves) - {DangerEvent.RAISE, DangerEvent.CLOSE}
    assert {DangerEvent.PAGE, DangerEvent.LAPSE} & {
        row.event for row in rows if row.by == {Role.CLOCK}
    }


@pytest.mark.django_db
def test_with_nobody_to_be_reached_each_timer_still_runs_out_again_and_again() -> None:
    """Nobody on duty, no lead, nobody acts: each expiry is written down, and the next one stands."""
    ids = {one.pk for one in everyone()}
    for hours in (0, 12, 36):
        now = NOW + timedelta(hours=hours)
        while sweep.sweep(now):  # who said that they act lapses first
            pass
        due = [one.due_at for one in Escalation.objects.filter(pk__in=ids)]
        assert len(due) == len(ids), "nobody timed out of danger"
        assert min(due) > now, "nothing that is due was left"
        assert max(due) <= now + timedelta(days=1), "nobody is left alone for longer than a day"
    assert set(EscalationStep.objects.values_list("escalation", flat=True)) == ids
    tried = EscalationStep.objects.filter(event="page").values_list("called", flat=True)
    assert set(tried) == {"nobody"}
    assert not Escalation.objects.filter(state__in=["closed", "erased"]).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("away", [timedelta(minutes=10), timedelta(days=3)])
def test_a_clock_that_was_down_calls_for_everybody_in_its_first_look(away: timedelta) -> None:
    Receiver.objects.create(
        organisation=home(), staff=None, channel="sms", address="10009", added_at=NOW
    )
    made = everyone()
    back = NOW + away
    while sweep.sweep(back):
        pass
    for one in made:
        pages = one.steps.filter(event="page")
        assert pages.exists(), (one.state, one.kind)
        audiences = list(pages.values_list("called", flat=True))
        assert len(set(audiences)) == len(audiences), "each audience once, no flood"
        assert Call.objects.filter(step__in=pages).exists()


def path(one: Escalation) -> list[str]:
    return list(one.steps.order_by("number").values_list("called", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1)])
def test_one_host_an_hour_off_moves_each_timer_once_and_floods_nobody(ahead: timedelta) -> None:
    Receiver.objects.create(
        organisation=home(), staff=None, channel="sms", address="10009", added_at=NOW
    )
    made = everyone()
    for second in range(0, 700, 140):
        right = NOW + timedelta(seconds=second)
        for look in (right, right + ahead, right, right + ahead):
            sweep.sweep(look)
    for one in made:
        steps = list(one.steps.order_by("number").values_list("number", flat=True))
        assert steps == list(range(2, 2 + len(steps))), "each number once, none left out"
        assert set(path(one)) - {""}, "somebody was called"
        assert len(steps) <= 8, (one.state, one.kind, path(one))

"""What time does about help: it is told when it is late, once, and after two hours it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from counsel import limits
from counsel.dispatches import DispatchState
from counsel.models import Staff, home
from tests.chat.test_lifecycle import NOW
from tests.triage.dispatch.cast import called, offered, one, path, say
from triage import clock
from triage.dispatch.sweep import sweep
from triage.escalation.rows import EscalationStep, Receiver

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def told(until: timedelta) -> list[float]:
    """The minutes after which staff were told, up to then; a second early is nothing."""
    found = []
    while (due := min(one().due_at, one().until)) <= NOW + until:
        assert sweep(due - timedelta(seconds=1)) == 0
        assert sweep(due) == 1
        assert sweep(due) == 0, "a second clock is too late"
        found.append((due - NOW) / MINUTE)
        if one().state == DispatchState.EXPIRED:
            break
    return found


def test_who_does_not_answer_is_told_after_five_minutes(lin: Staff) -> None:
    offered(lin)
    assert told(timedelta(minutes=11)) == [5, 10]


def test_who_wants_it_is_not_left_waiting_for_the_call(lin: Staff) -> None:
    offered(lin)
    say(lin, "consent")
    assert told(timedelta(minutes=4)) == [2, 4]


def test_who_was_called_accepts_within_ten_minutes_or_the_next_is_called(lin: Staff) -> None:
    called(lin)
    assert told(timedelta(minutes=20)) == [10, 20]


def test_after_an_hour_the_dispatcher_is_called_back_and_it_counts_from_the_call(
    lin: Staff,
) -> None:
    called(lin)
    say(lin, "accept", now=NOW + 8 * MINUTE)
    assert told(timedelta(minutes=76)) == [60, 75]


def test_who_asked_again_is_left_alone_for_a_while(lin: Staff) -> None:
    called(lin)
    say(lin, "accept")
    assert told(timedelta(minutes=60)) == [60]
    say(lin, "ring", now=NOW + 61 * MINUTE)
    assert one().due_at == NOW + 76 * MINUTE


def test_after_two_hours_it_is_over_whatever_became_of_it(lin: Staff) -> None:
    called(lin)
    say(lin, "accept")
    assert told(timedelta(hours=3)) == [60, 75, 90, 105, 120]
    assert one().state == DispatchState.EXPIRED
    assert [event for event, _ in path()][-1] == "expire"
    assert sweep(NOW + timedelta(days=1)) == 0


def test_the_two_hours_count_from_when_the_place_was_given(lin: Staff) -> None:
    offered(lin)
    say(lin, "consent", now=NOW + 4 * MINUTE)
    assert one().until == NOW + 4 * MINUTE + limits.PLACE_KEPT_FOR


def test_help_that_is_late_calls_whoever_can_be_called_and_the_ladder_stays_where_it_was(
    lin: Staff,
) -> None:
    Receiver.objects.create(organisation=home(), channel="sms", address="10003", added_at=NOW)
    called(lin)
    danger = EscalationStep.objects.order_by("pk").last()
    assert danger is not None
    due = danger.escalation.due_at
    sweep(NOW + 10 * MINUTE)
    step = EscalationStep.objects.order_by("pk").last()
    assert step is not None
    assert (step.event, step.called) == ("hurry", "lead")
    assert list(step.calls.values_list("receiver__address", flat=True)) == ["10003"]
    assert step.escalation.due_at == due


@pytest.mark.parametrize("late", [timedelta(hours=1), timedelta(days=1)])
def test_the_one_clock_does_it_however_late_it_comes(lin: Staff, late: timedelta) -> None:
    called(lin)
    due: datetime = one().due_at
    clock.tick(due + late)
    clock.tick(due + late)
    events = [event for event, _ in path()][3:]
    assert events == (["late"] if late < limits.PLACE_KEPT_FOR else ["expire"])

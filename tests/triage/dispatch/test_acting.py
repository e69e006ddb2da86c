"""What staff do about help: each under their name, and what stays of it when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat import sessions
from counsel.audit.models import AuditEntry
from counsel.dispatches import DispatchState
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    OpenDangerError,
    ValueRefusedError,
)
from counsel.lifecycle import DangerState, Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW
from tests.people import hire
from tests.triage.dispatch.cast import called, offered, one, path, say, talking
from tests.triage.escalation import cast as danger
from triage.dispatch import acting
from triage.dispatch.rows import Dispatch, DispatchStep
from triage.escalation import acting as escalating

pytestmark = pytest.mark.django_db


def trail() -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(what__startswith="help-").order_by("pk")
    return list(rows.values_list("what", "by"))


def test_from_the_offer_to_the_arrival_and_each_is_in_the_trail(lin: Staff) -> None:
    called(lin)
    say(lin, "accept")
    say(lin, "ring")
    say(lin, "arrive")
    assert [event for event, _ in path()] == [
        "offer",
        "consent",
        "call",
        "accept",
        "ring",
        "arrive",
    ]
    assert one().state == DispatchState.ARRIVED
    kinds = ["offered", "agreed", "called", "answered", "called", "ended"]
    assert trail() == [(f"help-{kind}", lin.person) for kind in kinds]


def test_what_the_trail_has_says_the_day_and_no_number(lin: Staff) -> None:
    called(lin)
    rows = AuditEntry.objects.filter(what__startswith="help-")
    assert {at.time() for at in rows.values_list("at", flat=True)} == {NOW.time().min}
    assert not rows.filter(thing__contains=str(one().pk)).exists()


def test_a_supervisor_who_calls_has_done_the_first_thing_a_supervisor_does(
    lin: Staff, sam: Staff
) -> None:
    offered(lin)
    say(lin, "consent")
    assert danger.state() == DangerState.ATTENDED
    say(sam, "call", "120")
    assert danger.state() == DangerState.LED
    assert danger.path()[-1] == ("act", "supervisor")


def test_a_counsellor_who_calls_waits_for_the_supervisor_all_the_same(lin: Staff) -> None:
    called(lin)
    assert danger.state() == DangerState.ATTENDED


def test_nobody_ends_the_talk_while_help_is_on_its_way_but_the_seeker(
    lin: Staff, sam: Staff
) -> None:
    session_id = called(lin)
    escalating.close(
        sam, case_code=danger.code(session_id), outcome="mistake", unassessed="no-danger", now=NOW
    )
    with pytest.raises(OpenDangerError):
        sessions.advance(session_id, Event.END, role=Role.COUNSELLOR, staff_id=lin.pk, now=NOW)
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW)
    assert one().state == DispatchState.CALLED, "help is still on its way"


def test_a_talk_that_ends_ends_an_offer_nobody_took(lin: Staff, sam: Staff) -> None:
    session_id = offered(lin)
    escalating.close(
        sam, case_code=danger.code(session_id), outcome="mistake", unassessed="no-danger", now=NOW
    )
    sessions.advance(session_id, Event.END, role=Role.COUNSELLOR, staff_id=lin.pk, now=NOW)
    day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    assert one().state == DispatchState.WITHDRAWN
    assert set(DispatchStep.objects.values_list("at", flat=True)) == {day}
    assert (one().begun_at, one().due_at, one().until) == (day, day, day)


def test_who_erases_while_help_is_on_its_way_leaves_help_that_says_nothing_of_them(
    lin: Staff,
) -> None:
    session_id = called(lin)
    sessions.advance(session_id, Event.ERASE, role=Role.SEEKER, now=NOW)
    assert (one().session_id, one().state) == (None, DispatchState.CALLED)
    say(lin, "arrive")
    assert not Dispatch.objects.exists()
    assert not DispatchStep.objects.exists()
    last = AuditEntry.objects.filter(what__startswith="help-").order_by("pk").last()
    assert last is not None
    assert (last.what, last.thing, last.by) == ("help-after", "", lin.person)


@pytest.mark.parametrize("consented", [False, True])
def test_who_erases_before_anybody_was_called_leaves_nothing(lin: Staff, consented: bool) -> None:
    session_id = offered(lin)
    if consented:
        say(lin, "consent")
    sessions.advance(session_id, Event.ERASE, role=Role.SEEKER, now=NOW)
    assert not Dispatch.objects.exists()
    assert not DispatchStep.objects.exists()


def test_what_was_over_goes_with_the_talk(lin: Staff) -> None:
    session_id = called(lin)
    say(lin, "miss")
    sessions.advance(session_id, Event.ERASE, role=Role.SEEKER, now=NOW)
    assert not Dispatch.objects.exists()


def test_it_is_offered_once_at_a_time_and_only_in_ones_own_talk(lin: Staff) -> None:
    session_id = offered(lin)
    with pytest.raises(IllegalTransitionError):
        acting.offer(lin, case_code=danger.code(session_id), now=NOW)
    he = hire("he").staff
    with pytest.raises(AccessError):
        acting.offer(he, case_code=danger.code(session_id), now=NOW)
    with pytest.raises(AccessError):
        say(he, "consent")
    with pytest.raises(AccessError):
        acting.say(lin, number=one().pk + 1, event="consent", now=NOW)
    say(lin, "withdraw")
    acting.offer(lin, case_code=danger.code(session_id), now=NOW + timedelta(minutes=1))
    assert Dispatch.objects.count() == 2


def test_a_supervisor_cannot_offer_in_a_talk_they_are_not_in(lin: Staff, sam: Staff) -> None:
    session_id = talking(lin)
    with pytest.raises(AccessError):
        acting.offer(sam, case_code=danger.code(session_id), now=NOW)


@pytest.mark.parametrize(
    ("event", "whom"),
    [("call", ""), ("call", "responder"), ("call", "119"), ("accept", "120"), ("late", ""),
     ("expire", ""), ("offer", "")],
)  # fmt: skip
def test_what_is_no_step_of_staff_is_refused(lin: Staff, event: str, whom: str) -> None:
    offered(lin)
    say(lin, "consent")
    with pytest.raises(ValueRefusedError):
        say(lin, event, whom)
    assert one().state == DispatchState.CONSENTED


def test_who_cannot_come_is_followed_by_the_next(lin: Staff, sam: Staff) -> None:
    called(lin, "110")
    say(lin, "decline")
    assert (one().state, one().whom) == (DispatchState.CONSENTED, "")
    say(sam, "call", "120")
    assert (one().state, one().whom) == (DispatchState.CALLED, "120")

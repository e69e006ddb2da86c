"""What people do about danger: each under their name, and less urgent only by two of them."""

from __future__ import annotations

import pytest

from chat import sessions
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    NeedsTwoError,
    OpenDangerError,
    ValueRefusedError,
)
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, one, path, say, state, take
from triage.escalation import acting
from triage.escalation.rows import Escalation, EscalationStep
from triage.queue.rows import Place
from triage.queue.tiers import Asked, Tier

pytestmark = pytest.mark.django_db


def test_from_the_button_to_the_outcome(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED, event=Asked.DANGER)
    case = code(session_id)
    acting.acknowledge(lin, case_code=case, now=NOW)
    met(session_id, lin)
    acting.acknowledge(sam, case_code=case, now=NOW)
    acting.act(sam, case_code=case, what="advised", now=NOW)
    acting.assess(lin, case_code=case, now=NOW)
    acting.propose(lin, case_code=case, tier=Tier.ORANGE, reason="safe", now=NOW)
    acting.confirm(sam, case_code=case, now=NOW)
    assert Place.objects.get().tier == Tier.ORANGE
    acting.close(lin, case_code=case, outcome="accompanied", now=NOW)
    assert [event for event, _ in path()] == [
        "raise", "acknowledge", "show", "acknowledge", "act", "assess", "propose", "confirm", "close",
    ]  # fmt: skip
    assert (one().outcome, one().unassessed) == ("accompanied", "")
    sessions.advance(session_id, Event.END, role=Role.COUNSELLOR, staff_id=lin.pk, now=NOW)
    day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    assert set(EscalationStep.objects.values_list("at", flat=True)) == {day}


def test_less_urgent_takes_two_people_and_one_of_them_supervises(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED)
    case = code(session_id)
    met(session_id, lin)
    acting.act(sam, case_code=case, what="watches", now=NOW)
    acting.propose(lin, case_code=case, tier=Tier.YELLOW, reason="judged", now=NOW)
    with pytest.raises(NeedsTwoError):
        acting.confirm(lin, case_code=case, now=NOW)
    assert Place.objects.get().tier == Tier.RED
    acting.decline(sam, case_code=case, now=NOW)
    acting.propose(sam, case_code=case, tier=Tier.YELLOW, reason="judged", now=NOW)
    with pytest.raises(NeedsTwoError):
        acting.confirm(sam, case_code=case, now=NOW)
    acting.confirm(lin, case_code=case, now=NOW)
    assert Place.objects.get().tier == Tier.YELLOW


def test_a_red_is_not_ended_alone_by_whoever_talks_with_them(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED)
    case = code(session_id)
    met(session_id, lin)
    acting.assess(lin, case_code=case, now=NOW)
    with pytest.raises(OpenDangerError):
        acting.close(lin, case_code=case, outcome="safe", now=NOW)
    acting.close(sam, case_code=case, outcome="rescued", now=NOW)
    assert state() == "closed"


def test_it_ends_with_an_outcome_and_with_why_nobody_asked(lin: Staff) -> None:
    session_id = start(tier=Tier.ORANGE)
    case = code(session_id)
    met(session_id, lin)
    for outcome, why in (("", ""), ("hotline", ""), ("safe", ""), ("safe", "no time")):
        with pytest.raises(ValueRefusedError):
            acting.close(lin, case_code=case, outcome=outcome, unassessed=why, now=NOW)
    acting.close(lin, case_code=case, outcome="safe", unassessed="refused", now=NOW)
    assert (state(), one().unassessed) == ("closed", "refused")


def test_who_asked_before_anybody_supervised_need_not_ask_again(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED)
    case = code(session_id)
    met(session_id, lin)
    acting.assess(lin, case_code=case, now=NOW)
    assert (state(), one().due_at) == ("attended", NOW), "the supervisor is still called"
    acting.act(sam, case_code=case, what="watches", now=NOW)
    assert state() == "assessed"


def test_in_danger_again_after_it_had_settled(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED)
    case = code(session_id)
    met(session_id, lin)
    acting.act(sam, case_code=case, what="watches", now=NOW)
    acting.propose(lin, case_code=case, tier=Tier.YELLOW, reason="safe", now=NOW)
    acting.confirm(sam, case_code=case, now=NOW)
    say(session_id, Asked.DANGER)
    assert (state(), one().kind, one().assessed_at) == ("attended", "now", None)
    assert Place.objects.get().tier == Tier.RED


def test_after_an_outcome_it_can_begin_again(lin: Staff) -> None:
    session_id = start(tier=Tier.ORANGE)
    met(session_id, lin)
    acting.close(lin, case_code=code(session_id), outcome="safe", unassessed="refused", now=NOW)
    say(session_id, Asked.DANGER)
    states = set(Escalation.objects.values_list("state", "kind"))
    assert states == {("closed", "orange"), ("attended", "now")}


def test_nobody_acts_where_nobody_is_in_danger_or_it_is_not_theirs(lin: Staff, sam: Staff) -> None:
    calm = code(start())
    with pytest.raises(AccessError):
        acting.acknowledge(sam, case_code=calm, now=NOW)
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    chen = hire("chen").staff
    with pytest.raises(AccessError):
        acting.assess(chen, case_code=code(session_id), now=NOW)
    with pytest.raises(IllegalTransitionError):
        acting.acknowledge(chen, case_code=code(session_id), now=NOW)


def test_before_a_word_was_seen_only_who_holds_the_talk_can_have_asked(
    lin: Staff, sam: Staff
) -> None:
    session_id = start(tier=Tier.RED)
    take(session_id, lin)
    with pytest.raises(IllegalTransitionError):
        acting.assess(sam, case_code=code(session_id), now=NOW)
    acting.assess(lin, case_code=code(session_id), now=NOW)
    assert (state(), one().assessed_by) == ("raised", lin)


def test_who_asked_after_a_mistake_has_asked_and_says_no_reason_why_not(lin: Staff) -> None:
    session_id = start()
    met(session_id, lin)
    say(session_id, Asked.DANGER)
    say(session_id, Asked.MISTAKE, after=10)
    due = one().due_at
    acting.assess(lin, case_code=code(session_id), now=NOW)
    assert (state(), one().due_at) == ("check", due), "and nobody is put off by it"
    acting.close(lin, case_code=code(session_id), outcome="mistake", now=NOW)
    assert (state(), one().unassessed) == ("closed", "")

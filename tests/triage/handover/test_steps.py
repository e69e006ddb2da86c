"""A talk goes to the next person, as the server keeps it: who may, in which order, and the trail."""

from __future__ import annotations

import secrets
from datetime import timedelta
from itertools import product

import pytest

from chat import access
from chat.models import CounselSession, Envelope, Step
from chat.store import Draft, append
from chat.succession import Opening
from counsel.errors import (
    AccessError,
    ConflictError,
    CounselError,
    FullHandsError,
    IllegalTransitionError,
    LostRaceError,
    SealedError,
)
from counsel.handovers import HANDOVER, HandoverEvent, HandoverState
from counsel.lifecycle import Role, State
from tests.counsel.rights.talks import begin
from tests.people import hire, seal, welcome
from tests.triage.handover.cast import NOW, PAPERS, Cast, opening, trail
from triage import matching
from triage.handover import steps
from triage.handover.rows import Handover
from triage.handover.showing import read_handovers
from triage.handover.timers import WITHIN
from triage.queue import duty
from triage.queue.hands import Free

pytestmark = pytest.mark.django_db


def test_lin_stays_until_chens_group_stands_and_then_chen_has_the_talk(cast: Cast) -> None:
    number = cast.ready()
    assert cast.holder() == ["lin"]
    group, key = steps.claim_key(cast.chen, number)
    assert (group, bool(key)) == (1, True)
    assert cast.holder() == ["lin"], "a key alone is no group"
    fresh = opening()
    assert steps.open_after(cast.chen, number, fresh, NOW) == cast.ref
    assert cast.holder() == ["chen"]
    session = CounselSession.objects.get(pk=cast.talk.session_id)
    assert (session.state, session.group, session.epoch) == (State.ACTIVE, 2, 1)
    assert bytes(session.group_id) == fresh.group_id
    last = Envelope.objects.filter(session=session).latest("seq")
    assert (last.what, bytes(last.sealed)) == (Envelope.WELCOME, fresh.welcome)
    assert Step.objects.get(session=session, event="hand").staff == cast.chen
    assert trail() == [
        ("handover-asked", "lin"), ("handover-accepted", "chen"), ("handover-let-go", "lin"),
        ("handover-done", "chen"),
    ]  # fmt: skip


def test_whoever_went_reads_and_writes_nothing_after(cast: Cast) -> None:
    old = access.seat_for_staff(cast.lin.pk, cast.ref)
    steps.open_after(cast.chen, cast.ready(), opening(), NOW)
    with pytest.raises(AccessError):
        access.seat_for_staff(cast.lin.pk, cast.ref)
    late = Draft(
        old.session_id, old.id, Envelope.WORDS, secrets.token_bytes(16), seal(cast.talk.group_id),
        cast.talk.group_id, 1,
    )  # fmt: skip
    assert isinstance(append([late]).verdicts[0], AccessError)


def test_an_answer_that_got_lost_is_given_again_and_there_is_one_group(cast: Cast) -> None:
    number, fresh = cast.ready(), opening()
    for _ in range(3):
        assert steps.open_after(cast.chen, number, fresh, NOW) == cast.ref
    assert Envelope.objects.filter(what=Envelope.WELCOME).count() == 2
    assert [what for what, _ in trail()].count("handover-done") == 1


def test_what_is_no_fresh_group_changes_nothing(cast: Cast) -> None:
    number = cast.ready()
    for group, letter, refusal in (
        (secrets.token_bytes(16), b"none", SealedError),
        (cast.talk.group_id, welcome(), ConflictError),
    ):
        bad = Opening(secrets.token_bytes(16), group, letter, b"")
        with pytest.raises(refusal):
            steps.open_after(cast.chen, number, bad, NOW)
    assert (cast.holder(), cast.state()) == (["lin"], HandoverState.READY)


def test_nobody_opens_a_group_before_the_talk_is_let_go_of(cast: Cast) -> None:
    number = cast.ask()
    for act in (
        lambda: steps.claim_key(cast.chen, number),
        lambda: steps.open_after(cast.chen, number, opening(), NOW),
    ):
        with pytest.raises(IllegalTransitionError):
            act()
    steps.accept(cast.chen, number, PAPERS, NOW)
    with pytest.raises(IllegalTransitionError):
        steps.open_after(cast.chen, number, opening(), NOW)
    assert cast.holder() == ["lin"]


@pytest.mark.parametrize("who", ["wu", "lin", "zhou"])
def test_only_whoever_is_asked_comes_and_only_whoever_has_it_lets_go(cast: Cast, who: str) -> None:
    other = hire("zhou", Role.SUPERVISOR).staff if who == "zhou" else getattr(cast, who)
    number = cast.ask()
    for act in (
        lambda: steps.accept(other, number, PAPERS, NOW),
        lambda: steps.decline(other, number, NOW),
        lambda: steps.claim_key(other, number),
        lambda: steps.open_after(other, number, opening(), NOW),
    ):
        with pytest.raises(AccessError):
            act()
    if other != cast.lin:
        for verb in (steps.keep, steps.let_go):
            with pytest.raises(AccessError):
                verb(other, number, NOW)
        with pytest.raises(AccessError):
            steps.ask(other, cast.ref, 0, NOW)
    assert cast.state() == HandoverState.ASKED


def test_declined_it_stays_with_lin_who_may_ask_somebody_else(cast: Cast) -> None:
    steps.decline(cast.chen, cast.ask(), NOW)
    assert (cast.state(), cast.holder()) == (HandoverState.DECLINED, ["lin"])
    shown = read_handovers([cast.lin.pk, cast.chen.pk], NOW)
    assert [row.state for row in shown[cast.lin.pk].rows] == ["declined"]
    assert shown[cast.chen.pk].rows == ()
    cast.ask(cast.wu)
    assert Handover.objects.count() == 1


@pytest.mark.parametrize("state", ["asked", "accepted", "ready"])
def test_what_is_not_done_in_time_lapses_once_and_the_talk_stays(cast: Cast, state: str) -> None:
    number = cast.ask()
    if state != "asked":
        steps.accept(cast.chen, number, PAPERS, NOW)
    if state == "ready":
        steps.let_go(cast.lin, number, NOW)
    due = NOW + WITHIN[HandoverState(state)]
    steps.tick(due - timedelta(seconds=1))
    assert cast.state() == state
    for verb in (
        lambda: steps.accept(cast.chen, number, PAPERS, due),
        lambda: steps.let_go(cast.lin, number, due),
        lambda: steps.open_after(cast.chen, number, opening(), due),
    ):  # before the clock has looked, it is too late all the same
        with pytest.raises((LostRaceError, IllegalTransitionError)):
            verb()
    for _ in range(2):
        steps.tick(due)
    assert (cast.state(), cast.holder()) == (HandoverState.SILENT, ["lin"])
    assert not duty.read_own(cast.chen, NOW).carrying.talks, "their hands are free again"


def test_whoever_said_that_they_come_is_given_nobody_else(cast: Cast) -> None:
    begin(None)
    number = cast.ask()
    steps.accept(cast.chen, number, PAPERS, NOW)
    with pytest.raises(FullHandsError):
        matching.take_next(cast.chen.pk, NOW)
    (chen,) = duty.read_present([cast.chen.pk])
    assert chen.free(NOW) is Free.FULL
    steps.decline(cast.chen, number, NOW)
    assert matching.take_next(cast.chen.pk, NOW)


def test_the_table_has_a_way_out_of_everything_but_its_ends() -> None:
    for state, event, role in product(HandoverState, HandoverEvent, Role):
        allowed = [r for r in HANDOVER if r.source is state and r.event is event and role in r.by]
        if allowed:
            assert [HANDOVER.row(state, event, role)] == allowed
        else:
            with pytest.raises(CounselError):
                HANDOVER.row(state, event, role)
    ends = {state for state in HandoverState if not any(row.source is state for row in HANDOVER)}
    assert ends == {
        HandoverState.DONE, HandoverState.DECLINED, HandoverState.SILENT, HandoverState.KEPT,
        HandoverState.OVER,
    }  # fmt: skip


def test_a_group_of_before_is_no_fresh_one(cast: Cast) -> None:
    number, fresh = cast.ready(), opening()
    steps.open_after(cast.chen, number, fresh, NOW)
    seat = access.seat_for_staff(cast.chen.pk, cast.ref)
    again = Draft(
        seat.session_id, seat.id, Envelope.WELCOME, fresh.client_id, fresh.welcome, fresh.group_id,
        statement=fresh.statement,
    )  # fmt: skip
    first = Envelope.objects.latest("seq").seq
    assert append([again]).verdicts == (first,), "what Chen's page sends again is the same place"
    other = Draft(
        seat.session_id,
        seat.id,
        Envelope.WELCOME,
        secrets.token_bytes(16),
        welcome(),
        fresh.group_id,
    )
    assert isinstance(append([other]).verdicts[0], ConflictError)

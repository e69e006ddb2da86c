"""What a handover does to whatever else is going on: danger, visits, hands, boards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from chat import access, sessions, visits
from chat.models import Seat, Visit
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    LostRaceError,
    NobodyFreeError,
)
from counsel.identity import SessionRef
from counsel.lifecycle import Event, Role, ShiftState
from counsel.models import Staff
from tests.counsel.rights.talks import begin
from tests.people import hire, key_package
from tests.triage.handover.cast import NOW, PAPERS, Cast, opening
from triage.escalation import raising
from triage.escalation.rows import Debrief, Escalation
from triage.escalation.timers import Kind
from triage.handover import steps
from triage.handover.rows import Handover
from triage.handover.showing import read_handovers
from triage.handover.timers import SHOWN_FOR
from triage.models import Shift
from triage.queue import duty
from triage.queue.rows import HandsOf, Place
from triage.queue.tiers import Tier

pytestmark = pytest.mark.django_db


def test_only_free_hands_are_asked_and_whoever_the_seeker_may_meet(cast: Cast) -> None:
    hire("zhou", Role.SUPERVISOR)
    Staff.objects.update(board_seen_at=NOW)

    def names() -> list[str]:
        return [one.name for one in steps.who_could(cast.lin, cast.ref, NOW)]

    assert names() == ["Chen", "Wu"]
    Place.objects.filter(pk=cast.talk.session_id).update(region="44", industry="")
    Staff.objects.filter(pk=cast.wu.pk).update(region="44")
    assert names() == ["Chen"]
    with pytest.raises(LostRaceError):
        cast.ask(cast.wu)
    Shift.objects.filter(staff=cast.chen).update(state=ShiftState.PAUSE)
    with pytest.raises(NobodyFreeError):
        steps.ask(cast.lin, cast.ref, 0, NOW)


def test_whoever_is_next_is_somebody_free_and_one_is_asked_by_one(cast: Cast) -> None:
    steps.ask(cast.lin, cast.ref, 0, NOW)
    first = Handover.objects.get()
    assert first.follows in {cast.chen, cast.wu}
    with pytest.raises(IllegalTransitionError):
        steps.ask(cast.lin, cast.ref, 0, NOW)
    li = hire("li").staff
    other = begin(li)
    Staff.objects.update(board_seen_at=NOW)
    steps.ask(li, SessionRef(other.ref), 0, NOW)
    assert len(set(Handover.objects.values_list("follows", flat=True))) == 2


def test_an_open_danger_stays_open_and_goes_along(cast: Cast) -> None:
    raising.raise_danger(
        cast.talk.session_id,
        Kind.NOW,
        role=Role.COUNSELLOR,
        reason="judged",
        now=NOW,
        staff=cast.lin,
    )
    Place.objects.filter(pk=cast.talk.session_id).update(tier=Tier.RED, heard=True)
    Escalation.objects.update(state="led")
    steps.open_after(cast.chen, cast.ready(), opening(), NOW)
    danger = Escalation.objects.get()
    assert (danger.state, danger.session_id) == ("led", cast.talk.session_id)
    assert not Place.objects.get(pk=cast.talk.session_id).heard, "of Chen no word was shown yet"
    seat = access.seat_for_staff(cast.chen.pk, cast.ref)
    with pytest.raises(IllegalTransitionError):
        sessions.end_session(seat, NOW)
    rests = HandsOf.objects.get(staff=cast.lin).rests_until
    assert rests is not None
    assert rests > NOW
    assert HandsOf.objects.get(staff=cast.chen).rests_until is None
    assert Debrief.objects.get().staff == cast.lin
    assert Shift.objects.get(staff=cast.lin).state == ShiftState.DEBRIEF
    assert Shift.objects.get(staff=cast.chen).state == ShiftState.ON


def test_a_supervisor_beside_lin_is_beside_nobody_after_and_asks_anew(cast: Cast) -> None:
    zhou = hire("zhou", Role.SUPERVISOR).staff
    wish = visits.Wish(cast.talk.group_id, 1, key_package(), b"duty", bytes(64))
    visits.ask(zhou, cast.ref, wish, NOW)
    sits = Seat.objects.create(
        session_id=cast.talk.session_id,
        role=Role.SUPERVISOR.value,
        staff=zhou,
        seen_at=NOW,
        since=2,
    )
    Visit.objects.update(state="joined", seat=sits)
    fresh = opening()
    steps.open_after(cast.chen, cast.ready(), fresh, NOW)
    assert cast.holder() == ["chen"]
    assert Visit.objects.get().state == "gone"
    visits.ask(zhou, cast.ref, visits.Wish(fresh.group_id, 1, key_package(), b"d", bytes(64)), NOW)


@pytest.mark.parametrize("event", [Event.END, Event.RETURN, Event.ERASE])
def test_where_the_talk_ends_goes_back_or_is_erased_nothing_of_it_is_left(
    cast: Cast, event: Event
) -> None:
    number = cast.ready()
    role = Role.CLOCK if event is Event.RETURN else Role.SEEKER
    sessions.advance(
        cast.talk.session_id, event, role=role, now=NOW, silent_after=-timedelta(days=1)
    )
    assert not Handover.objects.exists()
    with pytest.raises(AccessError):
        steps.open_after(cast.chen, number, opening(), NOW)
    assert not duty.read_own(cast.chen, NOW).carrying.talks


def test_lin_who_went_reads_for_a_while_that_it_went_on(cast: Cast) -> None:
    steps.open_after(cast.chen, cast.ready(), opening(), NOW)
    ids = [cast.lin.pk, cast.chen.pk, cast.wu.pk]
    shown = read_handovers(ids, NOW)
    assert [[(row.state, row.name) for row in shown[pk].rows] for pk in ids] == [
        [("done", "Chen")], [], [],
    ]  # fmt: skip
    assert not read_handovers(ids, NOW + SHOWN_FOR)[cast.lin.pk].rows


def test_whoever_is_asked_sees_no_papers_and_whoever_asks_sees_theirs(cast: Cast) -> None:
    number = cast.ask()
    assert read_handovers([cast.lin.pk], NOW)[cast.lin.pk].rows[0].identity == b""
    steps.accept(cast.chen, number, PAPERS, NOW)
    shown = read_handovers([cast.lin.pk, cast.chen.pk, cast.wu.pk], NOW)
    assert shown[cast.lin.pk].rows[0].identity == b"identity"
    assert (shown[cast.chen.pk].rows[0].identity, shown[cast.chen.pk].rows[0].name) == (b"", "Lin")
    assert shown[cast.wu.pk].rows == ()


def test_the_database_itself_knows_one_at_a_time_and_nobody_without_papers(cast: Cast) -> None:
    number = cast.ask()
    one = {"session_id": cast.talk.session_id, "due_at": NOW}
    for wrong in (
        {"leaves": cast.lin, "follows": cast.wu, "state": "asked"},
        {"leaves": cast.wu, "follows": cast.wu, "state": "declined"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.create(**one, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=number).update(state="accepted")

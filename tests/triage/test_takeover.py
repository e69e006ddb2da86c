"""Somebody in danger is left: a supervisor goes on with them, and exactly one holds them; whoever cannot go
on gives them back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from chat import access, clock, sessions
from chat.models import CounselSession, Seat, Step
from counsel import limits
from counsel.audit.models import AuditEntry
from counsel.errors import (
    AccessError,
    FullHandsError,
    IllegalTransitionError,
    LostRaceError,
    OffDutyError,
    RestError,
)
from counsel.identity import SessionRef
from counsel.lifecycle import Event, Role
from counsel.models import Organisation, Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, one, path, state, take
from tests.triage.test_door import be_there
from triage import door, judge
from triage.escalation import acting
from triage.escalation.rows import Escalation
from triage.escalation.showing import read_dangers
from triage.escalation.timers import SILENT_AFTER, Kind
from triage.models import Shift
from triage.queue import offers
from triage.queue.heads import NOBODY_IN_PARTICULAR, in_order
from triage.queue.rows import HandsOf, Place
from triage.queue.tiers import Now, Tier
from triage.takeover import let_go, take_over

pytestmark = pytest.mark.django_db
SECOND: Final = timedelta(seconds=1)
LEFT: Final = NOW + SILENT_AFTER[Kind.NOW]
"""When the clock finds that Lin is gone."""


@pytest.fixture
def lin() -> Staff:
    return hire("lin").staff


@pytest.fixture
def zhou() -> Staff:
    return hire("zhou", Role.SUPERVISOR).staff


def left(lin: Staff, **about: object) -> int:
    """Lin was with them, words were shown, and her machine is gone."""
    session_id = start(**{"tier": Tier.RED, "now": Now.NOW} | about)
    met(session_id, lin)
    assert clock.tick(LEFT).returned == 1
    return session_id


def ref(session_id: int) -> SessionRef:
    return SessionRef(bytes(CounselSession.objects.get(pk=session_id).ref))


def holders(session_id: int) -> list[str]:
    """Who has this talk, by name."""
    sits = Seat.objects.filter(session=session_id, role=Role.COUNSELLOR, ended_at=None)
    return list(sits.values_list("staff__sign_in_name", flat=True))


def trail(what: str) -> list[str]:
    """Who did it."""
    names = dict(Staff.objects.values_list("person", "sign_in_name"))
    rows = AuditEntry.objects.filter(what=what).order_by("pk")
    return [names[by] for by in rows.values_list("by", flat=True)]


# --- going on ------------------------------------------------------------------------------------


def test_a_supervisor_goes_on_with_somebody_in_danger_and_says_by_it_that_they_act(
    lin: Staff, zhou: Staff
) -> None:
    session_id = left(lin)
    assert take_over(zhou, case_code=code(session_id), now=LEFT) == ref(session_id)
    assert holders(session_id) == ["zhou"]
    assert (state(), one().acting) == ("acknowledged", zhou)
    with pytest.raises(AccessError):
        access.seat_for_staff(lin.pk, ref(session_id))
    assert trail("case-taken-over") == ["zhou"]
    assert "zhou" not in trail("case-taken"), "one act is one entry"


def test_the_group_of_before_takes_nothing_any_more(lin: Staff, zhou: Staff) -> None:
    session_id = left(lin)
    CounselSession.objects.filter(pk=session_id).update(group_id=b"g" * 16, epoch=3)
    take_over(zhou, case_code=code(session_id), now=LEFT)
    session = CounselSession.objects.get(pk=session_id)
    assert (bytes(session.group_id), session.epoch) == (b"", 0)
    assert access.seat_for_staff(zhou.pk, ref(session_id)).since == 0


def test_said_again_it_is_done_and_is_no_second_act(lin: Staff, zhou: Staff) -> None:
    session_id = left(lin)
    found = {take_over(zhou, case_code=code(session_id), now=LEFT) for _ in range(3)}
    assert found == {ref(session_id)}
    assert trail("case-taken-over") == ["zhou"]
    assert Step.objects.filter(session=session_id, event="take", staff=zhou).count() == 1


def test_whoever_is_being_asked_whether_they_take_them_is_not_waited_for(
    lin: Staff, zhou: Staff
) -> None:
    chen = hire("chen").staff
    session_id = left(lin)
    HandsOf.objects.filter(staff=chen).update(offers=True)
    Staff.objects.filter(pk=chen.pk).update(board_seen_at=LEFT)
    offers.tick(LEFT)
    place = Place.objects.get(pk=session_id)
    assert place.offered_to == chen
    take_over(zhou, case_code=code(session_id), now=LEFT)
    assert holders(session_id) == ["zhou"]
    with pytest.raises(LostRaceError):
        offers.accept(chen.pk, place.offer, LEFT)


def test_it_fills_the_red_slot_and_the_door_shuts_with_it(lin: Staff, zhou: Staff) -> None:
    session_id, second = left(lin), start(tier=Tier.RED)
    chen = hire("chen").staff
    be_there(zhou, lin, chen)
    Staff.objects.update(board_seen_at=LEFT)
    Shift.objects.update(ends_at=LEFT + timedelta(hours=1))
    met(second, chen)
    Place.objects.filter(pk=second).update(returned=True)
    assert door.is_supervised(LEFT)
    take_over(zhou, case_code=code(session_id), now=LEFT)
    standing = door.read_standing(Staff.objects.get(pk=zhou.pk).organisation)
    assert not any(judge.supervises(each, LEFT) for each in standing)
    CounselSession.objects.filter(pk=second).update(state="waiting")
    Seat.objects.filter(session=second, staff=chen).update(ended_at=LEFT)
    with pytest.raises(FullHandsError):
        take_over(zhou, case_code=code(second), now=LEFT)


@pytest.mark.parametrize("why", ["there", "first", "orange", "closed", "ended", "elsewhere"])
def test_nobody_is_taken_from_anybody_and_nobody_out_of_turn(
    lin: Staff, zhou: Staff, why: str
) -> None:
    refusal: type[Exception] = AccessError
    if why == "there":
        session_id, refusal = start(tier=Tier.RED), LostRaceError
        met(session_id, lin)
    elif why == "first":
        session_id, refusal = start(tier=Tier.RED), IllegalTransitionError
    elif why == "orange":
        session_id = start(tier=Tier.ORANGE)
        met(session_id, lin)
        clock.tick(NOW + limits.SILENT_COUNSELLOR_AFTER)
    else:
        session_id = left(lin)
    if why == "closed":
        acting.close(zhou, case_code=code(session_id), outcome="left", unassessed="gone", now=LEFT)
    elif why == "ended":
        sessions.advance(session_id, Event.END, role=Role.SEEKER, now=LEFT)
    elif why == "elsewhere":
        other = Organisation.objects.create(name="Elsewhere")
        Staff.objects.filter(pk=zhou.pk).update(organisation=other)
    before = (holders(session_id), Step.objects.count(), path())
    with pytest.raises(refusal):
        take_over(zhou, case_code=code(session_id), now=LEFT)
    assert (holders(session_id), Step.objects.count(), path()) == before


def test_only_a_supervisor_on_duty_goes_on(lin: Staff, zhou: Staff) -> None:
    session_id = left(lin)
    Shift.objects.filter(staff=zhou).delete()
    with pytest.raises(OffDutyError):
        take_over(zhou, case_code=code(session_id), now=LEFT)
    Staff.objects.filter(pk=zhou.pk).update(is_active=False)
    with pytest.raises(AccessError):
        take_over(zhou, case_code=code(session_id), now=LEFT)
    assert holders(session_id) == []


def test_whoever_was_with_them_talks_it_over_too_although_their_machine_was_gone(
    lin: Staff, zhou: Staff
) -> None:
    session_id = left(lin)
    take_over(zhou, case_code=code(session_id), now=LEFT)
    wu = hire("wu", Role.SUPERVISOR).staff
    acting.close(
        wu, case_code=code(session_id), outcome="accompanied", unassessed="rescue", now=LEFT
    )
    owed = set(one().debriefs.values_list("staff__sign_in_name", flat=True))
    assert owed == {"lin", "zhou", "wu"}


# --- what a board says ---------------------------------------------------------------------------


def test_a_board_says_who_is_gone_since_when_and_no_more_of_it_once_somebody_is_there(
    lin: Staff, zhou: Staff
) -> None:
    session_id = left(lin)
    roles = {zhou.pk: Role.SUPERVISOR.value}
    (row,) = read_dangers(roles, LEFT + 10 * SECOND)[zhou.pk].rows
    assert (row.gone, row.before, row.unheard) == ("silent", lin.working_name, 40)
    take_over(zhou, case_code=code(session_id), now=LEFT)
    (row,) = read_dangers(roles, LEFT)[zhou.pk].rows
    assert (row.gone, row.before, row.unheard, row.held) == ("", "", 0, 1)


# --- letting go ----------------------------------------------------------------------------------


def test_whoever_cannot_go_on_gives_a_red_back_to_the_very_front_and_closes_nothing(
    lin: Staff,
) -> None:
    early = start(tier=Tier.RED, now=Now.RECENT)
    session_id = start(tier=Tier.RED, now=Now.NOW)
    met(session_id, lin)
    let_go(lin, ref=ref(session_id), now=NOW + SECOND)
    assert holders(session_id) == []
    assert CounselSession.objects.get(pk=session_id).state == "waiting"
    assert in_order(NOBODY_IN_PARTICULAR, NOW, each=9) == [session_id, early]
    danger = Escalation.objects.get(session=session_id)
    assert danger.state == "raised"
    assert list(danger.steps.filter(event="alone").values_list("role", "staff")) == [
        ("counsellor", lin.pk)
    ]
    assert trail("case-let-go") == ["lin"]


def test_hands_that_let_go_of_a_red_rest_and_others_are_free(lin: Staff) -> None:
    quiet = start(tier=Tier.YELLOW)
    take(quiet, lin)
    let_go(lin, ref=ref(quiet), now=NOW)
    assert HandsOf.objects.get(staff=lin).rests_until is None
    red = start(tier=Tier.RED)
    take(red, lin)
    let_go(lin, ref=ref(red), now=NOW)
    assert HandsOf.objects.get(staff=lin).rests_until == NOW + limits.REST_AFTER_RED


def test_let_go_again_or_after_the_clock_it_is_done(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    for _ in range(3):
        let_go(lin, ref=ref(session_id), now=NOW)
    assert Step.objects.filter(event="let-go").count() == 1
    other = left(hire("chen").staff)
    let_go(Staff.objects.get(sign_in_name="chen"), ref=ref(other), now=LEFT)
    assert Step.objects.filter(session=other, event="let-go").count() == 0


def test_nobody_lets_go_of_what_they_never_had_or_what_is_over(lin: Staff, zhou: Staff) -> None:
    session_id = start(tier=Tier.YELLOW)
    take(session_id, lin)
    for who in (zhou, hire("chen").staff):
        with pytest.raises(AccessError):
            let_go(who, ref=ref(session_id), now=NOW)
    with pytest.raises(AccessError):
        let_go(lin, ref=SessionRef(bytes(16)), now=NOW)
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW)
    with pytest.raises(IllegalTransitionError):
        let_go(lin, ref=ref(session_id), now=NOW)
    assert trail("case-let-go") == []


def test_a_board_says_that_they_gave_it_back_and_a_supervisor_goes_on(
    lin: Staff, zhou: Staff
) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    let_go(lin, ref=ref(session_id), now=NOW)
    (row,) = read_dangers({zhou.pk: Role.SUPERVISOR.value}, NOW)[zhou.pk].rows
    assert (row.gone, row.before) == ("let-go", lin.working_name)
    take_over(zhou, case_code=code(session_id), now=NOW)
    assert holders(session_id) == ["zhou"]


def test_a_supervisor_who_went_on_and_cannot_gives_it_back_too(lin: Staff, zhou: Staff) -> None:
    session_id = left(lin)
    take_over(zhou, case_code=code(session_id), now=LEFT)
    let_go(zhou, ref=ref(session_id), now=LEFT)
    assert holders(session_id) == []
    with pytest.raises(RestError):
        take_over(zhou, case_code=code(session_id), now=LEFT)

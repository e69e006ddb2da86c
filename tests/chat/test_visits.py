"""A supervisor beside a counsellor, as the server keeps it: who may, in which order, and the trail."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

import pytest

from chat import access, sessions, visits
from chat.models import Envelope, Seat, Visit
from chat.store import Draft
from counsel import limits
from counsel.audit.models import AuditEntry
from counsel.errors import AccessError, IllegalTransitionError, SealedError, StaleEpochError
from counsel.identity import SessionRef
from counsel.lifecycle import VISIT, Event, Role, VisitEvent, VisitState
from counsel.models import Staff
from tests.counsel.rights.talks import begin
from tests.people import commit, hire, key_package, welcome
from triage.beside.showing import read_visits

pytestmark = pytest.mark.django_db
NOW: Final = datetime.now(UTC)
LATE: Final = NOW + 3 * limits.VISIT_ASKED_FOR


class Cast:
    """Lin has the talk, Zhou supervises, Chen is a colleague."""

    def __init__(self) -> None:
        self.lin, self.chen = hire("lin").staff, hire("chen").staff
        self.zhou = hire("zhou", Role.SUPERVISOR).staff
        self.talk = begin(self.lin)
        self.ref = SessionRef(self.talk.ref)
        self.epoch = 1

    def ask(self, who: Staff | None = None, now: datetime = NOW) -> int:
        """The number of the wish."""
        wish = visits.Wish(self.talk.group_id, self.epoch, key_package(), b"duty", bytes(64))
        visits.ask(who or self.zhou, self.ref, wish, now)
        return Visit.objects.latest("pk").pk

    def change(self, visit: int = 0, *, lets_in: bool = True, now: datetime = NOW) -> int:
        """Lin's commit; its place."""
        seat = access.seat_for_staff(self.lin.pk, self.ref)
        draft = Draft(
            seat.session_id, seat.id, Envelope.COMMIT, secrets.token_bytes(16),
            commit(self.talk.group_id, self.epoch), self.talk.group_id, self.epoch,
        )  # fmt: skip
        letter = welcome() if lets_in else b""
        place = visits.change(seat, draft, visits.Admission(visit, letter, b"duties"), now)
        self.epoch += 1
        return place

    def sits(self, who: Staff | None = None) -> bool:
        """Whether they have a seat there."""
        open_ones = Seat.objects.filter(session_id=self.talk.session_id, ended_at=None)
        return open_ones.filter(staff=who or self.zhou).exists()


@pytest.fixture
def cast() -> Cast:
    """Everybody, and a talk under way."""
    return Cast()


def trail() -> list[tuple[str, str]]:
    """What was done about visits, and by whom."""
    names = dict(Staff.objects.values_list("person", "sign_in_name"))
    rows = AuditEntry.objects.filter(what__startswith="visit").order_by("pk")
    return [(what, names[by]) for what, by in rows.values_list("what", "by")]


def test_asked_admitted_joined_and_left_are_one_entry_each(cast: Cast) -> None:
    cast.change(cast.ask())
    seat = access.seat_for_staff(cast.zhou.pk, cast.ref)
    for _ in range(3):  # a line that is cut and mended
        visits.join(seat, NOW)
    for _ in range(2):
        visits.leave(cast.zhou, cast.ref, NOW)
    cast.change(lets_in=False)  # their leaf goes with the next commit, which sends nobody away
    assert trail() == [
        ("visit-asked", "zhou"), ("visit-admitted", "lin"), ("visit-joined", "zhou"),
        ("visit-left", "zhou"),
    ]  # fmt: skip
    assert not cast.sits()
    assert Visit.objects.get().state == VisitState.GONE


def test_who_is_sent_out_and_who_is_not_let_in_is_one_entry_by_whoever_had_the_talk(
    cast: Cast,
) -> None:
    visits.refuse(cast.lin, cast.ask(), NOW)
    cast.change(cast.ask())
    cast.change(lets_in=False)
    assert trail()[1] == ("visit-refused", "lin")
    assert trail()[3:] == [("visit-admitted", "lin"), ("visit-removed", "lin")]
    with pytest.raises(AccessError):
        access.seat_for_staff(cast.zhou.pk, cast.ref)


def test_a_seat_comes_with_an_admission_and_from_nothing_else(cast: Cast) -> None:
    visit = cast.ask()
    assert not cast.sits()
    place = cast.change(visit)
    seat = access.seat_for_staff(cast.zhou.pk, cast.ref)
    assert (seat.role, seat.since, seat.statement) == (Role.SUPERVISOR, place, b"duties")
    assert seat.welcome


@pytest.mark.parametrize("what", ["nobody", "late", "other", "suspended", "counsellor", "twice"])
def test_a_commit_that_admits_nobody_who_asks_is_not_stored(cast: Cast, what: str) -> None:
    visit = cast.ask()
    if what == "nobody":
        visit += 1000
    elif what == "other":
        theirs = begin(cast.chen)
        wish = visits.Wish(theirs.group_id, 1, key_package(), b"duty", bytes(64))
        visits.ask(cast.zhou, SessionRef(theirs.ref), wish, NOW)
        visit = Visit.objects.latest("pk").pk
    elif what == "suspended":
        Staff.objects.filter(pk=cast.zhou.pk).update(is_active=False)
    elif what == "counsellor":
        Staff.objects.filter(pk=cast.zhou.pk).update(role=Role.COUNSELLOR)
    elif what == "twice":
        cast.change(visit)
    rows, sits = Envelope.objects.count(), cast.sits()
    with pytest.raises(SealedError):
        cast.change(visit, now=LATE if what == "late" else NOW)
    assert (Envelope.objects.count(), cast.sits()) == (rows, sits)


def test_the_same_change_again_is_the_same_place_and_one_seat(cast: Cast) -> None:
    visit = cast.ask()
    seat = access.seat_for_staff(cast.lin.pk, cast.ref)
    draft = Draft(
        seat.session_id, seat.id, Envelope.COMMIT, secrets.token_bytes(16),
        commit(cast.talk.group_id), cast.talk.group_id, 1,
    )  # fmt: skip
    admission = visits.Admission(visit, welcome(), b"")
    places = {visits.change(seat, draft, admission, NOW) for _ in range(3)}
    assert len(places) == 1
    assert [what for what, _ in trail()] == ["visit-asked", "visit-admitted"]


def test_nobody_asks_where_nobody_talks_or_a_supervisor_is_already(cast: Cast) -> None:
    cast.change(cast.ask())
    wu = hire("wu", Role.SUPERVISOR).staff
    for who in (cast.zhou, wu):
        with pytest.raises(IllegalTransitionError):
            cast.ask(who)
    waiting = begin(None)
    wish = visits.Wish(waiting.group_id, 1, key_package(), b"duty", bytes(64))
    with pytest.raises(IllegalTransitionError):
        visits.ask(wu, SessionRef(waiting.ref), wish, NOW)
    other = begin(cast.chen)
    with pytest.raises(StaleEpochError):
        visits.ask(wu, SessionRef(other.ref), wish, NOW)


def test_only_whoever_has_the_talk_answers(cast: Cast) -> None:
    visit = cast.ask()
    for who in (cast.chen, cast.zhou):
        with pytest.raises(AccessError):
            visits.refuse(who, visit, NOW)
    assert Visit.objects.get().state == VisitState.ASKED


def test_a_wish_is_shown_to_whoever_can_answer_it_and_for_half_a_minute(cast: Cast) -> None:
    cast.ask()
    ids = [cast.lin.pk, cast.chen.pk, cast.zhou.pk]
    shown = read_visits(ids, NOW)
    assert [len(shown[pk].rows) for pk in ids] == [1, 0, 1]
    assert shown[cast.lin.pk].rows[0].key_package
    assert not shown[cast.zhou.pk].rows[0].key_package
    later = read_visits(ids, NOW + limits.VISIT_ASKED_FOR + timedelta(seconds=1))
    assert [len(later[pk].rows) for pk in ids] == [0, 0, 1]
    assert later[cast.zhou.pk].rows[0].state == "silent"


def test_the_visit_ends_with_the_group_when_whoever_had_the_talk_falls_silent(cast: Cast) -> None:
    cast.change(cast.ask())
    sessions.advance(
        cast.talk.session_id, Event.RETURN, role=Role.CLOCK, now=LATE, silent_after=timedelta()
    )
    assert not cast.sits()
    assert Visit.objects.get().state == VisitState.GONE
    sessions.advance(
        cast.talk.session_id, Event.TAKE, role=Role.SUPERVISOR, staff_id=cast.zhou.pk, now=LATE
    )
    assert access.seat_for_staff(cast.zhou.pk, cast.ref).since == 0


def test_the_table_has_a_way_out_of_everything_but_its_ends() -> None:
    for state, event, role in product(VisitState, VisitEvent, Role):
        allowed = [r for r in VISIT if r.source is state and r.event is event and role in r.by]
        if allowed:
            assert [VISIT.row(state, event, role)] == allowed
        else:
            with pytest.raises(IllegalTransitionError):
                VISIT.row(state, event, role)
    ends = {state for state in VisitState if not any(row.source is state for row in VISIT)}
    assert ends == {VisitState.REFUSED, VisitState.GONE}


def test_erasing_leaves_nothing_of_it(cast: Cast) -> None:
    cast.change(cast.ask())
    sessions.erase_session(cast.talk.session_id, role=Role.SEEKER, now=NOW)
    assert not Visit.objects.exists()
    assert not Seat.objects.exists()
    assert len(trail()) == 2

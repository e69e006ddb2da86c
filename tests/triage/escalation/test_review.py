"""Once danger is over there is something to learn, in codes, and nobody goes on without a quarter-hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat import sessions
from counsel.colleagues import deactivate
from counsel.errors import AccessError, IllegalTransitionError, ValueRefusedError
from counsel.lifecycle import Event, Role, ShiftState
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, one, take
from triage import shifts, standing
from triage.escalation import acting, review, review_views, sweep
from triage.escalation.rows import Debrief
from triage.models import Shift
from triage.queue.tiers import Tier

pytestmark = pytest.mark.django_db


def over(lin: Staff, sam: Staff) -> int:
    """A red of Lin's, met, led, asked about and ended by both; its talk goes on."""
    session_id = start(tier=Tier.RED)
    case = code(session_id)
    sweep.sweep(NOW + timedelta(seconds=31))
    met(session_id, lin)
    acting.act(sam, case_code=case, what="advised", now=NOW + timedelta(seconds=50))
    acting.assess(lin, case_code=case, now=NOW + timedelta(seconds=200))
    acting.close(sam, case_code=case, outcome="accompanied", now=NOW + timedelta(seconds=900))
    return session_id


def end(session_id: int, by: Role, staff: Staff | None = None) -> None:
    at = NOW + timedelta(seconds=1000)
    pk = None if staff is None else staff.pk
    sessions.advance(session_id, Event.END, role=by, staff_id=pk, now=at)


def test_a_timeline_is_the_steps_themselves_in_seconds(lin: Staff, sam: Staff) -> None:
    session_id = over(lin, sam)
    end(session_id, Role.SEEKER)  # the instants say the day only from here on
    steps = list(review.timeline(review.find(one().pk)))
    assert [(step.after, step.event) for step in steps] == [
        (0, "raise"), (31, "page"), (0, "show"), (50, "act"), (200, "assess"), (900, "close"),
    ]  # fmt: skip
    assert len({step.at for step in steps}) == 1
    assert [step.staff for step in steps[-3:]] == [sam, lin, sam]


def test_what_goes_on_is_not_reviewed_and_absent_is_the_same(sam: Staff) -> None:
    start(tier=Tier.RED)
    for number in (one().pk, 10_000):
        with pytest.raises(AccessError):
            review.find(number)
    assert review.listed(NOW) == []


def test_what_was_learned_is_codes_and_no_words(lin: Staff, sam: Staff) -> None:
    over(lin, sam)
    number = one().pk
    for said in ([], ["late", "late"], ["she said that"], ["late", ""]):
        with pytest.raises(ValueRefusedError):
            review.learn(sam, number, said, NOW)
    review.learn(sam, number, ["late", "few"], NOW)
    assert review.learn(sam, number, ["well"], NOW).review.learned == ["well"]
    told = review_views._told(review.find(number))
    assert (told["by"], told["outcome"], told["learned"]) == ("Sam", "accompanied", ["well"])


def test_those_nobody_reviewed_come_first_and_the_erased_stay_without_a_name(
    lin: Staff, sam: Staff
) -> None:
    first = over(lin, sam)
    old = one().pk
    review.learn(sam, old, ["well"], NOW)
    end(first, Role.SEEKER)
    second = over(hire("carol").staff, sam)
    sessions.advance(second, Event.ERASE, role=Role.SEEKER, staff_id=None, now=NOW)
    rows = [review_views._row(found) for found in review.listed(NOW + timedelta(days=1))]
    assert [(row["reviewed"], row["case"]) for row in rows] == [(False, ""), (True, code(first))]


def test_everybody_who_was_in_it_is_booked_and_an_orange_books_nobody(
    lin: Staff, sam: Staff
) -> None:
    over(lin, sam)
    assert {each.staff for each in Debrief.objects.all()} == {lin, sam}
    session_id = start(tier=Tier.ORANGE)
    carol = hire("carol").staff
    met(session_id, carol)
    acting.close(carol, case_code=code(session_id), outcome="safe", unassessed="refused", now=NOW)
    assert not Debrief.objects.filter(staff=carol).exists()


def test_the_quarter_hour_begins_when_the_talk_is_over_and_comes_before_the_next_ready(
    lin: Staff, sam: Staff
) -> None:
    session_id = over(lin, sam)
    assert Shift.objects.get(staff=lin).state == ShiftState.ON, "they are still with them"
    end(session_id, Role.COUNSELLOR, lin)
    assert Shift.objects.get(staff=lin).state == ShiftState.DEBRIEF
    at = NOW + timedelta(seconds=1000)
    assert standing.debriefs_until(lin) == at + timedelta(minutes=15)
    (begun,) = Debrief.objects.filter(staff=lin).values_list("begun_at", flat=True)
    assert begun == at.replace(hour=0, minute=0, second=0, microsecond=0), "not when a talk ended"
    with pytest.raises(IllegalTransitionError):
        shifts.resume(lin, at + timedelta(minutes=14))
    shifts.resume(lin, at + timedelta(minutes=15))


def test_who_supervises_is_booked_and_begins_it_themselves(lin: Staff, sam: Staff) -> None:
    """While they are away the door is closed: nothing closes it by itself."""
    end(over(lin, sam), Role.SEEKER)
    assert Shift.objects.get(staff=sam).state == ShiftState.ON
    assert [each.staff for each in Debrief.objects.filter(begun_at=None)] == [sam]
    shifts.debrief(sam, NOW + timedelta(hours=1))
    assert not Debrief.objects.filter(begun_at=None).exists()


def test_who_holds_another_talk_begins_once_that_is_over_too(lin: Staff, sam: Staff) -> None:
    other = start()
    take(other, lin)
    session_id = over(lin, sam)
    end(session_id, Role.SEEKER)
    assert Shift.objects.get(staff=lin).state == ShiftState.ON
    end(other, Role.SEEKER)
    assert Shift.objects.get(staff=lin).state == ShiftState.DEBRIEF


def test_who_held_a_red_that_was_erased_is_owed_the_quarter_hour_too(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    sessions.advance(session_id, Event.ERASE, role=Role.SEEKER, staff_id=None, now=NOW)
    assert Shift.objects.get(staff=lin).state == ShiftState.DEBRIEF
    assert Debrief.objects.get().staff == lin


def test_whoever_is_suspended_and_still_sits_in_talks_is_named(lin: Staff, sam: Staff) -> None:
    first, second = start(), start()
    take(first, lin)
    take(second, sam)
    assert review.left_inside() == []
    deactivate(lin)
    assert review.left_inside() == [("Lin", 1)]
    end(first, Role.SEEKER)
    assert review.left_inside() == []

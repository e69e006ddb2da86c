"""Somebody may be in danger: who raises it, what the talk around it does, and how people end it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chat import clock, sessions
from chat.models import CounselSession, Seat
from counsel import limits
from counsel.errors import (
    AccessError,
    OpenDangerError,
)
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, one, path, say, seat, state, take, write
from triage.escalation import acting
from triage.escalation.rows import Escalation
from triage.escalation.timers import HELD_AT_MOST, Kind
from triage.models import Shift
from triage.queue.rows import Place, TierStep
from triage.queue.tiers import Asked, Now, Tier

pytestmark = pytest.mark.django_db


# --- how it is raised ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ({"tier": Tier.RED, "now": Now.NOW}, Kind.NOW),
        ({"tier": Tier.RED, "now": Now.RECENT}, Kind.RECENT),
        ({"tier": Tier.ORANGE}, Kind.ORANGE),
        ({"tier": Tier.GREEN, "event": Asked.DANGER}, Kind.NOW),
    ],
)
def test_what_comes_in_urgent_is_danger_from_the_first_second(
    about: dict[str, Any], kind: Kind
) -> None:
    start(**about)
    assert (one().kind, one().state, one().raised_at) == (kind, "raised", NOW)
    assert path() == [("raise", "seeker")]


def test_yellow_and_green_are_none() -> None:
    start(tier=Tier.YELLOW)
    start(tier=Tier.GREEN)
    assert not Escalation.objects.exists()


def test_pressing_again_puts_no_timer_back() -> None:
    session_id = start(tier=Tier.RED, event=Asked.DANGER)
    due = one().due_at
    for after in (5, 20, 25):
        say(session_id, Asked.DANGER, after=after)
    assert (one().due_at, len(path())) == (due, 1)


def test_the_button_in_a_talk_calls_the_supervisor_at_once(lin: Staff) -> None:
    session_id = start()
    met(session_id, lin)
    say(session_id, Asked.DANGER)
    assert path() == [("raise", "seeker"), ("show", "seeker")]
    assert (state(), one().due_at) == ("attended", NOW)


@pytest.mark.parametrize("reason", ["judged", "cue"])
def test_the_counsellor_or_a_cue_raises_it_and_the_tier_with_it(lin: Staff, reason: str) -> None:
    session_id = start()
    met(session_id, lin)
    acting.raise_(lin, case_code=code(session_id), kind="now", reason=reason, now=NOW)
    place = Place.objects.get()
    assert (place.tier, place.now, state()) == (Tier.RED, Now.NOW, "attended")
    tier_step = TierStep.objects.get()
    assert (tier_step.reason, tier_step.staff) == ("raised", lin)


def test_a_supervisor_raises_it_while_somebody_still_waits(sam: Staff) -> None:
    session_id = start()
    acting.raise_(sam, case_code=code(session_id), kind="recent", reason="judged", now=NOW)
    assert (one().kind, state()) == ("recent", "raised")


def test_another_counsellor_raises_nothing_in_a_talk_that_is_not_theirs(lin: Staff) -> None:
    session_id = start()
    met(session_id, lin)
    with pytest.raises(AccessError):
        acting.raise_(
            hire("chen").staff, case_code=code(session_id), kind="now", reason="cue", now=NOW
        )


def test_nobody_there_is_counted_and_the_lead_is_called_at_once() -> None:
    start(tier=Tier.RED)
    assert (one().unstaffed, one().due_at) == (True, NOW)


def test_somebody_there_is_given_half_a_minute(lin: Staff) -> None:
    Staff.objects.filter(pk=lin.pk).update(board_seen_at=NOW)
    start(tier=Tier.RED)
    assert (one().unstaffed, one().due_at) == (False, NOW + timedelta(seconds=30))


# --- the first human words -----------------------------------------------------------------------


def test_nobody_waits_any_more_once_the_phone_has_shown_words_and_not_before(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    take(session_id, lin)
    seq = write(session_id, lin)
    assert state() == "raised"
    sessions.show_words(seat(session_id), seq, NOW)
    assert (state(), path()[-1]) == ("attended", ("show", "seeker"))


def test_words_that_nobody_wrote_or_of_somebody_who_is_gone_are_none(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    take(session_id, lin)
    seq = write(session_id, lin)
    sessions.show_words(seat(session_id), seq - 1, NOW)
    Seat.objects.filter(staff=lin).update(ended_at=NOW)
    sessions.show_words(seat(session_id), seq, NOW)
    assert state() == "raised"


def test_when_the_counsellor_falls_silent_they_have_nobody_again(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    later = NOW + timedelta(minutes=4)
    clock.tick(later)
    assert CounselSession.objects.get().state == "waiting"
    assert ("alone", "clock") in path()
    assert state() == "raised"


# --- what the talk may still do ------------------------------------------------------------------


def test_staff_end_no_talk_of_somebody_in_danger_and_a_seeker_may(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    with pytest.raises(OpenDangerError):
        sessions.advance(session_id, Event.END, role=Role.COUNSELLOR, staff_id=lin.pk, now=NOW)
    assert CounselSession.objects.get().state == "active"
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW)
    assert (CounselSession.objects.get().state, state()) == ("closed", "lost")


def test_erasing_in_danger_is_done_at_once_and_is_never_read_as_safe(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    sessions.erase_session(session_id, role=Role.SEEKER, now=NOW)
    assert not CounselSession.objects.exists()
    left = one()
    day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    assert (left.session_id, left.state, left.outcome) == (None, "erased", "")
    assert {left.raised_at, left.due_at, *left.steps.values_list("at", flat=True)} == {day}


def test_the_clock_keeps_what_somebody_still_looks_after_up_to_a_named_day(lin: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    Seat.objects.update(seen_at=NOW)
    for after in (limits.RETAIN_UNTOUCHED_FOR, HELD_AT_MOST - timedelta(seconds=1)):
        clock.tick(NOW + after)
        assert CounselSession.objects.filter(pk=session_id).exists()
    clock.tick(NOW + HELD_AT_MOST)
    assert not CounselSession.objects.exists()


def test_a_mistake_within_the_minute_stops_the_paging_and_leaves_somebody_to_ask() -> None:
    session_id = start(tier=Tier.GREEN)
    say(session_id, Asked.DANGER)
    say(session_id, Asked.MISTAKE, after=59)
    assert (state(), one().kind) == ("check", "orange")
    assert one().due_at == NOW + timedelta(seconds=59 + 600)
    assert Place.objects.get().human_check


def test_a_mistake_takes_back_no_answer_that_says_red() -> None:
    session_id = start(tier=Tier.RED, now=Now.NOW)
    say(session_id, Asked.DANGER, Tier.RED)
    say(session_id, Asked.MISTAKE, Tier.RED, after=10)
    assert (state(), one().kind) == ("raised", "now")


def test_a_button_pressed_twice_is_one_mistake() -> None:
    session_id = start(tier=Tier.GREEN)
    for after in (0, 3):
        say(session_id, Asked.DANGER, after=after)
    say(session_id, Asked.MISTAKE, after=10)
    assert (state(), Place.objects.get().tier) == ("check", Tier.ORANGE)


def test_a_press_of_long_ago_is_no_mistake_of_now() -> None:
    session_id = start(tier=Tier.GREEN)
    say(session_id, Asked.DANGER)
    say(session_id, Asked.DANGER, after=61)
    say(session_id, Asked.MISTAKE, after=70)
    assert (state(), Place.objects.get().tier) == ("raised", Tier.RED)


@pytest.mark.parametrize("again", [(), (7,)])
def test_a_mistake_takes_back_nothing_that_a_person_judged(
    lin: Staff, again: tuple[int, ...]
) -> None:
    session_id = start(tier=Tier.GREEN)
    met(session_id, lin)
    say(session_id, Asked.DANGER)
    at = NOW + timedelta(seconds=5)
    acting.raise_(lin, case_code=code(session_id), kind="now", reason="judged", now=at)
    for after in again:
        say(session_id, Asked.DANGER, after=after)
    say(session_id, Asked.MISTAKE, after=10)
    assert (one().kind, Place.objects.get().tier) == ("now", Tier.RED)


# --- answers that go on meanwhile ----------------------------------------------------------------


def lowered(lin: Staff, sam: Staff, tier: Tier) -> int:
    """A red that two people found less urgent."""
    session_id = start(tier=Tier.RED, now=Now.NOW)
    met(session_id, lin)
    case = code(session_id)
    acting.act(sam, case_code=case, what="watches", now=NOW)
    acting.propose(lin, case_code=case, tier=tier, reason="safe", now=NOW)
    acting.confirm(sam, case_code=case, now=NOW)
    return session_id


@pytest.mark.parametrize("counted", [Tier.YELLOW, Tier.ORANGE])
def test_whoever_answers_on_after_a_mistake_puts_nobody_off_who_comes_to_ask(counted: Tier) -> None:
    session_id = start(tier=Tier.GREEN)
    say(session_id, Asked.DANGER)
    say(session_id, Asked.MISTAKE, after=10)
    due = one().due_at
    say(session_id, Asked.CHANGED, counted, after=300)
    assert (state(), one().due_at) == ("check", due)


def test_an_answer_that_says_no_more_is_no_siren_where_two_people_looked(
    lin: Staff, sam: Staff
) -> None:
    session_id = lowered(lin, sam, Tier.ORANGE)
    say(session_id, Asked.CHANGED, Tier.YELLOW, after=30)
    assert (state(), len(path())) == ("lowered", 5)
    say(session_id, Asked.CHANGED, Tier.RED, after=40)
    assert state() == "attended", "this one does"


def test_after_an_outcome_an_answer_begins_nothing_and_the_button_does(
    lin: Staff, sam: Staff
) -> None:
    session_id = start(tier=Tier.RED, now=Now.NOW)
    met(session_id, lin)
    acting.close(sam, case_code=code(session_id), outcome="safe", unassessed="refused", now=NOW)
    say(session_id, Asked.CHANGED, Tier.YELLOW, after=30)
    assert one().state == "closed"
    say(session_id, Asked.DANGER, after=40)
    assert Escalation.objects.count() == 2


def test_in_danger_again_when_nobody_is_there_any_more_is_counted_and_calls_at_once(
    lin: Staff, sam: Staff
) -> None:
    Staff.objects.filter(pk__in=[lin.pk, sam.pk]).update(board_seen_at=NOW)
    session_id = lowered(lin, sam, Tier.GREEN)
    assert not one().unstaffed
    sessions.advance(session_id, Event.LET_GO, role=Role.COUNSELLOR, staff_id=lin.pk, now=NOW)
    say(session_id, Asked.DANGER, after=4000)
    assert (one().unstaffed, one().due_at) == (True, NOW + timedelta(seconds=4000))


def test_whoever_is_with_them_past_their_shift_is_somebody(lin: Staff) -> None:
    session_id = start()
    met(session_id, lin)
    Shift.objects.update(state="done")
    say(session_id, Asked.DANGER)
    assert (state(), one().unstaffed) == ("attended", False)


def test_nobody_raises_it_in_a_talk_that_is_over(lin: Staff, sam: Staff) -> None:
    session_id = start()
    met(session_id, lin)
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW)
    with pytest.raises(AccessError):
        acting.raise_(sam, case_code=code(session_id), kind="now", reason="judged", now=NOW)
    assert not Escalation.objects.exists()

"""After a red or orange talk somebody of the staff looks in again, if the person wants it, and the list
of whom and when holds nothing a phone could be found by.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from chat import sessions
from chat.models import CounselSession
from counsel.errors import AccessError, IllegalTransitionError, LostRaceError, ValueRefusedError
from counsel.followups import FOLLOW_UP, OPEN, FollowUpEvent, FollowUpState
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, say, take
from triage.escalation import acting as danger
from triage.escalation.timers import HELD_AT_MOST
from triage.followup import acting, beginning, sweep
from triage.followup.moving import move
from triage.followup.rows import FollowUp, FollowUpStep
from triage.followup.steps import AFTER, Kind
from triage.queue.tiers import Asked, Tier

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 15)
"""What the wall in Shanghai shows at `NOW`."""
LONG_AFTER = NOW + HELD_AT_MOST + timedelta(days=1)


def talk(lin: Staff, tier: Tier) -> int:
    """Lin has taken somebody whose first words told this tier."""
    session_id = start(tier=tier)
    take(session_id, lin)
    return session_id


def end(session_id: int, *, days: int = 0, role: Role = Role.SEEKER) -> None:
    sessions.advance(session_id, Event.END, role=role, now=NOW + timedelta(days=days))


def one() -> FollowUp:
    return FollowUp.objects.get()


def agree(lin: Staff, session_id: int, *, wanted: bool = True, days: int = 0) -> None:
    beginning.agree(lin, code(session_id), wanted=wanted, days=days, now=NOW)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


# --- how one begins --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "kind", "days"), [(Tier.RED, "red", 1), (Tier.ORANGE, "orange", 3)]
)
def test_every_red_and_orange_has_an_owner_and_a_day_once_the_talk_is_over(
    lin: Staff, tier: Tier, kind: str, days: int
) -> None:
    end(talk(lin, tier))
    found = one()
    assert (found.kind, found.state, found.owner) == (kind, "unasked", lin)
    assert found.due_on == after(days)


@pytest.mark.parametrize("tier", [Tier.YELLOW, Tier.GREEN])
def test_nobody_else_is_looked_in_on_unless_they_agreed(lin: Staff, tier: Tier) -> None:
    end(talk(lin, tier))
    assert not FollowUp.objects.exists()


def test_whoever_was_red_and_left_before_anybody_came_is_on_the_list_and_nobodys(
    lin: Staff,
) -> None:
    end(start(tier=Tier.RED))
    assert (one().owner, one().state) == (None, "unasked")


def test_what_was_pressed_by_mistake_is_no_red_afterwards(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.GREEN)
    say(session_id, Asked.DANGER, Tier.RED)
    met(session_id, lin)
    danger.assess(lin, case_code=code(session_id), now=NOW + timedelta(seconds=5))
    danger.close(sam, case_code=code(session_id), outcome="mistake", now=NOW + timedelta(seconds=9))
    assert beginning.urgency(session_id) is not Kind.RED


def test_the_days_are_those_of_the_clinical_table_and_nobody_has_signed_them() -> None:
    book = json.loads(Path(acting.__file__).with_name("steps.json").read_text(encoding="utf-8"))
    assert [step.days for step in AFTER[Kind.RED]] == [1, 3, 7, 30, 90]
    assert [step.days for step in AFTER[Kind.ORANGE]] == [3, 7, 30]
    assert book["hours"]["referral"]["after"] == [2, 24, 72]
    assert book["signed_off"] is None
    assert all(each["source"] for each in (*book["hours"].values(), book["agreed"], book["lapse"]))


# --- what is agreed in a talk ----------------------------------------------------------------------


def test_a_yes_in_the_talk_counts_from_the_day_the_talk_ended(lin: Staff) -> None:
    session_id = talk(lin, Tier.ORANGE)
    agree(lin, session_id)
    assert one().state == "agreed"
    end(session_id, days=2)
    assert (one().state, one().due_on) == ("agreed", after(5))


def test_a_no_is_kept_as_not_wanted_and_asks_nothing_of_anybody(lin: Staff) -> None:
    session_id = talk(lin, Tier.RED)
    agree(lin, session_id, wanted=False)
    end(session_id)
    assert (one().state, one().due_on) == ("unwanted", None)


def test_whoever_changes_their_mind_is_taken_at_their_last_word(lin: Staff) -> None:
    session_id = talk(lin, Tier.GREEN)
    for wanted, days in ((True, 4), (True, 9), (False, 0), (True, 2)):
        agree(lin, session_id, wanted=wanted, days=days)
    assert (one().state, one().due_on, one().ended_on) == ("agreed", after(2), None)
    end(session_id, days=1)
    assert one().due_on == after(2)


def test_without_danger_a_day_is_agreed_and_what_for_is_not_kept(lin: Staff) -> None:
    session_id = talk(lin, Tier.GREEN)
    with pytest.raises(ValueRefusedError):
        agree(lin, session_id)
    agree(lin, session_id, wanted=False)
    assert not FollowUp.objects.exists(), "a no there is nothing to keep"
    agree(lin, session_id, days=4)
    end(session_id, days=1)
    assert (one().kind, one().due_on) == ("agreed", after(4))
    assert {kind.value for kind in Kind} == {"red", "orange", "agreed"}, "none says referral"


def test_only_whoever_has_the_talk_says_what_was_agreed_in_it(lin: Staff, sam: Staff) -> None:
    session_id = talk(lin, Tier.RED)
    for other in (sam, hire("chen").staff):
        with pytest.raises(AccessError):
            agree(other, session_id)
    end(session_id)
    with pytest.raises(AccessError):
        agree(lin, session_id)


# --- what came of it -------------------------------------------------------------------------------


def agreed(lin: Staff, tier: Tier = Tier.RED) -> FollowUp:
    session_id = talk(lin, tier)
    agree(lin, session_id)
    end(session_id)
    return one()


def test_each_answer_leads_to_the_next_day_and_the_last_one_to_the_end(lin: Staff) -> None:
    number = agreed(lin).pk
    for outcome, days in (("reached", 3), ("unreached", 7), ("unreached", 30), ("reached", 90)):
        acting.say(lin, number, outcome, NOW)
        assert (one().state, one().due_on) == ("agreed", after(days))
    acting.say(lin, number, "reached", NOW)
    assert (one().state, one().due_on, one().ended_on) == ("done", None, DAY)
    said = one().steps.order_by("number").values_list("event", flat=True)
    assert list(said) == ["agree", "reach", "miss", "miss", "reach", "finish"]


@pytest.mark.parametrize(("outcome", "state"), [("unwanted", "unwanted"), ("done", "done")])
def test_not_wanted_and_done_end_every_day_that_was_to_come(
    lin: Staff, outcome: str, state: str
) -> None:
    acting.say(lin, agreed(lin).pk, outcome, NOW)
    assert (one().state, one().due_on) == (state, None)
    with pytest.raises(IllegalTransitionError):
        acting.say(lin, one().pk, "reached", NOW)


def test_whoever_was_never_asked_could_not_be_reached_and_that_is_an_end(lin: Staff) -> None:
    end(talk(lin, Tier.RED))
    with pytest.raises(IllegalTransitionError):
        acting.say(lin, one().pk, "reached", NOW)
    acting.say(lin, one().pk, "unreached", NOW)
    assert one().state == "unreached"


def test_of_two_who_say_it_at_once_one_is_told(lin: Staff) -> None:
    first = agreed(lin)
    second = FollowUp.objects.get(pk=first.pk)
    move(first, FollowUpEvent.REACH, role=Role.COUNSELLOR, day=DAY, staff=lin)
    with pytest.raises(LostRaceError):
        move(second, FollowUpEvent.REACH, role=Role.COUNSELLOR, day=DAY, staff=lin)
    assert one().step == 1


def test_a_counsellor_sees_their_own_and_a_supervisor_gives_one_to_somebody(
    lin: Staff, sam: Staff
) -> None:
    chen = hire("chen").staff
    number = agreed(lin).pk
    assert [list(acting.listed(who)) for who in (lin, chen, sam)] == [[one()], [], [one()]]
    with pytest.raises(AccessError):
        acting.say(chen, number, "reached", NOW)
    with pytest.raises(IllegalTransitionError):
        acting.hand(lin, number, chen, NOW)
    with pytest.raises(ValueRefusedError):
        acting.hand(sam, number, hire("wang", Role.ADMINISTRATOR).staff, NOW)
    acting.hand(sam, number, chen, NOW)
    assert one().owner == chen
    acting.say(chen, number, "reached", NOW)


def test_what_is_over_stands_behind_what_is_open_and_the_soonest_day_is_first(lin: Staff) -> None:
    late, soon, over = (talk(lin, tier) for tier in (Tier.ORANGE, Tier.RED, Tier.RED))
    for session_id in (late, soon, over):
        end(session_id)
    by = {session_id: FollowUp.objects.get(session=session_id) for session_id in (late, soon, over)}
    acting.say(lin, by[over].pk, "unwanted", NOW)
    assert [each.pk for each in acting.listed(lin)] == [by[soon].pk, by[late].pk, by[over].pk]


# --- no answer opens nothing -----------------------------------------------------------------------


def test_no_answer_calls_nobody_raises_nothing_and_ends_as_not_known(lin: Staff) -> None:
    number = agreed(lin).pk
    steps = FollowUpStep.objects.count()
    for days in (2, 20, 31):
        acting.pass_days(after(days))
    assert FollowUpStep.objects.count() == steps, "a day that passed is nobody's act"
    assert acting.overdue(one(), after(20)) == 19
    acting.pass_days(after(32))
    assert (one().pk, one().state, one().case_code) == (number, "unknown", "")
    acting.pass_days(after(63))
    assert not FollowUp.objects.exists()


def test_the_clock_and_a_silent_phone_open_and_escalate_nothing() -> None:
    by_clock = {row.event for row in FOLLOW_UP if Role.CLOCK in row.by}
    assert by_clock == {FollowUpEvent.LAPSE, FollowUpEvent.ERASE}
    by_seeker = {row.event for row in FOLLOW_UP if Role.SEEKER in row.by}
    assert by_seeker == {FollowUpEvent.ERASE}
    source = "".join(path.read_text() for path in Path(acting.__file__).parent.glob("*.py"))
    for word in ("raising", "paging", "capsule", "steps.advance", "relay", "channels"):
        assert word not in source


def test_the_clock_looks_every_ten_minutes_and_not_every_second(lin: Staff) -> None:
    agreed(lin)
    sweep.LOOKED._at = None
    sweep.tick(NOW + timedelta(days=40))
    assert one().state == "unknown"


# --- what stays ------------------------------------------------------------------------------------


def test_what_the_seeker_erases_takes_its_follow_up_along(lin: Staff) -> None:
    before = agreed(lin)
    name = before.case_code
    acting.say(lin, before.pk, "reached", NOW)
    sessions.erase_session(before.session_id or 0, role=Role.SEEKER, now=NOW)
    assert not FollowUp.objects.exists()
    assert not FollowUpStep.objects.exists()
    assert name


def test_after_the_clock_erased_a_talk_its_name_stays_only_where_they_agreed(lin: Staff) -> None:
    yes, unasked = agreed(lin), talk(lin, Tier.ORANGE)
    end(unasked)
    no = FollowUp.objects.exclude(pk=yes.pk).get()
    for each in (yes, no):
        sessions.erase_session(each.session_id or 0, role=Role.CLOCK, now=LONG_AFTER)
    assert not CounselSession.objects.exists()
    kept = {each.pk: (each.session_id, bool(each.case_code)) for each in FollowUp.objects.all()}
    assert kept == {yes.pk: (None, True), no.pk: (None, False)}


def test_a_red_that_vanished_is_on_the_list_without_a_name(lin: Staff) -> None:
    session_id = talk(lin, Tier.RED)
    FollowUp.objects.all().delete()
    sessions.erase_session(session_id, role=Role.CLOCK, now=LONG_AFTER)
    assert (one().session_id, one().case_code, one().owner) == (None, "", lin)


def test_a_row_says_days_and_staff_and_a_code_and_nothing_else() -> None:
    columns = {field.column for field in FollowUp._meta.fields}
    assert columns == {
        "id", "session_id", "case_code", "kind", "state", "owner_id", "step", "days",
        "began_on", "due_on", "ended_on",
    }  # fmt: skip
    assert {field.column for field in FollowUpStep._meta.fields} == {
        "id", "follow_up_id", "number", "event", "staff_id", "on",
    }  # fmt: skip


def test_every_state_with_a_row_can_be_erased_and_only_open_ones_are_due() -> None:
    erased = {row.source for row in FOLLOW_UP if row.event is FollowUpEvent.ERASE}
    assert erased == set(FollowUpState) - {FollowUpState.GONE}
    onward = {FollowUpEvent.REACH, FollowUpEvent.MISS, FollowUpEvent.LAPSE, FollowUpEvent.HAND}
    assert {row.source for row in FOLLOW_UP if row.event in onward} == set(OPEN)

"""Tiers: nothing a phone says lowers one but the mistake within a minute, and a person gives a reason."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import access, sessions
from chat.models import CounselSession
from counsel import limits
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    OpenDangerError,
    ValueRefusedError,
    WireError,
)
from counsel.identity import TokenHash
from counsel.lifecycle import Event, Role
from counsel.models import Organisation, Staff
from tests.asking import request
from tests.chat.test_lifecycle import NOW, bring_to, start
from tests.people import hire
from triage.queue import judging, tiers
from triage.queue.rows import HandsOf, Place, TierStep
from triage.queue.tables import TARGETS, WEIGHTS
from triage.queue.tiers import Asked, Now, Reason, Tier
from triage.queue.wire import Request, read_request, write_request

UP = sorted(set(Asked) - {Asked.BEGIN, Asked.MISTAKE})
A_MINUTE = limits.MISTAKE_WITHIN


def ask(
    session_id: int, event: Asked, tier: Tier = Tier.GREEN, *, after: float = 0, told: int = 0
) -> Place:
    """Sana's phone says this, so many seconds later; her place then."""
    token_hash = CounselSession.objects.values_list("token_hash", flat=True).get(pk=session_id)
    seat = access.seat_for_seeker(TokenHash(bytes(token_hash)))
    at = NOW + timedelta(seconds=after)
    sessions.ask_queue(seat, request(tier, event, told=told), at)
    return Place.objects.get(pk=session_id)


@pytest.mark.parametrize(("tier", "event", "counted"), list(product(Tier, UP, Tier)))
def test_nothing_a_phone_says_lowers_a_tier(tier: Tier, event: Asked, counted: Tier) -> None:
    after = tiers.raised(tier, event, counted)
    assert after <= min(tier, counted)
    for told in Tier:
        assert after <= tiers.raised(tier, event, counted, told) <= min(tier, counted)
    if event is Asked.DANGER:
        assert after is Tier.RED
    if event is Asked.WORSE and counted is not Tier.RED and tier is not Tier.RED:
        assert after == max(min(tier - 1, counted), Tier.ORANGE), "one step, and never red alone"


@given(st.lists(st.tuples(st.sampled_from(UP), st.sampled_from(Tier))), st.sampled_from(Tier))
def test_no_path_of_answers_lowers(said: list[tuple[Asked, Tier]], first: Tier) -> None:
    tier = first
    for event, counted in said:
        raised = tiers.raised(tier, event, counted)
        assert raised <= tier
        tier = raised


def test_every_tier_has_a_target_and_all_but_red_a_weight_and_they_fall() -> None:
    assert sorted(TARGETS) == sorted(Tier)
    assert sorted(WEIGHTS) == sorted(set(Tier) - {Tier.RED})
    weights = [WEIGHTS[tier] for tier in sorted(WEIGHTS)]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0, "whoever waits long enough is served"


@pytest.mark.django_db
def test_worse_raises_one_step_and_says_so() -> None:
    session_id = start(tier=Tier.GREEN)
    assert ask(session_id, Asked.WORSE).tier == Tier.YELLOW
    assert ask(session_id, Asked.WORSE).tier == Tier.ORANGE
    assert ask(session_id, Asked.WORSE).tier == Tier.ORANGE
    assert ask(session_id, Asked.WORSE, Tier.RED).tier == Tier.RED
    steps = TierStep.objects.order_by("pk").values_list("source", "target", "reason", "role")
    assert [step[:2] for step in steps] == [(3, 2), (2, 1), (1, 0)]
    assert {step[2:] for step in steps} == {("worse", "seeker")}


@pytest.mark.django_db
@pytest.mark.parametrize("before", [Tier.GREEN, Tier.YELLOW, Tier.ORANGE, Tier.RED])
def test_one_press_raises_one_step_however_often_it_comes(before: Tier) -> None:
    """The answer was lost on the way: the phone asks again, in the same bytes."""
    session_id = start(tier=before)
    counted = max(Tier(before - 1), Tier.ORANGE) if before else before
    for _ in range(3):
        place = ask(session_id, Asked.WORSE, counted, told=1 + before)
        assert place.tier == counted
    assert TierStep.objects.count() == (counted != before)
    again = max(Tier(counted - 1), Tier.ORANGE) if counted else counted
    assert ask(session_id, Asked.WORSE, again, told=1 + counted).tier == again, "a second press"


@pytest.mark.django_db
def test_a_press_counts_also_after_somebody_found_them_less_urgent() -> None:
    sam = hire("sam", Role.SUPERVISOR).staff
    session = CounselSession.objects.get(pk=start(tier=Tier.YELLOW))
    judging.lower(sam, case_code=session.case_code, tier=Tier.GREEN, reason="judged", now=NOW)
    for _ in range(2):
        assert ask(session.pk, Asked.WORSE, Tier.ORANGE, told=1 + Tier.YELLOW).tier == Tier.ORANGE


@pytest.mark.django_db
@pytest.mark.parametrize("before", [Tier.GREEN, Tier.YELLOW, Tier.ORANGE])
def test_a_mistaken_button_leaves_orange_and_somebody_asks(before: Tier) -> None:
    session_id = start(tier=before)
    pressed = ask(session_id, Asked.DANGER)
    assert (pressed.tier, pressed.now) == (Tier.RED, Now.NOW)
    place = ask(session_id, Asked.MISTAKE, after=A_MINUTE.total_seconds())
    assert (place.tier, place.now, place.human_check) == (Tier.ORANGE, Now.NONE, True)
    assert place.since == NOW, "the time of arrival stays"


@pytest.mark.django_db
def test_a_red_that_pressed_the_button_too_stays_red_after_the_mistake() -> None:
    session_id = start(tier=Tier.RED, now=Now.RECENT)
    assert ask(session_id, Asked.DANGER).now == Now.NOW
    assert ask(session_id, Asked.MISTAKE, after=5).tier == Tier.RED


@pytest.mark.django_db
def test_a_mistake_said_late_or_of_nothing_or_twice_changes_nothing() -> None:
    session_id = start(tier=Tier.YELLOW)
    with pytest.raises(IllegalTransitionError):
        ask(session_id, Asked.MISTAKE)
    ask(session_id, Asked.DANGER)
    late = A_MINUTE.total_seconds() + 1
    with pytest.raises(IllegalTransitionError):
        ask(session_id, Asked.MISTAKE, after=late)
    assert Place.objects.get(pk=session_id).tier == Tier.RED
    ask(session_id, Asked.DANGER, after=late)
    ask(session_id, Asked.MISTAKE, after=late)
    with pytest.raises(IllegalTransitionError):
        ask(session_id, Asked.MISTAKE, after=late)


@pytest.mark.django_db
def test_the_button_works_again_after_every_mistake() -> None:
    session_id = start(tier=Tier.GREEN)
    for _ in range(4):
        assert ask(session_id, Asked.DANGER).tier == Tier.RED
        assert ask(session_id, Asked.MISTAKE, after=1).tier == Tier.ORANGE


@pytest.mark.django_db
def test_the_button_before_any_question_is_red_at_once() -> None:
    place = Place.objects.get(pk=start(tier=Tier.YELLOW, event=Asked.DANGER))
    assert (place.tier, place.now) == (Tier.RED, Now.NOW)
    assert ask(place.pk, Asked.MISTAKE, after=9).tier == Tier.ORANGE


@pytest.mark.django_db
def test_a_person_lowers_with_a_reason_and_it_is_written_who() -> None:
    sam = hire("sam", Role.SUPERVISOR).staff
    session = CounselSession.objects.get(pk=start(tier=Tier.ORANGE))
    code = session.case_code
    judging.lower(sam, case_code=code, tier=Tier.YELLOW, reason="judged", now=NOW)
    place = Place.objects.get(pk=session.pk)
    assert (place.tier, place.now, place.since) == (Tier.YELLOW, Now.NONE, NOW)
    step = TierStep.objects.get()
    assert (step.source, step.target, step.reason) == (1, 2, Reason.JUDGED)
    assert (step.role, step.staff) == ("supervisor", sam)


@pytest.mark.django_db
def test_a_red_is_not_lowered_by_one_person() -> None:
    sam = hire("sam", Role.SUPERVISOR).staff
    code = CounselSession.objects.get(pk=start(tier=Tier.RED, now=Now.NOW)).case_code
    with pytest.raises(OpenDangerError):
        judging.lower(sam, case_code=code, tier=Tier.YELLOW, reason="judged", now=NOW)
    assert Place.objects.get().tier == Tier.RED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"tier": Tier.ORANGE}, IllegalTransitionError),
        ({"tier": Tier.RED}, IllegalTransitionError),
        ({"tier": 4}, ValueRefusedError),
        ({"reason": "worse"}, ValueRefusedError),
        ({"reason": ""}, ValueRefusedError),
        ({"case_code": "0000"}, AccessError),
    ],
)
def test_lowering_that_lowers_nothing_is_refused(
    change: dict[str, object], error: type[Exception]
) -> None:
    sam = hire("sam", Role.SUPERVISOR).staff
    code = CounselSession.objects.get(pk=start(tier=Tier.ORANGE)).case_code
    said: dict[str, object] = {"case_code": code, "tier": Tier.GREEN, "reason": "safe"}
    with pytest.raises(error):
        judging.lower(sam, **said | change, now=NOW)  # type: ignore[arg-type]
    assert Place.objects.get().tier == Tier.ORANGE
    assert not TierStep.objects.exists()


@pytest.mark.django_db
def test_a_supervisor_of_another_organisation_lowers_nobody_here() -> None:
    out = hire("out", Role.SUPERVISOR).staff
    Staff.objects.filter(pk=out.pk).update(organisation=Organisation.objects.create(name="else"))
    out.refresh_from_db()
    code = CounselSession.objects.get(pk=start(tier=Tier.ORANGE)).case_code
    with pytest.raises(AccessError):
        judging.lower(out, case_code=code, tier=Tier.GREEN, reason="safe", now=NOW)
    assert Place.objects.get().tier == Tier.ORANGE


@pytest.mark.django_db
def test_a_cap_is_one_or_two_and_for_counsellors_of_ours() -> None:
    sam, lin, out = hire("sam", Role.SUPERVISOR).staff, hire("lin", cap=1).staff, hire("out").staff
    Staff.objects.filter(pk=out.pk).update(organisation=Organisation.objects.create(name="else"))
    judging.set_cap(sam, staff_id=lin.pk, talks=2, now=NOW)
    assert HandsOf.objects.get(staff=lin).cap == 2
    for staff_id, talks, error in (
        (lin.pk, 0, ValueRefusedError),
        (lin.pk, 3, ValueRefusedError),
        (sam.pk, 2, AccessError),
        (out.pk, 2, AccessError),
    ):
        with pytest.raises(error):
            judging.set_cap(sam, staff_id=staff_id, talks=talks, now=NOW)


@pytest.mark.django_db
def test_an_ended_talk_keeps_the_day_of_its_place_and_steps_only() -> None:
    session_id = start(tier=Tier.GREEN)
    ask(session_id, Asked.WORSE, after=7)
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW + timedelta(minutes=9))
    place, step = Place.objects.get(), TierStep.objects.get()
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    assert {place.since, place.due_at, step.at} == {midnight}
    with pytest.raises(IllegalTransitionError):
        ask(session_id, Asked.WORSE)


@pytest.mark.django_db
def test_erasing_leaves_nothing_of_a_place() -> None:
    session_id = bring_to_active_red()
    sessions.erase_session(session_id, role=Role.SEEKER, now=NOW)
    assert not Place.objects.exists()
    assert not TierStep.objects.exists()


def bring_to_active_red() -> int:
    """Lin holds a red."""
    session_id = start(tier=Tier.YELLOW, event=Asked.DANGER)
    lin = hire("lin").staff.pk
    sessions.advance(session_id, Event.TAKE, role=Role.COUNSELLOR, staff_id=lin, now=NOW)
    return session_id


# --- the bytes -----------------------------------------------------------------------------------


def test_every_request_is_as_long_whatever_was_answered() -> None:
    every = [
        request(tier, event, topics=topics, region=region, industry=industry, language=language)
        for tier, event in product(Tier, Asked)
        for topics in ((), ("mood",), ("mood", "debt", "wages", "other"))
        for region, industry in (("", ""), ("44", "electronics"))
        for language in ("zh", "en", "zh-Hant")
    ]
    assert {len(one) for one in every} == {limits.REQUEST}
    for data in every:
        assert write_request(read_request(data)) == data


@pytest.mark.parametrize(
    "said",
    [
        {"version": 2},
        {"event": 5},
        {"tier": 4},
        {"now": 3, "tier": 0},
        {"now": 1},
        {"topics": 256},
        {"topics": 0b11111},
        {"language": ""},
        {"language": "Chinese"},
    ],
)
def test_what_is_in_none_of_the_tables_is_refused(said: dict[str, int | str]) -> None:
    least: dict[str, int | str] = {"event": 0, "tier": 2, "language": "zh"}
    with pytest.raises(WireError):
        read_request(write_request(Request(**least | said)))  # type: ignore[arg-type]


def test_bytes_behind_a_request_are_refused() -> None:
    with pytest.raises(WireError):
        read_request(request()[:-1] + b"x")


@pytest.mark.django_db
@pytest.mark.parametrize("event", [Asked.WORSE, Asked.MISTAKE, Asked.CHANGED])
def test_a_session_begins_with_a_beginning(event: Asked) -> None:
    with pytest.raises(WireError):
        start(event=event)
    assert not CounselSession.objects.exists()


@pytest.mark.django_db
def test_whoever_talks_may_still_say_that_it_is_worse() -> None:
    from counsel.lifecycle import State

    session_id = bring_to(State.ACTIVE, hire("lin").staff.pk)
    assert ask(session_id, Asked.DANGER).tier == Tier.RED

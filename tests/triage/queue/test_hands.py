"""Hands: how many they hold, when they rest, and whom they are kept free for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat import sessions
from chat.models import CounselSession, Seat, Step
from counsel import limits
from counsel.errors import (
    CounselError,
    FullHandsError,
    KeptFreeError,
    NobodyWaitsError,
    NotClearedError,
    OffDutyError,
    RestError,
    ShiftEndsError,
)
from counsel.lifecycle import Event, Role, ShiftState
from counsel.models import Staff
from counsel.statements import encode
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.queue.test_offers import ready
from triage import shifts
from triage.matching import take_next
from triage.queue.hands import Carrying, Free, refuse_unless_free
from triage.queue.tables import SUPERVISOR_AFTER
from triage.queue.tiers import Asked, Tier


def carrying(**more: object) -> Carrying:
    """A counsellor in the middle of a shift."""
    least: dict[str, object] = {
        "role": Role.COUNSELLOR,
        "state": ShiftState.ON,
        "ends_at": NOW + timedelta(hours=2),
        "cleared": True,
    }
    return Carrying(**least | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "free", "error"),
    [
        ({}, Free.FREE, None),
        ({"talks": 1}, Free.FULL, FullHandsError),
        ({"talks": 1, "cap": 2}, Free.FREE, None),
        ({"talks": 2, "cap": 2}, Free.FULL, FullHandsError),
        ({"talks": 1, "reds": 1, "cap": 2}, Free.RED, FullHandsError),
        ({"rests_until": NOW + timedelta(seconds=1)}, Free.REST, RestError),
        ({"rests_until": NOW}, Free.FREE, None),
        ({"ends_at": NOW + limits.NOBODY_NEW_BEFORE_END}, Free.ENDING, ShiftEndsError),
        ({"ends_at": NOW}, Free.OFF, OffDutyError),
        ({"state": None}, Free.OFF, OffDutyError),
        ({"state": ShiftState.PAUSE}, Free.PAUSE, OffDutyError),
        ({"state": ShiftState.DEBRIEF}, Free.DEBRIEF, OffDutyError),
        ({"cleared": False}, Free.LEARNING, NotClearedError),
        ({"role": Role.SUPERVISOR, "cleared": False}, Free.FREE, None),
        ({"role": Role.SUPERVISOR, "talks": 1, "cap": 2}, Free.FULL, FullHandsError),
    ],
)
def test_hands_are_as_free_as_the_rules_say(
    more: dict[str, object], free: Free, error: type[CounselError] | None
) -> None:
    assert carrying(**more).free(NOW) is free
    if error is None:
        refuse_unless_free(carrying(**more), NOW)
    else:
        with pytest.raises(error):
            refuse_unless_free(carrying(**more), NOW)


@pytest.mark.django_db
def test_one_talk_until_a_supervisor_trusts_with_two_and_a_red_counts_alone() -> None:
    lin = hire("lin", cap=1).staff
    start(), start()
    take_next(lin.pk, NOW)
    with pytest.raises(FullHandsError):
        take_next(lin.pk, NOW)
    wei = hire("wei", cap=2).staff
    start(tier=Tier.RED)
    take_next(wei.pk, NOW)
    with pytest.raises(FullHandsError):
        take_next(wei.pk, NOW)


@pytest.mark.django_db
def test_after_a_red_nobody_new_for_a_quarter_hour() -> None:
    lin = hire("lin").staff
    red, _ = start(tier=Tier.RED), start()
    take_next(lin.pk, NOW)
    sessions.advance(red, Event.END, role=Role.SEEKER, now=NOW)
    with pytest.raises(RestError):
        take_next(lin.pk, NOW + limits.REST_AFTER_RED - timedelta(seconds=1))
    take_next(lin.pk, NOW + limits.REST_AFTER_RED)


@pytest.mark.django_db
def test_after_a_red_that_was_erased_the_quarter_hour_is_a_debrief_until_they_are_ready() -> None:
    """Nobody will end that escalation any more: the quarter-hour begins with the erasing."""
    lin = hire("lin").staff
    red, _ = start(tier=Tier.RED), start()
    take_next(lin.pk, NOW)
    sessions.advance(red, Event.ERASE, role=Role.SEEKER, now=NOW)
    with pytest.raises(OffDutyError):
        take_next(lin.pk, NOW + limits.DEBRIEF_FOR - timedelta(seconds=1))
    later = NOW + max(limits.DEBRIEF_FOR, limits.REST_AFTER_RED)
    shifts.resume(lin, later)
    take_next(lin.pk, later)


@pytest.mark.django_db
def test_whoever_held_another_needs_no_rest() -> None:
    lin = hire("lin").staff
    yellow, _ = start(), start()
    take_next(lin.pk, NOW)
    sessions.advance(yellow, Event.END, role=Role.SEEKER, now=NOW)
    take_next(lin.pk, NOW)


# --- the reserve for red -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_supervisor_takes_a_red_whom_nobody_else_is_free_for_and_sits_as_a_listener() -> None:
    sam = hire("sam", Role.SUPERVISOR).staff
    start(tier=Tier.ORANGE)
    with pytest.raises(KeptFreeError):
        take_next(sam.pk, NOW)
    red = start(tier=Tier.RED)
    assert take_next(sam.pk, NOW) == bytes(CounselSession.objects.get(pk=red).ref)
    assert Seat.objects.get(staff=sam).role == "counsellor"
    assert Step.objects.get(event="take").role == "supervisor"
    start(tier=Tier.RED)
    with pytest.raises(FullHandsError):
        take_next(sam.pk, NOW)


@pytest.mark.django_db
def test_while_a_counsellor_is_free_a_red_is_the_supervisors_only_after_a_minute() -> None:
    sam = hire("sam", Role.SUPERVISOR).staff
    ready("lin")
    start(tier=Tier.RED)
    with pytest.raises(KeptFreeError):
        take_next(sam.pk, NOW)
    later = NOW + SUPERVISOR_AFTER
    Staff.objects.update(board_seen_at=later)
    take_next(sam.pk, later)


@pytest.mark.django_db
def test_the_last_free_hands_are_kept_for_red_where_some_are(settings: object) -> None:
    settings.RED_SLOTS = 1  # type: ignore[attr-defined]
    lin, wei = ready("lin", cap=1), ready("wei", cap=1)
    start(), start()
    take_next(lin.pk, NOW)
    with pytest.raises(KeptFreeError):
        take_next(wei.pk, NOW)
    red = start(tier=Tier.YELLOW, event=Asked.DANGER)
    assert take_next(wei.pk, NOW) == bytes(CounselSession.objects.get(pk=red).ref)


@pytest.mark.django_db
def test_no_supervisor_takes_without_a_shift() -> None:
    sam = hire("sam", Role.SUPERVISOR, on_shift=False).staff
    start(tier=Tier.RED)
    with pytest.raises(OffDutyError):
        take_next(sam.pk, NOW)


@pytest.mark.django_db
def test_the_same_listener_again_comes_first_to_them_within_the_tier() -> None:
    lin, wei = hire("lin", cap=2).staff, hire("wei").staff
    person = bytes(range(16))
    Staff.objects.filter(pk=lin.pk).update(person=encode(person))
    start()
    wish = start(listener=person)
    assert take_next(lin.pk, NOW) == bytes(CounselSession.objects.get(pk=wish).ref)
    take_next(wei.pk, NOW)
    with pytest.raises(NobodyWaitsError):
        take_next(lin.pk, NOW)

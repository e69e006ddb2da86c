"""What time does to whoever waits: passed over and back, breaches once, counts, and honest ranges."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from chat import sessions
from chat.models import CounselSession, Seat
from counsel import limits
from counsel.framing import unpack_record
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, bring_to, start
from tests.people import APPS, hire
from triage import clock
from triage.board import read_boards
from triage.matching import take_next
from triage.queue import outlook
from triage.queue.heads import NOBODY_IN_PARTICULAR, in_order
from triage.queue.outlook import expect
from triage.queue.rows import Place, TierStep, WaitCount
from triage.queue.showing import quantile, read_waits
from triage.queue.sweep import sweep
from triage.queue.tables import NOBODY_AFTER, SUPERVISOR_AFTER, TARGETS
from triage.queue.tiers import Now, Reason, Tier
from triage.queue.wire import UNKNOWN, Standing

KEPT = limits.KEEP_PLACE_FOR


def be_heard(session_id: int, minutes: float) -> None:
    """This phone spoke last so long after NOW."""
    at = NOW + timedelta(minutes=minutes)
    Seat.objects.filter(session_id=session_id, role="seeker").update(seen_at=at)


def told(session_id: int, seconds: float = 0) -> Standing:
    """What this seeker is told so long after NOW."""
    said = outlook.look([session_id], NOW + timedelta(seconds=seconds)).standing
    return unpack_record(Standing, said[session_id])


def come_on(*names: str, cap: int = 1) -> list[Staff]:
    """Counsellors at their boards."""
    people = [hire(name, cap=cap).staff for name in names]
    Staff.objects.update(board_seen_at=NOW)
    return people


# --- silence -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_comes_back_within_ten_minutes_was_never_passed_over() -> None:
    session_id = start()
    sweep(NOW + KEPT - timedelta(seconds=1))
    assert Place.objects.get().queued
    be_heard(session_id, 9)
    sweep(NOW + timedelta(minutes=18))
    assert Place.objects.get().queued


@pytest.mark.django_db
def test_who_was_gone_for_longer_is_passed_over_and_comes_back_with_the_old_time() -> None:
    first, second = start(), start()
    be_heard(second, 30)
    sweep(NOW + timedelta(minutes=30))
    assert in_order(NOBODY_IN_PARTICULAR, NOW, each=9) == [second]
    be_heard(first, 31)
    sweep(NOW + timedelta(minutes=31))
    assert in_order(NOBODY_IN_PARTICULAR, NOW, each=9) == [first, second]
    assert set(Place.objects.values_list("since", flat=True)) == {NOW}


@pytest.mark.django_db
def test_a_red_that_left_stays_on_the_supervisors_board_and_is_nobodys_next() -> None:
    sam, lin = hire("sam", Role.SUPERVISOR).staff, hire("lin").staff
    red, yellow = start(tier=Tier.RED, now=Now.NOW), start()
    later = NOW + timedelta(minutes=30)
    be_heard(yellow, 30)
    sweep(later)
    boards = read_boards([sam.pk, lin.pk], later)
    assert [(row.tier, row.presence) for row in boards[sam.pk].board.rows] == [
        (Tier.RED, "gone"),
        (Tier.YELLOW, "here"),
    ]
    assert [row.tier for row in boards[lin.pk].board.rows] == [Tier.YELLOW]
    take_next(lin.pk, later)
    assert Place.objects.get(pk=red).away


@pytest.mark.django_db
def test_a_silent_phone_in_a_talk_is_no_matter_of_the_queue() -> None:
    bring_to_active()
    sweep(NOW + timedelta(hours=1))
    place = Place.objects.get()
    assert (place.queued, place.away) == (False, False)


def bring_to_active() -> int:
    """Lin talks with somebody."""
    from counsel.lifecycle import State

    return bring_to(State.ACTIVE, hire("lin").staff.pk)


# --- breaches ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("tier", list(Tier))
def test_a_breach_is_written_once_shown_and_moves_nobody(tier: Tier) -> None:
    sam = hire("sam", Role.SUPERVISOR).staff
    late, other = start(tier=tier), start(tier=tier)
    Place.objects.filter(pk=other).update(due_at=NOW + timedelta(days=1))
    order = in_order(NOBODY_IN_PARTICULAR, NOW, each=9)
    due = NOW + TARGETS[tier]
    for _ in range(3):
        sweep(due - timedelta(microseconds=1))
        assert not TierStep.objects.exists()
    for later in range(3):
        Seat.objects.update(seen_at=due)
        sweep(due + timedelta(seconds=later))
    step = TierStep.objects.get()
    assert (step.reason, step.role, step.source, step.target) == ("breach", "clock", tier, tier)
    assert step.place_id == late
    assert in_order(NOBODY_IN_PARTICULAR, NOW, each=9) == order
    rows = read_boards([sam.pk], due)[sam.pk].board.rows
    assert [row.breached for row in rows] == [1, 0]


@pytest.mark.django_db
def test_a_red_that_was_orange_is_due_from_turning() -> None:
    from tests.triage.queue.test_tiers import ask
    from triage.queue.tiers import Asked

    session_id = start(tier=Tier.ORANGE)
    ask(session_id, Asked.DANGER, after=500)
    place = Place.objects.get()
    assert place.due_at == NOW + timedelta(seconds=500) + TARGETS[Tier.RED]


@pytest.mark.django_db
def test_who_is_talked_with_breaches_nothing_and_who_comes_back_is_due_anew() -> None:
    session_id = bring_to_active()
    sweep(NOW + timedelta(hours=3))
    assert not TierStep.objects.exists()
    later = NOW + timedelta(hours=3)
    sessions.advance(session_id, Event.RETURN, role=Role.CLOCK, now=later, silent_after=timedelta())
    place = Place.objects.get()
    assert (place.returned, place.queued, place.since) == (True, True, NOW)
    assert place.due_at == later + TARGETS[Tier(place.tier)]


@pytest.mark.django_db(transaction=True, available_apps=APPS)
def test_four_clocks_write_each_breach_and_count_each_wait_once() -> None:
    lin, waiting = hire("lin").staff, [start() for _ in range(6)]
    sessions.advance(waiting[0], Event.TAKE, role=Role.COUNSELLOR, staff_id=lin.pk, now=NOW)
    late = NOW + timedelta(hours=5)
    Seat.objects.update(seen_at=late)
    line = threading.Barrier(4)

    def one_clock() -> None:
        try:
            line.wait()
            sweep(late)
        finally:
            connections.close_all()

    clocks = [threading.Thread(target=one_clock) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert TierStep.objects.filter(reason=Reason.BREACH).count() == 5
    assert WaitCount.objects.get().count == 1


# --- counts ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_todays_waits_are_counts_of_quarter_hours_that_belong_to_nobody() -> None:
    for name, minutes in (("lin", 3), ("wei", 4), ("carol", 30)):
        staff = hire(name).staff
        start()
        take_next(staff.pk, NOW + timedelta(minutes=minutes))
    clock.tick(NOW + timedelta(minutes=30))
    assert not Place.objects.filter(met_at__isnull=False).exists()
    assert {field.name for field in WaitCount._meta.fields} == {
        "id", "quarter_at", "tier", "minutes", "count",
    }  # fmt: skip
    (point,) = read_waits(NOW + timedelta(hours=1)).points
    assert (point.tier, point.count, point.median, point.p90) == (Tier.YELLOW, 3, 4, 30)
    assert point.quarter == 4 * 4 + 3, "a quarter to five in Shanghai"
    gone = CounselSession.objects.earliest("pk").pk
    sessions.erase_session(gone, role=Role.SEEKER, now=NOW + timedelta(hours=1))
    assert sum(WaitCount.objects.values_list("count", flat=True)) == 2, (
        "an erased talk counts no more"
    )
    for session in CounselSession.objects.all():
        sessions.erase_session(session.pk, role=Role.SEEKER, now=NOW + timedelta(hours=1))
    assert not WaitCount.objects.exists()
    sweep(NOW + timedelta(days=3))
    start()
    take_next(hire("new").staff.pk, NOW + timedelta(days=3))
    sweep(NOW + timedelta(days=3))
    assert WaitCount.objects.count() == 1, "yesterday's are gone"


@pytest.mark.parametrize(
    ("waits", "share", "minutes"),
    [({}, 0.5, 0), ({7: 1}, 0.9, 7), ({1: 9, 50: 1}, 0.9, 1), ({1: 8, 50: 2}, 0.9, 50)],
)
def test_a_quantile_is_a_wait_somebody_had(
    waits: dict[int, int], share: float, minutes: int
) -> None:
    assert quantile(waits, share) == minutes


# --- what is told ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_place_and_a_range_are_told_and_a_red_goes_before() -> None:
    come_on("lin", "wei")
    first, second = start(), start()
    assert (told(first).ahead, told(first).low, told(first).high) == (0, 0, 2)
    assert (told(second).ahead, told(second).low) == (1, 0)
    start(tier=Tier.RED)
    assert [told(one).ahead for one in (first, second)] == [1, 2]
    assert told(second).low > 0
    assert told(second).high > told(second).low


@pytest.mark.django_db
def test_where_nobody_is_on_duty_nobody_tells_minutes() -> None:
    session_id = start()
    standing = told(session_id)
    assert (standing.nobody, standing.low, standing.high) == (1, UNKNOWN, UNKNOWN)


@pytest.mark.django_db
def test_a_crowd_is_said_plainly() -> None:
    come_on("lin", "wei")
    first = start()
    assert not told(first).surge
    for _ in range(8):
        start()
    assert told(first).surge


@pytest.mark.django_db
def test_a_shut_door_is_told_to_whoever_waits_inside(settings: object) -> None:
    session_id = start()
    assert not told(session_id).closed
    settings.MODE = "rehearsal"  # type: ignore[attr-defined]
    assert told(session_id).closed


@pytest.mark.django_db
def test_a_red_hears_who_is_being_called() -> None:
    come_on("lin")
    red, recent, yellow = (
        start(tier=Tier.RED, now=Now.NOW),
        start(tier=Tier.RED, now=Now.RECENT),
        start(),
    )
    minute, three = SUPERVISOR_AFTER.total_seconds(), NOBODY_AFTER.total_seconds()
    stages = {after: told_on(red, after).stage for after in (0, minute - 1, minute, three)}
    assert stages == {0: 1, minute - 1: 1, minute: 2, three: 3}
    assert {told_on(recent, after).stage for after in (0, minute, three)} == {1}
    assert {told_on(yellow, after).stage for after in (0, three)} == {0}
    Staff.objects.update(board_seen_at=None)
    assert (told(red).stage, told(recent).stage, told(yellow).stage) == (3, 3, 0)


def told_on(session_id: int, seconds: float) -> Standing:
    """The same, with boards that are still open then."""
    Staff.objects.update(board_seen_at=NOW + timedelta(seconds=seconds))
    return told(session_id, seconds)


@pytest.mark.parametrize("ahead", [0, 1, 3, 10, 40])
@pytest.mark.parametrize("slots", [1, 2, 5, 20])
def test_a_range_holds_the_middle_and_grows_with_the_queue(ahead: int, slots: int) -> None:
    low, high = expect(ahead, 0, slots)
    mean = (ahead + 1) * 36.8 / slots
    assert low <= mean
    assert high >= min(mean, 240)
    assert expect(ahead + 1, 0, slots)[0] >= low
    assert expect(ahead, 0, slots + 1)[1] <= high

"""Who is next, and that nobody is taken twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.db.models import F

from chat import sessions
from chat.models import CounselSession, Seat, Step
from counsel import limits
from counsel.errors import AccessError, ClosedDoorError, FullHandsError, NobodyWaitsError
from counsel.lifecycle import Event, Role
from tests.chat.test_lifecycle import NOW, start
from tests.people import APPS, hire
from triage.matching import take_next
from triage.queue import outlook
from triage.queue.heads import NOBODY_IN_PARTICULAR, in_order
from triage.queue.rows import Place
from triage.queue.sweep import sweep


def wait_since(minutes: int, *, returned: bool = False, silent_for: int = 0) -> int:
    """Somebody who waits since so many minutes before NOW."""
    session_id = start()
    since = NOW - timedelta(minutes=minutes)
    Place.objects.filter(pk=session_id).update(since=since, returned=returned)
    seen = NOW - timedelta(minutes=silent_for)
    Seat.objects.filter(session_id=session_id).update(seen_at=seen)
    return session_id


@pytest.mark.django_db
def test_first_come_first_served_and_who_was_left_alone_before_them() -> None:
    carol, lin = hire("carol"), hire("lin")
    late, early, left = wait_since(1), wait_since(30), wait_since(2, returned=True)
    taken = [take_next(person.staff.pk, NOW) for person in (carol, lin, carol)]
    refs = [bytes(CounselSession.objects.get(pk=pk).ref) for pk in (left, early, late)]
    assert taken == refs
    with pytest.raises(NobodyWaitsError):
        take_next(lin.staff.pk, NOW)
    assert Step.objects.filter(event="take", role="counsellor").count() == 3


@pytest.mark.django_db
def test_hands_are_full_with_two_talks_and_free_again_after_one_ends() -> None:
    lin = hire("lin").staff.pk
    ids = [wait_since(minutes) for minutes in (9, 8, 7)]
    for _ in range(limits.TALKS_AT_MOST):
        take_next(lin, NOW)
    with pytest.raises(FullHandsError):
        take_next(lin, NOW)
    sessions.advance(ids[0], Event.END, role=Role.SEEKER, now=NOW)
    take_next(lin, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who",
    [
        lambda: hire("wang", Role.ADMINISTRATOR).staff.pk,
        lambda: 987654,
        lambda: _suspended(),
    ],
    ids=["administrator", "nobody", "suspended"],
)
def test_only_whoever_talks_takes(who: Callable[[], int]) -> None:
    wait_since(1)
    with pytest.raises(AccessError):
        take_next(who(), NOW)
    assert not Step.objects.exists()


def _suspended() -> int:
    lin = hire("lin").staff
    lin.is_active = False
    lin.save()
    return lin.pk


@pytest.mark.django_db
def test_who_has_not_been_heard_of_is_passed_over_and_keeps_the_place() -> None:
    lin = hire("lin").staff.pk
    gone, here = wait_since(60, silent_for=11), wait_since(5)
    sweep(NOW)
    assert in_order(NOBODY_IN_PARTICULAR, NOW, each=9) == [here]
    Seat.objects.filter(session_id=gone).update(seen_at=NOW)
    sweep(NOW)
    assert in_order(NOBODY_IN_PARTICULAR, NOW, each=9) == [gone, here]
    assert take_next(lin, NOW) == bytes(CounselSession.objects.get(pk=gone).ref)


@pytest.mark.django_db
def test_the_door_of_live_is_shut_until_it_is_safe(settings: object) -> None:
    hire("lin")
    settings.MODE = "live"  # type: ignore[attr-defined]
    with pytest.raises(ClosedDoorError):
        start()
    assert not CounselSession.objects.exists()


@pytest.mark.django_db
def test_who_waits_inside_when_the_door_shuts_is_still_taken(settings: object) -> None:
    lin = hire("lin").staff.pk
    waiting = wait_since(3)
    settings.MODE = "rehearsal"  # type: ignore[attr-defined]
    with pytest.raises(ClosedDoorError):
        start()
    assert take_next(lin, NOW) == bytes(CounselSession.objects.get(pk=waiting).ref)


@pytest.mark.django_db
def test_on_duty_is_whose_board_spoke_lately() -> None:
    people = [hire("carol").staff, hire("lin").staff, hire("sam", Role.SUPERVISOR).staff]
    now = datetime.now(UTC)
    for staff, seconds in zip(people, (1, 41, 1), strict=True):
        staff.board_seen_at = now - timedelta(seconds=seconds)
        staff.save()
    assert outlook.listeners(now) == 1


@pytest.mark.django_db(transaction=True, available_apps=APPS)
def test_whoever_goes_at_the_moment_somebody_reaches_for_them_holds_nobody_up() -> None:
    """Both hold the session before its place: the one who came first is done, and the other sees it."""
    carol, lin = hire("carol").staff.pk, hire("lin").staff.pk
    first, second = wait_since(9), wait_since(8)
    reached: list[bytes] = []

    def reach(staff_id: int) -> None:
        try:
            reached.append(take_next(staff_id, NOW))
        except NobodyWaitsError:
            reached.append(b"nobody")
        finally:
            connection.close()

    with transaction.atomic():
        CounselSession.objects.filter(pk=first).update(news=F("news") + 1)  # they begin to go
        threads = [Thread(target=reach, args=[staff_id]) for staff_id in (carol, lin)]
        for thread in threads:
            thread.start()
        threads[0].join(1)
        sessions.advance(first, Event.END, role=Role.SEEKER, now=NOW)
    for thread in threads:
        thread.join(20)
    assert sorted(reached) == sorted([bytes(CounselSession.objects.get(pk=second).ref), b"nobody"])

"""The clock: who is left alone goes to the front, once; what is past its time goes."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from chat import clock, wire
from chat.clock import Ticked, tick
from chat.lanes import READ, WRITE
from chat.models import CounselSession, Seat, Step, Tombstone
from counsel import limits
from counsel.lifecycle import State
from tests.chat.test_lifecycle import NOW, bring_to, start
from tests.people import APPS, hire, talking
from triage.queue.heads import NOBODY_IN_PARTICULAR, in_order
from triage.queue.rows import Place

SILENT = limits.SILENT_COUNSELLOR_AFTER


@pytest.mark.django_db
def test_a_silent_counsellor_loses_the_talk_and_the_seeker_goes_to_the_front() -> None:
    lin = hire("lin").staff.pk
    left_alone = bring_to(State.ACTIVE, lin)
    early = start()
    Place.objects.filter(pk=early).update(since=NOW - timedelta(hours=1))
    assert tick(NOW + SILENT - timedelta(seconds=1)) == Ticked(0, 0)
    later = NOW + SILENT
    assert tick(later) == Ticked(returned=1, erased=0)
    assert tick(later) == Ticked(0, 0)
    Seat.objects.filter(role="seeker").update(seen_at=later)
    assert in_order(NOBODY_IN_PARTICULAR, later, each=9) == [left_alone, early]
    assert not Seat.objects.filter(staff_id=lin, ended_at=None).exists()
    assert Step.objects.filter(event="return", role="clock").count() == 1


@pytest.mark.django_db
def test_a_counsellor_who_speaks_keeps_the_talk() -> None:
    lin = hire("lin").staff.pk
    bring_to(State.ACTIVE, lin)
    Seat.objects.filter(staff_id=lin).update(seen_at=NOW + timedelta(minutes=2))
    assert tick(NOW + SILENT) == Ticked(0, 0)


@pytest.mark.django_db
def test_a_drill_may_shorten_the_silence(settings: object) -> None:
    settings.SILENT_COUNSELLOR_AFTER = timedelta(seconds=5)  # type: ignore[attr-defined]
    bring_to(State.ACTIVE, hire("lin").staff.pk)
    assert tick(NOW + timedelta(seconds=5)) == Ticked(1, 0)


@pytest.mark.django_db
def test_an_ended_talk_is_erased_after_its_hours_and_never_before() -> None:
    bring_to(State.CLOSED, hire("lin").staff.pk)
    assert tick(NOW + limits.RETAIN_CLOSED_FOR) == Ticked(0, 0)
    assert tick(NOW + limits.RETAIN_CLOSED_FOR + timedelta(days=1)) == Ticked(0, 1)
    assert not CounselSession.objects.exists()
    assert Tombstone.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.WAITING, State.ACTIVE])
def test_what_nobody_came_back_to_is_erased_whatever_its_state(state: State) -> None:
    session_id = bring_to(state, hire("lin").staff.pk)
    later = NOW + limits.RETAIN_UNTOUCHED_FOR
    assert tick(later - timedelta(seconds=1)).erased == 0
    assert tick(later).erased == 1
    assert not CounselSession.objects.filter(pk=session_id).exists()


@pytest.mark.django_db
def test_what_somebody_comes_back_to_stays() -> None:
    start()
    later = NOW + limits.RETAIN_UNTOUCHED_FOR
    Seat.objects.update(seen_at=later - timedelta(days=1))
    assert tick(later) == Ticked(0, 0)


@pytest.mark.django_db(transaction=True, available_apps=APPS)
def test_two_clocks_do_everything_once() -> None:
    lin = hire("lin").staff.pk
    sessions = [bring_to(State.ACTIVE, lin) for _ in range(5)]
    closed = [bring_to(State.CLOSED, lin) for _ in range(5)]
    later = NOW + limits.RETAIN_CLOSED_FOR + timedelta(days=1)
    start_line, done = threading.Barrier(4), list[Ticked]()

    def one_clock() -> None:
        start_line.wait()
        done.append(tick(later))
        connections.close_all()

    clocks = [threading.Thread(target=one_clock) for _ in range(4)]
    for thread in clocks:
        thread.start()
    for thread in clocks:
        thread.join()
    assert sum(ticked.returned for ticked in done) == len(sessions)
    assert sum(ticked.erased for ticked in done) == len(closed) == Tombstone.objects.count()
    assert Step.objects.filter(event="return").count() == len(sessions)


@pytest.mark.django_db(transaction=True, available_apps=APPS)
async def test_a_word_from_the_counsellor_is_heard_by_the_clock() -> None:
    async with talking() as talk:
        past = timezone.now() - SILENT - timedelta(seconds=5)
        await WRITE(lambda: Seat.objects.filter(role="counsellor").update(seen_at=past))
        await talk.desk.ask(wire.Here(presence="here"))
        await talk.phone.hear_news(presence="here")
        assert await WRITE(clock.tick, datetime.now(UTC)) == Ticked(0, 0)
        await WRITE(lambda: Seat.objects.filter(role="counsellor").update(seen_at=past))
        assert await WRITE(clock.tick, datetime.now(UTC)) == Ticked(1, 0)
        await talk.phone.hear_news(state="waiting", presence="")
        assert await READ(Step.objects.filter(event="return").count) == 1

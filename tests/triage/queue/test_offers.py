"""Offers and hands: thirty seconds without blame, one at a time, and nobody who wakes late wins."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from chat import sessions, wire
from chat.lanes import WRITE
from chat.models import CounselSession, Seat, Step
from counsel import limits
from counsel.errors import (
    IllegalTransitionError,
    LostRaceError,
    OffDutyError,
)
from counsel.lifecycle import Event, Role, ShiftState
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import APPS, BoardBrowser, Browser, Seeker, browsing, hire
from triage import wire as board_wire
from triage.matching import take_next
from triage.models import Shift
from triage.queue import offers
from triage.queue.rows import HandsOf, Place
from triage.queue.tiers import Tier

OVER = limits.OFFER_FOR
stored = pytest.mark.django_db(transaction=True, available_apps=APPS)


def ready(name: str, *, at: datetime = NOW, **more: int) -> Staff:
    """A counsellor at their board who asked to be offered people."""
    staff = hire(name, **more).staff  # type: ignore[arg-type]
    Staff.objects.filter(pk=staff.pk).update(board_seen_at=at)
    offers.switch(staff, True, at)
    return staff


def stay(*people: Staff, at: datetime) -> None:
    """Their boards are still open then, and whoever waits is still there."""
    Staff.objects.filter(pk__in=[one.pk for one in people]).update(board_seen_at=at)
    Seat.objects.filter(role="seeker").update(seen_at=at)


def offer_of(staff: Staff) -> Place:
    """What is offered to them."""
    return Place.objects.get(offered_to=staff)


def holder() -> Staff:
    """Whom the only person who waits is offered to."""
    staff = Place.objects.select_related("offered_to").get().offered_to
    assert staff is not None
    return staff


def state_of(session_id: int) -> str:
    """Where a session stands."""
    return CounselSession.objects.values_list("state", flat=True).get(pk=session_id)


# --- offers ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_asked_is_offered_the_next_and_who_did_not_is_left_in_peace() -> None:
    lin, carol = ready("lin"), hire("carol").staff
    Staff.objects.filter(pk=carol.pk).update(board_seen_at=NOW)
    session_id = start(tier=Tier.ORANGE)
    start(tier=Tier.GREEN)
    offers.tick(NOW)
    assert offer_of(lin).pk == session_id
    assert state_of(session_id) == "offered"
    offers.tick(NOW + timedelta(seconds=5))
    assert Place.objects.filter(queued=True).count() == 1, "one at a time"
    with pytest.raises(LostRaceError):
        offers.accept(carol.pk, offer_of(lin).offer, NOW)


@pytest.mark.django_db
def test_accepting_is_taking_and_so_is_asking_for_the_next() -> None:
    lin, wei = ready("lin"), ready("wei")
    first, second = start(), start()
    offers.tick(NOW)
    offers.accept(lin.pk, offer_of(lin).offer, NOW)
    theirs = offer_of(wei).pk
    assert take_next(wei.pk, NOW) == bytes(CounselSession.objects.get(pk=theirs).ref)
    assert {state_of(first), state_of(second)} == {"active"}
    assert not Place.objects.filter(offered_to__isnull=False).exists()


@pytest.mark.django_db
def test_an_offer_lapses_without_blame_and_the_person_keeps_their_place() -> None:
    lin = ready("lin")
    session_id = start()
    since = Place.objects.get().since
    offers.tick(NOW)
    stay(lin, at=NOW + OVER)
    offers.tick(NOW + OVER - timedelta(seconds=1))
    assert state_of(session_id) == "offered"
    offers.tick(NOW + OVER)
    place = Place.objects.get()
    assert (place.queued, place.since, place.offered_to) == (True, since, None)
    assert HandsOf.objects.get(staff=lin).offers, "nothing is switched off"
    assert list(Step.objects.values_list("event", "role")) == [
        ("offer", "clock"),
        ("lapse", "clock"),
    ]


@pytest.mark.django_db
def test_who_passed_is_not_asked_again_at_once_and_another_is() -> None:
    lin, wei = ready("lin"), ready("wei")
    start()
    offers.tick(NOW)
    first = holder()
    other = wei if first == lin else lin
    offers.pass_on(first.pk, offer_of(first).offer, NOW)
    offers.tick(NOW)
    assert offer_of(other).offered_until == NOW + OVER
    offers.pass_on(other.pk, offer_of(other).offer, NOW)
    offers.tick(NOW + timedelta(seconds=1))
    assert not Place.objects.filter(offered_to__isnull=False).exists()
    again = NOW + OVER + limits.OFFERS_APART
    stay(lin, wei, at=again)
    offers.tick(again)
    assert Place.objects.filter(offered_to__isnull=False).count() == 1


@pytest.mark.django_db
def test_a_late_hand_loses_and_takes_nothing_from_whoever_is_offered_next() -> None:
    """Lin stalls past the end; the clock offers the same person to Wei; then Lin wakes."""
    lin, wei = ready("lin"), ready("wei")
    session_id = start()
    offers.tick(NOW)
    slow = holder()
    other = wei if slow == lin else lin
    number = offer_of(slow).offer
    later = NOW + OVER
    stay(other, at=later)
    offers.tick(later)
    assert offer_of(other).pk == session_id
    for at in (
        NOW + OVER - timedelta(seconds=1),
        later,
    ):  # by her own stopped clock, and the real one
        with pytest.raises(LostRaceError):
            offers.accept(slow.pk, number, at)
        with pytest.raises(LostRaceError):
            sessions.advance(session_id, Event.TAKE, role=Role.COUNSELLOR, staff_id=slow.pk, now=at)
    offers.pass_on(slow.pk, number, NOW)
    assert offer_of(other).pk == session_id
    assert state_of(session_id) == "offered"


@pytest.mark.django_db
def test_a_clock_that_wakes_late_ends_no_newer_offer() -> None:
    lin, wei = ready("lin"), ready("wei")
    session_id = start()
    offers.tick(NOW)
    later = NOW + OVER
    stay(lin, wei, at=later)
    offers.tick(later)
    with pytest.raises(LostRaceError):
        sessions.advance(session_id, Event.LAPSE, role=Role.CLOCK, now=later)
    assert state_of(session_id) == "offered"


@pytest.mark.django_db
def test_an_offer_of_before_is_no_offer_of_now() -> None:
    lin = ready("lin")
    start()
    offers.tick(NOW)
    old = offer_of(lin).offer
    again = NOW + OVER + limits.OFFERS_APART
    stay(lin, at=again)
    offers.tick(again)
    offers.tick(again)
    assert offer_of(lin).offer != old
    with pytest.raises(LostRaceError):
        offers.accept(lin.pk, old, again)


@pytest.mark.django_db
def test_who_is_offered_may_still_end_or_erase() -> None:
    ready("lin")
    first = start()
    offers.tick(NOW)
    sessions.advance(first, Event.END, role=Role.SEEKER, now=NOW)
    assert not Place.objects.filter(offered_to__isnull=False).exists()
    second = start()
    again = NOW + OVER + limits.OFFERS_APART
    stay(*Staff.objects.all(), at=again)
    offers.tick(again)
    assert state_of(second) == "offered"
    sessions.erase_session(second, role=Role.SEEKER, now=again)
    assert not Place.objects.filter(pk=second).exists()


@stored
async def test_an_offer_is_shown_and_taken_on_the_board() -> None:
    lin = await WRITE(hire, "lin")
    board, phone = BoardBrowser(lin.cookie), Browser()
    async with browsing(board, phone):
        await board.ask(board_wire.Watch(version=limits.WIRE_VERSION))
        assert await board.ask(board_wire.OfferMe(wanted=1)) == wire.Done()
        seated = await phone.ask(Seeker().start(tier=Tier.ORANGE))
        assert isinstance(seated, wire.Seated)
        await board.until(lambda: any(row.rows for row in board.all(board_wire.Board)))
        await WRITE(lambda: Staff.objects.update(board_seen_at=timezone.now()))
        await WRITE(offers.tick, timezone.now())
        shown = await board.hear(board_wire.Offered)
        assert (shown.case_code, shown.tier) == (seated.case_code, Tier.ORANGE)
        assert 0 < shown.seconds <= 30
        await phone.hear_news(state="offered", offered=1)
        assert await board.ask(board_wire.Accept(offer=shown.offer)) == board_wire.Taken(
            ref=seated.ref
        )
        await phone.hear_news(state="active")
        await board.until(lambda: board.all(board_wire.Offered)[-1].offer == 0)


@pytest.mark.django_db
def test_a_break_brings_nobody_and_an_offer_made_before_it_is_not_taken_in_it() -> None:
    lin = ready("lin")
    start()
    offers.tick(NOW)
    Shift.objects.filter(staff=lin).update(state=ShiftState.PAUSE.value)
    with pytest.raises(OffDutyError):
        offers.accept(lin.pk, offer_of(lin).offer, NOW)
    offers.tick(NOW + OVER)
    assert Place.objects.get().queued


@pytest.mark.django_db
def test_an_active_talk_cannot_be_offered() -> None:
    lin = hire("lin").staff
    session_id = start()
    take_next(lin.pk, NOW)
    with pytest.raises(IllegalTransitionError):
        sessions.advance(session_id, Event.OFFER, role=Role.CLOCK, staff_id=lin.pk, now=NOW)


@stored
async def test_passing_on_the_board_is_done_and_the_offer_goes() -> None:
    lin = await WRITE(hire, "lin")
    board, phone = BoardBrowser(lin.cookie), Browser()
    async with browsing(board, phone):
        await board.ask(board_wire.Watch(version=limits.WIRE_VERSION))
        await board.ask(board_wire.OfferMe(wanted=1))
        await phone.ask(Seeker().start())
        await WRITE(lambda: Staff.objects.update(board_seen_at=timezone.now()))
        await WRITE(offers.tick, timezone.now())
        shown = await board.hear(board_wire.Offered)
        assert await board.ask(board_wire.Pass(offer=shown.offer)) == wire.Done()
        await board.until(lambda: board.all(board_wire.Offered)[-1].offer == 0)
        await phone.hear_news(state="waiting", offered=0)

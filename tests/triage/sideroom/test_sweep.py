"""What time does about a raised hand: it is said that nobody came, others are called, and it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from chat.models import Seat
from counsel.lifecycle import Role
from counsel.models import Staff, home
from counsel.raised_hands import HandState
from tests.triage.escalation.receivers import http
from tests.triage.sideroom.conftest import NOW, Cast, after
from triage import clock
from triage.escalation import paging
from triage.escalation.rows import Call, Receiver
from triage.models import Shift
from triage.sideroom import raising, sizes, sweep, timers
from triage.sideroom.rows import RaisedHand, SideRow

pytestmark = pytest.mark.django_db


def can_be_called(staff: Staff | None, address: str) -> None:
    """They have a telephone; nobody: the lead has."""
    Receiver.objects.create(
        organisation=home(), staff=staff, channel="sms", address=address, added_at=NOW
    )


def rings() -> list[str]:
    """The telephones that are to ring, or rang."""
    return list(Call.objects.order_by("pk").values_list("receiver__address", flat=True))


def test_the_numbers_await_a_clinical_signature() -> None:
    assert timers._TABLE["sign_off"] == "timers"
    assert timedelta(seconds=60) == timers.ANSWER_WITHIN
    rungs = [rung.after for rung in timers.LADDER.rungs]
    assert rungs == sorted(rungs)
    assert rungs[0] >= timers.ANSWER_WITHIN, "who is on duty sees it before any telephone rings"


def test_after_a_minute_it_is_said_and_the_supervisors_then_the_lead_are_called(
    cast: Cast,
) -> None:
    for who, address in ((cast.zhou, "10001"), (cast.sam, "10002"), (None, "10003")):
        can_be_called(who, address)
    cast.raise_hand()
    assert sweep.tick(after(59)) == 0
    assert cast.hand.state == HandState.RAISED
    assert sweep.tick(after(60)) == 1
    assert sweep.tick(after(61)) == 0, "once"
    (shown,) = cast.shown(cast.lin, after(60))
    assert (shown.state, shown.called) == ("unanswered", "supervisor")
    assert rings() == ["10001", "10002"]
    assert sweep.tick(after(120)) == 1
    assert (cast.hand.called, rings()) == ("lead", ["10003"])
    cast.answer(cast.sam)
    assert rings() == [], "nobody rings any more once somebody has come"
    assert sweep.tick(after(3600)) == 0
    assert cast.hand.state == HandState.ANSWERED


def test_where_nobody_can_be_reached_that_is_said(cast: Cast) -> None:
    cast.raise_hand()
    sweep.tick(after(60))
    (shown,) = cast.shown(cast.lin, after(60))
    assert (shown.state, shown.called) == ("unanswered", "nobody")


def test_a_supervisor_who_raises_it_does_not_ring_their_own_telephone(cast: Cast) -> None:
    can_be_called(cast.zhou, "10001")
    cast.raise_hand()
    RaisedHand.objects.update(raised_by=cast.zhou)
    sweep.tick(after(60))
    assert (cast.hand.called, rings()) == ("nobody", [])


def test_a_clock_that_was_away_calls_once_and_those_furthest_up(cast: Cast) -> None:
    can_be_called(None, "10003")
    cast.raise_hand()
    assert sweep.tick(after(200)) == 1
    assert (cast.hand.called, rings()) == ("lead", ["10003"])
    assert sweep.tick(after(201)) == 0


def test_it_rings_on_as_long_as_the_hand_is_up(cast: Cast) -> None:
    can_be_called(None, "10003")
    cast.raise_hand()
    pages = set()
    for seconds in (60, 120, 300, 600, 900):
        assert sweep.tick(after(seconds)) == 1
        pages |= set(Call.objects.values_list("page", flat=True))
    assert len(pages) == 5


def test_a_page_nobody_takes_goes_on_to_the_next_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    can_be_called(cast.zhou, "10001")
    can_be_called(None, "10003")
    cast.raise_hand()
    sweep.tick(after(60))
    Call.objects.update(tries=paging.TRIES - 1)
    monkeypatch.setattr(paging, "_send", lambda _call: False)
    paging.send_due(after(62))
    assert sweep.tick(after(63)) == 1, "nobody waits for the next rung"
    assert (cast.hand.called, rings()) == ("lead", ["10003"])


@pytest.mark.django_db(transaction=True)
def test_the_call_says_that_somebody_is_needed_and_neither_who_nor_why(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http() as heard:
        monkeypatch.setattr(settings, "PAGE_GATEWAY", f"http://127.0.0.1:{heard.port}/page")
        can_be_called(cast.zhou, "10001")
        cast.raise_hand()
        sweep.tick(after(60))
        assert paging.send_due(after(60)) == 1
    message = heard.said[0]["message"]
    assert "有人需要你" in message
    assert "试呼" not in message, "it is no test"
    assert not any(word in message for word in (cast.code, "Lin", "lin", "Zhou"))


def test_whose_shift_ends_takes_the_room_along(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    cast.say(cast.lin, cast.words())
    clock.tick(NOW)
    assert cast.hand.state == HandState.ANSWERED
    Shift.objects.filter(staff=cast.zhou).update(state="done")
    clock.tick(NOW)
    assert cast.hand.state == HandState.CLOSED
    assert not SideRow.objects.exists()


def test_whoever_is_suspended_is_in_no_room(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    Staff.objects.filter(pk=cast.lin.pk).update(is_active=False)
    sweep.tick(NOW)
    assert cast.hand.state == HandState.CLOSED


def test_what_is_over_is_forgotten_soon(cast: Cast) -> None:
    cast.raise_hand()
    raising.lower(cast.lin, cast.hand.pk, NOW)
    sweep.tick(NOW + sizes.SHOWN_FOR - timedelta(seconds=1))
    assert RaisedHand.objects.exists()
    sweep.tick(NOW + sizes.SHOWN_FOR)
    assert not RaisedHand.objects.exists()


def test_a_pause_closes_nothing(cast: Cast) -> None:
    cast.raise_hand()
    Shift.objects.filter(staff=cast.lin).update(state="pause")
    sweep.tick(NOW)
    assert cast.hand.state == HandState.RAISED
    assert cast.lin.role == Role.COUNSELLOR


def test_whose_shift_is_over_and_who_still_talks_is_answered_all_the_same(cast: Cast) -> None:
    """It is a quarter past midnight, the clock has checked Lin out, and she is with them."""
    can_be_called(cast.zhou, "10001")
    Shift.objects.filter(staff=cast.lin).update(state="done")
    cast.raise_hand()
    sweep.tick(NOW)
    assert cast.hand.state == HandState.RAISED
    sweep.tick(after(60))
    assert (cast.hand.state, rings()) == (HandState.UNANSWERED, ["10001"])
    cast.answer()
    sweep.tick(after(61))
    assert cast.hand.state == HandState.ANSWERED
    Seat.objects.filter(staff=cast.lin).update(ended_at=after(62))
    sweep.tick(after(62))
    assert cast.hand.state == HandState.CLOSED, "nobody is there any more"

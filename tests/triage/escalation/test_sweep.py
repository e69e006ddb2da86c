"""What time does about danger: it calls the next ones, and tells gone from hidden and from calling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from chat import clock as everybodys_clock
from chat import sessions
from chat.models import CounselSession, Seat
from chat.neighbours import NEIGHBOURS
from counsel.lifecycle import Event, Role
from counsel.models import Organisation, Staff, home
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, one, path, seat, state, take, write
from triage import clock
from triage.escalation import acting, steps, sweep
from triage.escalation.rows import Call, Escalation, EscalationStep, Receiver
from triage.queue.tiers import Asked, Tier

pytestmark = pytest.mark.django_db


def can_be_called(staff: Staff | None, address: str) -> Receiver:
    """They have a telephone; nobody: the lead has."""
    ours = staff.organisation if staff is not None else home()
    return Receiver.objects.create(
        organisation=ours, staff=staff, channel="sms", address=address, added_at=NOW
    )


def at_their_board(*people: Staff, at: datetime = NOW) -> None:
    Staff.objects.filter(pk__in=[who.pk for who in people]).update(board_seen_at=at)


def seen(presence: str, *, at: datetime = NOW) -> None:
    """What Sana's phone last said, and when."""
    Seat.objects.filter(role="seeker").update(presence=presence, seen_at=at)
    Seat.objects.exclude(role="seeker").update(seen_at=at + timedelta(days=1))


def called(until: timedelta) -> list[tuple[int, str, list[str]]]:
    """The pages until then: when, to whom, and which telephones rang. A second early is nothing."""
    while (due := one().due_at) <= NOW + until:
        assert sweep.sweep(due - timedelta(seconds=1)) == 0
        assert sweep.sweep(due) == 1
    pages = EscalationStep.objects.filter(event="page").order_by("pk")
    return [
        (
            step.after,
            step.called,
            list(step.calls.order_by("pk").values_list("receiver__address", flat=True)),
        )
        for step in pages
    ]


def test_the_page_climbs_until_somebody_acts() -> None:
    lin, sam = hire("lin").staff, hire("sam", Role.SUPERVISOR).staff
    for who, address in ((lin, "10001"), (sam, "10002"), (None, "10003")):
        can_be_called(who, address)
    can_be_called(hire("off", Role.SUPERVISOR, on_shift=False).staff, "10004")
    at_their_board(lin, sam)
    start(tier=Tier.RED, event=Asked.DANGER)
    assert called(timedelta(seconds=301)) == [
        (30, "duty", ["10001", "10002"]),
        (60, "supervisor", ["10002"]),
        (180, "lead", ["10003"]),
        (300, "everybody", ["10002", "10003", "10004"]),
    ]


def test_somebody_feared_for_is_told_to_the_supervisor_after_ten_minutes_and_wakes_nobody_else() -> (
    None
):
    lin, sam = hire("lin").staff, hire("sam", Role.SUPERVISOR).staff
    for who, address in ((lin, "10001"), (sam, "10002"), (None, "10003")):
        can_be_called(who, address)
    at_their_board(lin, sam)
    start(tier=Tier.ORANGE)
    assert called(timedelta(seconds=1201)) == [
        (600, "supervisor", ["10002"]),
        (1200, "lead", ["10003"]),
    ]


def test_with_nobody_on_duty_the_lead_is_called_in_the_same_second_and_the_seeker_knows() -> None:
    can_be_called(None, "10003")
    start(tier=Tier.RED)
    assert called(timedelta())[0] == (0, "lead", ["10003"])
    assert one().unstaffed


def test_with_nobody_to_be_reached_at_all_that_is_written_down_and_tried_again() -> None:
    start(tier=Tier.RED)
    pages = called(timedelta(seconds=700))
    assert {who for _, who, _ in pages} == {"nobody"}
    assert [after for after, _, _ in pages] == [0, 60, 180, 300, 600]


def test_whoever_acknowledged_and_did_nothing_for_two_minutes_is_passed_over() -> None:
    lin = hire("lin").staff
    can_be_called(None, "10003")
    at_their_board(lin)
    session_id = start(tier=Tier.RED)
    acting.acknowledge(lin, case_code=code(session_id), now=NOW)
    assert called(timedelta(seconds=125)) == [(120, "lead", ["10003"])]
    assert one().acting is None


def test_every_page_has_an_id_of_its_own_and_tells_everybody_the_same() -> None:
    lin = hire("lin").staff
    can_be_called(lin, "10001")
    can_be_called(lin, "10009")
    at_their_board(lin)
    start(tier=Tier.RED)
    called(timedelta(seconds=200))
    pages = [
        set(step.calls.values_list("page", flat=True)) for step in EscalationStep.objects.all()
    ]
    rang = [page for page in pages if page]
    assert all(len(page) == 1 for page in rang)
    assert all(not one & two for one, two in pairwise(rang))


@pytest.mark.parametrize("how", ["erased", "closed and then ended", "ended and then closed"])
def test_who_was_called_is_forgotten_with_the_talk_however_it_is_over(how: str) -> None:
    lin, sam = hire("lin").staff, hire("sam", Role.SUPERVISOR).staff
    can_be_called(sam, "10002")
    at_their_board(lin, sam)
    session_id = start(tier=Tier.RED, event=Asked.DANGER)
    met(session_id, lin)
    acts: list[Callable[[], object]] = [
        lambda: acting.close(
            sam, case_code=code(session_id), outcome="left", unassessed="gone", now=NOW
        ),
        lambda: sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW),
    ]
    assert sweep.sweep(NOW)
    assert Call.objects.count()
    if how == "erased":
        sessions.erase_session(session_id, role=Role.SEEKER, now=NOW)
    else:
        for do in acts if how.startswith("closed") else reversed(acts):
            do()
    assert not Call.objects.exists()


@pytest.mark.parametrize("presence", ["hidden", "calling"])
def test_a_phone_that_said_it_is_away_is_never_lost(presence: str) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, hire("lin").staff)
    seen(presence)
    sweep.sweep(NOW + timedelta(minutes=9))
    assert "vanish" not in [event for event, _ in path()]


def test_a_phone_gone_without_a_word_is_looked_for_and_asked_when_it_is_back() -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, hire("lin").staff)
    seen("here")
    sweep.sweep(NOW + timedelta(seconds=119))
    assert state() == "attended"
    gone = NOW + timedelta(seconds=120)
    sweep.sweep(gone)
    assert (state(), one().due_at) == ("lost", gone + timedelta(minutes=15))
    seen("here", at=gone + timedelta(minutes=3))
    sweep.sweep(gone + timedelta(minutes=3))
    assert (state(), path()[-1]) == ("attended", ("back", "clock"))


def test_a_machine_that_is_an_hour_late_does_not_think_that_a_lost_phone_just_spoke() -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, hire("lin").staff)
    seen("here")
    gone = NOW + timedelta(seconds=120)
    sweep.sweep(gone)
    for minutes in (0, 30, 60):
        sweep.sweep(gone - timedelta(minutes=minutes))
        assert (state(), path()[-1]) == ("lost", ("vanish", "clock"))


def test_whoever_comes_back_to_nobody_is_paged_for_anew() -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, hire("lin").staff)
    seen("here")
    gone = NOW + timedelta(seconds=120)
    sweep.sweep(gone)
    CounselSession.objects.filter(pk=session_id).update(state="waiting")
    seen("here", at=gone)
    sweep.sweep(gone)
    assert state() == "raised"
    assert [event for event, _ in path()][-2:] == ["back", "alone"]


def test_while_somebody_calls_nothing_counts_down_and_staff_still_come() -> None:
    session_id = start(tier=Tier.RED)
    seen("calling")
    sweep.sweep(NOW + timedelta(seconds=31))
    assert path()[-1] == ("page", "clock"), "nobody is with them yet"
    met(session_id, hire("lin").staff)
    seen("calling", at=NOW)
    steps = len(path())
    sweep.sweep(NOW + timedelta(minutes=9))
    assert len(path()) == steps
    sweep.sweep(NOW + timedelta(minutes=11))
    assert path()[-1] == ("page", "clock"), "so long on the telephone is one no more"
    sweep.sweep(NOW + timedelta(minutes=12))
    assert path()[-1] == ("vanish", "clock")


@pytest.mark.parametrize("tries", [1, 3])
def test_however_often_the_clock_ticks_a_second_is_one(tries: int) -> None:
    start(tier=Tier.RED)
    for _ in range(tries):
        clock.tick(NOW + timedelta(seconds=1))
    assert path() == [("raise", "seeker"), ("page", "clock")]


def test_another_organisations_people_are_not_called() -> None:
    elsewhere = Organisation.objects.create(name="elsewhere")
    Receiver.objects.create(organisation=elsewhere, channel="sms", address="10005", added_at=NOW)
    start(tier=Tier.RED)
    sweep.sweep(NOW)
    assert not Call.objects.exists()


def test_a_talk_that_is_taken_counts_on_until_words_are_shown() -> None:
    lin = hire("lin").staff
    can_be_called(None, "10003")
    at_their_board(lin)
    session_id = start(tier=Tier.RED)
    take(session_id, lin)
    assert [who for _, who, _ in called(timedelta(seconds=31))] == ["lead"]


def test_a_locked_phone_whose_battery_is_empty_is_looked_for_in_the_end() -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, hire("lin").staff)
    seen("hidden")
    sweep.sweep(NOW + timedelta(minutes=11, seconds=59))
    assert state() == "attended"
    sweep.sweep(NOW + timedelta(minutes=12))
    assert (state(), path()[-1]) == ("lost", ("vanish", "clock"))


def test_who_speaks_while_the_clock_looks_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, hire("lin").staff)
    seen("here")
    gone = NOW + timedelta(seconds=121)
    note = sweep._note

    def late(*asked: Any) -> bool:
        Seat.objects.filter(role="seeker").update(seen_at=gone)
        return note(*asked)

    monkeypatch.setattr(sweep, "_note", late)
    sweep.sweep(gone)
    assert state() == "attended"
    assert "vanish" not in [event for event, _ in path()]


def test_whoever_comes_back_to_somebody_new_has_nobody_before_their_first_words() -> None:
    lin, carol = hire("lin").staff, hire("carol").staff
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    seen("here")
    gone = NOW + timedelta(seconds=120)
    sweep.sweep(gone)
    sessions.advance(session_id, Event.LET_GO, role=Role.COUNSELLOR, staff_id=lin.pk, now=gone)
    take(session_id, carol)
    seen("here", at=gone + timedelta(seconds=60))
    sweep.sweep(gone + timedelta(seconds=60))
    assert state() == "raised"
    sessions.show_words(seat(session_id), write(session_id, carol), gone + timedelta(seconds=70))
    assert state() == "attended"


def test_a_row_nobody_foresaw_keeps_nobody_else_from_being_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken, _ = start(tier=Tier.RED), start(tier=Tier.RED)
    advance = steps.advance

    def stumble(one: Escalation, *args: Any, **facts: Any) -> None:
        if one.session_id == broken:
            raise ValueError("nobody foresaw it")
        advance(one, *args, **facts)

    monkeypatch.setattr(steps, "advance", stumble)
    assert sweep.sweep(NOW + timedelta(seconds=60)) == 1


def test_a_listener_who_cannot_be_taken_out_keeps_nobody_from_being_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talking = start(tier=Tier.RED)
    met(talking, hire("lin").staff)
    start(tier=Tier.RED)
    monkeypatch.setattr(NEIGHBOURS, "moved", lambda _move: 1 // 0)
    Seat.objects.exclude(role="seeker").update(seen_at=NOW)
    everybodys_clock.tick(NOW + timedelta(seconds=60))
    assert CounselSession.objects.get(pk=talking).state == "active"
    assert EscalationStep.objects.filter(event="page").count() == 2

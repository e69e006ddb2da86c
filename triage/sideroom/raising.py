"""A raised hand, from the first second to the end of its room. Nothing else writes its state.

Every change holds the one row, looks its step up in `counsel/raised_hands.py`, and is one entry of the
trail in the same transaction. The trail says who raised a hand and who came, never from which talk.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from chat import mls, shredding
from chat.models import CounselSession, Seat
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import AccessError, IllegalTransitionError, LostRaceError, StaleEpochError
from counsel.lifecycle import Role, State
from counsel.models import Staff, home
from counsel.raised_hands import HAND, OPEN_HANDS, UP, HandEvent, HandState
from triage.models import UNDER_WAY, Shift
from triage.sideroom import timers
from triage.sideroom.rows import RaisedHand, SideRow

_OPEN: Final = [state.value for state in OPEN_HANDS]
_UP: Final = [state.value for state in UP]
_UNDER_WAY: Final = [state.value for state in UNDER_WAY]


def raise_hand(
    staff: Staff, *, case_code: str, key_package: bytes, statement: bytes, now: datetime
) -> None:
    """Up it goes, from a talk they hold. One that is up stays as it is.

    Raises `AccessError` for a talk that is not theirs, and `SealedError`.
    """
    mls.check_key_package(key_package)
    with transaction.atomic():
        Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)  # twice at once is once
        talks = CounselSession.objects.filter(case_code=case_code, state=State.ACTIVE.value)
        theirs = Seat.objects.filter(
            session__in=talks, staff=staff, role=Role.COUNSELLOR.value, ended_at=None
        )
        seat = theirs.first()
        if seat is None:
            raise AccessError("not theirs")
        if RaisedHand.objects.filter(raised_by=staff, state__in=_OPEN).exists():
            return
        RaisedHand.objects.create(
            session_id=seat.session_id, raised_by=staff, state=HAND.first.value, raised_at=now,
            due_at=min(now + timers.ANSWER_WITHIN, timers.due(now, 0)),
            key_package=key_package, statement=statement,
        )  # fmt: skip
        record(Kind.HAND_RAISED, by=staff, now=now)


def answer(
    staff: Staff,
    hand_id: int,
    *,
    round_: int,
    group_id: bytes,
    welcome: bytes,
    statement: bytes,
    now: datetime,
) -> None:
    """Somebody comes, with the group they have opened; later, with that of another round.

    Raises `AccessError`, `LostRaceError` where a colleague was first, `StaleEpochError` where the
    round is another by now, `IllegalTransitionError` and `SealedError`.
    """
    mls.check_welcome(welcome)
    with transaction.atomic():
        hand = hold(hand_id)
        if hand.raised_by_id == staff.pk or not _is_on(staff):
            raise IllegalTransitionError("their own, or not on duty")
        if hand.state == HandState.ANSWERED:
            if hand.answered_by_id != staff.pk:
                raise LostRaceError("a colleague was first")
            if bytes(hand.group_id) == group_id:
                return
        if hand.round != round_ or hand.group_id or not hand.key_package:
            raise StaleEpochError
        if hand.state != HandState.ANSWERED:
            move(hand, HandEvent.ANSWER, Role.SUPERVISOR)
            hand.answered_by = staff
            hand.calls.filter(sent_at=None).delete()
            record(Kind.HAND_ANSWERED, by=staff, about=hand.raised_by, now=now)
        hand.group_id, hand.epoch = group_id, 1
        hand.key_package = hand.statement = b""
        hand.last_seq += 1
        SideRow.objects.create(
            hand=hand, seq=hand.last_seq, what=SideRow.WELCOME, by=staff, client_id=group_id,
            sealed=welcome, statement=statement,
        )  # fmt: skip
        hand.save()


def meet_again(
    staff: Staff,
    hand_id: int,
    *,
    round_: int,
    key_package: bytes,
    statement: bytes,
    now: datetime,
) -> None:
    """A page of one of the two has no keys any more: what was sealed goes, and a new round begins.

    Raises `AccessError`, `StaleEpochError` where another page was first, `IllegalTransitionError`,
    and `SealedError`.
    """
    with transaction.atomic():
        hand = hold(hand_id)
        if staff.pk not in {hand.raised_by_id, hand.answered_by_id}:
            raise AccessError("not in this room")
        if hand.state not in _OPEN:
            raise IllegalTransitionError("it is over")
        if hand.round != round_:
            raise StaleEpochError
        raises = hand.raised_by_id == staff.pk
        if raises:
            mls.check_key_package(key_package)
        hand.rows.all().delete()
        hand.round += 1
        hand.group_id, hand.epoch = b"", 0
        hand.key_package = key_package if raises else b""
        hand.statement = statement if raises else b""
        hand.save()
        record(Kind.HAND_MET_AGAIN, by=staff, now=now)
        transaction.on_commit(shredding.flush_to_disk)


def lower(staff: Staff, hand_id: int, now: datetime) -> None:
    """Back down it goes, or the room is closed. What is over already is done.

    Raises `AccessError`.
    """
    with transaction.atomic():
        hand = hold(hand_id)
        if staff.pk not in {hand.raised_by_id, hand.answered_by_id}:
            raise AccessError("not in this room")
        if hand.state not in _OPEN:
            return
        raises = hand.raised_by_id == staff.pk
        role = Role.COUNSELLOR if raises else Role.SUPERVISOR
        event = HandEvent.WITHDRAW if hand.state in _UP else HandEvent.CLOSE
        end(hand, event, role, now)
        record(Kind.HAND_ENDED, by=staff, now=now)


def end(hand: RaisedHand, event: HandEvent, role: Role, now: datetime) -> None:
    """It is over, inside the caller's transaction: keys, words and calls go at once."""
    move(hand, event, role)
    hand.ended_at = now
    hand.key_package = hand.statement = hand.group_id = b""
    hand.rows.all().delete()
    hand.calls.all().delete()
    hand.save()
    transaction.on_commit(shredding.flush_to_disk)


def move(hand: RaisedHand, event: HandEvent, role: Role) -> None:
    """One step of a hand that is held; the caller saves it. Raises `IllegalTransitionError`."""
    hand.state = HAND.row(HandState(hand.state), event, role).target.value


def hold(hand_id: int) -> RaisedHand:
    """This hand, until the transaction ends. Raises `AccessError`."""
    held = RaisedHand.objects.select_for_update(of=("self",)).select_related("raised_by")
    hand = held.filter(pk=hand_id, raised_by__organisation=home()).first()
    if hand is None:
        raise AccessError("no such hand")
    return hand


def _is_on(staff: Staff) -> bool:
    return Shift.objects.filter(staff=staff, role=staff.role, state__in=_UNDER_WAY).exists()

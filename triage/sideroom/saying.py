"""The log of a side room: sealed rows in one order, for the two who are in it.

As `chat/store.py`, for a room of a few words: what is said belongs to the group and epoch that are
present, a commit moves the epoch on, and the same bytes under the same id are the same place again.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from chat import mls
from counsel.errors import (
    AccessError,
    ConflictError,
    IllegalTransitionError,
    StaleEpochError,
    ThrottledError,
)
from counsel.models import Staff
from counsel.raised_hands import HandState
from triage.sideroom import sizes
from triage.sideroom.raising import hold
from triage.sideroom.rows import RaisedHand, SideRow

_FULL_FOR: Final = 3600
"""Seconds a full room is told to wait: longer than anybody does; they open another."""


def say(staff: Staff, hand_id: int, *, round_: int, client_id: bytes, sealed: bytes) -> int:
    """The place of this row. Raises `AccessError`, `IllegalTransitionError`, `StaleEpochError`,
    `ConflictError`, `SealedError`, and `ThrottledError` in a room that is full.
    """
    header = mls.read_header(sealed)
    with transaction.atomic():
        hand = hold(hand_id)
        _check_inside(staff, hand, round_)
        known = hand.rows.filter(by=staff, client_id=client_id).first()
        if known is not None:
            if bytes(known.sealed) != sealed:
                raise ConflictError
            return known.seq
        if (header.group_id, header.epoch) != (bytes(hand.group_id), hand.epoch):
            raise StaleEpochError
        if hand.rows.count() >= sizes.ROWS_KEPT:
            raise ThrottledError("this room is full", retry_after=_FULL_FOR)
        commits = header.content is mls.Content.COMMIT
        hand.last_seq += 1
        hand.epoch += commits
        SideRow.objects.create(
            hand=hand, seq=hand.last_seq, what=SideRow.COMMIT if commits else SideRow.WORDS,
            by=staff, client_id=client_id, sealed=sealed,
        )  # fmt: skip
        hand.save(update_fields=["last_seq", "epoch"])
        return hand.last_seq


def hear(staff: Staff, hand_id: int, *, round_: int, after: int) -> list[SideRow]:
    """The next rows behind this place. Raises `AccessError`, `IllegalTransitionError`,
    `StaleEpochError`.
    """
    hand = _theirs(staff).filter(pk=hand_id).first()
    if hand is None:
        raise AccessError("no such room")
    _check_inside(staff, hand, round_)
    return list(hand.rows.filter(seq__gt=after).order_by("seq")[: sizes.ROWS_AT_ONCE])


def _theirs(staff: Staff) -> QuerySet[RaisedHand]:
    return RaisedHand.objects.filter(Q(raised_by=staff) | Q(answered_by=staff))


def _check_inside(staff: Staff, hand: RaisedHand, round_: int) -> None:
    if staff.pk not in {hand.raised_by_id, hand.answered_by_id}:
        raise AccessError("not in this room")
    if hand.state != HandState.ANSWERED:
        raise IllegalTransitionError("nobody is in this room")
    if hand.round != round_:
        raise StaleEpochError

"""What boards show of raised hands: to supervisors all of them, to whoever raised one their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from counsel.lifecycle import Role
from counsel.raised_hands import UP, HandState
from triage.sideroom import sizes, timers
from triage.sideroom.rows import RaisedHand
from triage.sideroom.wire import Hand, HandsUp

_UP: Final = frozenset(state.value for state in UP)
_SECOND: Final = timedelta(seconds=1)
_U16: Final = 65535


def read_hands(roles: Mapping[int, str], now: datetime) -> dict[int, HandsUp]:
    """What each of these is shown; `roles` by staff id. One query where no hand is up."""
    related = RaisedHand.objects.select_related("session", "answered_by")
    hands = list(related.order_by("raised_at", "pk"))
    return {
        staff_id: HandsUp(
            rows=tuple(
                _hand(one, staff_id, supervises=role == Role.SUPERVISOR, now=now)
                for one in hands
                if _is_shown(one, staff_id, role)
            )[: sizes.BOARD_HANDS]
        )
        for staff_id, role in roles.items()
    }


def _is_shown(one: RaisedHand, staff_id: int, role: str) -> bool:
    """What is over is still said to the two it was between."""
    if staff_id in {one.raised_by_id, one.answered_by_id}:
        return True
    return role == Role.SUPERVISOR and one.ended_at is None


def _hand(one: RaisedHand, staff_id: int, *, supervises: bool, now: datetime) -> Hand:
    mine = one.raised_by_id == staff_id
    answers = one.answered_by_id == staff_id
    may_answer = (supervises and not mine and one.state in _UP) or answers
    waits = "waits" if one.key_package else "empty"
    return Hand(
        hand=one.pk,
        case_code=one.session.case_code if one.session is not None else "",
        state=one.state,
        round=one.round,
        last_seq=one.last_seq,
        left=_left(one, now),
        mine=int(mine),
        inside=int(mine or answers),
        room="open" if one.group_id else waits,
        called=one.called,
        by=one.answered_by.working_name if one.answered_by is not None else "",
        key_package=bytes(one.key_package) if may_answer else b"",
        statement=bytes(one.statement) if may_answer else b"",
    )


def _left(one: RaisedHand, now: datetime) -> int:
    if one.state not in _UP:
        return 0
    raised = one.state == HandState.RAISED
    until = one.raised_at + timers.ANSWER_WITHIN if raised else one.due_at
    return min(-(-max(until - now, timedelta()) // _SECOND), _U16)

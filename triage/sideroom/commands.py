"""What staff say about a raised hand and in its room, the right each takes, and what is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from chat.wire import Done
from counsel.errors import AccessError
from counsel.framing import Frame
from counsel.models import Staff, home
from counsel.rights import Right
from triage.sideroom import raising, saying, wire

_Do = Callable[[Staff, Any, datetime], Frame]


def _raise(staff: Staff, said: wire.RaiseHand, now: datetime) -> Frame:
    if staff.organisation_id != home().pk:
        raise AccessError("another organisation's")
    raising.raise_hand(
        staff, case_code=said.case_code, key_package=said.key_package, statement=said.statement,
        now=now,
    )  # fmt: skip
    return Done()


def _lower(staff: Staff, said: wire.LowerHand, now: datetime) -> Frame:
    raising.lower(staff, said.hand, now)
    return Done()


def _answer(staff: Staff, said: wire.AnswerHand, now: datetime) -> Frame:
    if staff.organisation_id != home().pk:
        raise AccessError("another organisation's")
    raising.answer(
        staff, said.hand, round_=said.round, group_id=said.group_id, welcome=said.welcome,
        statement=said.statement, now=now,
    )  # fmt: skip
    return Done()


def _meet_again(staff: Staff, said: wire.MeetAgain, now: datetime) -> Frame:
    raising.meet_again(
        staff, said.hand, round_=said.round, key_package=said.key_package,
        statement=said.statement, now=now,
    )  # fmt: skip
    return Done()


def _say(staff: Staff, said: wire.SaySide, _now: datetime) -> Frame:
    seq = saying.say(
        staff, said.hand, round_=said.round, client_id=said.client_id, sealed=said.sealed
    )
    return wire.SidePlaced(seq=seq)


def _hear(staff: Staff, said: wire.HearSide, _now: datetime) -> Frame:
    rows = saying.hear(staff, said.hand, round_=said.round, after=said.after)
    return wire.SideRows(
        rows=tuple(
            wire.Side(
                seq=row.seq, what=row.what, mine=int(row.by_id == staff.pk),
                client_id=bytes(row.client_id), sealed=bytes(row.sealed),
                statement=bytes(row.statement),
            )
            for row in rows
        )
    )  # fmt: skip


COMMANDS: Final[Mapping[type, tuple[Right, _Do]]] = {
    wire.RaiseHand: (Right.TALK, _raise),
    wire.LowerHand: (Right.TALK, _lower),
    wire.AnswerHand: (Right.ANSWER_HANDS, _answer),
    wire.MeetAgain: (Right.TALK, _meet_again),
    wire.SaySide: (Right.TALK, _say),
    wire.HearSide: (Right.TALK, _hear),
}

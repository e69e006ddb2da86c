"""What staff say about a handover, and the right each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from chat.succession import Opening
from chat.wire import Done
from counsel import limits
from counsel.framing import Frame
from counsel.identity import SessionRef
from counsel.models import Staff
from counsel.rights import Right
from triage import wire as board
from triage.handover import steps, wire


def who_could(staff: Staff, frame: wire.WhoCould, now: datetime) -> Frame:
    """Who could go on with this talk."""
    could = steps.who_could(staff, SessionRef(frame.ref), now)
    rows = (wire.Colleague(staff=one.staff_id, name=one.name) for one in could)
    return wire.Could(rows=tuple(rows)[: limits.BOARD_STAFF])


def hand_over(staff: Staff, frame: wire.HandOver, now: datetime) -> Frame:
    """Somebody is asked."""
    steps.ask(staff, SessionRef(frame.ref), frame.staff, now)
    return Done()


def come_after(staff: Staff, frame: wire.ComeAfter, now: datetime) -> Frame:
    """They come."""
    papers = steps.Papers(frame.identity, frame.statement, frame.proof)
    steps.accept(staff, frame.handover, papers, now)
    return Done()


def not_me(staff: Staff, frame: wire.NotMe, now: datetime) -> Frame:
    """They do not."""
    steps.decline(staff, frame.handover, now)
    return Done()


def keep_talk(staff: Staff, frame: wire.KeepTalk, now: datetime) -> Frame:
    """It stays where it is."""
    steps.keep(staff, frame.handover, now)
    return Done()


def let_go(staff: Staff, frame: wire.LetGo, now: datetime) -> Frame:
    """The next one may open their group."""
    steps.let_go(staff, frame.handover, now)
    return Done()


def key_after(staff: Staff, frame: wire.KeyAfter, now: datetime) -> Frame:
    """One key package of the phone."""
    group, key_package = steps.claim_key(staff, frame.handover)
    return wire.NextKey(group=group, key_package=key_package)


def open_after(staff: Staff, frame: wire.OpenAfter, now: datetime) -> Frame:
    """It is theirs."""
    opening = Opening(frame.client_id, frame.group_id, frame.welcome, frame.statement)
    return board.Taken(ref=steps.open_after(staff, frame.handover, opening, now))


COMMANDS: Final[Mapping[type, tuple[Right, Callable[[Staff, Any, datetime], Frame]]]] = {
    wire.WhoCould: (Right.TALK, who_could),
    wire.HandOver: (Right.TALK, hand_over),
    wire.ComeAfter: (Right.BE_OFFERED, come_after),
    wire.NotMe: (Right.BE_OFFERED, not_me),
    wire.KeepTalk: (Right.TALK, keep_talk),
    wire.LetGo: (Right.TALK, let_go),
    wire.KeyAfter: (Right.BE_OFFERED, key_after),
    wire.OpenAfter: (Right.BE_OFFERED, open_after),
}
"""What is said, and the right it takes. Whose handover it is, is asked where it is looked up."""

"""What staff say about a visit, and the right each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from chat import visits
from chat.models import CounselSession
from counsel.errors import AccessError, IllegalTransitionError
from counsel.identity import SessionRef
from counsel.lifecycle import State
from counsel.models import Staff, home
from counsel.rights import Right
from triage.beside.wire import AskIn, Beside, StepOut, Talking, TurnDown


def talking(staff: Staff, frame: Beside) -> Talking:
    """The group of this talk. Raises `AccessError`, `IllegalTransitionError` where nobody talks."""
    _check_ours(staff)
    session = CounselSession.objects.filter(case_code=frame.case_code).first()
    if session is None:
        raise AccessError("nobody there")
    if session.state != State.ACTIVE or not session.group_id:
        raise IllegalTransitionError("nobody talks there")
    return Talking(ref=bytes(session.ref), group_id=bytes(session.group_id), epoch=session.epoch)


def ask_in(staff: Staff, frame: AskIn, now: datetime) -> None:
    """They ask to be let in."""
    _check_ours(staff)
    wish = visits.Wish(frame.group_id, frame.epoch, frame.key_package, frame.statement, frame.proof)
    visits.ask(staff, SessionRef(frame.ref), wish, now)


def turn_down(staff: Staff, frame: TurnDown, now: datetime) -> None:
    """Whoever has the talk does not let them in now."""
    visits.refuse(staff, frame.visit, now)


def step_out(staff: Staff, frame: StepOut, now: datetime) -> None:
    """They go."""
    visits.leave(staff, SessionRef(frame.ref), now)


def _check_ours(staff: Staff) -> None:
    if staff.organisation_id != home().pk:
        raise AccessError("another organisation's")


COMMANDS: Final[Mapping[type, tuple[Right, Callable[[Staff, Any, datetime], None]]]] = {
    AskIn: (Right.VISIT, ask_in),
    TurnDown: (Right.TALK, turn_down),
    StepOut: (Right.VISIT, step_out),
}
"""What is done, and the right it takes; `Beside` only looks."""

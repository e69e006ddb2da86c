"""Each command of help, the right it takes, and what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from counsel.framing import Frame
from counsel.models import Staff
from counsel.rights import Right
from triage.dispatch import acting
from triage.dispatch.wire import CodeHelp, HelpCode, OfferHelp, SayHelp

_Do = Callable[[Staff, Any, datetime], Frame | None]


def _offer(staff: Staff, said: OfferHelp, now: datetime) -> None:
    acting.offer(staff, case_code=said.case_code, now=now)


def _say(staff: Staff, said: SayHelp, now: datetime) -> None:
    acting.say(staff, number=said.help, event=said.event, whom=said.whom, now=now)


def _code(staff: Staff, said: CodeHelp, now: datetime) -> HelpCode:
    return HelpCode(code=acting.code(staff, number=said.help, now=now))


COMMANDS: Final[Mapping[type, tuple[Right, _Do]]] = {
    OfferHelp: (Right.SPEAK_UP, _offer),
    SayHelp: (Right.SPEAK_UP, _say),
    CodeHelp: (Right.LEAD, _code),
}
"""What is answered with a frame of its own is; everything else with `Done`."""

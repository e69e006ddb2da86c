"""Each command of danger, the right it takes, and what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from counsel.models import Staff
from counsel.rights import Right
from triage.escalation import acting, wire

_Do = Callable[[Staff, Any, datetime], None]


def _raise(staff: Staff, said: wire.Raise, now: datetime) -> None:
    acting.raise_(staff, case_code=said.case_code, kind=said.danger, reason=said.reason, now=now)


def _acknowledge(staff: Staff, said: wire.Acknowledge, now: datetime) -> None:
    acting.acknowledge(staff, case_code=said.case_code, now=now)


def _act(staff: Staff, said: wire.Act, now: datetime) -> None:
    acting.act(staff, case_code=said.case_code, what=said.what, now=now)


def _assess(staff: Staff, said: wire.Assess, now: datetime) -> None:
    acting.assess(staff, case_code=said.case_code, now=now)


def _propose(staff: Staff, said: wire.Propose, now: datetime) -> None:
    acting.propose(staff, case_code=said.case_code, tier=said.tier, reason=said.reason, now=now)


def _confirm(staff: Staff, said: wire.Confirm, now: datetime) -> None:
    acting.confirm(staff, case_code=said.case_code, now=now)


def _decline(staff: Staff, said: wire.Decline, now: datetime) -> None:
    acting.decline(staff, case_code=said.case_code, now=now)


def _settle(staff: Staff, said: wire.Settle, now: datetime) -> None:
    acting.close(
        staff, case_code=said.case_code, outcome=said.outcome, unassessed=said.unassessed, now=now
    )


COMMANDS: Final[Mapping[type, tuple[Right, _Do]]] = {
    wire.Raise: (Right.SPEAK_UP, _raise),
    wire.Acknowledge: (Right.SPEAK_UP, _acknowledge),
    wire.Act: (Right.LEAD, _act),
    wire.Assess: (Right.SPEAK_UP, _assess),
    wire.Propose: (Right.SPEAK_UP, _propose),
    wire.Confirm: (Right.SPEAK_UP, _confirm),
    wire.Decline: (Right.SPEAK_UP, _decline),
    wire.Settle: (Right.SPEAK_UP, _settle),
}

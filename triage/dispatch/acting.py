"""What staff do about help: each is one step under their name, and one entry of the trail in the same
transaction, with the day alone.

Whoever talks with the seeker offers it and says what becomes of it; whoever supervises may do so of
anybody, and alone draws the code that is passed to a responder. Absent, over and not theirs is one
refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from chat import relay
from chat.models import CounselSession, Seat
from counsel.audit import kinds
from counsel.audit.trail import record, record_case
from counsel.dispatches import OPEN, DispatchEvent, DispatchState
from counsel.errors import AccessError, IllegalTransitionError, ValueRefusedError
from counsel.identity import CaseCode
from counsel.lifecycle import DangerEvent, DangerState, Role, State
from counsel.models import Staff, home
from triage.dispatch import moving
from triage.dispatch.codes import draw_code, hash_code
from triage.dispatch.rows import Dispatch, Whom
from triage.escalation import raising, steps

_E, _S = DispatchEvent, DispatchState
SAID: Final[Mapping[DispatchEvent, kinds.Kind]] = {
    _E.CONSENT: kinds.Kind.HELP_AGREED,
    _E.CALL: kinds.Kind.HELP_CALLED,
    _E.RING: kinds.Kind.HELP_CALLED,
    _E.ACCEPT: kinds.Kind.HELP_ANSWERED,
    _E.DECLINE: kinds.Kind.HELP_ANSWERED,
    _E.ARRIVE: kinds.Kind.HELP_ENDED,
    _E.MISS: kinds.Kind.HELP_ENDED,
    _E.WITHDRAW: kinds.Kind.HELP_ENDED,
}
"""What staff can say of it, and what the trail calls that."""
_UNLED: Final = frozenset({DangerState.ATTENDED, DangerState.ANSWERED})


@transaction.atomic
def offer(staff: Staff, *, case_code: str, now: datetime) -> None:
    """Help is offered; the seeker is asked in the talk, sealed. Raises `AccessError`,
    `IllegalTransitionError` where nobody talks, or it is offered already."""
    _check_ours(staff)
    sessions = CounselSession.objects.select_for_update(no_key=True)
    session = sessions.filter(case_code=case_code).first()
    if session is None or not _sits(staff, session.pk):
        raise AccessError("not in that talk")
    if session.state != State.ACTIVE:
        raise IllegalTransitionError("nobody talks there")
    one = moving.begin(session, staff, now)
    _tell(kinds.Kind.HELP_OFFERED, staff, one, now)


@transaction.atomic
def say(staff: Staff, *, number: int, event: str, whom: str = "", now: datetime) -> None:
    """One step. `whom` belongs to `call`: 120 or 110; a responder is called by `code`.

    Raises `AccessError`, `ValueRefusedError`, `IllegalTransitionError`, `LostRaceError`.
    """
    if event not in set(SAID) or whom not in _callable(event):
        raise ValueRefusedError("no such step, or nobody to call like this")
    what = DispatchEvent(event)
    one = _hold(staff, number)
    facts = {"whom": whom} if what is _E.CALL else {}
    moving.move(one, what, role=Role(staff.role), staff=staff, now=now, **facts)
    if what is _E.CALL:
        _lead(one, staff, now)
    _tell(SAID[what], staff, one, now)


@transaction.atomic
def code(staff: Staff, *, number: int, now: datetime) -> str:
    """A fresh code for whoever goes there; one drawn before is good for nothing. Never told again.

    With it somebody is called. Raises as `say`, and `IllegalTransitionError` where 120 or 110 was.
    """
    one = _hold(staff, number)
    drawn = draw_code()
    if one.state == DispatchState.CONSENTED:
        moving.move(
            one, _E.CALL, role=Role(staff.role), staff=staff, now=now,
            whom=Whom.RESPONDER.value, code_hash=hash_code(drawn),
        )  # fmt: skip
        _lead(one, staff, now)
    elif one.whom == Whom.RESPONDER and one.state in {_S.CALLED, _S.ACCEPTED}:
        Dispatch.objects.filter(pk=one.pk).update(code_hash=hash_code(drawn))
    else:
        raise IllegalTransitionError("no responder is called now")
    _tell(kinds.Kind.HELP_CODED, staff, one, now)
    return drawn


def _callable(event: str) -> set[str]:
    return {Whom.AMBULANCE.value, Whom.POLICE.value} if event == _E.CALL else {""}


def _lead(one: Dispatch, staff: Staff, now: datetime) -> None:
    """A supervisor who calls for help has done the first thing a supervisor does."""
    danger = raising.find_open(one.session_id) if one.session_id is not None else None
    if danger is None or staff.role != Role.SUPERVISOR or danger.state not in _UNLED:
        return
    assessed, by = danger.assessed_at, danger.assessed_by
    steps.advance(
        danger, DangerEvent.ACT, role=Role.SUPERVISOR, staff=staff, reason="called", now=now
    )
    if assessed is not None and by is not None:
        steps.advance(danger, DangerEvent.ASSESS, role=Role(by.role), staff=by, now=now)


def _hold(staff: Staff, number: int) -> Dispatch:
    """The open dispatch of this number, held with its session: one's own, or anybody's to a supervisor."""
    _check_ours(staff)
    found = Dispatch.objects.filter(pk=number, state__in=[state.value for state in OPEN])
    session_id = found.values_list("session_id", flat=True).first()
    if session_id is not None:  # as everywhere: the session first, then what lies beside it
        CounselSession.objects.select_for_update(no_key=True).filter(pk=session_id).first()
    one = found.select_for_update().first()
    if one is None:
        raise AccessError("no such help")
    mine = one.caller_id == staff.pk or _sits(staff, one.session_id)
    if staff.role != Role.SUPERVISOR and not mine:
        raise AccessError("not theirs")
    return one


def _sits(staff: Staff, session_id: int | None) -> bool:
    if session_id is None:
        return False
    return Seat.objects.filter(session=session_id, staff=staff, ended_at=None).exists()


def _check_ours(staff: Staff) -> None:
    if staff.organisation_id != home().pk:
        raise AccessError("another organisation's")


def _tell(kind: kinds.Kind, staff: Staff, one: Dispatch, now: datetime) -> None:
    """The trail hears of it, and the boards. Of a talk that is erased it says no name of a talk."""
    if one.session_id is None:
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        record(kinds.Kind.HELP_AFTER, by=staff, now=day)
        return
    code = CounselSession.objects.values_list("case_code", flat=True).get(pk=one.session_id)
    record_case(kind, by=staff, case_code=CaseCode(code), now=now)
    relay.announce_after_commit(one.session_id)

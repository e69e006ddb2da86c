"""A supervisor goes on with somebody in danger whose listener is gone; and a listener whose own browser
refuses gives the talk back.

The clock alone says that somebody is silent, and ends their seat (`chat/clock.py`): whoever comes back
before that keeps the talk. From then on it is one more race for one session, held by `sessions.advance`.
Why a supervisor may at all: [adr/0014](../counsel/docs/adr/0014-who-goes-on.md).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chat import sessions
from chat.models import CounselSession, Seat
from counsel.audit.kinds import Kind
from counsel.errors import AccessError, IllegalTransitionError, LostRaceError
from counsel.identity import SessionRef
from counsel.lifecycle import DangerEvent, DangerState, Event, Role, State
from counsel.models import Staff
from triage.escalation import raising, steps
from triage.matching import hold_hands
from triage.queue import duty
from triage.queue.hands import refuse_unless_free
from triage.queue.rows import Place
from triage.queue.tiers import Tier


def take_over(staff: Staff, *, case_code: str, now: datetime) -> SessionRef:
    """The reference of the talk that is this supervisor's now. Said again by whoever has it, it is done.

    Their own row is held first, as by everybody who takes, and it needs free hands: it is the red slot
    that this fills. Raises what `hands.REFUSALS` says of hands that are not free, `AccessError` where
    nobody is in danger, `IllegalTransitionError` where nobody was ever with them (they are taken in
    turn), and `LostRaceError` where somebody is with them.
    """
    with transaction.atomic():
        me = hold_hands(staff.pk)
        session = _hold(case_code)
        ref = SessionRef(bytes(session.ref))
        if session.state == State.ACTIVE and _has(me, session):
            return ref
        place = Place.objects.get(pk=session.pk)
        if raising.find_open(session.pk) is None or place.tier != Tier.RED:
            raise AccessError("nobody is in danger there")
        if session.state == State.ACTIVE:
            raise LostRaceError("somebody is with them")
        if not place.returned:
            raise IllegalTransitionError("nobody has left them: they wait for their turn")
        refuse_unless_free(duty.read_own(me, now).carrying, now)
        sessions.advance(
            session.pk, Event.TAKE, role=Role(me.role), staff_id=me.pk, now=now,
            kind=Kind.CASE_TAKEN_OVER,
        )  # fmt: skip
        _says_so(me, session.pk, now)
        return ref


def let_go(staff: Staff, *, ref: SessionRef, now: datetime) -> None:
    """It goes back to the front of its queue, and whoever held it has nothing of it any more.

    For somebody whose own browser refused to go on. What is open stays open. Said again, or after the
    clock was first, it is done. Raises `AccessError` for a talk they never had, and
    `IllegalTransitionError` once it is over.
    """
    with transaction.atomic():
        session = CounselSession.objects.select_for_update(no_key=True).filter(ref=ref).first()
        had = Seat.objects.filter(staff=staff, role=Role.COUNSELLOR.value, session=session)
        if session is None or not had.exists():
            raise AccessError("not theirs")
        if _has(staff, session):
            sessions.advance(
                session.pk, Event.LET_GO, role=Role.COUNSELLOR, staff_id=staff.pk, now=now
            )


def _hold(case_code: str) -> CounselSession:
    live = CounselSession.objects.select_for_update(no_key=True).exclude(state=State.CLOSED.value)
    held = live.filter(case_code=case_code).first()
    if held is None:
        raise AccessError("nobody there")
    return held


def _has(staff: Staff, session: CounselSession) -> bool:
    sits = Seat.objects.filter(session=session, staff=staff, ended_at=None)
    return sits.filter(role=Role.COUNSELLOR.value).exists()


def _says_so(me: Staff, session_id: int, now: datetime) -> None:
    """Going on with somebody is saying that one acts: the page waits for the first words, and no longer."""
    one = raising.find_open(session_id)
    if one is not None and one.state == DangerState.RAISED:
        steps.advance(
            one, DangerEvent.ACKNOWLEDGE, role=Role(me.role), staff=me, now=now, acting=me
        )

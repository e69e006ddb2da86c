"""The only writer of a dispatch's state: it begins, staff and responders move it, time does.

Every change is the same: look the row up in the table, change exactly one dispatch that still is as we
saw it, write the step. Of all who change one at the same moment, exactly one does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q

from chat.models import CounselSession
from counsel import limits
from counsel.dispatches import DISPATCH, ON_THE_WAY, OPEN, DispatchEvent, DispatchState
from counsel.errors import IllegalTransitionError, LostRaceError
from counsel.lifecycle import Role, State, Transition
from counsel.models import Staff
from triage.dispatch.rows import Dispatch, DispatchStep
from triage.dispatch.timers import AFTER, AGAIN

_CODED: Final = frozenset({DispatchEvent.ACCEPT, DispatchEvent.RING, DispatchEvent.LATE})
"""What a responder's code outlives; everything else uses it up."""


def begin(session: CounselSession, staff: Staff, now: datetime) -> Dispatch:
    """Help is offered in this talk. Raises `IllegalTransitionError` where it is already."""
    open_states = [state.value for state in OPEN]
    if Dispatch.objects.filter(session=session, state__in=open_states).exists():
        raise IllegalTransitionError("help is offered there")
    one = Dispatch.objects.create(
        session=session,
        state=DISPATCH.first.value,
        caller=staff,
        begun_at=now,
        due_at=now + AFTER[DISPATCH.first],
        until=now + limits.PLACE_KEPT_FOR,
    )
    row = Transition(DISPATCH.first, DispatchEvent.OFFER, DISPATCH.first, frozenset())
    _write_step(one, row, Role(staff.role), staff, now)
    return one


def move(
    one: Dispatch,
    event: DispatchEvent,
    *,
    role: Role,
    now: datetime,
    staff: Staff | None = None,
    **facts: object,
) -> None:
    """Make `event` happen, or raise and change nothing.

    Raises `IllegalTransitionError`, and `LostRaceError` when somebody was first.
    """
    row = DISPATCH.row(DispatchState(one.state), event, role)
    changed: dict[str, object] = {**_times(one, row, now), **facts}
    changed |= {"state": row.target.value, "step": one.step + 1}
    if event not in _CODED:
        changed.setdefault("code_hash", None)
    still = Dispatch.objects.filter(pk=one.pk, state=row.source.value, step=one.step)
    if still.filter(_due(event, now)).update(**changed) != 1:
        raise LostRaceError
    for name, value in changed.items():
        setattr(one, name, value)
    _write_step(one, row, role, staff, now)
    if row.target not in OPEN:
        _settle(one, now)


def _due(event: DispatchEvent, now: datetime) -> Q:
    """What the clock does because time is up it does only when it is, in the database."""
    if event is DispatchEvent.LATE:
        return Q(due_at__lte=now)
    return Q(until__lte=now) if event is DispatchEvent.EXPIRE else Q()


def _times(
    one: Dispatch, row: Transition[DispatchState, DispatchEvent], now: datetime
) -> dict[str, object]:
    times: dict[str, object] = {}
    match row.event:
        case DispatchEvent.LATE | DispatchEvent.RING:
            return {"due_at": now + AGAIN[row.target]}
        case DispatchEvent.CONSENT:
            # The place is given now: from here on its two hours count.
            times = {"until": now + limits.PLACE_KEPT_FOR}
        case DispatchEvent.ACCEPT:
            # An hour without arrival counts from the call, whenever somebody said yes to it.
            return {"due_at": max(one.begun_at + AFTER[row.target], now)}
        case DispatchEvent.DECLINE:
            times = {"whom": "", "minutes": 0}
    if row.target in OPEN:
        times |= {"begun_at": now, "due_at": now + AFTER[row.target]}
    return times


def _settle(one: Dispatch, now: datetime) -> None:
    """It is over. Of an erased talk's no row is left; of one that has ended, the day of each instant."""
    if one.session_id is None:
        Dispatch.objects.filter(pk=one.pk).delete()
    elif CounselSession.objects.filter(pk=one.session_id, state=State.CLOSED.value).exists():
        coarsen(one.session_id, now)


def coarsen(session_id: int, now: datetime) -> None:
    """The talk has ended: what is over in it says the day only."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    over = Dispatch.objects.filter(session=session_id).exclude(state__in=[s.value for s in OPEN])
    DispatchStep.objects.filter(dispatch__in=over).update(at=day)
    over.update(begun_at=day, due_at=day, until=day, minutes=0)


def end(session_id: int, role: Role, now: datetime) -> bool:
    """The talk ends. False: help is on its way, and only the seeker may go before it is there."""
    way = [state.value for state in ON_THE_WAY]
    if role is not Role.SEEKER:
        if Dispatch.objects.filter(session=session_id, state__in=way).exists():
            return False
        for one in _held(session_id, DispatchState.OFFERED, DispatchState.CONSENTED):
            move(one, DispatchEvent.WITHDRAW, role=role, now=now)
    coarsen(session_id, now)
    return True


def erase(session_id: int, now: datetime) -> None:
    """The talk is erased: help that was called goes on without saying whose it is; all else is gone."""
    for one in _held(session_id, DispatchState.OFFERED, DispatchState.CONSENTED):
        move(one, DispatchEvent.WITHDRAW, role=Role.SEEKER, now=now)
    way = [state.value for state in ON_THE_WAY]
    Dispatch.objects.filter(session=session_id, state__in=way).update(session=None)
    Dispatch.objects.filter(session=session_id).delete()


def _held(session_id: int, *states: DispatchState) -> list[Dispatch]:
    held = Dispatch.objects.select_for_update().filter(session=session_id)
    return list(held.filter(state__in=[state.value for state in states]))


def _write_step(
    one: Dispatch,
    row: Transition[DispatchState, DispatchEvent],
    role: Role,
    staff: Staff | None,
    now: datetime,
) -> None:
    DispatchStep.objects.create(
        dispatch=one,
        number=one.step,
        source=row.source.value,
        event=row.event.value,
        target=row.target.value,
        role=role.value,
        staff=staff,
        at=now,
    )

"""A counsellor takes the next person: one transaction, one person, never twice."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from chat import sessions
from chat.models import CounselSession
from counsel import limits
from counsel.errors import (
    AccessError,
    FullHandsError,
    IllegalTransitionError,
    LostRaceError,
    NobodyWaitsError,
    NotClearedError,
    OffDutyError,
)
from counsel.identity import SessionRef
from counsel.lifecycle import Event, Role, ShiftState, State
from counsel.models import Staff, home
from triage import queue
from triage.exclusions import Whereabouts
from triage.models import Shift

_TRIES: Final = 5
"""The person in front may be gone by the time we reach for them: then for the next."""


def take_next(staff_id: int, now: datetime) -> SessionRef:
    """The reference of the session that is this counsellor's now.

    Raises `NobodyWaitsError`, `FullHandsError`, `NotClearedError`, `OffDutyError` for who is not on
    or pauses, and `AccessError` for anybody who is no counsellor here. The door is asked by those
    who come in, not here: who waits inside when it shuts is not left waiting. On PostgreSQL people
    others are reaching for are skipped; on SQLite there is one writer at a time.
    """
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                staff = _hold_hands(staff_id)
                _check_on_duty(staff, now)
                return _take_first(staff, now, skip_locked=attempt == 0)
        except (LostRaceError, IllegalTransitionError):
            continue
    raise LostRaceError


def _hold_hands(staff_id: int) -> Staff:
    """Hold this counsellor's own row, so that the hands of one person are counted one at a time,
    and nobody pauses between being found ready and being given somebody."""
    staff = (
        Staff.objects.select_for_update(no_key=True)
        .filter(pk=staff_id, role=Role.COUNSELLOR.value, is_active=True, organisation=home())
        .first()
    )
    if staff is None:
        raise AccessError
    held = CounselSession.objects.filter(
        state=State.ACTIVE.value, seats__staff_id=staff_id, seats__ended_at=None
    )
    if held.count() >= limits.OPEN_TALKS:
        raise FullHandsError
    return staff


def _check_on_duty(staff: Staff, now: datetime) -> None:
    if staff.cleared_at is None:
        raise NotClearedError
    on = Shift.objects.filter(
        staff=staff, role=staff.role, state=ShiftState.ON.value, ends_at__gt=now
    )
    if not on.exists():
        raise OffDutyError


def _take_first(staff: Staff, now: datetime, *, skip_locked: bool) -> SessionRef:
    order = queue.in_order(now, Whereabouts(staff.region, staff.industry, staff.in_plant))
    free = order.select_for_update(skip_locked=skip_locked, of=("self",), no_key=True)
    first = free.values_list("pk", "ref").first()
    if first is None:
        if order.exists():
            raise LostRaceError("all of them are being reached for; wait for one to be let go")
        raise NobodyWaitsError
    session_id, ref = first
    sessions.advance(session_id, Event.TAKE, role=Role.COUNSELLOR, staff_id=staff.pk, now=now)
    return SessionRef(bytes(ref))

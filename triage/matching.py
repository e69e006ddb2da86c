"""Somebody takes the next person: one transaction, one person, never twice."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NoReturn

from django.conf import settings
from django.db import connection, transaction

from chat import sessions
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    KeptFreeError,
    LostRaceError,
    NobodyWaitsError,
)
from counsel.identity import SessionRef
from counsel.lifecycle import Event, Role, State
from counsel.models import Staff
from counsel.rights import RIGHTS, Right
from triage.queue import duty
from triage.queue.chooser import Room, choose
from triage.queue.claim import claim
from triage.queue.hands import Free, refuse_unless_free
from triage.queue.heads import read_heads
from triage.queue.rows import Place
from triage.queue.tables import SUPERVISOR_AFTER, TARGETS
from triage.queue.tiers import Tier

_TRIES: Final = 5
"""The person in front may be gone by the time we reach for them: then for the next."""


_TAKING: Final = ", ".join(f"'{role.value}'" for role in RIGHTS[Right.TAKE])
_HOLD: Final = f"""
    SELECT id, organisation_id, role, person, region, industry, in_plant, cleared_at
    FROM counsel_staff
    WHERE id = %s AND role IN ({_TAKING}) AND is_active
        AND organisation_id = (SELECT MIN(id) FROM counsel_organisation)
"""


def take_next(staff_id: int, now: datetime) -> SessionRef:
    """The reference of the session that is this person's now: the one offered to them, else the next.

    Raises `NobodyWaitsError`, what `hands.REFUSALS` says of hands that are not free, `KeptFreeError`,
    and `AccessError` for anybody who takes nobody here. The door is asked by those who come in, not
    here: who waits inside when it shuts is not left waiting. On PostgreSQL people others are
    reaching for are skipped; on SQLite there is one writer at a time.
    """
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                staff = hold_hands(staff_id)
                return _take(staff, now, skip_locked=attempt == 0)
        except (LostRaceError, IllegalTransitionError):
            continue
    raise LostRaceError


def hold_hands(staff_id: int) -> Staff:
    """Hold this person's own row, so that the hands of one person are counted one at a time, and
    nobody pauses between being found ready and being given somebody. Raises `AccessError`."""
    lock = "" if connection.vendor == "sqlite" else "FOR NO KEY UPDATE"
    staff = next(iter(Staff.objects.raw(f"{_HOLD} {lock}", [staff_id])), None)
    if staff is None:
        raise AccessError
    return staff


def room_of(staff: Staff, now: datetime) -> Room:
    """Whom somebody with free hands may be given.

    A supervisor's are for a red whom no counsellor is free for, or who has waited a minute already
    (people.md 2). Where some hands are kept for reds, the last free ones are.
    """
    kept = settings.RED_SLOTS
    if staff.role == Role.COUNSELLOR and kept == 0:
        return Room.ANYBODY
    free = [
        one
        for one in duty.read_present()
        if one.carrying.role is Role.COUNSELLOR and one.free(now) is Free.FREE
    ]
    if staff.role == Role.COUNSELLOR:
        return (
            Room.ANYBODY if len({one.staff_id for one in free} | {staff.pk}) > kept else Room.REDS
        )
    late = Place.objects.filter(
        queued=True, tier=Tier.RED.value, due_at__lte=now - SUPERVISOR_AFTER + TARGETS[Tier.RED]
    )
    return Room.REDS if not free or late.exists() else Room.NOBODY


def _take(staff: Staff, now: datetime, *, skip_locked: bool) -> SessionRef:
    own = duty.read_own(staff, now)
    refuse_unless_free(own.carrying, now)
    if own.offered is not None:
        return take(staff, own.offered, State.OFFERED, now)
    room = room_of(staff, now)
    claimed = claim(duty.asker(staff), now, room, skip_locked=skip_locked)
    if claimed is None:
        _say_why(staff, now, room)
    return take(staff, claimed, State.WAITING, now)


def take(staff: Staff, whom: tuple[int, SessionRef], seen: State, now: datetime) -> SessionRef:
    """This one is theirs, at the end of a transaction that found them free. Raises `LostRaceError`."""
    session_id, ref = whom
    sessions.advance(
        session_id,
        Event.TAKE,
        role=Role(staff.role),
        staff_id=staff.pk,
        now=now,
        seen=seen,
        claimed=seen is State.WAITING,
    )
    return ref


def _say_why(staff: Staff, now: datetime, room: Room) -> NoReturn:
    heads = read_heads(duty.asker(staff))
    if choose(heads, now, room) is not None:
        raise LostRaceError("all of them are being reached for; wait for one to be let go")
    raise KeptFreeError if heads and room is not Room.ANYBODY else NobodyWaitsError

"""How danger is raised, and what becomes of it as the talk goes on around it.

Called inside the transaction of what happened, with the session's row held: what raises here did not
happen. An open escalation holds the talk against everybody but the seeker.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chat.clock import silent_after
from chat.models import CounselSession, Seat
from chat.neighbours import Move
from counsel.errors import OpenDangerError
from counsel.lifecycle import OPEN_DANGER, DangerEvent, DangerState, Role, State
from counsel.models import Staff
from triage.escalation import steps
from triage.escalation.rows import Escalation
from triage.escalation.timers import HELD_AT_MOST, SILENT_AFTER, URGENCY, Kind
from triage.queue import duty
from triage.queue.rows import Place

BUTTON: Final = "button"
ANSWERS: Final = "answers"
JUDGED: Final = "judged"
CUE: Final = "cue"
STILL: Final = "still"
"""Words of whoever is with them were shown before it was raised."""

LATE: Final = "late"
"""The clock came long after it should have: a rehearsal counts it."""
LATE_AFTER: Final = timedelta(seconds=5)
"""A clock that looks every second and finds a busy database is no lie to anybody."""

_SETTLING: Final = frozenset(
    {DangerState.PROPOSED, DangerState.LOWERED, DangerState.LOST, DangerState.CHECK}
)
"""Whoever is in danger again while it was settling begins anew."""
_UNDER_WAY: Final = frozenset({DangerState.LED, DangerState.ASSESSED})


def find_open(session_id: int) -> Escalation | None:
    """The open escalation of this session, held until the transaction ends."""
    states = [state.value for state in OPEN_DANGER]
    held = Escalation.objects.select_for_update().filter(session=session_id, state__in=states)
    return held.first()


def raise_danger(
    session_id: int,
    kind: Kind,
    *,
    role: Role,
    reason: str,
    now: datetime,
    staff: Staff | None = None,
) -> bool:
    """Somebody may be in danger. Said again it changes nothing, unless it is worse or begins anew:
    no timer that runs is ever put back by it. Whether it changed anything.
    """
    one, heard = find_open(session_id), is_heard(session_id)
    alone = not heard and _is_nobody_there(now)
    if one is None:
        one = steps.begin(
            session_id, kind, role=role, staff=staff, reason=reason, unstaffed=alone, now=now
        )
    elif _begins_anew(one, kind, reason):
        worst = min(kind, Kind(one.kind), key=URGENCY.index)
        counted: dict[str, Any] = {"unstaffed": True} if alone else {}
        steps.advance(
            one, DangerEvent.RAISE, role=role, staff=staff, reason=reason, now=now,
            kind=worst.value, assessed_at=None, assessed_by=None, proposed_by=None, **counted,
        )  # fmt: skip
    else:
        return False
    if heard:
        steps.advance(one, DangerEvent.SHOW, role=Role.SEEKER, reason=STILL, now=now)
    return True


def take_back(session_id: int, now: datetime) -> None:
    """The button was a mistake, and nothing else says red: nobody is paged, and somebody asks."""
    one = find_open(session_id)
    if one is not None and one.state not in {s.value for s in _SETTLING}:
        steps.advance(one, DangerEvent.MISTAKE, role=Role.SEEKER, now=now, kind=Kind.ORANGE.value)


def show(session_id: int, now: datetime) -> None:
    """The phone has shown the first words of a person: nobody waits in danger any more."""
    Place.objects.filter(pk=session_id).update(heard=True)
    one = find_open(session_id)
    if one is not None and one.state in {DangerState.RAISED, DangerState.ACKNOWLEDGED}:
        steps.advance(one, DangerEvent.SHOW, role=Role.SEEKER, now=now)


def patience(session_ids: Collection[int]) -> Mapping[int, timedelta]:
    """How long the listeners of these may be silent, where somebody is in danger. One query."""
    states = [state.value for state in OPEN_DANGER]
    open_ones = Escalation.objects.filter(session__in=session_ids, state__in=states)
    return {
        session_id: SILENT_AFTER[Kind(kind)]
        for session_id, kind in open_ones.values_list("session_id", "kind")
        if session_id is not None and Kind(kind) in SILENT_AFTER
    }


def leave_alone(move: Move) -> None:
    """Whoever was with them fell silent or let go: they have nobody, and are paged for again."""
    one = find_open(move.session_id)
    alone = {DangerState.LOST, DangerState.LOWERED, DangerState.CHECK}
    if one is not None and DangerState(one.state) not in alone | {
        DangerState.RAISED,
        DangerState.ACKNOWLEDGED,
    }:
        reason = LATE if sat_silent(one, move.session_id, move.now) else ""
        by = None if move.staff_id is None else Staff.objects.get(pk=move.staff_id)
        steps.advance(one, DangerEvent.ALONE, role=move.role, staff=by, reason=reason, now=move.now)


def sat_silent(one: Escalation, session_id: int, now: datetime) -> bool:
    """Whether whoever is taken out now was silent for longer than any clock lets them: who wrote to them
    believed all that time that somebody read it."""
    usual = silent_after()
    longest = min(usual, SILENT_AFTER.get(Kind(one.kind), usual)) + LATE_AFTER
    gone = Seat.objects.filter(session=session_id, ended_at=now).exclude(staff=None)
    return gone.filter(seen_at__lt=now - longest).exists()


def end(move: Move) -> None:
    """Staff end no talk of somebody in danger. A seeker may, and is looked for. Raises
    `OpenDangerError`."""
    one = find_open(move.session_id)
    if one is None:
        for over in Escalation.objects.filter(session=move.session_id):
            steps.coarsen(over, move.now)
    elif move.role is not Role.SEEKER:
        raise OpenDangerError("a person ends it first, with an outcome")
    else:
        steps.advance(one, DangerEvent.LEAVE, role=Role.SEEKER, now=move.now)


def erase(move: Move) -> None:
    """What stays says nothing of whose it was. The clock waits for a person, up to a named time.

    Raises `OpenDangerError`.
    """
    one = find_open(move.session_id)
    if one is not None and move.role is Role.CLOCK and move.now < one.raised_at + HELD_AT_MOST:
        raise OpenDangerError("somebody still looks after it")
    for each in Escalation.objects.select_for_update().filter(session=move.session_id):
        steps.advance(each, DangerEvent.ERASE, role=move.role, now=move.now, session=None)
        steps.coarsen(each, move.now)


def _begins_anew(one: Escalation, kind: Kind, reason: str) -> bool:
    if URGENCY.index(kind) < URGENCY.index(Kind(one.kind)):
        return True
    state = DangerState(one.state)
    return state in _SETTLING or (state in _UNDER_WAY and reason == BUTTON)


def _is_nobody_there(now: datetime) -> bool:
    return not any(present.stands(now) for present in duty.read_present())


def is_heard(session_id: int | None) -> bool:
    """Whether somebody is with them whose words their phone has shown."""
    if session_id is None:
        return False
    active = CounselSession.objects.filter(pk=session_id, state=State.ACTIVE.value)
    return active.filter(place__heard=True).exists()

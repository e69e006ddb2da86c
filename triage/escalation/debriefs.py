"""The quarter-hour after danger: booked for everybody who was in it, begun once their talks are over.

A supervisor's is booked and begins when they say so: while they are away the door is closed.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from chat.models import Seat
from counsel.lifecycle import OPEN_DANGER, Role, State
from counsel.models import Staff
from triage import shifts
from triage.escalation.rows import Debrief, Escalation
from triage.escalation.timers import Kind


def book(one: Escalation) -> None:
    """A red was ended by a person: whoever did a step of it or sat with them talks it over."""
    if one.kind == Kind.ORANGE:
        return
    acted = one.steps.exclude(staff=None).values_list("staff_id", flat=True)
    still_there = Q(ended_at=None) | Q(ended_at__gte=one.raised_at)  # also whose machine was gone
    sat = Seat.objects.filter(still_there, session=one.session_id).exclude(staff=None)
    there = Staff.objects.filter(pk__in={*acted, *sat.values_list("staff_id", flat=True)})
    for staff in there.filter(is_active=True):
        Debrief.objects.get_or_create(escalation=one, staff=staff)


def book_erased(session_id: int) -> None:
    """They erase their talk while it is open: nobody will end it, and those who were in it were in it."""
    open_states = [state.value for state in OPEN_DANGER]
    for one in Escalation.objects.filter(session=session_id, state__in=open_states):
        book(one)


def begin(session_id: int | None, now: datetime) -> None:
    """This talk ends or has ended: for whoever holds no other one now, the quarter-hour begins."""
    owed = Staff.objects.filter(
        debriefs__begun_at=None, debriefs__escalation__isnull=False, role=Role.COUNSELLOR.value
    )
    here = owed.filter(seats__session=session_id) if session_id is not None else owed.none()
    for staff in here.distinct():
        _begin_one(staff, session_id, now)


def begin_early(session_id: int, staff: Staff, now: datetime) -> None:
    """They handed a red over that is not ended: what was theirs of it is talked over now."""
    open_states = [state.value for state in OPEN_DANGER]
    reds = Escalation.objects.filter(session=session_id, state__in=open_states)
    for one in reds.exclude(kind=Kind.ORANGE.value):
        Debrief.objects.get_or_create(escalation=one, staff=staff)
    if staff.role == Role.COUNSELLOR:
        _begin_one(staff, session_id, now)


def _begin_one(staff: Staff, session_id: int | None, now: datetime) -> None:
    others = Seat.objects.filter(
        staff=staff, ended_at=None, session__state=State.ACTIVE.value
    ).exclude(session=session_id)
    if not others.exists():
        shifts.begin_debrief(staff, now)

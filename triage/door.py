"""The door of this service: what the judge is told, and what comes of it.

Nobody opens or shuts it by hand: everything it is judged by is read here, each time.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from counsel.errors import ClosedDoorError
from counsel.lifecycle import Role, ShiftState, State
from counsel.models import Organisation, home
from triage import gate
from triage.judge import DEMO, LIVE, OPEN, Door, Planned, Stander, judge, supervises
from triage.models import UNDER_WAY, Shift
from triage.rota import Span


def look(now: datetime) -> Door:
    """The door of this service. Everything it needs is read here."""
    if settings.MODE == DEMO:
        return OPEN
    ours = home()
    standing = read_standing(ours)
    unmet = gate.unmet(ours, standing, now) if settings.MODE == LIVE else ()
    planned = read_planned(ours, now)
    return judge(now, mode=settings.MODE, standing=standing, planned=planned, gate=unmet)


def check(now: datetime) -> None:
    """Raises `ClosedDoorError`."""
    door = look(now)
    if not door.open:
        raise ClosedDoorError(", ".join(door.unmet))


def is_supervised(now: datetime) -> bool:
    """Whether a supervisor is there for those who talk now. One look; none in a demo."""
    if settings.MODE == DEMO:
        return True
    return any(supervises(one, now) for one in read_standing(home()))


def read_standing(ours: Organisation) -> list[Stander]:
    """Who is checked in, in the role they still have; counsellors only while they are cleared."""
    held = Q(
        staff__seats__ended_at=None,
        staff__seats__role=Role.COUNSELLOR.value,
        staff__seats__session__state=State.ACTIVE.value,
    )
    shifts = _of_people(ours).filter(state__in=[state.value for state in UNDER_WAY])
    rows = shifts.annotate(holds=Count("staff__seats", filter=held)).values_list(
        "staff_id", "role", "state", "ends_at", "staff__board_seen_at", "holds", "page_seen_at"
    )
    return [
        Stander(
            person=person,
            role=Role(role),
            state=ShiftState(state),
            until=until,
            board_seen_at=seen,
            holds=holds,
            page_seen=page_seen is not None,
        )
        for person, role, state, until, seen, holds, page_seen in rows
        if person is not None
    ]


def read_planned(ours: Organisation, now: datetime) -> list[Planned]:
    """Who stands on the rota from now on."""
    states = [state.value for state in (ShiftState.TAKEN, *UNDER_WAY)]
    rows = _of_people(ours).filter(state__in=states, ends_at__gt=now)
    return [
        Planned(person=person, role=Role(role), span=Span(starts, ends))
        for person, role, starts, ends in rows.values_list(
            "staff_id", "role", "starts_at", "ends_at"
        )
        if person is not None
    ]


def _of_people(ours: Organisation) -> QuerySet[Shift]:
    """Shifts of people who may stand there today."""
    may_talk = Q(role=Role.SUPERVISOR.value) | Q(staff__cleared_at__isnull=False)
    return Shift.objects.filter(
        may_talk, organisation=ours, staff__is_active=True, staff__role=F("role")
    )

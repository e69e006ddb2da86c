"""Whether somebody may come in: judged from the rota, who is checked in, and the gate of live.

The judge is pure: give it the moment and what is true, and it says what the door does. Below it
lies the edge that reads what is true. Nobody opens or shuts this door by hand.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from counsel import limits
from counsel.errors import ClosedDoorError
from counsel.lifecycle import Role, ShiftState, State
from counsel.models import Organisation, home
from triage.models import UNDER_WAY, Shift
from triage.rota import Span

DEMO, REHEARSAL, LIVE = "demo", "rehearsal", "live"

SUPERVISOR: Final = "supervisor"
"""Nobody supervises: none is on and ready, or they are gone, or hold a talk."""

TWO_STAFF: Final = "two-staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stander:
    """Somebody who is checked in. `holds` counts their talks, `page_seen` the test page."""

    person: int
    role: Role
    state: ShiftState
    until: datetime
    board_seen_at: datetime | None
    holds: int = 0
    page_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Somebody who stands on the rota from now on, checked in already or not yet."""

    person: int
    role: Role
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the door does. `unmet`: why it is shut. `supervised`: whether a supervisor is there.

    `opens_at` is when the rota lets it open next; `None` while it is open, and where no hour is
    known.
    """

    open: bool
    unmet: tuple[str, ...]
    opens_at: datetime | None
    supervised: bool


OPEN: Final = Door(open=True, unmet=(), opens_at=None, supervised=True)
"""The door of a demo, where nobody real comes in."""


# --- the judge ----------------------------------------------------------------------------------


def judge(
    now: datetime,
    *,
    mode: str,
    standing: Collection[Stander],
    planned: Collection[Planned],
    gate: Collection[str] = (),
) -> Door:
    """What the door does at this instant. `gate`: what live needs and does not have, by code."""
    if mode == DEMO:
        return OPEN
    ready = {one.person for one in standing if is_ready(one, now)}
    supervised = any(supervises(one, now) for one in standing)
    unmet = [] if supervised else [SUPERVISOR]
    if len(ready) < limits.STAFF_ON:
        unmet.append(TWO_STAFF)
    if mode == LIVE:
        unmet += [code for code in gate if code not in unmet]
    opens_at = None if not unmet or (mode == LIVE and gate) else next_opening(now, planned)
    return Door(open=not unmet, unmet=tuple(unmet), opens_at=opens_at, supervised=supervised)


def is_ready(one: Stander, now: datetime) -> bool:
    """On, neither pausing nor past the end of the shift: counts as one of the two."""
    return one.state is ShiftState.ON and now < one.until


def supervises(one: Stander, now: datetime) -> bool:
    """A supervisor who is ready, really there, and has their hands free."""
    seen = one.board_seen_at
    return (
        one.role is Role.SUPERVISOR
        and is_ready(one, now)
        and one.holds == 0
        and seen is not None
        and now - seen < limits.SUPERVISOR_GONE_AFTER
    )


def next_opening(now: datetime, planned: Collection[Planned]) -> datetime | None:
    """The next time a shift begins and enough people stand on the rota then.

    A stretch that has begun already says nothing: whoever is late comes when they come, and no hour
    is promised for that.
    """
    beginnings = sorted({one.span.starts for one in planned if one.span.starts > now})
    return next((at for at in beginnings if _is_enough(at, planned)), None)


def _is_enough(at: datetime, planned: Collection[Planned]) -> bool:
    there = [one for one in planned if one.span.has(at)]
    has_supervisor = any(one.role is Role.SUPERVISOR for one in there)
    return has_supervisor and len({one.person for one in there}) >= limits.STAFF_ON


# --- the edge -----------------------------------------------------------------------------------


def look(now: datetime) -> Door:
    """The door of this service. Everything it needs is read here."""
    if settings.MODE == DEMO:
        return OPEN
    from triage import gate  # it lists what the judge finds, so it knows the judge

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
    held = Q(staff__seats__ended_at=None, staff__seats__session__state=State.ACTIVE.value)
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

"""What staff ask about the rota, their own duty, the door and its gate. See `counsel/questions.py`.

Instants are ISO 8601 in UTC to the minute (`2026-11-24T20:00Z`). A colleague is
`{working_name, role, person}`, and a shift

    {id, role, starts, ends, state, who: colleague or null, mine, cover, walk_in}
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest

from chat.models import CounselSession
from counsel import limits, moment
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import ValueRefusedError, WireError
from counsel.lifecycle import Role, ShiftState, State
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.views import present
from triage import door, gate, rota, shifts, standing
from triage.models import STANDING, Shift

_ROTA_BYTES: Final = 30_000
"""What the shifts of one answer may take of the largest size."""


# --- the rota -----------------------------------------------------------------------------------


@question(Right.SEE_ROTA, looks=True)
def read_rota(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{from: "YYYY-MM-DD", days}` → `{zone, today, days, shifts}`.

    Days are those of the organisation's zone. Where they do not fit one answer, `days` says how
    many of them are told: the rest is asked for from there.
    """
    first = _day(said.text("from"))
    count = said.number("days", least=1, most=limits.ROTA_DAYS)
    zone, now = _zone(staff), moment.now()
    span = rota.days(first, count, zone)
    rows = Shift.objects.filter(
        organisation_id=staff.organisation_id, starts_at__lt=span.ends, ends_at__gt=span.starts
    ).exclude(state=ShiftState.CANCELLED.value)
    told, room = list[tuple[date, dict[str, Any]]](), _ROTA_BYTES
    for shift in rows.select_related("staff").order_by("starts_at", "role", "pk"):
        shown = present_shift(shift, staff)
        room -= len(json.dumps(shown, ensure_ascii=False).encode())
        day = max(first, shift.starts_at.astimezone(zone).date())
        if room < 0:
            count = max((day - first).days, 1)
            break
        told.append((day, shown))
    return {
        "zone": str(zone),
        "today": now.astimezone(zone).date().isoformat(),
        "days": count,
        "shifts": [shown for day, shown in told if (day - first).days < count],
    }


@question(Right.PLAN_ROTA)
def plan(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{role, starts, ends, places, weeks}` → `{shifts: [ids]}`.

    `starts` and `ends` are what the clock on the organisation's wall shows (`2026-11-24T20:00`);
    the same hours are planned for each of the weeks.
    """
    role = said.text("role")
    if role not in STANDING:
        raise ValueRefusedError(f"nobody stands there as {role}")
    spans = rota.weekly(
        _wall(said.text("starts")),
        _wall(said.text("ends")),
        weeks=said.number("weeks", least=1, most=limits.SHIFT_WEEKS),
        zone=_zone(staff),
    )
    if not spans or spans[0].ends <= moment.now():
        raise ValueRefusedError("that is over")
    places = said.number("places", least=1, most=limits.SHIFT_PLACES)
    planned = shifts.plan(staff, role=Role(role), spans=spans, places=places)
    record(Kind.SHIFTS_PLANNED, by=staff, thing=str(len(planned)), now=moment.now())
    return {"shifts": planned}


@question(Right.PLAN_ROTA)
def cancel(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{shift}` → `{}`. Not once somebody is checked in."""
    shifts.cancel(staff, said.number("shift"), moment.now())
    return {}


@question(Right.STAND)
def sign_up(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{shift}` → `{shift}`: an open place becomes mine."""
    shift = shifts.sign_up(staff, said.number("shift"), moment.now())
    return {"shift": present_shift(shift, staff)}


@question(Right.STAND)
def give_back(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{shift}` → `{shift}`: my place is open again."""
    shift = shifts.give_back(staff, said.number("shift"), moment.now())
    return {"shift": present_shift(shift, staff)}


@question(Right.STAND)
def ask_cover(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{shift}` → `{shift}`: a colleague may take my place; until then it is mine."""
    shift = shifts.ask_cover(staff, said.number("shift"))
    record(Kind.COVER_ASKED, by=staff, thing=str(shift.pk), now=moment.now())
    return {"shift": present_shift(shift, staff)}


@question(Right.STAND)
def cover(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{shift}` → `{shift}`: a place somebody wants covered becomes mine, or stays mine after all."""
    shift = shifts.cover(staff, said.number("shift"), moment.now())
    return {"shift": present_shift(shift, staff)}


# --- my own duty --------------------------------------------------------------------------------


@question(Right.OWN, looks=True)
def read_duty(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{shift, next, page, resumes, talks, door, cleared}`. Every question of duty answers so.

    `shift`: what I am checked in for, or null. `next`: what I can check in for now or later. `page`:
    the test page of this check-in, `due` or `seen`, empty while I am not checked in. `resumes`: when
    a debrief may end, or null. `talks`: how many I hold. `door`: `{open, unmet: [codes], opens:
    instant or null, supervised}`.
    """
    return present_duty(staff, moment.now())


@question(Right.STAND)
def check_in(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{shift}` → my duty. 0: for what of mine is due now, or else as a walk-in."""
    now = moment.now()
    shifts.check_in(staff, said.number("shift"), now)
    return present_duty(staff, now)


@question(Right.STAND)
def pause(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → my duty: no new person for now."""
    now = moment.now()
    shifts.pause(staff, now)
    return present_duty(staff, now)


@question(Right.STAND)
def debrief(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → my duty: a quarter-hour to talk it over, and no new person meanwhile."""
    now = moment.now()
    shifts.debrief(staff, now)
    return present_duty(staff, now)


@question(Right.STAND)
def resume(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → my duty: ready again."""
    now = moment.now()
    shifts.resume(staff, now)
    return present_duty(staff, now)


@question(Right.STAND)
def check_out(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → my duty. Never refused because of talks I hold; `talks` says how many those are."""
    now = moment.now()
    shifts.check_out(staff, now)
    return present_duty(staff, now)


@question(Right.STAND)
def page_seen(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → my duty: the test page of this check-in was seen."""
    now = moment.now()
    shift = shifts.see_page(staff, now)
    record(Kind.PAGE_SEEN, by=staff, thing=str(shift.pk), now=now)
    return present_duty(staff, now)


# --- the gate -----------------------------------------------------------------------------------


@question(Right.SEE_GATE, looks=True, reads=Kind.GATE_READ)
def read_gate(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{mode, open, items: [{code, met, who, when, detail}]}`, all that live needs.

    `when` is an instant or null, `detail` data of that item: numbers to call, what is left of a demo.
    """
    now, ours = moment.now(), staff.organisation
    there = door.read_standing(ours)
    return {
        "mode": settings.MODE,
        "open": door.look(now).open,
        "items": [
            {
                "code": item.code,
                "met": item.met,
                "who": item.who,
                "when": _instant(item.when),
                "detail": item.detail,
            }
            for item in gate.items(ours, there, now)
        ],
    }


@question(Right.SIGN_GATE)
def sign_gate(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{what: "texts" | "timers", signer}` → `{}`: the clinical lead's name under one of them."""
    what, now = said.text("what"), moment.now()
    gate.sign(staff, what=what, signer=said.text("signer"), now=now)
    record(Kind.GATE_SIGNED, by=staff, thing=what, now=now)
    return {}


# --- how it is told -----------------------------------------------------------------------------


def present_shift(shift: Shift, staff: Staff) -> dict[str, Any]:
    """One shift as this member of staff sees it."""
    return {
        "id": shift.pk,
        "role": shift.role,
        "starts": _instant(shift.starts_at),
        "ends": _instant(shift.ends_at),
        "state": shift.state,
        "who": present(shift.staff) if shift.staff is not None else None,
        "mine": shift.staff_id == staff.pk,
        "cover": shift.cover_wanted,
        "walk_in": shift.walk_in,
    }


def present_duty(staff: Staff, now: datetime) -> dict[str, Any]:
    """How this person stands, and the door with them."""
    here, later = standing.under_way(staff), standing.next_of(staff, now)
    until = standing.debrief_until(here) if here is not None else None
    state = door.look(now)
    held = CounselSession.objects.filter(
        state=State.ACTIVE.value,
        seats__staff=staff,
        seats__role=Role.COUNSELLOR.value,
        seats__ended_at=None,
    )
    return {
        "shift": present_shift(here, staff) if here is not None else None,
        "next": present_shift(later, staff) if later is not None else None,
        "page": "" if here is None else "due" if here.page_seen_at is None else "seen",
        "resumes": _instant(until),
        "talks": held.count(),
        "door": {
            "open": state.open,
            "unmet": list(state.unmet),
            "opens": _instant(state.opens_at),
            "supervised": state.supervised,
        },
        "cleared": staff.cleared_at is not None,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _zone(staff: Staff) -> ZoneInfo:
    return ZoneInfo(staff.organisation.zone)


D = TypeVar("D", date, datetime)


def _day(word: str) -> date:
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise WireError("no day") from error
    return _within_reach(day)


def _wall(word: str) -> datetime:
    try:
        wall = datetime.fromisoformat(word)
    except ValueError as error:
        raise WireError("no hour on a wall") from error
    if wall.tzinfo is not None:
        raise WireError("a zone where the organisation's own belongs")
    return _within_reach(wall).replace(second=0, microsecond=0)


def _within_reach(day: D) -> D:
    """A day from which weeks can be counted in any zone; the first and the last there are cannot."""
    if not 2000 <= day.year < 3000:
        raise WireError("no year of ours")
    return day

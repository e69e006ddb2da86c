"""What staff ask about follow-ups. See `counsel/questions.py`.

A follow-up is `{id, case, kind, state, due, late, ended, owner, mine, step, of, past: [{event, who, on}]}`.
`case` is empty where the talk is erased and nobody had agreed; `late` counts days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from django.http import HttpRequest

from counsel import colleagues, limits, moment
from counsel.answers import measure
from counsel.audit.kinds import Kind as Did
from counsel.audit.trail import record, record_case
from counsel.identity import CaseCode
from counsel.lifecycle import Role
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from triage.followup import acting, beginning
from triage.followup.rows import FollowUp
from triage.followup.steps import AFTER, MOST_DAYS, SIGNED, Kind, today
from triage.models import STANDING

_SHOWN: Final = 40
_PAST: Final = 6
"""The latest lines of a history."""
_ROOM: Final = limits.SIZES[-1] - 512
"""Bytes of rows and people in one answer."""


@question(Right.FOLLOW_UP, reads=Did.FOLLOW_UPS_READ)
def overview(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{rows, more, signed, people: [{person, name}]}`; a supervisor gets all."""
    there, day = acting.listed(staff), today(moment.now())
    people = Staff.objects.filter(
        organisation=staff.organisation, is_active=True, role__in=[role.value for role in STANDING]
    ).order_by("working_name")
    told = [
        {"person": one.person, "name": one.working_name}
        for one in people[: _SHOWN if staff.role == Role.SUPERVISOR else 0]
    ]
    rows = list(_fitting((_row(one, staff, day) for one in there[:_SHOWN]), _ROOM - measure(told)))
    return {"rows": rows, "more": there.count() - len(rows), "signed": SIGNED, "people": told}


@question(Right.FOLLOW_UP)
def asked(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{case, wanted, days}` → `{}`: whoever one talks with was asked, and wants it or not."""
    case, now = said.text("case", longest=8), moment.now()
    days = said.number("days", most=MOST_DAYS)
    beginning.agree(staff, case, wanted=said.flag("wanted"), days=days, now=now)
    record_case(Did.FOLLOW_UP_ASKED, by=staff, case_code=CaseCode(case), now=now)
    return {}


@question(Right.FOLLOW_UP)
def say(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id, outcome}` → `{row}`: `reached`, `unreached`, `unwanted` or `done`."""
    now = moment.now()
    one = acting.say(staff, said.number("id"), said.text("outcome", longest=10), now)
    # Which one is not said: the next talk of the same hour could be held beside it.
    record(Did.FOLLOWED_UP, by=staff, now=now)
    return {"row": _row(one, staff, today(now))}


@question(Right.LEAD)
def hand(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id, person}` → `{row}`: this colleague looks after it from now on."""
    now = moment.now()
    to = colleagues.find(staff, said.text("person"))
    one = acting.hand(staff, said.number("id"), to, now)
    record(Did.FOLLOW_UP_HANDED, by=staff, about=to, now=now)
    return {"row": _row(one, staff, today(now))}


def _fitting(rows: Iterable[dict[str, Any]], room: int) -> Iterator[dict[str, Any]]:
    """As many as so many bytes hold, in their order."""
    for row in rows:
        room -= measure(row) + 1
        if room < 0:
            return
        yield row


def _row(one: FollowUp, staff: Staff, day: date) -> dict[str, Any]:
    return {
        "id": one.pk,
        "case": one.case_code,
        "kind": one.kind,
        "state": one.state,
        "due": one.due_on.isoformat() if one.due_on else "",
        "late": acting.overdue(one, day),
        "ended": one.ended_on.isoformat() if one.ended_on else "",
        "owner": one.owner.working_name if one.owner else "",
        "mine": one.owner_id == staff.pk,
        "step": one.step + 1,
        "of": len(AFTER.get(Kind(one.kind), (one.days,))),
        "past": [
            {
                "event": step.event,
                "who": step.staff.working_name if step.staff else "",
                "on": step.on.isoformat(),
            }
            for step in list(one.steps.all())[-_PAST:]
        ],
    }

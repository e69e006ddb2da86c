"""The one place where a follow-up changes: look the row up, change exactly one, write what happened."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from chat.models import CounselSession
from counsel.errors import LostRaceError
from counsel.followups import FOLLOW_UP, OPEN, FollowUpEvent, FollowUpState
from counsel.lifecycle import Role
from counsel.models import Staff
from triage.followup.rows import FollowUp, FollowUpStep
from triage.followup.steps import Kind, due_on

_ONWARD = frozenset({FollowUpEvent.REACH, FollowUpEvent.MISS})


def begin(
    session: CounselSession, kind: Kind, *, owner: Staff | None, day: date, days: int = 0
) -> FollowUp:
    """One that nobody was asked about yet, counted from this day."""
    return FollowUp.objects.create(
        session=session,
        case_code=session.case_code,
        kind=kind.value,
        state=FollowUpState.UNASKED.value,
        owner=owner,
        days=days,
        began_on=day,
        due_on=due_on(kind, 0, day, days),
    )


@transaction.atomic
def move(
    one: FollowUp,
    event: FollowUpEvent,
    *,
    role: Role,
    day: date,
    staff: Staff | None = None,
    **facts: Any,
) -> None:
    """Make `event` happen to it. `facts` are columns that change along.

    Raises `IllegalTransitionError`, and `LostRaceError` when somebody was first.
    """
    row = FOLLOW_UP.row(FollowUpState(one.state), event, role)
    step = one.step + (event in _ONWARD)
    kind, days = Kind(facts.get("kind", one.kind)), facts.get("days", one.days)
    began = facts.get("began_on", one.began_on)
    due = due_on(kind, step, began, days) if row.target in OPEN else None
    ended = None if row.target in OPEN else day
    still = FollowUp.objects.filter(pk=one.pk, state=row.source.value, step=one.step)
    changes = {"state": row.target.value, "step": step, "due_on": due, "ended_on": ended, **facts}
    if still.update(**changes) != 1:
        raise LostRaceError("somebody said it first")
    write(one, event, day=day, staff=staff)
    one.refresh_from_db()


def write(one: FollowUp, event: FollowUpEvent, *, day: date, staff: Staff | None) -> None:
    """One more line of its history."""
    number = one.steps.count() + 1
    FollowUpStep.objects.create(
        follow_up=one, number=number, event=event.value, staff=staff, on=day
    )

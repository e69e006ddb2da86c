"""What supervisors ask about danger that is over. See `counsel/questions.py`.

An escalation is `{id, day, kind, state, outcome, case, unstaffed, reviewed, owed}`: `case` is empty once
the talk was erased, `owed` counts debriefs that did not begin yet. Nothing here says what anybody said.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from counsel import moment
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from triage.escalation import review
from triage.escalation.rows import Escalation, EscalationStep


@question(Right.LEAD, reads=Kind.REVIEW_READ)
def overview(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{rows, learn: [codes], inside: [{who, talks}]}`: who is suspended and still sits in talks."""
    return {
        "rows": [_row(one) for one in review.listed(moment.now())],
        "learn": [code.value for code in review.Learned],
        "inside": [{"who": who, "talks": talks} for who, talks in review.left_inside()],
    }


@question(Right.LEAD, reads=Kind.REVIEW_READ)
def one(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}` → what happened, step by step, and what was learned; see `_told`."""
    return _told(review.find(said.number("id")))


@question(Right.LEAD)
def learn(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id, learned: [codes]}` → the same again."""
    learned = said.words("learned", most=len(review.Learned))
    found = review.learn(staff, said.number("id"), learned, moment.now())
    record(Kind.REVIEWED, by=staff, now=moment.now())
    return _told(found)


def _row(one: Escalation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "day": one.raised_at.date().isoformat(),
        "kind": one.kind,
        "state": one.state,
        "outcome": one.outcome,
        "case": one.session.case_code if one.session is not None else "",
        "unstaffed": one.unstaffed,
        "reviewed": hasattr(one, "review"),
        "owed": sum(each.begun_at is None for each in one.debriefs.all()),
    }


def _told(one: Escalation) -> dict[str, Any]:
    """The row, and `steps: [{after, event, target, role, who, reason, called}]` in seconds since it was
    raised, `shown`: seconds until the phone had shown a person's words or null, `unassessed`, `debriefs:
    [{who, begun}]`, `learned: [codes]`, `by`."""
    steps = list(review.timeline(one))
    reviewed = getattr(one, "review", None)
    return _row(one) | {
        "unassessed": one.unassessed,
        "shown": review.first_words_after(steps),
        "steps": [_step(step) for step in steps],
        "debriefs": [
            {"who": each.staff.working_name, "begun": each.begun_at is not None}
            for each in one.debriefs.all()
        ],
        "learned": reviewed.learned if reviewed is not None else [],
        "by": reviewed.by.working_name if reviewed is not None and reviewed.by is not None else "",
    }


def _step(step: EscalationStep) -> dict[str, Any]:
    return {
        "after": step.after,
        "event": step.event,
        "target": step.target,
        "role": step.role,
        "who": step.staff.working_name if step.staff is not None else "",
        "reason": step.reason,
        "called": step.called,
    }

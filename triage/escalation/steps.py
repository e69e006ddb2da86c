"""An escalation's state, from the first alarm to the outcome. Nothing else writes it.

Every change is the same: look the row up in the table, change exactly one escalation that still is
as we saw it, and write the step, with its calls beside it. `step` is the fence: of all who change one
at the same moment, people and clocks, exactly one does.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from counsel.errors import LostRaceError
from counsel.lifecycle import DANGER, DangerEvent, DangerState, Role, Transition
from counsel.models import Staff
from triage.escalation import timers
from triage.escalation.rows import Call, Escalation, EscalationStep, Receiver
from triage.escalation.timers import HIGHEST, LADDERS, Audience, Kind

_EXPIRY: Final = frozenset({DangerEvent.PAGE, DangerEvent.LAPSE})
"""What the clock does because a timer ran out: only when it has, in the database."""
_CALLING: Final = frozenset({DangerEvent.PAGE, DangerEvent.HURRY})
_OVER: Final = frozenset({DangerState.CLOSED, DangerState.ERASED})


def begin(
    session_id: int,
    kind: Kind,
    *,
    role: Role,
    staff: Staff | None,
    reason: str,
    unstaffed: bool,
    now: datetime,
) -> Escalation:
    """An escalation of a session that has no open one."""
    one = Escalation(
        session_id=session_id,
        state=DANGER.first.value,
        kind=kind.value,
        step=1,
        raised_at=now,
        base_at=now,
        due_at=now if unstaffed else timers.due(DANGER.first, kind, base=now, rung=0),
        unstaffed=unstaffed,
    )
    one.save(force_insert=True)
    row = DANGER.row(DANGER.first, DangerEvent.RAISE, role)
    _write_step(one, row, role=role, staff=staff, reason=reason, called="", now=now)
    return one


def advance(
    one: Escalation,
    event: DangerEvent,
    *,
    role: Role,
    now: datetime,
    staff: Staff | None = None,
    reason: str = "",
    call: tuple[Audience, Sequence[Receiver]] | None = None,
    **facts: object,
) -> None:
    """Make `event` happen, or raise and change nothing. `call` belongs to PAGE and HURRY: whom it calls.

    Raises `IllegalTransitionError`, and `LostRaceError` when somebody was first.
    """
    row = DANGER.row(DangerState(one.state), event, role)
    audience, receivers = call or (Audience.NOBODY, ())
    timer = _timer(one, row, facts, audience, now)
    changed = {**facts, **timer, "state": row.target.value}
    changed["step"] = one.step + 1
    overdue = Q(due_at__lte=now) if event in _EXPIRY else Q()
    still = Escalation.objects.filter(overdue, pk=one.pk, state=row.source.value, step=one.step)
    if still.update(**changed) != 1:
        raise LostRaceError
    for name, value in changed.items():
        setattr(one, name, value)
    called = audience if event in _CALLING else ""
    step = _write_step(one, row, role=role, staff=staff, reason=reason, called=called, now=now)
    page = secrets.token_hex(4)
    Call.objects.bulk_create(
        Call(step=step, receiver=receiver, page=page, next_at=now) for receiver in receivers
    )


def coarsen(one: Escalation, now: datetime) -> None:
    """It is over: its instants say the day only, and its calls are forgotten."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    one.steps.update(at=day)
    Call.objects.filter(step__escalation=one).delete()
    Escalation.objects.filter(pk=one.pk).update(raised_at=day, base_at=day, due_at=day)
    assessed = Escalation.objects.filter(pk=one.pk, assessed_at__isnull=False)
    assessed.update(assessed_at=day)


def _timer(
    one: Escalation,
    row: Transition[DangerState, DangerEvent],
    facts: dict[str, object],
    called: Audience,
    now: datetime,
) -> dict[str, object]:
    """The ladder after this row: where it begins, the next rung, and when that is due."""
    state = row.target
    if state in _OVER:
        return {}
    if row.event is DangerEvent.PAGE:
        return _next_rung(one, state, called, now)
    if row.event is DangerEvent.HURRY:
        return {}  # beside the ladder, which goes on as it would
    if row.event is DangerEvent.LAPSE:
        return {"due_at": now, "acting": None}
    if row.event is DangerEvent.ACKNOWLEDGE:
        return {"due_at": now + timers.ACT_WITHIN}
    if row.event is DangerEvent.ASSESS and state is not DangerState.ASSESSED:
        return {}
    kind = Kind(str(facts.get("kind", one.kind)))
    alone = facts.get("unstaffed") is True  # nobody is there: the next ones are called at once
    first = now if alone else timers.due(state, kind, base=now, rung=0)
    if row.source is row.target is DangerState.RAISED:
        first = min(first, one.due_at)  # it got worse: nobody is called later for that
    return {"base_at": now, "rung": 0, "due_at": first, "acting": None}


def _next_rung(
    one: Escalation, state: DangerState, called: Audience, now: datetime
) -> dict[str, object]:
    """A clock that was away makes good what it missed: nobody is passed over, nobody rings twice."""
    kind, rung = Kind(one.kind), one.rung + 1
    ladder, reached = LADDERS[state, kind], HIGHEST.index(called)
    while rung < len(ladder.rungs) and HIGHEST.index(ladder.rung(rung).to) <= reached:
        if timers.due(state, kind, base=one.base_at, rung=rung) > now:
            break
        rung += 1
    least = now if rung < len(ladder.rungs) else now + ladder.again
    return {
        "rung": rung,
        "due_at": max(timers.due(state, kind, base=one.base_at, rung=rung), least),
    }


def _write_step(
    one: Escalation,
    row: Transition[DangerState, DangerEvent],
    *,
    role: Role,
    staff: Staff | None,
    reason: str,
    called: str,
    now: datetime,
) -> EscalationStep:
    return EscalationStep.objects.create(
        escalation=one,
        number=one.step,
        source=row.source.value,
        event=row.event.value,
        target=row.target.value,
        role=role.value,
        staff=staff,
        reason=reason,
        called=called,
        at=now,
        after=max(now - one.raised_at, timedelta()) // timedelta(seconds=1),
    )

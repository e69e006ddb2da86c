"""What time does about help: staff are told when it is late, and after two hours it is over. Each thing
once, however many clocks there are, however late they come."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from counsel.dispatches import OPEN, DispatchEvent
from counsel.lifecycle import DangerEvent, Role
from triage.dispatch import moving
from triage.dispatch.rows import Dispatch
from triage.escalation import paging, raising, steps
from triage.escalation.timers import Audience

_OPEN: Final = [state.value for state in OPEN]


def sweep(now: datetime) -> int:
    """Everything that is due; how many dispatches moved."""
    due = Dispatch.objects.filter(Q(due_at__lte=now) | Q(until__lte=now), state__in=_OPEN)
    return sum(
        _pass(pk, now) for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True))
    )


def _pass(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        overdue = Dispatch.objects.select_for_update(skip_locked=True)
        one = overdue.filter(Q(due_at__lte=now) | Q(until__lte=now), pk=pk, state__in=_OPEN).first()
        if one is None:
            return False  # another clock was first, or a person
        session_id = one.session_id
        over = one.until <= now
        moving.move(
            one, DispatchEvent.EXPIRE if over else DispatchEvent.LATE, role=Role.CLOCK, now=now
        )
        if session_id is not None:
            _hurry(session_id, now)
    return True


def _hurry(session_id: int, now: datetime) -> None:
    """Whoever supervises is called, where the danger is still open: the board says the rest."""
    danger = raising.find_open(session_id)
    if danger is not None:
        called = paging.reachable(Audience.SUPERVISOR, now)
        steps.advance(danger, DangerEvent.HURRY, role=Role.CLOCK, now=now, call=called)

"""What one person stands on the rota: now, next, and all around an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from counsel import limits
from counsel.lifecycle import ShiftEvent, ShiftState
from counsel.models import Staff
from triage.models import UNDER_WAY, Shift, ShiftStep
from triage.rota import Span

_NEAR: Final = timedelta(days=1)
"""Shifts further away than this touch nothing: nobody stands for more than four hours."""

_HELD: Final = (ShiftState.TAKEN, ShiftState.DONE, *UNDER_WAY)


def under_way(staff: Staff) -> Shift | None:
    """The shift this person is checked in for."""
    return _theirs(staff).filter(state__in=[state.value for state in UNDER_WAY]).first()


def next_of(staff: Staff, now: datetime) -> Shift | None:
    """The next shift they can check in for, now or later; one they missed as long as it lasts."""
    to_come = [ShiftState.TAKEN.value, ShiftState.MISSED.value]
    order = _theirs(staff).filter(state__in=to_come, ends_at__gt=now).order_by("starts_at", "pk")
    return order.first()


def may_check_in(shift: Shift, now: datetime) -> bool:
    """Whether it is the hour for it."""
    return shift.starts_at - limits.CHECK_IN_FROM <= now < shift.ends_at


def debrief_until(shift: Shift) -> datetime | None:
    """When the debrief under way may end."""
    if shift.state != ShiftState.DEBRIEF:
        return None
    begun = shift.steps.filter(event=ShiftEvent.DEBRIEF.value).latest("pk")
    return begun.at + limits.DEBRIEF_FOR


def debriefs_until(staff: Staff) -> datetime:
    """When this person's last debrief may end, whatever shift it was in; long ago where there is none."""
    of_theirs = ShiftStep.objects.filter(shift__staff=staff, event=ShiftEvent.DEBRIEF.value)
    begun = of_theirs.order_by("pk")
    last = begun.values_list("at", flat=True).last()
    return datetime.min.replace(tzinfo=UTC) if last is None else last + limits.DEBRIEF_FOR


def held(staff: Staff, near: Span, now: datetime, *, but: int = 0) -> list[Span]:
    """What this person stands or stood around that time; who left early stood until then."""
    standing = Q(state__in=[state.value for state in _HELD])
    still_may_come = Q(state=ShiftState.MISSED.value, ends_at__gt=now)
    around = _theirs(staff).filter(
        standing | still_may_come, ends_at__gt=near.starts - _NEAR, starts_at__lt=near.ends + _NEAR
    )
    spans = (
        Span(shift.starts_at, min(shift.ends_at, shift.checked_out_at or shift.ends_at))
        for shift in around.exclude(pk=but)
    )
    return [span for span in spans if span.starts < span.ends]


def _theirs(staff: Staff) -> QuerySet[Shift]:
    return Shift.objects.filter(staff=staff, organisation_id=staff.organisation_id)

"""Whose turn it is to look in on whom, and what they say came of it. Nothing is opened or called by it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from counsel.errors import AccessError, LostRaceError, ValueRefusedError
from counsel.followups import OPEN, FollowUpEvent, FollowUpState
from counsel.lifecycle import Role
from counsel.models import Staff
from triage.followup.moving import move
from triage.followup.rows import FollowUp
from triage.followup.steps import KEPT, LAPSE, Kind, due_on, today
from triage.models import STANDING

_OPEN: Final = [state.value for state in OPEN]
_LAST: Final[Mapping[str, FollowUpEvent]] = {
    "reached": FollowUpEvent.FINISH,
    "unreached": FollowUpEvent.GIVE_UP,
}
_ONE_OF_MANY: Final[Mapping[str, FollowUpEvent]] = {
    "reached": FollowUpEvent.REACH,
    "unreached": FollowUpEvent.MISS,
}
_ALWAYS: Final[Mapping[str, FollowUpEvent]] = {
    "unwanted": FollowUpEvent.REFUSE,
    "done": FollowUpEvent.FINISH,
}
OUTCOMES: Final = (*_LAST, *_ALWAYS)
"""What a person says came of it."""


def listed(staff: Staff) -> QuerySet[FollowUp]:
    """One's own; a supervisor sees all. What is open comes first, the day that is soonest before others."""
    there = FollowUp.objects.all() if staff.role == Role.SUPERVISOR else _own(staff)
    related = there.select_related("owner").prefetch_related("steps__staff")
    return related.order_by(F("ended_on").desc(nulls_first=True), "due_on", "pk")


def say(staff: Staff, number: int, outcome: str, now: datetime) -> FollowUp:
    """What came of it. Raises `AccessError`, `IllegalTransitionError`, `LostRaceError`,
    `ValueRefusedError`."""
    one = _find(staff, number)
    if outcome not in OUTCOMES:
        raise ValueRefusedError("no such outcome")
    move(one, event_of(one, outcome), role=Role(staff.role), day=today(now), staff=staff)
    return one


def event_of(one: FollowUp, outcome: str) -> FollowUpEvent:
    """What this outcome is to a follow-up: a later day may be to come, or this was the last."""
    if outcome in _ALWAYS:
        return _ALWAYS[outcome]
    agreed = one.state == FollowUpState.AGREED
    later = due_on(Kind(one.kind), one.step + 1, one.began_on, one.days)
    if outcome == "reached" and not agreed:
        return FollowUpEvent.REACH  # nobody was asked: the table refuses
    return (_ONE_OF_MANY if agreed and later is not None else _LAST)[outcome]


@transaction.atomic
def hand(staff: Staff, number: int, to: Staff, now: datetime) -> FollowUp:
    """Somebody else looks after it from now on. Raises `AccessError`, `ValueRefusedError`."""
    one = _find(staff, number)
    if to.role not in STANDING or not to.is_active:
        raise ValueRefusedError("they talk with nobody")
    move(one, FollowUpEvent.HAND, role=Role(staff.role), day=today(now), staff=staff, owner=to)
    return one


def pass_days(day: date) -> None:
    """What nobody said anything about for so long, nobody knows; what ended long ago goes."""
    for one in FollowUp.objects.filter(state__in=_OPEN, due_on__lt=day - LAPSE):
        with suppress(LostRaceError):  # a person, or another clock, was first
            move(one, FollowUpEvent.LAPSE, role=Role.CLOCK, day=day, case_code="")
    FollowUp.objects.filter(ended_on__lt=day - KEPT).delete()


def overdue(one: FollowUp, day: date) -> int:
    """Days since it was due; 0 where it is not, or not yet."""
    late = day - one.due_on if one.due_on is not None else timedelta()
    return max(0, late.days)


def _own(staff: Staff) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(owner=staff)


def _find(staff: Staff, number: int) -> FollowUp:
    there = FollowUp.objects.all() if staff.role == Role.SUPERVISOR else _own(staff)
    found = there.filter(pk=number).first()
    if found is None:
        raise AccessError("no follow-up of theirs")
    return found

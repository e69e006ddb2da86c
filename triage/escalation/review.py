"""What supervisors look at once danger is over: what happened when, who acted, and what there is to learn.

A timeline is the steps themselves, in seconds since it was raised: instants say the day only by then.
What was learned is codes. Words about somebody in danger would be kept about them, so there is no
field for any.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import Count, QuerySet

from chat.models import Seat
from counsel.errors import AccessError, ValueRefusedError
from counsel.lifecycle import DangerState, State
from counsel.models import Staff
from triage.escalation.rows import Escalation, EscalationStep, Review


class Learned(StrEnum):
    """What there is to learn, or that it went well: an evening never ends without a word about it."""

    WELL = "well"
    LATE = "late"
    """People came late."""
    UNREACHED = "unreached"
    """A page did not reach whom it was for."""
    FEW = "few"
    """Too few people were there."""
    UNASKED = "unasked"
    """The risk was asked about late, or not."""
    PASSING = "passing"
    """Something was lost between two people."""
    PLACES = "places"
    """A number or a place did not help."""
    PRACTICE = "practice"
    """Something to rehearse."""
    TIMERS = "timers"
    """A timer called too early or too late."""
    MACHINE = "machine"
    """The service itself failed."""


SHOWN: Final = 40
"""Of those that are over, so many are listed: first those nobody reviewed, then the latest."""
_BACK: Final = timedelta(days=90)


def listed(now: datetime) -> list[Escalation]:
    """Those that are over, the ones nobody reviewed yet before all others, the latest first."""
    over = Escalation.objects.filter(state__in=[_CLOSED, _ERASED], raised_at__gt=now - _BACK)
    related = over.select_related("session", "review").prefetch_related("debriefs__staff")
    unseen_first = related.annotate(reviewed=Count("review")).order_by(
        "reviewed", "-raised_at", "-pk"
    )
    return list(unseen_first[:SHOWN])


def find(number: int) -> Escalation:
    """One that is over. Raises `AccessError`: absent and open are the same here."""
    over = Escalation.objects.filter(pk=number, state__in=[_CLOSED, _ERASED])
    related = over.select_related("session", "review__by").prefetch_related("debriefs__staff")
    found = related.first()
    if found is None:
        raise AccessError("nothing to review there")
    return found


def timeline(one: Escalation) -> QuerySet[EscalationStep]:
    """Everything that happened to it, in its order."""
    return one.steps.select_related("staff").order_by("number")


def first_words_after(steps: Sequence[EscalationStep]) -> int | None:
    """Seconds until the phone had shown the first words of a person; None: never."""
    return next((step.after for step in steps if step.event == "show"), None)


def learn(staff: Staff, number: int, learned: Sequence[str], now: datetime) -> Escalation:
    """What this supervisor learned; said again it replaces what was said. Raises `ValueRefusedError`."""
    if not learned or len(set(learned)) != len(learned) or set(learned) - set(Learned):
        raise ValueRefusedError("nothing, twice the same, or no such thing to learn")
    one = find(number)
    said: dict[str, Any] = {"by": staff, "learned": list(learned), "on": now.date()}
    Review.objects.update_or_create(escalation=one, defaults=said)
    return find(number)


def left_inside() -> list[tuple[str, int]]:
    """Whoever was suspended and still sits in talks that go on: working name and how many."""
    sits = Seat.objects.filter(ended_at=None, staff__is_active=False)
    going_on = sits.exclude(session__state__in=[State.CLOSED.value, State.ERASED.value])
    counted = going_on.values_list("staff__working_name").annotate(talks=Count("pk"))
    return [(name or "", talks) for name, talks in counted.order_by("staff__working_name")]


_CLOSED: Final = DangerState.CLOSED.value
_ERASED: Final = DangerState.ERASED.value

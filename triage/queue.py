"""Who is next: whoever a silent listener left first, then first come, first served.

The order is one pair of columns and one partial index. Who has not been heard of for a while is
passed over, not thrown out: speaking again puts them back where they were.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chat.models import CounselSession, Seat
from chat.neighbours import Queue
from counsel import limits
from counsel.lifecycle import Role, ShiftState, State
from counsel.models import home
from triage.exclusions import Whereabouts
from triage.models import Shift

_COUNTED: Final = 2000
"""How far a place in the queue is counted; beyond, it is `this many`."""


def in_order(now: datetime, who: Whereabouts | None = None) -> QuerySet[CounselSession]:
    """Those who wait and can be talked to, the next one first; only whom `who` may meet."""
    reachable = Seat.objects.filter(
        session=OuterRef("pk"), role=Role.SEEKER.value, seen_at__gt=now - limits.KEEP_PLACE_FOR
    )
    waiting = CounselSession.objects.filter(state=State.WAITING.value)
    if who is not None:
        waiting = waiting.filter(_may_meet(who))
    return waiting.filter(Exists(reachable)).order_by("-returned", "waiting_since", "pk")


def look(session_ids: Collection[int], now: datetime) -> Queue:
    """How many are before each of these, and how many counsellors on duty may meet them."""
    places: dict[int, int] = {}
    listeners: dict[int, int] = {}
    there = on_duty(now)
    rows = in_order(now).values_list("pk", "region", "industry")[:_COUNTED]
    for place, (pk, region, industry) in enumerate(rows):
        places[pk] = place
        listeners[pk] = sum(one.may_meet(region, industry) for one in there)
    ahead = {pk: places.get(pk, len(places)) for pk in session_ids}
    return Queue(ahead=ahead, listeners={pk: listeners.get(pk, len(there)) for pk in session_ids})


def listeners(now: datetime) -> int:
    """Counsellors on duty."""
    return len(on_duty(now))


def on_duty(now: datetime) -> list[Whereabouts]:
    """Counsellors who would take somebody now: cleared, ready on a shift, their board open."""
    ready = Shift.objects.filter(
        organisation=home(),
        state=ShiftState.ON.value,
        ends_at__gt=now,
        role=Role.COUNSELLOR.value,
        staff__role=F("role"),
        staff__is_active=True,
        staff__cleared_at__isnull=False,
        staff__board_seen_at__gt=now - limits.PRESENT_WITHIN,
    )
    rows = ready.values_list("staff__region", "staff__industry", "staff__in_plant")
    return [
        Whereabouts(region or "", industry or "", bool(plant)) for region, industry, plant in rows
    ]


def _may_meet(who: Whereabouts) -> Q:
    """`Whereabouts.may_meet`, asked of the rows."""
    may = Q()
    elsewhere = Q(pk__in=[])
    for field, named in (("region", who.region), ("industry", who.industry)):
        if named:
            may &= ~Q(**{field: named})
            elsewhere |= ~Q(**{f"{field}__in": ["", named]})
    return may & elsewhere if who.in_plant else may

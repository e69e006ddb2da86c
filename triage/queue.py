"""Who is next: whoever a silent listener left first, then first come, first served.

The order is one pair of columns and one partial index. Who has not been heard of for a while is
passed over, not thrown out: speaking again puts them back where they were.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from chat.models import CounselSession, Seat
from chat.neighbours import Queue
from counsel import limits
from counsel.lifecycle import Role, State
from counsel.models import Staff

_COUNTED: Final = 2000
"""How far a place in the queue is counted; beyond, it is `this many`."""


def in_order(now: datetime) -> QuerySet[CounselSession]:
    """Those who wait and can be talked to, the next one first."""
    reachable = Seat.objects.filter(
        session=OuterRef("pk"), role=Role.SEEKER.value, seen_at__gt=now - limits.KEEP_PLACE_FOR
    )
    waiting = CounselSession.objects.filter(state=State.WAITING.value)
    return waiting.filter(Exists(reachable)).order_by("-returned", "waiting_since", "pk")


def look(session_ids: Collection[int], now: datetime) -> Queue:
    """How many are before each of these, and how many counsellors are on duty."""
    order = in_order(now).values_list("pk", flat=True)[:_COUNTED]
    places = {pk: place for place, pk in enumerate(order)}
    ahead = {pk: places.get(pk, len(places)) for pk in session_ids}
    return Queue(ahead=ahead, listeners=listeners(now))


def listeners(now: datetime) -> int:
    """Counsellors whose board is open."""
    return Staff.objects.filter(
        role=Role.COUNSELLOR.value,
        is_active=True,
        board_seen_at__gt=now - limits.PRESENT_WITHIN,
    ).count()

"""What boards show beside those who wait: hands, offers, who is on duty, and today's waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from counsel.models import home
from triage import wire
from triage.queue.duty import Present
from triage.queue.rows import Place, WaitCount
from triage.queue.sweep import QUARTER
from triage.queue.wire import topics_of

_U8: Final = 255


def hands(one: Present | None, now: datetime) -> wire.Hands:
    """Somebody's own hands; of nobody who is checked in, none."""
    if one is None:
        return wire.Hands()
    return wire.Hands(
        state=one.carrying.free(now).value,
        cap=one.carrying.cap,
        offers=int(one.wants_offers),
        rest=one.carrying.rest_left(now),
    )


def on_duty(one: Present, now: datetime) -> wire.OnDuty:
    """Somebody who is checked in, as a supervisor sees them."""
    return wire.OnDuty(
        staff=one.staff_id,
        name=one.name,
        role=one.carrying.role.value,
        state=one.free(now).value,
        holds=one.carrying.talks,
        cap=one.carrying.cap,
    )


def read_offers(staff_ids: Collection[int], now: datetime) -> dict[int, wire.Offered]:
    """Who is offered to each of these, where somebody is."""
    open_ones = Place.objects.filter(offered_to__in=staff_ids, offered_until__gt=now)
    return {
        place.offered_to_id: wire.Offered(
            offer=place.offer,
            seconds=min(-int(-(place.offered_until - now).total_seconds() // 1), _U8),
            case_code=place.session.case_code,
            language=place.language,
            topics=topics_of(place.topics),
            minutes=min(max(0, int((now - place.since).total_seconds()) // 60), 65535),
            tier=place.tier,
            returned=int(place.returned),
        )
        for place in open_ones.select_related("session")
        if place.offered_to_id is not None and place.offered_until is not None
    }


def read_waits(now: datetime) -> wire.Waits:
    """Today's waits by tier and quarter-hour of the organisation's day."""
    midnight = _midnight(now)
    minutes: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    counts = WaitCount.objects.filter(quarter_at__gte=midnight, quarter_at__lte=now)
    for row in counts.order_by("minutes"):
        quarter = (row.quarter_at - midnight) // QUARTER
        if quarter < timedelta(days=1) // QUARTER:
            minutes[row.tier, quarter][row.minutes] = row.count
    return wire.Waits(
        points=tuple(
            wire.WaitPoint(
                tier=tier,
                quarter=quarter,
                count=min(sum(waits.values()), 65535),
                median=min(quantile(waits, 0.5), _U8),
                p90=min(quantile(waits, 0.9), _U8),
            )
            for (tier, quarter), waits in sorted(minutes.items())
        )
    )


def quantile(waits: Mapping[int, int], share: float) -> int:
    """The smallest wait that at least this share did not exceed; `waits`: minutes to how many."""
    needed, seen = share * sum(waits.values()), 0
    for minutes, count in sorted(waits.items()):
        seen += count
        if seen >= needed:
            return minutes
    return 0


def _midnight(now: datetime) -> datetime:
    zone = ZoneInfo(home().zone)
    there = now.astimezone(zone)
    return there.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)

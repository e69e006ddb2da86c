"""What desks did, as numbers that are raised: by desk and month, shown once a month is over.

Nobody is counted twice from two looks: what is shown of a month never changes again. Small numbers of several
desks stand together; what is small even then is only said to be small. A total, from which a small number
could be taken back out, is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import F

from counsel import limits
from triage.referral.desks import today
from triage.referral.rows import DeskCount

MONTHS: Final = 6
"""So many of the latest that are over: with every desk and act they fit one answer."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of one month. `desk` empty: several desks together. `count` 0: fewer than are shown."""

    month: date
    event: str
    desk: str
    count: int


def raise_count(desk: str, event: str, now: datetime, by: int = 1) -> None:
    """So many more, in this month."""
    month = today(now).replace(day=1)
    DeskCount.objects.get_or_create(desk=desk, month=month, event=event)
    found = DeskCount.objects.filter(desk=desk, month=month, event=event)
    found.update(count=F("count") + by)


def shown(desks: Iterable[str], now: datetime) -> list[Cell]:
    """What may be shown of these desks: the latest month first. One desk's own are merged with nobody's."""
    over = DeskCount.objects.filter(desk__in=list(desks), month__lt=today(now).replace(day=1))
    months = sorted(set(over.values_list("month", flat=True)), reverse=True)[:MONTHS]
    found: dict[tuple[date, str], dict[str, int]] = {}
    for one in over.filter(month__in=months).order_by("-month", "event", "desk"):
        found.setdefault((one.month, one.event), {})[one.desk] = one.count
    return [
        Cell(month, event, desk, count)
        for (month, event), counts in found.items()
        for desk, count in merged(counts)
    ]


def merged(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Those that are large enough by themselves; the others as one, or as few where they are."""
    large = [(desk, count) for desk, count in counts.items() if count >= limits.COUNT_FROM]
    small = [count for count in counts.values() if 0 < count < limits.COUNT_FROM]
    together = sum(small)
    rest = together if together >= limits.COUNT_FROM else 0
    return [*sorted(large), *([("", rest)] if small else [])]

"""What time does in the queue: who fell silent is passed over and comes back, who waits too long is
shown, and waits are counted. Each thing once, however many clocks there are. Time raises no order
and lowers nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from chat.models import Seat
from counsel import limits
from counsel.lifecycle import Role
from triage.queue.rows import Place, TierStep, WaitCount
from triage.queue.tiers import Reason

QUARTER: Final = timedelta(minutes=15)
"""Waits are counted in steps of so long, so that a count is nobody's hour."""
_LONGEST: Final = 32767
_WAITING: Final = Q(queued=True) | Q(away=True)


def sweep(now: datetime) -> None:
    """Everything of this that is due."""
    _pass_over(now)
    _note_breaches(now)
    _count_waits(now)


def quarter_of(now: datetime) -> datetime:
    """The quarter-hour an instant lies in."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def _pass_over(now: datetime) -> None:
    """Their time stays: it counts again from where it was, as soon as they speak."""
    heard_from = now - limits.KEEP_PLACE_FOR
    silent = Place.objects.filter(queued=True, session__in=_seekers(seen_at__lte=heard_from))
    silent.update(queued=False, away=True)
    back = Place.objects.filter(away=True, session__in=_seekers(seen_at__gt=heard_from))
    back.update(queued=True, away=False)


def _seekers(**seen: datetime) -> QuerySet[Seat, int]:
    return Seat.objects.filter(role=Role.SEEKER.value, **seen).values_list("session_id", flat=True)


def _note_breaches(now: datetime) -> None:
    due = Place.objects.filter(_WAITING, breached=False, due_at__lte=now)
    for pk, tier in due.values_list("pk", "tier"):
        with transaction.atomic():
            still = due.filter(pk=pk, tier=tier)
            if still.update(breached=True) == 1:
                TierStep.objects.create(
                    place_id=pk,
                    source=tier,
                    target=tier,
                    reason=Reason.BREACH.value,
                    role=Role.CLOCK.value,
                    at=now,
                )


def _waited(place: Place) -> int:
    """Whole minutes until somebody came, up to three weeks; none where the talk is over by now."""
    waited = (place.met_at or place.since) - place.since
    return min(max(waited, timedelta()) // timedelta(minutes=1), _LONGEST)


def _count_waits(now: datetime) -> None:
    """Those who were met for the first time since the last look, as numbers that belong to nobody."""
    with transaction.atomic():
        met = Place.objects.select_for_update(skip_locked=True).filter(met_at__isnull=False)
        rows = [(place.pk, place.counted, place.tier, _waited(place)) for place in met]
        if not rows:
            return
        quarter = quarter_of(now)
        fresh = Counter(row[2:] for row in rows if not row[1])
        for (tier, minutes), more in sorted(fresh.items()):
            WaitCount.objects.get_or_create(quarter_at=quarter, tier=tier, minutes=minutes)
            counted = WaitCount.objects.filter(quarter_at=quarter, tier=tier, minutes=minutes)
            counted.update(count=F("count") + more)
        Place.objects.filter(pk__in=[row[0] for row in rows]).update(met_at=None, counted=True)
        WaitCount.objects.filter(quarter_at__lt=now - limits.WAITS_KEPT_FOR).delete()


def take_out_one(tier: int) -> None:
    """One wait less among the counts, of this tier if there is one. Inside the caller's transaction.

    Which of them it was is not known any more: where one person came it is theirs, and where many
    came it could be anybody's.
    """
    same = Case(When(tier=tier, then=Value(0)), default=Value(1))
    order = WaitCount.objects.filter(count__gt=0).order_by(same, "-count", "-quarter_at", "pk")
    if one := order.first():
        WaitCount.objects.filter(pk=one.pk, count__gt=0).update(count=F("count") - 1)
        WaitCount.objects.filter(pk=one.pk, count__lte=0).delete()

"""What the rows of an evening that was acted say: nothing is asked of those who played.

How long a red waited for a person's words is the step their phone made by showing them; a lost word
is a place in a log with nothing in it; and somebody believed that they were read as long as a listener
sat there who had been silent for longer than any clock lets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Count, F, Q, QuerySet

from chat.clock import silent_after
from chat.models import CounselSession, Seat
from counsel.lifecycle import OPEN_DANGER, DangerEvent, Role, State
from triage.escalation import raising
from triage.escalation.rows import Escalation, EscalationStep
from triage.escalation.timers import SILENT_AFTER, Kind
from triage.rehearsal.scenes import BOUNDS


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. `bound`: at most so much; None: only counted."""

    code: str
    value: float
    bound: float | None

    @property
    def met(self) -> bool:
        """Whether it is as it must be."""
        return self.bound is None or self.value <= self.bound


def lines(since: datetime, now: datetime) -> list[Line]:
    """The report on everything since then."""
    waits, unheard = read_waits(since)
    return [
        Line("reds", len(waits) + unheard, None),
        Line("unheard", unheard, 0),
        Line("median", median(waits) if waits else 0, BOUNDS["median"]),
        Line("worst", max(waits, default=0), BOUNDS["worst"]),
        Line("lost", count_lost(), 0),
        Line("believed", count_believed(since, now), 0),
        Line("unstaffed", _since(since).filter(unstaffed=True).count(), None),
    ]


def read_waits(since: datetime) -> tuple[list[int], int]:
    """Seconds each red waited for a person's words, and how many never saw any.

    One begun while somebody was with them already waited for nobody; one that was taken back as a
    mistake before anybody came did not wait either.
    """
    waits, unheard = list[int](), 0
    for one in _since(since).prefetch_related("steps"):
        steps = sorted(one.steps.all(), key=lambda step: step.number)
        if not _is_red(one, steps):
            continue
        shown = next((step for step in steps if step.event == DangerEvent.SHOW), None)
        if shown is None:
            unheard += not any(step.event == DangerEvent.MISTAKE for step in steps)
        elif shown.reason != raising.STILL:
            waits.append(shown.after)
    return waits, unheard


def count_lost() -> int:
    """Places in a log that were given and hold nothing."""
    logs = CounselSession.objects.annotate(there=Count("envelopes"))
    gaps = logs.exclude(there=F("last_seq")).values_list("last_seq", "there")
    return sum(abs(last - there) for last, there in gaps)


def count_believed(since: datetime, now: datetime) -> int:
    """Times a listener sat in a talk, silent for longer than the clock lets anybody.

    Of a talk that is over the instants say the day only: there it is known of those in danger.
    """
    longest = silent_after() + raising.LATE_AFTER
    staff = Seat.objects.exclude(role=Role.SEEKER.value)
    ended = Q(ended_at__gt=F("seen_at") + longest)
    goes_on = Q(ended_at=None, session__state=State.ACTIVE.value, seen_at__lt=now - longest)
    for kind, after in SILENT_AFTER.items():
        danger = Escalation.objects.filter(
            kind=kind.value, state__in=[s.value for s in OPEN_DANGER]
        )
        sooner = Q(
            session__in=danger.values("session"), seen_at__lt=now - after - raising.LATE_AFTER
        )
        goes_on |= Q(ended_at=None, session__state=State.ACTIVE.value) & sooner
    alone = EscalationStep.objects.filter(event=DangerEvent.ALONE.value, reason=raising.LATE)
    over = alone.filter(escalation__in=_since(since)).exclude(
        escalation__session__seats__in=staff.filter(ended)
    )
    return staff.filter(ended | goes_on).count() + over.count()


def _since(since: datetime) -> QuerySet[Escalation]:
    """By the day: of those that are over, that is all there is."""
    day = since.replace(hour=0, minute=0, second=0, microsecond=0)
    return Escalation.objects.filter(raised_at__gte=day)


def _is_red(one: Escalation, steps: Sequence[EscalationStep]) -> bool:
    taken_back = any(step.event == DangerEvent.MISTAKE for step in steps)
    return one.kind != Kind.ORANGE or taken_back

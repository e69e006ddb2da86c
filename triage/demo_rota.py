"""Two weeks of evenings for the demo: its people on some of them, other places open.

Drawn through the same functions people use. In a demo the door is open without it; in a rehearsal
this is the rota it opens by.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from counsel import limits
from counsel.errors import ShiftClashError, ShiftTooLongError
from counsel.lifecycle import Role
from counsel.models import Staff, home
from triage import rota, shifts
from triage.models import Shift
from triage.rota import Span

_FROM, _UNTIL = time(20), time(23)
_PLACES: Final = {Role.SUPERVISOR: 1, Role.COUNSELLOR: 2}
_EVENINGS: Final = {"lin": {1, 2, 4, 6}, "chen": {1, 3, 4, 7}, "zhou": {1, 2, 3, 4, 6}}
"""By sign-in name, Monday is 1: some evenings full, some half, one with nobody at all."""


@transaction.atomic
def draw(now: datetime) -> int:
    """The evenings of these two weeks that nobody planned yet; how many places that made."""
    drawn = Staff.objects.filter(demo=True, is_active=True).order_by("pk")
    people = {one.sign_in_name: one for one in drawn.select_for_update(no_key=True)}
    planner = people.get("zhou")
    if planner is None:
        return 0
    made = 0
    for evening, span in _evenings(now):
        for role, places in _PLACES.items():
            ids = shifts.plan(planner, role=role, spans=[span], places=places)
            there = [
                people[name]
                for name, days in _EVENINGS.items()
                if evening.isoweekday() in days and name in people and people[name].role == role
            ]
            for staff, shift_id in zip(there, ids, strict=False):
                with suppress(ShiftClashError, ShiftTooLongError):  # they planned something else
                    shifts.sign_up(staff, shift_id, now)
            made += len(ids)
    return made


def _evenings(now: datetime) -> Iterator[tuple[date, Span]]:
    """The evenings to come on which nothing is planned."""
    ours = home()
    zone = ZoneInfo(ours.zone)
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days=later) for later in range(limits.ROTA_DAYS)):
        span = Span(
            rota.instant(datetime.combine(day, _FROM), zone),
            rota.instant(datetime.combine(day, _UNTIL), zone),
        )
        planned = Shift.objects.filter(
            organisation=ours,
            walk_in=False,
            starts_at__lt=span.ends,
            ends_at__gt=span.starts,
        )
        if now < span.starts and not planned.exists():
            yield day, span

"""The clock is a person here: it returns who was left alone and erases what is past its time.

However many clocks run, each thing happens once: `advance` changes only what still is as it was.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef

from chat import sessions, shredding
from chat.lanes import WRITE
from chat.models import CounselSession, Seat
from chat.neighbours import NEIGHBOURS
from counsel import limits, moment
from counsel.errors import AccessError, IllegalTransitionError, LostRaceError
from counsel.lifecycle import Event, Role, State
from counsel.one_by_one import one_by_one

log = logging.getLogger(__name__)

_A_DAY = timedelta(days=1)
"""`closed_at` says the day only, so the hours are counted from its end: never too early."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did."""

    returned: int
    erased: int
    shifts: int = 0


def tick(now: datetime) -> Ticked:
    """Do everything that is due."""
    returned = one_by_one(partial(_return_one, session_id, now) for session_id in _left_alone(now))
    erased = one_by_one(
        partial(_erase_one, session_id, now) for session_id in _past_their_time(now)
    )
    shredding.flush_what_is_owed()
    return Ticked(returned, erased, NEIGHBOURS.tick(now))


async def run() -> None:
    """Tick once a second until cancelled. One in each process does no harm."""
    while True:
        await asyncio.sleep(limits.HEAR_EVERY.total_seconds())
        try:
            await WRITE(_tick_together)
        except Exception as error:
            log.error("the clock stumbled: %s", type(error).__name__)


def _tick_together() -> Ticked:
    """By the database's clock as it is now: this machine's own may have jumped since the last look."""
    moment.keep_to(connection)
    return tick(moment.now())


def silent_after() -> timedelta:
    """How long a counsellor may be silent where nobody asks for less; a drill may shorten it."""
    after: timedelta = getattr(settings, "SILENT_COUNSELLOR_AFTER", limits.SILENT_COUNSELLOR_AFTER)
    return after


def _left_alone(now: datetime) -> list[int]:
    """Whose listener is silent for too long. `sessions` asks all of it again, with the talk held."""
    usual = silent_after()
    silent = Seat.objects.filter(
        role=Role.COUNSELLOR.value,
        ended_at=None,
        seen_at__lte=now - min(usual, limits.SILENT_WHERE_PUBLIC[0]),
        session__state=State.ACTIVE.value,
    )
    found = dict(silent.values_list("session_id", "seen_at"))
    less = NEIGHBOURS.patience(found) if found else {}
    return [pk for pk, at in found.items() if at <= now - min(usual, less.get(pk, usual))]


def _past_their_time(now: datetime) -> list[int]:
    closed = CounselSession.objects.filter(
        state=State.CLOSED.value, closed_at__lte=now - limits.RETAIN_CLOSED_FOR - _A_DAY
    )
    touched = Seat.objects.filter(
        session=OuterRef("pk"), seen_at__gt=now - limits.RETAIN_UNTOUCHED_FOR
    )
    untouched = CounselSession.objects.exclude(state=State.CLOSED.value).filter(~Exists(touched))
    return [*closed.values_list("pk", flat=True), *untouched.values_list("pk", flat=True)]


def _return_one(session_id: int, now: datetime) -> bool:
    try:
        sessions.advance(
            session_id, Event.RETURN, role=Role.CLOCK, now=now, silent_after=silent_after()
        )
    except (AccessError, IllegalTransitionError, LostRaceError):
        return False  # another clock was first, or somebody spoke after all
    return True


def _erase_one(session_id: int, now: datetime) -> bool:
    try:
        sessions.advance(session_id, Event.ERASE, role=Role.CLOCK, now=now)
    except (AccessError, IllegalTransitionError, LostRaceError):
        return False  # gone already, or somebody still looks after it
    return True

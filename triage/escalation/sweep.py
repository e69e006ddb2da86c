"""What time does about danger: it calls the next people, takes back words nobody kept, and notices who
fell silent. Each thing once, however many clocks there are, however late they come.

Nothing here ends an escalation, and nothing makes anybody less urgent.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from chat.models import Seat
from counsel import limits
from counsel.errors import IllegalTransitionError, LostRaceError
from counsel.lifecycle import OPEN_DANGER, DangerEvent, DangerState, Role, State
from counsel.one_by_one import one_by_one
from triage.escalation import paging, raising, steps
from triage.escalation.rows import Escalation
from triage.escalation.timers import ANSWERING, LADDERS, LOST_AFTER, Kind

_OPEN: Final = [state.value for state in OPEN_DANGER]
_IN_A_TALK: Final = [
    state.value
    for state in (
        DangerState.ATTENDED,
        DangerState.ANSWERED,
        DangerState.LED,
        DangerState.ASSESSED,
        DangerState.PROPOSED,
    )
]
_AWAY, _CALLING, _HERE = ("calling", "hidden"), "calling", "here"


def sweep(now: datetime) -> int:
    """Everything that is due; how many steps that made."""
    done = one_by_one(partial(_expire, pk, now) for pk in _due(now))
    for event, found in ((DangerEvent.VANISH, _lost(now)), (DangerEvent.BACK, _returned(now))):
        ids = list(found.values_list("pk", flat=True))
        done += one_by_one(partial(_note, pk, event, now, found) for pk in ids)
    return done


def _due(now: datetime) -> list[int]:
    """While somebody is with them and they are on the telephone, nothing counts down."""
    due = Escalation.objects.filter(state__in=_OPEN, due_at__lte=now).order_by("due_at", "pk")
    on_the_phone = Q(_seeker(presence=_CALLING, seen_at__gt=now - limits.CALLING_FOR))
    waits = Q(state__in=[*_IN_A_TALK, DangerState.LOWERED.value]) & on_the_phone
    return list(due.exclude(waits).values_list("pk", flat=True))


def _expire(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        overdue = Escalation.objects.select_for_update(skip_locked=True)
        one = overdue.filter(pk=pk, state__in=_OPEN, due_at__lte=now).first()
        if one is None:
            return False  # another clock was first, or a person
        state = DangerState(one.state)
        if state in ANSWERING:
            steps.advance(one, DangerEvent.LAPSE, role=Role.CLOCK, now=now)
        else:
            wanted = LADDERS[state, Kind(one.kind)].rung(one.rung).to
            called = paging.reachable(wanted, now)
            steps.advance(one, DangerEvent.PAGE, role=Role.CLOCK, now=now, call=called)
        return True


def _lost(now: datetime) -> QuerySet[Escalation]:
    """Gone without a word. A page that is hidden and a phone that calls are not gone; after so long
    they are: a locked phone whose battery is empty never says so."""
    silent = Q(_seeker(presence=_HERE, seen_at__lte=now - LOST_AFTER))
    silent |= Q(_seeker(presence__in=_AWAY, seen_at__lte=now - limits.CALLING_FOR - LOST_AFTER))
    talking = Escalation.objects.filter(state__in=_IN_A_TALK, session__state=State.ACTIVE.value)
    return talking.filter(silent)


def _returned(now: datetime) -> QuerySet[Escalation]:
    """Heard of since they were lost: a clock that is late would else think that everybody just spoke."""
    since = OuterRef("base_at")
    spoke = _seeker(seen_at__gt=now - limits.PRESENT_WITHIN, seen_at__gte=since)
    lost = Escalation.objects.filter(state=DangerState.LOST.value)
    open_ones = lost.exclude(session=None).exclude(session__state=State.CLOSED.value)
    return open_ones.filter(spoke)


def _note(pk: int, event: DangerEvent, now: datetime, still: QuerySet[Escalation]) -> bool:
    """Where it still is so, now that it is held: who just spoke is not lost."""
    try:
        with transaction.atomic():
            one = Escalation.objects.select_for_update().get(pk=pk)
            if not still.filter(pk=pk).exists():
                return False
            steps.advance(one, event, role=Role.CLOCK, now=now)
            if event is DangerEvent.BACK and not raising.is_heard(one.session_id):
                steps.advance(one, DangerEvent.ALONE, role=Role.CLOCK, now=now)
    except (Escalation.DoesNotExist, IllegalTransitionError, LostRaceError):
        return False
    return True


def _seeker(**seen: object) -> Exists:
    """The phone was last heard of like this."""
    return Exists(Seat.objects.filter(session=OuterRef("session"), role=Role.SEEKER.value, **seen))

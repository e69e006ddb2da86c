"""What time does about raised hands: says that nobody has answered, calls the next people, and clears
up. Each thing once, however many clocks there are.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from chat.models import Seat
from counsel.lifecycle import Role
from counsel.raised_hands import OPEN_HANDS, UP, HandEvent, HandState
from triage.escalation import paging
from triage.escalation.rows import Call
from triage.models import UNDER_WAY, Shift
from triage.sideroom import raising, sizes, timers
from triage.sideroom.rows import RaisedHand

_OPEN: Final = [state.value for state in OPEN_HANDS]
_UP: Final = [state.value for state in UP]
_UNDER_WAY: Final = [state.value for state in UNDER_WAY]


def tick(now: datetime) -> int:
    """Everything that is due; how many hands that moved."""
    due = RaisedHand.objects.filter(state__in=_UP, due_at__lte=now).order_by("due_at", "pk")
    done = sum(_expire(pk, now) for pk in list(due.values_list("pk", flat=True)))
    done += sum(_close(pk, now) for pk in _left_behind())
    RaisedHand.objects.filter(ended_at__lte=now - sizes.SHOWN_FOR).delete()
    return done


def _expire(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        overdue = RaisedHand.objects.select_for_update(skip_locked=True, of=("self",))
        hand = overdue.filter(pk=pk, state__in=_UP, due_at__lte=now).first()
        if hand is None:
            return False  # another clock was first, or a person
        said_at = hand.raised_at + timers.ANSWER_WITHIN
        if hand.state == HandState.RAISED and said_at <= now:
            raising.move(hand, HandEvent.LAPSE, Role.CLOCK)
        if _is_rung_due(hand, now):
            _page(hand, now)
        hand.due_at = max(timers.due(hand.raised_at, hand.rung), now)
        if hand.state == HandState.RAISED:
            hand.due_at = min(hand.due_at, said_at)
        hand.save()
        return True


def _is_rung_due(hand: RaisedHand, now: datetime) -> bool:
    """Also before its time where a whole page reached nobody; never only because the minute is over."""
    on_time = timers.due(hand.raised_at, hand.rung) <= now
    failed = hand.called != "" and not hand.calls.filter(failed=False).exists()
    return on_time or (failed and hand.calls.exists())


def _page(hand: RaisedHand, now: datetime) -> None:
    """A clock that was away calls those who would have been called last, once."""
    while timers.due(hand.raised_at, hand.rung + 1) <= now:
        hand.rung += 1
    wanted = timers.LADDER.rung(hand.rung).to
    audience, receivers = paging.reachable(wanted, now, but=hand.raised_by_id)
    raising.move(hand, HandEvent.PAGE, Role.CLOCK)
    hand.called = audience.value
    hand.rung += 1
    page = secrets.token_hex(4)
    hand.calls.all().delete()
    Call.objects.bulk_create(
        Call(hand=hand, receiver=receiver, page=page, next_at=now) for receiver in receivers
    )


def _left_behind() -> list[int]:
    """Whoever raised or answered it is checked out: nobody is there to speak with. Whoever still holds
    the talk when the shift is long over is there, and alone with it."""
    raiser = Shift.objects.filter(staff=OuterRef("raised_by"), state__in=_UNDER_WAY)
    holder = Seat.objects.filter(
        session=OuterRef("session"), staff=OuterRef("raised_by"), role=Role.COUNSELLOR.value,
        ended_at=None,
    )  # fmt: skip
    other = Shift.objects.filter(staff=OuterRef("answered_by"), state__in=_UNDER_WAY)
    alone = (~Exists(raiser) & ~Exists(holder)) | (Q(answered_by__isnull=False) & ~Exists(other))
    gone = Q(raised_by__is_active=False) | Q(answered_by__is_active=False)
    open_ones = RaisedHand.objects.filter(state__in=_OPEN)
    return list(open_ones.filter(alone | gone).values_list("pk", flat=True))


def _close(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        held = RaisedHand.objects.select_for_update(skip_locked=True, of=("self",))
        hand = held.filter(pk=pk, state__in=_OPEN).first()
        if hand is None:
            return False
        raising.end(hand, HandEvent.CLOSE, Role.CLOCK, now)
        return True

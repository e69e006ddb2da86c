"""Somebody is offered to one counsellor for a while; it lapses without blame.

An offer carries a number, and every change asks for it again in the database: whoever wakes late,
a clock or a person, changes nothing of the next one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from chat import sessions
from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import AccessError, CounselError, IllegalTransitionError, LostRaceError
from counsel.identity import SessionRef
from counsel.lifecycle import Event, Role, State
from counsel.models import Staff
from triage.matching import hold_hands, room_of, take
from triage.queue import duty
from triage.queue.claim import claim
from triage.queue.duty import Present
from triage.queue.hands import Free, refuse_unless_free
from triage.queue.rows import HandsOf, Place

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def tick(now: datetime) -> None:
    """Let go what nobody took in time, then offer what waits to whoever asked to be offered."""
    over = Place.objects.filter(offered_until__lte=now).values_list("pk", flat=True)
    for session_id in list(over):
        try:
            sessions.advance(session_id, Event.LAPSE, role=Role.CLOCK, now=now)
        except (AccessError, IllegalTransitionError, LostRaceError):
            continue  # somebody took them after all, or another clock was first
    if not Place.objects.filter(queued=True).exists():
        return
    free = [one for one in duty.read_present() if _may_be_offered(one, now)]
    for one in sorted(free, key=lambda one: (one.offered_at or _NEVER, one.staff_id)):
        try:
            _offer(one.staff_id, now)
        except CounselError:
            continue  # their hands are full by now, or nobody is left


@transaction.atomic
def switch(staff: Staff, wanted: bool, now: datetime) -> None:
    """Whether this person is offered anybody."""
    HandsOf.objects.update_or_create(staff=staff, defaults={"offers": wanted})
    record(Kind.OFFERS_ON if wanted else Kind.OFFERS_OFF, by=staff, now=now)


def accept(staff_id: int, offer: int, now: datetime) -> SessionRef:
    """Take whom this offer is about. Raises `LostRaceError` when it is over."""
    with transaction.atomic():
        staff = hold_hands(staff_id)
        _mine(staff, offer, now)
        own = duty.read_own(staff, now)
        refuse_unless_free(own.carrying, now)
        if own.offered is None:
            raise LostRaceError("this offer is over")
        return take(staff, own.offered, State.OFFERED, now)


def pass_on(staff_id: int, offer: int, now: datetime) -> None:
    """Not this time. What is over already is passed already."""
    with transaction.atomic():
        staff = hold_hands(staff_id)
        try:
            session_id = _mine(staff, offer, now)
            sessions.advance(
                session_id, Event.LAPSE, role=Role(staff.role), staff_id=staff.pk, now=now
            )
        except (LostRaceError, IllegalTransitionError):
            return


def _mine(staff: Staff, offer: int, now: datetime) -> int:
    mine = Place.objects.filter(offered_to=staff, offer=offer, offered_until__gt=now)
    session_id = mine.values_list("session_id", flat=True).first()
    if session_id is None:
        raise LostRaceError("this offer is over")
    return session_id


def _may_be_offered(one: Present, now: datetime) -> bool:
    """Who asked for it, is there with free hands, and was not asked just now."""
    if not one.wants_offers or one.offered or one.carrying.role is not Role.COUNSELLOR:
        return False
    rested = (
        one.offered_at is None or one.offered_at + limits.OFFER_FOR + limits.OFFERS_APART <= now
    )
    return rested and one.free(now) is Free.FREE


def _offer(staff_id: int, now: datetime) -> None:
    with transaction.atomic():
        staff = hold_hands(staff_id)
        refuse_unless_free(duty.read_own(staff, now).carrying, now)
        if Place.objects.filter(offered_to=staff).exists():
            return
        room = room_of(staff, now)
        claimed = claim(duty.asker(staff), now, room, skip_locked=True, offer_to=staff.pk)
        if claimed is None:
            return
        sessions.advance(
            claimed[0],
            Event.OFFER,
            role=Role.CLOCK,
            staff_id=staff.pk,
            now=now,
            seen=State.WAITING,
            claimed=True,
        )
        HandsOf.objects.filter(staff=staff).update(offered_at=now)

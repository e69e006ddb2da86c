"""After a red its listener rests before the next person (clinical notes 3: 15 minutes)."""

from __future__ import annotations

from datetime import datetime

from chat.models import Seat
from chat.neighbours import Move
from counsel import limits
from counsel.lifecycle import Role, State
from triage.queue.rows import HandsOf, Place
from triage.queue.tiers import Tier


def rest_of_holder(move: Move) -> None:
    """Whoever held a red that ends."""
    if move.row.source is not State.ACTIVE:
        return
    sits = Seat.objects.filter(session=move.session_id, role=Role.COUNSELLOR.value, ended_at=None)
    for staff_id in sits.values_list("staff_id", flat=True):
        if staff_id is not None:
            rest_after_red(move.session_id, staff_id, move.now)


def rest_after_red(session_id: int, staff_id: int, now: datetime) -> bool:
    """Whether this talk is a red: then they rest from now on."""
    if not Place.objects.filter(pk=session_id, tier=Tier.RED).exists():
        return False
    until = now + limits.REST_AFTER_RED
    HandsOf.objects.update_or_create(staff_id=staff_id, defaults={"rests_until": until})
    return True

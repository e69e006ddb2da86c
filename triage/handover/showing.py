"""What boards show of handovers: to whoever has the talk what became of it, to whoever is asked that
they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from chat.models import Seat
from counsel import limits
from counsel.handovers import OPEN_HANDOVER, HandoverState
from counsel.lifecycle import Role
from triage.handover import rows, wire
from triage.handover.timers import SHOWN_FOR
from triage.queue.rows import Place
from triage.queue.wire import topics_of

_OPEN = [state.value for state in OPEN_HANDOVER]
_NO_PROOF = bytes(64)


def read_handovers(staff_ids: Collection[int], now: datetime) -> dict[int, wire.Handovers]:
    """What each of these is shown. One query where nothing is handed over."""
    shown: dict[int, list[wire.Handover]] = defaultdict(list)
    lately = ~Q(state=HandoverState.DONE.value) | Q(due_at__gt=now - SHOWN_FOR)
    concerned = Q(leaves__in=staff_ids) | Q(follows__in=staff_ids, state__in=_OPEN)
    found = rows.Handover.objects.filter(lately, concerned).order_by("pk")
    found_rows = list(found.select_related("session", "leaves", "follows"))
    places = Place.objects.in_bulk([one.session_id for one in found_rows]) if found_rows else {}
    for one in found_rows:
        place = places.get(one.session_id)
        if place is None:
            continue
        if one.leaves_id in staff_ids and (one.state == HandoverState.DONE or _holds(one)):
            shown[one.leaves_id].append(_row(one, place, mine=True))
        if one.follows_id in staff_ids and one.state in _OPEN:
            shown[one.follows_id].append(_row(one, place, mine=False))
    return {
        staff_id: wire.Handovers(rows=tuple(shown[staff_id][-limits.BOARD_VISITS :]))
        for staff_id in staff_ids
    }


def _holds(one: rows.Handover) -> bool:
    sits = Seat.objects.filter(session=one.session_id, staff=one.leaves_id, ended_at=None)
    return sits.filter(role=Role.COUNSELLOR.value).exists()


def _row(one: rows.Handover, place: Place, *, mine: bool) -> wire.Handover:
    """Of who comes whoever leaves is shown the papers; of the talk whoever comes what a board says."""
    return wire.Handover(
        handover=one.pk,
        ref=bytes(one.session.ref),
        case_code=one.session.case_code,
        state=one.state,
        mine=int(mine),
        name=(one.follows if mine else one.leaves).working_name,
        group_id=bytes(one.session.group_id).ljust(16, b"\0"),
        tier=place.tier,
        language=place.language,
        topics=topics_of(place.topics),
        identity=bytes(one.identity) if mine else b"",
        statement=bytes(one.statement) if mine else b"",
        proof=(bytes(one.proof) if mine else b"") or _NO_PROOF,
    )

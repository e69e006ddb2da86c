"""What boards show of visits: to whoever has the talk who asks, to whoever asked what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import F, Q

from chat import models
from counsel import limits
from counsel.lifecycle import Role, State, VisitState
from triage.beside.wire import Visit, Visits

SILENT: Final = "silent"
_NO_PROOF: Final = bytes(64)


def read_visits(staff_ids: Collection[int], now: datetime) -> dict[int, Visits]:
    """What each of these is shown. One query where nobody asks."""
    shown: dict[int, list[Visit]] = defaultdict(list)
    states = (VisitState.ASKED.value, VisitState.LEFT.value, VisitState.REFUSED.value)
    open_ones = models.Visit.objects.filter(state__in=states, session__state=State.ACTIVE.value)
    lately = Q(asked_at__gt=now - 4 * limits.VISIT_ASKED_FOR) | Q(state=VisitState.LEFT.value)
    seats = Q(session__seats__role=Role.COUNSELLOR.value, session__seats__ended_at=None)
    rows = open_ones.filter(lately).filter(seats).annotate(holder=F("session__seats__staff_id"))
    for visit in rows.select_related("session").order_by("pk"):
        late = visit.asked_at <= now - limits.VISIT_ASKED_FOR
        asked = visit.state == VisitState.ASKED
        if visit.holder in staff_ids and (visit.state == VisitState.LEFT or (asked and not late)):
            shown[visit.holder].append(_visit(visit, visit.state, whole=asked))
        if visit.staff_id in staff_ids and visit.state != VisitState.LEFT:
            state = SILENT if asked and late else visit.state
            shown[visit.staff_id].append(_visit(visit, state, whole=False))
    return {
        staff_id: Visits(rows=tuple(shown[staff_id][-limits.BOARD_VISITS :]))
        for staff_id in staff_ids
    }


def _visit(visit: models.Visit, state: str, *, whole: bool) -> Visit:
    return Visit(
        visit=visit.pk,
        ref=bytes(visit.session.ref),
        case_code=visit.session.case_code,
        state=state,
        epoch=visit.epoch,
        key_package=bytes(visit.key_package) if whole else b"",
        statement=bytes(visit.statement) if whole else b"",
        proof=bytes(visit.proof) if whole else _NO_PROOF,
    )

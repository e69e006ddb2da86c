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
from triage.beside.wire import TALKS_AT_MOST, Ongoing, Talks, Visit, Visits
from triage.queue.rows import Place
from triage.queue.wire import topics_of

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


def read_talks(staff_ids: Collection[int]) -> dict[int, Talks]:
    """Every talk that goes on, for each of these supervisors. Two queries, however many talk."""
    if not staff_ids:
        return {}
    going_on = Place.objects.filter(session__state=State.ACTIVE.value).exclude(
        session__group_id=b""
    )
    places = list(going_on.select_related("session").order_by("tier", "pk")[:TALKS_AT_MOST])
    seats = models.Seat.objects.filter(session__in=[one.pk for one in places], ended_at=None)
    sits = set(seats.exclude(staff=None).values_list("session_id", "role", "staff_id"))
    inside = {session_id for session_id, role, _ in sits if role == Role.SUPERVISOR}
    holds = {(session_id, who) for session_id, role, who in sits if role == Role.COUNSELLOR}
    return {
        staff_id: Talks(
            rows=tuple(
                Ongoing(
                    case_code=one.session.case_code,
                    tier=one.tier,
                    language=one.language,
                    topics=topics_of(one.topics),
                    inside=int(one.pk in inside),
                    held=int((one.pk, staff_id) in holds),
                )
                for one in places
            )
        )
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

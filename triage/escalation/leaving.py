"""Who was with somebody in danger and is gone, as boards show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chat.models import Seat, Step
from counsel.lifecycle import Event, Role, State
from triage.queue.rows import Place
from triage.queue.tiers import Tier

GONE: Final[Mapping[str, str]] = {Event.RETURN.value: "silent", Event.LET_GO.value: "let-go"}
"""How somebody leaves: the clock has heard nothing of them, or their own browser refused."""

_U16: Final = 65535


@dataclass(frozen=True, slots=True)
class Left:
    """How whoever was with them left, their working name, and seconds since anything was heard of them."""

    gone: str = ""
    before: str = ""
    unheard: int = 0


NOBODY: Final = Left()
"""Somebody is with them, or nobody ever was."""


def read_left(session_ids: Collection[int | None], now: datetime) -> dict[int | None, Left]:
    """Of these, the reds whom somebody left and nobody is with yet. One query where there are none."""
    waits = (State.WAITING.value, State.OFFERED.value)
    reds = Place.objects.filter(
        pk__in=[pk for pk in session_ids if pk is not None], tier=Tier.RED, returned=True
    )
    ids = list(reds.filter(session__state__in=waits).values_list("pk", flat=True))
    if not ids:
        return {}
    steps = Step.objects.filter(session__in=ids, event__in=GONE).order_by("pk")
    how = dict(steps.values_list("session_id", "event"))  # the last of each stays
    seats = Seat.objects.filter(session__in=ids, role=Role.COUNSELLOR.value).order_by("pk")
    return {
        seat.session_id: Left(
            GONE[how[seat.session_id]],
            seat.staff.working_name if seat.staff is not None else "",
            min(max(now - seat.seen_at, timedelta()) // timedelta(seconds=1), _U16),
        )
        for seat in seats.select_related("staff")
        if seat.session_id in how
    }

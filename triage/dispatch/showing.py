"""What boards show of help: how it stands, when it is late, and on whose computer it lies where to go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chat.models import Seat
from counsel import limits
from counsel.dispatches import OPEN, DispatchEvent
from counsel.lifecycle import Role
from triage.dispatch.rows import Dispatch, DispatchStep
from triage.dispatch.wire import Help, Helps

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_U16, _U8 = 65535, 255
NOTHING: Final = Helps(rows=())


def read_helps(roles: Mapping[int, str], now: datetime) -> dict[int, Helps]:
    """What each of these is shown; `roles` by staff id. One query where no help is under way."""
    found = Dispatch.objects.filter(state__in=[state.value for state in OPEN])
    open_ones = list(found.select_related("session", "caller").order_by("begun_at", "pk"))
    if not open_ones:
        return dict.fromkeys(roles, NOTHING)
    late = _read_late([one.pk for one in open_ones])
    held = _read_held(roles)
    rows = {one.pk: _help(one, late[one.pk], now) for one in open_ones}
    return {
        staff_id: Helps(
            rows=tuple(
                replace(
                    rows[one.pk],
                    mine=int(one.caller_id == staff_id),
                    held=int(one.session_id in held[staff_id]),
                )
                for one in open_ones
                if role == Role.SUPERVISOR
                or one.caller_id == staff_id
                or one.session_id in held[staff_id]
            )[: limits.BOARD_DANGERS]
        )
        for staff_id, role in roles.items()
    }


def as_news(told: Helps) -> Helps:
    """Without what counts down: that is told once, and passes on the page it is shown on."""
    return Helps(rows=tuple(replace(row, left=0, minutes=0, ends=0) for row in told.rows))


def _help(one: Dispatch, late: int, now: datetime) -> Help:
    return Help(
        help=one.pk,
        case_code=one.session.case_code if one.session is not None else "",
        state=one.state,
        step=one.step,
        minutes=min(max(now - one.begun_at, timedelta()) // _MINUTE, _U16),
        left=min(-(-max(one.due_at - now, timedelta()) // _SECOND), _U16),
        ends=min(-(-max(one.until - now, timedelta()) // _MINUTE), _U8),
        caller=one.caller.working_name if one.caller is not None else "",
        whom=one.whom,
        within=one.minutes,
        late=min(late, _U8),
    )


def _read_late(ids: Collection[int]) -> Counter[int]:
    """How often each was late in the state it is in now."""
    late: Counter[int] = Counter()
    steps = DispatchStep.objects.filter(dispatch__in=ids).order_by("dispatch", "number")
    for pk, event in steps.values_list("dispatch_id", "event"):
        late[pk] = late[pk] + 1 if event == DispatchEvent.LATE else 0
    return late


def _read_held(staff_ids: Collection[int]) -> dict[int, set[int | None]]:
    held: dict[int, set[int | None]] = defaultdict(set)
    seats = Seat.objects.filter(staff__in=staff_ids, ended_at=None)
    for staff_id, session_id in seats.values_list("staff_id", "session_id"):
        if staff_id is not None:
            held[staff_id].add(session_id)
    return held

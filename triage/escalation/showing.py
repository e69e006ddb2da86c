"""What boards show of danger: whose turn it is, when somebody is called next, and what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chat.models import Seat
from counsel import limits
from counsel.lifecycle import OPEN_DANGER, DangerState, Role
from triage.escalation.leaving import NOBODY, Left, read_left
from triage.escalation.rows import Escalation, EscalationStep
from triage.escalation.timers import URGENCY, Kind
from triage.escalation.wire import Danger, Dangers

_U16: Final = 65535
_SECOND: Final = timedelta(seconds=1)
_WITH_NOBODY: Final = frozenset({DangerState.RAISED, DangerState.ACKNOWLEDGED})
_CAN_WAIT: Final = frozenset({DangerState.LOWERED, DangerState.LOST})


def read_dangers(roles: Mapping[int, str], now: datetime) -> dict[int, Dangers]:
    """What each of these is shown; `roles` by staff id. One query where nobody is in danger."""
    states = [state.value for state in OPEN_DANGER]
    found = Escalation.objects.filter(state__in=states).exclude(session=None)
    related = found.select_related("session", "acting", "proposed_by").order_by("raised_at", "pk")
    open_ones = sorted(related, key=_who_first)
    if not open_ones:
        return dict.fromkeys(roles, Dangers(rows=()))
    done, called = _read_steps([one.pk for one in open_ones])
    left = read_left([one.session_id for one in open_ones], now)
    rows = {
        one.pk: _danger(
            one, tuple(done[one.pk]), called.get(one.pk, ""), left.get(one.session_id, NOBODY), now
        )
        for one in open_ones
    }
    held = _read_held(roles)
    return {
        staff_id: Dangers(
            rows=tuple(
                replace(
                    rows[one.pk],
                    held=int(one.session_id in held[staff_id]),
                    second=int(_is_second(one, staff_id, role)),
                )
                for one in open_ones
                if role == Role.SUPERVISOR
                or one.state in _WITH_NOBODY
                or one.session_id in held[staff_id]
            )[: limits.BOARD_DANGERS]
        )
        for staff_id, role in roles.items()
    }


def _who_first(one: Escalation) -> tuple[bool, int]:
    """What can wait stands behind, and is what a full board leaves out; of the same, the longest first."""
    return DangerState(one.state) in _CAN_WAIT, URGENCY.index(Kind(one.kind))


def _is_second(one: Escalation, staff_id: int, role: str) -> bool:
    """As `acting` holds it: two people, one of whom supervises."""
    first = one.proposed_by
    if one.state != DangerState.PROPOSED or first is None or first.pk == staff_id:
        return False
    return Role.SUPERVISOR in {first.role, role}


def _danger(
    one: Escalation, done: tuple[str, ...], called: str, gone: Left, now: datetime
) -> Danger:
    assert one.session is not None
    left = -(-max(one.due_at - now, timedelta()) // _SECOND)
    return Danger(
        case_code=one.session.case_code,
        kind=one.kind,
        state=one.state,
        step=one.step,
        minutes=min(max(now - one.raised_at, timedelta()) // timedelta(minutes=1), _U16),
        left=min(left, _U16),
        called=called,
        acting=one.acting.working_name if one.acting is not None else "",
        proposed=one.proposed_by.working_name if one.proposed_by is not None else "",
        proposed_tier=one.proposed_tier,
        assessed=int(one.assessed_at is not None),
        unstaffed=int(one.unstaffed),
        done=done,
        gone=gone.gone,
        before=gone.before,
        unheard=gone.unheard,
    )


def _read_steps(ids: Collection[int]) -> tuple[dict[int, list[str]], dict[int, str]]:
    """What people did, the latest last, and whom the last page called."""
    done: dict[int, list[str]] = defaultdict(list)
    called: dict[int, str] = {}
    steps = EscalationStep.objects.filter(escalation__in=ids).order_by("escalation", "number")
    for pk, event, role, audience in steps.values_list("escalation_id", "event", "role", "called"):
        if audience:
            called[pk] = audience
        if role != Role.CLOCK:
            done[pk] = [*done[pk], event][-limits.DANGER_DONE :]
    return done, called


def _read_held(staff_ids: Collection[int]) -> dict[int, set[int]]:
    held: dict[int, set[int]] = defaultdict(set)
    seats = Seat.objects.filter(staff__in=staff_ids, role=Role.COUNSELLOR.value, ended_at=None)
    for staff_id, session_id in seats.values_list("staff_id", "session_id"):
        if staff_id is not None:
            held[staff_id].add(session_id)
    return held

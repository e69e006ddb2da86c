"""Whether somebody may come in, judged from the rota, who is checked in, and the gate of live.

Pure: give it the moment and what is true, and it says what the door does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from counsel import limits
from counsel.lifecycle import Role, ShiftState
from triage.rota import Span

DEMO, REHEARSAL, LIVE = "demo", "rehearsal", "live"

SUPERVISOR: Final = "supervisor"
"""Nobody supervises: none is on and ready, or they are gone, or hold a talk."""

TWO_STAFF: Final = "two-staff"
"""Fewer than two people are on and ready, or none of them listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stander:
    """Somebody who is checked in. `holds` counts their talks, `page_seen` the test page."""

    person: int
    role: Role
    state: ShiftState
    until: datetime
    board_seen_at: datetime | None
    holds: int = 0
    page_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Somebody who stands on the rota from now on, checked in already or not yet."""

    person: int
    role: Role
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the door does. `unmet`: why it is shut. `supervised`: whether a supervisor is there.

    `opens_at` is when the rota lets it open next; `None` while it is open, and where no hour is
    known.
    """

    open: bool
    unmet: tuple[str, ...]
    opens_at: datetime | None
    supervised: bool


OPEN: Final = Door(open=True, unmet=(), opens_at=None, supervised=True)
"""The door of a demo, where nobody real comes in."""


def judge(
    now: datetime,
    *,
    mode: str,
    standing: Collection[Stander],
    planned: Collection[Planned],
    gate: Collection[str] = (),
) -> Door:
    """What the door does at this instant. `gate`: what live needs and does not have, by code."""
    if mode == DEMO:
        return OPEN
    supervised = any(supervises(one, now) for one in standing)
    unmet = [] if supervised else [SUPERVISOR]
    if not are_enough(standing, now):
        unmet.append(TWO_STAFF)
    if mode == LIVE:
        unmet += [code for code in gate if code not in unmet]
    opens_at = None if not unmet or (mode == LIVE and gate) else next_opening(now, planned)
    return Door(open=not unmet, unmet=tuple(unmet), opens_at=opens_at, supervised=supervised)


def is_ready(one: Stander, now: datetime) -> bool:
    """On, neither pausing nor past the end of the shift: counts as one of the two."""
    return one.state is ShiftState.ON and now < one.until


def supervises(one: Stander, now: datetime) -> bool:
    """A supervisor who is ready, really there, and has their hands free."""
    return one.role is Role.SUPERVISOR and _is_there(one, now) and one.holds == 0


def are_enough(standing: Collection[Stander], now: datetime) -> bool:
    """Two people ready, the supervisor among them, and a counsellor really there to take somebody:
    two supervisors, or a laptop that was closed, would leave whoever comes in waiting for nobody.
    """
    ready = {one.person for one in standing if is_ready(one, now)}
    listens = any(one.role is Role.COUNSELLOR and _is_there(one, now) for one in standing)
    return listens and len(ready) >= limits.STAFF_ON


def _is_there(one: Stander, now: datetime) -> bool:
    """Ready, and their board was heard of lately."""
    seen = one.board_seen_at
    return is_ready(one, now) and seen is not None and now - seen < limits.STAFF_GONE_AFTER


def next_opening(now: datetime, planned: Collection[Planned]) -> datetime | None:
    """The next time a shift begins and enough people stand on the rota then.

    A stretch that has begun already says nothing: whoever is late comes when they come, and no hour
    is promised for that.
    """
    beginnings = sorted({one.span.starts for one in planned if one.span.starts > now})
    return next((at for at in beginnings if _is_enough(at, planned)), None)


def _is_enough(at: datetime, planned: Collection[Planned]) -> bool:
    there = [one for one in planned if one.span.has(at)]
    both = {one.role for one in there} >= {Role.SUPERVISOR, Role.COUNSELLOR}
    return both and len({one.person for one in there}) >= limits.STAFF_ON

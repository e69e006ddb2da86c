"""Whether somebody's hands are free, and for whom. Pure.

A red counts alone: whoever holds one takes nobody else. Somebody with room for a second talk may
still be given a red: better a listener with two talks than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from counsel import limits
from counsel.errors import (
    CounselError,
    FullHandsError,
    NotClearedError,
    OffDutyError,
    RestError,
    ShiftEndsError,
)
from counsel.lifecycle import Role, ShiftState


class Free(StrEnum):
    """How somebody's hands are. Only `free` ones are given anybody."""

    FREE = "free"
    FULL = "full"
    RED = "red"
    REST = "rest"
    ENDING = "ending"
    PAUSE = "pause"
    DEBRIEF = "debrief"
    AWAY = "away"
    LEARNING = "learning"
    OFF = "off"


REFUSALS: Final[dict[Free, type[CounselError]]] = {
    Free.FULL: FullHandsError,
    Free.RED: FullHandsError,
    Free.REST: RestError,
    Free.ENDING: ShiftEndsError,
    Free.LEARNING: NotClearedError,
}
"""What whoever reaches all the same is told; `OffDutyError` for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """What one person carries: open talks, and how many of them are red."""

    role: Role
    state: ShiftState | None
    ends_at: datetime | None
    cleared: bool
    talks: int = 0
    reds: int = 0
    cap: int = 1
    rests_until: datetime | None = None

    def free(self, now: datetime) -> Free:
        """How their hands are at this instant."""
        if self.role is Role.COUNSELLOR and not self.cleared:
            return Free.LEARNING
        if self.state is None or self.ends_at is None or self.ends_at <= now:
            return Free.OFF
        if self.state is not ShiftState.ON:
            return Free(self.state.value)
        if self.reds:
            return Free.RED
        if self.talks >= (1 if self.role is Role.SUPERVISOR else self.cap):
            return Free.FULL
        if self.rests_until is not None and now < self.rests_until:
            return Free.REST
        if self.ends_at - now <= limits.NOBODY_NEW_BEFORE_END and self.role is Role.COUNSELLOR:
            return Free.ENDING
        return Free.FREE

    def rest_left(self, now: datetime) -> int:
        """Minutes of rest left, a begun one whole."""
        if self.rests_until is None or self.rests_until <= now:
            return 0
        return -int(-(self.rests_until - now).total_seconds() // 60)


def refuse_unless_free(carrying: Carrying, now: datetime) -> None:
    """Raises what `REFUSALS` says."""
    free = carrying.free(now)
    if free is not Free.FREE:
        raise REFUSALS.get(free, OffDutyError)

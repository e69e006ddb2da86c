"""When somebody is called, and who: the numbers a clinical lead signs, from `timers.json`. Pure.

Each ladder belongs to a state and a kind of danger. A rung is so many seconds after that state
began; behind the last one its people are called again and again, so that no state ends in silence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from counsel.lifecycle import DangerState
from triage.queue.tiers import Now, Tier


class Kind(StrEnum):
    """Which danger: in progress or within three days, over and safe at this moment, or feared."""

    NOW = "now"
    RECENT = "recent"
    ORANGE = "orange"


URGENCY: Final = (Kind.NOW, Kind.RECENT, Kind.ORANGE)
"""The most urgent one first."""


class Audience(StrEnum):
    """Who is called."""

    DUTY = "duty"
    """Counsellors who are on and free, and whoever supervises."""
    SUPERVISOR = "supervisor"
    """Whoever supervises now."""
    LEAD = "lead"
    """Whom the organisation named for it."""
    EVERYBODY = "everybody"
    """Every supervisor there is, on duty or not, and the lead."""
    NOBODY = "nobody"
    """There was nobody one could call. It stands in a step, never in the table."""


CHAIN: Final = (Audience.DUTY, Audience.SUPERVISOR, Audience.LEAD, Audience.EVERYBODY)
"""Where a page goes on to when there is nobody to be reached."""

HIGHEST: Final = (*CHAIN, Audience.NOBODY)
"""How far a page went, the furthest last."""


@dataclass(frozen=True, slots=True)
class Rung:
    """Whom to call, so long after the state began."""

    after: timedelta
    to: Audience


@dataclass(frozen=True, slots=True)
class Ladder:
    """Whom to call, and when, as long as a state lasts."""

    rungs: tuple[Rung, ...]
    again: timedelta

    def rung(self, number: int) -> Rung:
        """The rung of this number, from 0. Behind the last one the same people, ever later."""
        last = self.rungs[-1]
        if number < len(self.rungs):
            return self.rungs[number]
        return Rung(last.after + self.again * (number - len(self.rungs) + 1), last.to)


_TABLE: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("timers.json").read_text(encoding="utf-8")
)


def _ladder(said: dict[str, Any]) -> Ladder:
    rungs = (Rung(timedelta(seconds=after), Audience(to)) for after, to in said["rungs"])
    return Ladder(tuple(rungs), timedelta(seconds=said["again"]))


LADDERS: Final[Mapping[tuple[DangerState, Kind], Ladder]] = {
    (DangerState(state), kind): _ladder(by_kind[kind.value])
    for state, by_kind in _TABLE["ladders"].items()
    for kind in Kind
}

ACT_WITHIN: Final = timedelta(seconds=_TABLE["act"]["within"])
"""How long whoever acknowledged has for the first thing they do."""

LOST_AFTER: Final = timedelta(seconds=_TABLE["lost"]["after"])
HELD_AT_MOST: Final = timedelta(days=_TABLE["held"]["at_most"])
"""How long an open escalation keeps a session past its time."""

SILENT_AFTER: Final[Mapping[Kind, timedelta]] = {
    Kind(kind): timedelta(seconds=after) for kind, after in _TABLE["silent"]["after"].items()
}
"""How long a listener may be silent; where a kind is missing, as long as in any other talk."""

ANSWERING: Final = frozenset({DangerState.ACKNOWLEDGED, DangerState.ANSWERED})
"""States of somebody who said that they act: their ladder waits for them, and goes on after."""


def due(state: DangerState, kind: Kind, *, base: datetime, rung: int) -> datetime:
    """When the next call is due in a state that began at `base`."""
    return base + LADDERS[state, kind].rung(rung).after


def kind_of(tier: Tier, now: Now) -> Kind | None:
    """The danger a tier speaks of; `None` for yellow and green."""
    if tier is Tier.RED:
        return Kind.RECENT if now is Now.RECENT else Kind.NOW
    return Kind.ORANGE if tier is Tier.ORANGE else None

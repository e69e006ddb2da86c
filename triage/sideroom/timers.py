"""When somebody is called about a raised hand, and who: numbers a clinical lead signs. Pure."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from triage.escalation.timers import Audience, Ladder, Rung

_TABLE: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("timers.json").read_text(encoding="utf-8")
)

ANSWER_WITHIN: Final = timedelta(seconds=_TABLE["answer"]["within"])
"""How long a hand is up before it is said that nobody has answered."""

LADDER: Final = Ladder(
    tuple(Rung(timedelta(seconds=after), Audience(to)) for after, to in _TABLE["ladder"]["rungs"]),
    timedelta(seconds=_TABLE["ladder"]["again"]),
)
"""Behind its last rung the same people are called again, for as long as the hand is up."""


def due(raised_at: datetime, rung: int) -> datetime:
    """When the next call of a hand is due."""
    return raised_at + LADDER.rung(rung).after

"""When staff are told that help is late: numbers a clinical lead signs, from `timers.json`. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from counsel.dispatches import OPEN, DispatchState

_TABLE: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("timers.json").read_text(encoding="utf-8")
)

AFTER: Final[Mapping[DispatchState, timedelta]] = {
    state: timedelta(seconds=_TABLE[state]["after"]) for state in OPEN
}
"""How long a state may last before staff are told; of `accepted`: since somebody was called."""

CODE_DIGITS: Final[int] = _TABLE["code"]["digits"]
"""Of the code that is told to a responder."""

TRIES_A_MINUTE: Final[int] = _TABLE["code"]["tries_a_minute"]
"""Codes one process lets be tried, from wherever: nobody's address is asked."""

AGAIN: Final[Mapping[DispatchState, timedelta]] = {
    state: timedelta(seconds=_TABLE[state]["again"]) for state in OPEN
}
"""And after that, as long as it lasts."""

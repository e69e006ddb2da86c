"""How long each step of a handover may take, from `timers.json`. Pure."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Final

from counsel.handovers import OPEN_HANDOVER, HandoverState

_TOLD: Final = json.loads((Path(__file__).parent / "timers.json").read_text("utf-8"))

WITHIN: Final[dict[HandoverState, timedelta]] = {
    state: timedelta(seconds=_TOLD[state.value]["seconds"]) for state in OPEN_HANDOVER
}
"""After so long in this state it lapses."""

SHOWN_FOR: Final = timedelta(seconds=_TOLD["shown"]["seconds"])
"""How long whoever went still reads what became of it."""

"""On which days somebody is looked in on, from `steps.json`: data, for a clinical lead to sign."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from counsel.models import home


class Kind(StrEnum):
    """Why somebody is looked in on. `agreed`: a day was agreed, whatever for; what for is not said here,
    because a talk that says "referral" could be held beside the referrals of its day."""

    RED = "red"
    ORANGE = "orange"
    AGREED = "agreed"


_BOOK: Final[Mapping[str, Any]] = json.loads(
    Path(__file__).with_name("steps.json").read_text(encoding="utf-8")
)

AFTER: Final[Mapping[Kind, tuple[timedelta, ...]]] = {
    kind: tuple(timedelta(hours=hours) for hours in _BOOK["hours"][kind]["after"])
    for kind in (Kind.RED, Kind.ORANGE)
}
"""How long after a talk's end, one after the other."""

MOST_DAYS: Final[int] = _BOOK["agreed"]["most_days"]
KEPT: Final = timedelta(days=_BOOK["kept"]["days"])
LAPSE: Final = timedelta(days=_BOOK["lapse"]["days"])
SIGNED: Final[bool] = _BOOK["signed_off"] is not None


def today(now: datetime) -> date:
    """The day on the organisation's wall: all a follow-up ever says of time."""
    return now.astimezone(ZoneInfo(home().zone)).date()


def due_on(kind: Kind, step: int, began: date, days: int) -> date | None:
    """The day of this step, counted from 0; None behind the last. `days`: of an agreed one."""
    if kind is Kind.AGREED:
        return began + timedelta(days=days) if step == 0 else None
    after = AFTER[kind]
    return began + after[step] if step < len(after) else None

"""How long a desk has, from `desks.json`: data with its source, for a clinical lead to sign."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from counsel.models import home
from counsel.places import DESKS
from counsel.referrals import ReferralState

BOOK: Final[Mapping[str, Any]] = json.loads(
    Path(__file__).with_name("desks.json").read_text(encoding="utf-8")
)

ANSWER: Final[Mapping[str, timedelta]] = {
    desk: timedelta(days=BOOK["answer"][desk]) for desk in DESKS
}
"""How long a desk has to say yes, no or where else."""

QUIET: Final = timedelta(days=BOOK["quiet"]["days"])
"""After a yes or an appointment: how long without a word until nobody knows how it ended."""

_AWAITED: Final = frozenset({ReferralState.ACCEPTED, ReferralState.APPOINTED})


def today(now: datetime) -> date:
    """The day on the organisation's wall: all a referral ever says of time."""
    return now.astimezone(ZoneInfo(home().zone)).date()


def due_on(desk: str, state: ReferralState, day: date) -> date | None:
    """The last day of this state, for one that began on `day`; None where nothing runs out."""
    if state is ReferralState.SENT:
        return day + ANSWER[desk]
    return day + QUIET if state in _AWAITED else None

"""What days do to follow-ups: every ten minutes is often enough."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from triage.followup.acting import pass_days
from triage.followup.steps import today
from triage.referral.deadlines import Looked

LOOKED: Final = Looked()


def tick(now: datetime) -> None:
    """Do what is due, if it is time to look."""
    if LOOKED.is_time(now):
        pass_days(today(now))

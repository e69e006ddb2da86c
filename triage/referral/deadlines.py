"""What days do to a referral: a desk that said nothing is silent, an end nobody told is unknown, and
what ended long ago is gone. The phone counts the same days itself and believes nobody's word for it.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Final

from counsel import limits
from triage.referral.desks import today
from triage.referral.moving import lapse
from triage.referral.rows import Referral

_LOOK_EVERY: Final = timedelta(minutes=10)


class Looked:
    """When this process last looked: days do not pass every second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: datetime | None = None

    def is_time(self, now: datetime) -> bool:
        """Whether to look again."""
        with self._lock:
            if self._at is not None and abs(now - self._at) < _LOOK_EVERY:
                return False
            self._at = now
            return True


LOOKED: Final = Looked()


def tick(now: datetime) -> None:
    """Do what is due, if it is time to look."""
    if LOOKED.is_time(now):
        pass_days(today(now), now)


def pass_days(day: date, now: datetime) -> None:
    """Everything whose last day is before this one, and what ended so long ago that it goes."""
    lapse(day, now)
    Referral.objects.filter(ended_on__lt=day - limits.RETAIN_REFERRAL_FOR).delete()

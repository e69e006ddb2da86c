"""How fast somebody may ask. Slowed, never banned; nothing is lost, nothing is kept about anyone."""

from __future__ import annotations

import math
import time

from django.conf import settings

from counsel import limits
from counsel.errors import ThrottledError


class Bucket:
    """`burst` at once, then `per_second`."""

    __slots__ = ("_at", "_burst", "_left", "_per_second")

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = self._left = burst
        self._per_second = per_second
        self._at = time.monotonic()

    def take(self) -> None:
        """Take one. Raises `ThrottledError` saying when there will be one again."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            raise ThrottledError(retry_after=math.ceil((1 - self._left) / self._per_second))
        self._left -= 1


def sender_bucket() -> Bucket:
    """What one connection may say. A measurement against our own machine may raise it."""
    burst = getattr(settings, "SEND_BURST", limits.SEND_BURST)
    return Bucket(burst, getattr(settings, "SEND_PER_SECOND", limits.SEND_PER_SECOND))


def start_bucket() -> Bucket:
    """How many new sessions one process admits."""
    a_minute = getattr(settings, "START_PER_MINUTE", limits.START_PER_MINUTE)
    return Bucket(a_minute, a_minute / 60)

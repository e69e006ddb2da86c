"""What time it is: by the database's clock where several machines share one.

A machine whose clock is an hour off would call people an hour late, or before anybody is due, and take
those who are there for gone. So each process measures how far its own clock is from the database's, at
every new connection and with every tick of its clock, and goes by the database's from then on.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

_CLOSE: Final = timedelta(seconds=1)
"""Nearer than this is together: what an answer took on its way is no drift."""

_off = timedelta()
"""How far the database is ahead of this machine. Written whole, read whole: no lock."""


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC) + _off


def keep_to(connection: BaseDatabaseWrapper) -> None:
    """Look at the database's clock. SQLite lies on this very machine and has no other."""
    if connection.vendor != "postgresql":
        return
    asked = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    _settle(told - (asked + (datetime.now(UTC) - asked) / 2))


def _settle(off: timedelta) -> None:
    global _off
    off = off if abs(off) > _CLOSE else timedelta()
    if abs(off - _off) > _CLOSE:
        log.warning("this machine's clock is %.0f s off the database's", -off.total_seconds())
    _off = off

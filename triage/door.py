"""Whether somebody may come in at all.

Live means real people in danger, so live stays shut until the parts exist that make it safe: a
supervisor checked in, two on duty, numbers called within a month, texts signed. They check
themselves here as they come; until then no setting opens this door.
"""

from __future__ import annotations

from django.conf import settings

from counsel.errors import ClosedDoorError


def is_open() -> bool:
    """Whether new people are let in."""
    return settings.MODE != "live"


def check() -> None:
    """Raises `ClosedDoorError`."""
    if not is_open():
        raise ClosedDoorError

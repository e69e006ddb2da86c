"""The one thing about the service that anybody may fetch and that changes: `/now.json`."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from counsel import limits, moment
from counsel.answers import answer
from counsel.models import home
from counsel.organisations import run_by
from triage import door, rota
from triage.queue import outlook


def now(request: HttpRequest) -> HttpResponse:
    """Mode, whether the door is open and when it opens next, who is on duty, who runs it, which build.

    `opens` is what the clock on the organisation's wall will show (`2026-11-24T20:00`), `weekday`
    the day of it from 1 for Monday; empty and 0 where no hour is known.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return answer(SIGN.read())


class Sign:
    """What hangs at the door, written anew once a second at the most, however many look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._written: dict[str, Any] = {}
        self._good_until = 0.0

    def read(self) -> dict[str, Any]:
        """What it says."""
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._written = write(moment.now())
                self._good_until = time.monotonic() + limits.HEAR_EVERY.total_seconds()
            return self._written

    def wipe(self) -> None:
        """Whoever looks next finds it written anew."""
        self._good_until = 0.0


def write(at: datetime) -> dict[str, Any]:
    """What is true at this instant."""
    state = door.look(at)
    opens, weekday = "", 0
    ours = home()
    if state.opens_at is not None:
        zone = ZoneInfo(ours.zone)
        opens = rota.on_the_wall(state.opens_at, zone)
        weekday = state.opens_at.astimezone(zone).isoweekday()
    return {
        "mode": settings.MODE,
        "open": state.open,
        "opens": opens,
        "weekday": weekday,
        "listeners": outlook.listeners(at),
        "by": run_by(ours),
        "build": getattr(settings, "BUILD", ""),
    }


SIGN: Final = Sign()

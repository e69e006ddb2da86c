"""The one thing about the service that anybody may fetch and that changes: `/now.json`."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from counsel.answers import answer
from triage import door, queue


def now(request: HttpRequest) -> HttpResponse:
    """Mode, whether the door is open, counsellors on duty, and which build this is."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return answer(
        {
            "mode": settings.MODE,
            "open": door.is_open(),
            "listeners": queue.listeners(datetime.now(UTC)),
            "build": getattr(settings, "BUILD", ""),
        }
    )

"""The service as one ASGI application: the edge around pages, Django and the two sockets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

django = get_asgi_application()  # before anything that has models

from chat.routing import websocket_urlpatterns as chat_sockets
from counsel import pages
from counsel.middleware import App, Edge
from triage.routing import websocket_urlpatterns as board_sockets

SOCKETS: Final[Mapping[str, Any]] = {
    f"/{socket.pattern}": socket.callback for socket in (*chat_sockets, *board_sockets)
}
"""Every socket there is, by its path."""


def compose(built: pages.Pages) -> Edge:
    """The service around these pages."""
    settings.BUILD = built.build
    answers = cast(App, django)  # the same in other words: its message types are narrower
    return Edge(origin=settings.ORIGIN, pages=built, django=answers, sockets=SOCKETS)

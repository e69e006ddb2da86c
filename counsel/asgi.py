"""The service as one ASGI application: the edge around pages, Django and the two sockets."""

from __future__ import annotations

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

django = get_asgi_application()  # before anything that has models

from chat.routing import websocket_urlpatterns as chat_sockets
from counsel import pages
from counsel.middleware import App, Edge
from triage.routing import websocket_urlpatterns as board_sockets


def compose(built: pages.Pages) -> Edge:
    """The service around these pages."""
    settings.BUILD = built.build
    sockets: dict[str, App] = {
        f"/{socket.pattern}": socket.callback for socket in (*chat_sockets, *board_sockets)
    }
    answers = cast(App, django)  # the same in other words: its message types are narrower
    return Edge(origin=settings.ORIGIN, pages=built, django=answers, sockets=sockets)

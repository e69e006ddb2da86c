"""Where the board's socket is."""

from django.urls import path

from triage.consumers import BoardConsumer

websocket_urlpatterns = [path("board", BoardConsumer.as_asgi())]

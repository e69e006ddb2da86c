"""The app that carries sealed envelopes between seats."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Knows nothing of urgency."""

    name = "chat"

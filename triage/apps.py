"""The app that decides who meets whom."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Answers what chat asks: may somebody come in, and how stands the queue."""

    name = "triage"

    def ready(self) -> None:
        from chat.neighbours import NEIGHBOURS  # models are ready only now
        from triage import door, queue

        NEIGHBOURS.ask_door = door.check
        NEIGHBOURS.look_at_queue = queue.look

"""The app that decides who meets whom."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Answers what chat asks: may somebody come in, how stands the queue, is a supervisor there."""

    name = "triage"

    def ready(self) -> None:
        from chat.neighbours import NEIGHBOURS  # models are ready only now
        from triage import clock, door
        from triage.escalation import raising
        from triage.queue import entry, outlook

        NEIGHBOURS.ask_door = door.check
        NEIGHBOURS.is_supervised = door.is_supervised
        NEIGHBOURS.admit = entry.admit
        NEIGHBOURS.asked = entry.ask
        NEIGHBOURS.shown = raising.show
        NEIGHBOURS.patience = raising.patience
        NEIGHBOURS.moved = entry.move
        NEIGHBOURS.look_at_queue = outlook.look
        NEIGHBOURS.tick = clock.tick

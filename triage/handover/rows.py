"""What is kept of a handover: who asks whom, and the papers of whoever comes. Never a word of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import CounselSession
from counsel.handovers import COMING, OPEN_HANDOVER, HandoverState

_OPEN = [state.value for state in OPEN_HANDOVER]


class Handover(models.Model):
    """One try to hand a talk on. It goes with its talk.

    `identity`, `statement` and `proof` are what the browser of whoever comes shows the other one's.
    """

    session = models.ForeignKey(CounselSession, on_delete=models.CASCADE, related_name="handovers")
    leaves = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    follows = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in HandoverState])
    due_at = models.DateTimeField()
    """When the clock lets it go unless somebody does something; after its end, when that was."""
    identity = models.BinaryField(default=bytes)
    statement = models.BinaryField(default=bytes)
    proof = models.BinaryField(max_length=64, default=bytes)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_open_handover", fields=["session"], condition=Q(state__in=_OPEN)
            ),
            models.UniqueConstraint(
                name="asked_of_one_talk", fields=["follows"], condition=Q(state__in=_OPEN)
            ),
            models.CheckConstraint(
                name="nobody_follows_themselves", condition=~Q(leaves=models.F("follows"))
            ),
            models.CheckConstraint(
                name="whoever_comes_shows_papers",
                condition=~Q(state__in=[state.value for state in COMING]) | ~Q(identity=b""),
            ),
        )
        indexes = (
            models.Index(name="handover_due", fields=["due_at"], condition=Q(state__in=_OPEN)),
        )

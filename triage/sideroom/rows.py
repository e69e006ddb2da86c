"""What is kept of a raised hand, and what was sealed in its room: gone when the room is.

Fields, constraints and indexes only. Nothing here is read by this server; no seeker has a part in it.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import CounselSession
from counsel.raised_hands import OPEN_HANDS, HandState
from triage.escalation.timers import Audience

_OPEN: Final = [state.value for state in OPEN_HANDS]


class RaisedHand(models.Model):
    """One hand. `session` is the talk it was raised from; its words never come here.

    `round` counts the groups of its room: whoever reloads their page has no keys any more and begins
    another, and what was sealed before goes. `group_id` is empty until somebody has opened one.
    """

    session = models.ForeignKey(
        CounselSession, null=True, on_delete=models.SET_NULL, related_name="hands"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="hands_raised"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="hands_answered"
    )
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in HandState])
    raised_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    """The next one of the ladder."""
    due_at = models.DateTimeField()
    """When the clock does something unless a person does."""
    called = models.CharField(
        max_length=10, choices=[(a.value, a.value) for a in Audience], default="", blank=True
    )
    """Whom the last page called."""
    ended_at = models.DateTimeField(null=True)

    round = models.PositiveSmallIntegerField(default=1)
    key_package = models.BinaryField(default=bytes)
    """Of whoever raised it, for the group of this round; empty once it was used."""
    statement = models.BinaryField(default=bytes)
    group_id = models.BinaryField(max_length=16, default=bytes)
    epoch = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_hand_each", fields=["raised_by"], condition=Q(state__in=_OPEN)
            ),
        )
        indexes = (models.Index(name="hand_due", fields=["due_at"], condition=Q(state__in=_OPEN)),)


class SideRow(models.Model):
    """One sealed row of a room's log: order and size, no time."""

    WELCOME, COMMIT, WORDS = "welcome", "commit", "words"

    hand = models.ForeignKey(RaisedHand, on_delete=models.CASCADE, related_name="rows")
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=8, choices=[(w, w) for w in (WELCOME, COMMIT, WORDS)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    client_id = models.BinaryField(max_length=16)
    sealed = models.BinaryField()
    statement = models.BinaryField(default=bytes)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_place_in_the_room", fields=["hand", "seq"]),
            models.UniqueConstraint(name="said_once", fields=["hand", "by", "client_id"]),
        )

"""What the queue keeps: a place for each session, the steps of its tier, and everybody's hands.

Fields, constraints and indexes only. A place holds no word of what was answered: a tier, topics,
and codes as coarse as they were chosen. Instants are exact while somebody waits or talks, and say
the day only once it is over.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import CounselSession
from counsel.lifecycle import Role
from triage.queue.tiers import Now, Reason, Tier

_WAITING: Final = Q(queued=True)


class Place(models.Model):
    """Where a session stands in the queue. The session's own state is the truth of what it is; this
    moves with it, in the same transaction."""

    session = models.OneToOneField(
        CounselSession, on_delete=models.CASCADE, primary_key=True, related_name="place"
    )
    queued = models.BooleanField(default=True)
    """Waits, is offered to nobody, and was heard of lately: the next free hands may take it."""
    away = models.BooleanField(default=False)
    """Was not heard of for `KEEP_PLACE_FOR`: passed over, with the old time, until it speaks."""

    tier = models.PositiveSmallIntegerField(choices=[(t.value, t.name) for t in Tier])
    now = models.PositiveSmallIntegerField(choices=[(n.value, n.name) for n in Now], default=0)
    human_check = models.BooleanField(default=False)
    """The danger button was called a mistake: somebody asks."""
    since = models.DateTimeField()
    """From when its wait counts. Nothing moves it but the end of the talk."""
    returned = models.BooleanField(default=False)
    """A listener fell silent, or somebody was left with it: goes to the front of its tier."""
    due_at = models.DateTimeField()
    """When this tier's target is over, counted from arriving, rising or coming back."""
    breached = models.BooleanField(default=False)

    heard = models.BooleanField(default=False)
    """The phone has shown words of whoever has this talk now."""

    language = models.CharField(max_length=8)
    topics = models.PositiveSmallIntegerField(default=0)
    region = models.CharField(max_length=2, default="", blank=True)
    industry = models.CharField(max_length=16, default="", blank=True)
    exclusions = models.PositiveSmallIntegerField(default=0)
    listener = models.CharField(max_length=22, default="", blank=True)
    """The person they would like to talk with again, as certificates name them, or empty."""

    offer = models.PositiveIntegerField(default=0)
    """Drawn for each offer. The number is the fence: an offer that is over carries another one."""
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    offered_until = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    """When somebody came, until the clock has counted the wait."""
    counted = models.BooleanField(default=False)
    """Its first wait stands among the counts; in which of them is not kept."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_offer_each", fields=["offered_to"], condition=Q(offered_to__isnull=False)
            ),
        )
        indexes = (
            models.Index(
                name="place_next",
                fields=["tier", "-returned", "since", "session"],
                condition=_WAITING,
            ),
            models.Index(
                name="place_wished",
                fields=["listener", "tier", "-returned", "since", "session"],
                condition=_WAITING & ~Q(listener=""),
            ),
            models.Index(
                name="place_due",
                fields=["due_at"],
                condition=Q(breached=False) & (_WAITING | Q(away=True)),
            ),
            models.Index(name="place_away", fields=["session"], condition=Q(away=True)),
            models.Index(
                name="place_to_count", fields=["session"], condition=Q(met_at__isnull=False)
            ),
        )


class TierStep(models.Model):
    """Something that happened to a tier, who made it happen, and why. The clock's are breaches."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="steps")
    source = models.PositiveSmallIntegerField()
    target = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=8, choices=[(r.value, r.value) for r in Reason])
    role = models.CharField(
        max_length=10,
        choices=[
            (r.value, r.value) for r in (Role.SEEKER, Role.COUNSELLOR, Role.SUPERVISOR, Role.CLOCK)
        ],
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()


class HandsOf(models.Model):
    """How much one counsellor carries. No row is one talk at a time, and nothing offered."""

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="hands"
    )
    cap = models.PositiveSmallIntegerField(default=1)
    """Talks at once; a supervisor raises it (people.md 16)."""
    offers = models.BooleanField(default=False)
    offered_at = models.DateTimeField(null=True)
    """The last offer, so that offers go round."""
    rests_until = models.DateTimeField(null=True)
    """After a red: no new person before then."""


class WaitCount(models.Model):
    """How many of one tier were met in one quarter-hour after so many minutes. Refers to nobody;
    whoever erases a talk takes one out again.
    """

    quarter_at = models.DateTimeField()
    tier = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_count_each", fields=["quarter_at", "tier", "minutes"]
            ),
        )

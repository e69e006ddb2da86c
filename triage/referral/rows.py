"""What the server keeps of referrals: opaque ids, a desk, a state, days, and sealed bytes of one size.

No column refers to a talk or holds an instant, no id is counted, and rows lie in no order
(`mixing.py`). The states before `sent` are on the seeker's phone alone.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.db import models
from django.db.models import Q

from counsel.keys.models import DeviceCard
from counsel.places import DESKS
from counsel.referrals import ReferralEvent, ReferralState

KEPT: Final = tuple(
    state
    for state in ReferralState
    if state not in {ReferralState.PROPOSED, ReferralState.APPROVED, ReferralState.CLOSED}
)
"""States a row can be in."""

COUNTED: Final = (
    ReferralEvent.ACCEPT,
    ReferralEvent.DECLINE,
    ReferralEvent.REDIRECT,
    ReferralEvent.COME,
    ReferralEvent.MISS,
)
"""What is counted of a desk when it does it."""
SILENT: Final = "silent"
BEHALF: Final = "behalf"
"""Beside it: that it did not answer in its days, and what was written by staff for somebody at their side."""


def draw_id() -> int:
    """A primary key that says nothing: 62 random bits."""
    return secrets.randbits(62)


class Referral(models.Model):
    """One referral. `ref` and the token were drawn by the phone, for this one and nothing else."""

    id = models.PositiveBigIntegerField(primary_key=True, default=draw_id)
    ref = models.BinaryField(max_length=16, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the mailbox token."""
    desk = models.CharField(max_length=20, choices=[(desk, desk) for desk in DESKS])
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in KEPT])
    last = models.PositiveSmallIntegerField(default=0)
    """How many letters there are."""
    day = models.DateField()
    """The day it came."""
    due_on = models.DateField(null=True)
    """The last day of its state."""
    ended_on = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(name="referral_of_desk", fields=["desk", "state", "due_on"]),)
        constraints = (
            models.CheckConstraint(
                name="referral_state_is_kept",
                condition=Q(state__in=[state.value for state in KEPT]),
            ),
        )


class Letter(models.Model):
    """One sealed letter of a referral, by either side: which of them, only the two can tell."""

    id = models.PositiveBigIntegerField(primary_key=True, default=draw_id)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="letters")
    number = models.PositiveSmallIntegerField()
    day = models.DateField()
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_letter_each", fields=["referral", "number"]),
        )


class DeskKey(models.Model):
    """Where letters to one certified browser of a desk are sealed to, by the word of that browser."""

    card = models.OneToOneField(
        DeviceCard, on_delete=models.CASCADE, primary_key=True, related_name="desk_key"
    )
    statement = models.BinaryField()


class DeskCount(models.Model):
    """How many referrals of one desk ended how in one month. Refers to none of them."""

    desk = models.CharField(max_length=20)
    month = models.DateField()
    event = models.CharField(
        max_length=10,
        choices=[(name, name) for name in (*(one.value for one in COUNTED), SILENT, BEHALF)],
    )
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_desk_count_each", fields=["desk", "month", "event"]),
        )

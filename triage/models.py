"""The rota, and the rows of the queue. Who sits where is in `chat/models.py`."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from counsel.lifecycle import Role, ShiftEvent, ShiftState
from counsel.models import Organisation
from triage.directory import models as _directory  # noqa: F401  (Django finds its tables through here)
from triage.dispatch.rows import Dispatch, DispatchStep
from triage.escalation.rows import Call, Debrief, Escalation, EscalationStep, Receiver, Review
from triage.followup.rows import FollowUp, FollowUpStep
from triage.handover.rows import Handover
from triage.queue.rows import HandsOf, Place, TierStep, WaitCount
from triage.referral.rows import DeskCount, DeskKey, Letter, Referral
from triage.sideroom.rows import RaisedHand, SideRow
from triage.stories.rows import Story

__all__ = [
    "Call",
    "Debrief",
    "DeskCount",
    "DeskKey",
    "Dispatch",
    "DispatchStep",
    "Escalation",
    "EscalationStep",
    "FollowUp",
    "FollowUpStep",
    "Handover",
    "HandsOf",
    "Letter",
    "Place",
    "RaisedHand",
    "Receiver",
    "Referral",
    "Review",
    "Shift",
    "ShiftStep",
    "SideRow",
    "Story",
    "TierStep",
    "WaitCount",
]

STANDING = (Role.COUNSELLOR, Role.SUPERVISOR)
"""The roles a shift can be for."""

UNDER_WAY = (ShiftState.ON, ShiftState.PAUSE, ShiftState.DEBRIEF)
"""The states of somebody who is checked in."""


class Shift(models.Model):
    """One place on the rota: a role, from when to when, and who stands there. UTC.

    `checked_in_at`, `page_seen_at`, `cover_wanted` and the person are facts beside the state.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="shifts")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in STANDING])
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ShiftState])
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="shifts"
    )
    cover_wanted = models.BooleanField(default=False)
    walk_in = models.BooleanField(default=False)
    """Not on the rota before: somebody came and started."""
    checked_in_at = models.DateTimeField(null=True)
    page_seen_at = models.DateTimeField(null=True)
    """When whoever checked in acknowledged this shift's test page."""
    checked_out_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (  # what the clock asks each second, however long the rota's past is
            models.Index(name="shift_to_come", fields=["state", "starts_at"]),
            models.Index(name="shift_under_way", fields=["state", "ends_at"]),
        )
        constraints = (
            models.CheckConstraint(
                name="shift_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="somebody_stands_there",
                condition=models.Q(state__in=["open", "missed", "cancelled"])
                | models.Q(staff__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_shift_at_a_time",
                fields=["staff"],
                condition=models.Q(state__in=[state.value for state in UNDER_WAY]),
            ),
        )


class ShiftStep(models.Model):
    """A transition of a shift that happened."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="steps")
    source = models.CharField(max_length=10)
    event = models.CharField(
        max_length=10, choices=[(event.value, event.value) for event in ShiftEvent]
    )
    target = models.CharField(max_length=10)
    role = models.CharField(max_length=16)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

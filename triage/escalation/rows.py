"""What is kept of danger: one row for each time, its steps, who can be called, and each call.

Fields, constraints and indexes only. A step is history, audit and to-do at once: one that calls
somebody has its calls beside it, written in the same transaction. Once the session is erased
nothing here says whose it was, and the day is all that stays of each instant.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import CounselSession
from counsel.lifecycle import OPEN_DANGER, DangerEvent, DangerState, Role
from counsel.models import Organisation
from triage.escalation.timers import Audience, Kind

_OPEN = [state.value for state in OPEN_DANGER]
_ROLES = (Role.SEEKER, Role.COUNSELLOR, Role.SUPERVISOR, Role.CLOCK)


class Escalation(models.Model):
    """One time somebody may be in danger. `step` counts its steps and is the fence of every change."""

    session = models.ForeignKey(
        CounselSession, null=True, on_delete=models.SET_NULL, related_name="escalations"
    )
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in DangerState])
    kind = models.CharField(max_length=6, choices=[(k.value, k.value) for k in Kind])
    step = models.PositiveIntegerField(default=0)
    raised_at = models.DateTimeField()

    base_at = models.DateTimeField()
    """When its ladder began."""
    rung = models.PositiveSmallIntegerField(default=0)
    """The next one."""
    due_at = models.DateTimeField()
    """When the clock does something unless a person does."""

    acting = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who acknowledged."""
    assessed_at = models.DateTimeField(null=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_tier = models.PositiveSmallIntegerField(default=0)
    proposed_reason = models.CharField(max_length=8, default="", blank=True)
    outcome = models.CharField(max_length=12, default="", blank=True)
    unassessed = models.CharField(max_length=12, default="", blank=True)
    """Why nobody asked about the risk, where nobody did."""
    unstaffed = models.BooleanField(default=False)
    """Nobody was there when it was raised, and the seeker was told so. This count is kept."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_open_danger", fields=["session"], condition=Q(state__in=_OPEN)
            ),
        )
        indexes = (
            models.Index(name="danger_due", fields=["due_at"], condition=Q(state__in=_OPEN)),
        )


class EscalationStep(models.Model):
    """Something that happened to an escalation, who did it, and whom it called."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=12)
    event = models.CharField(max_length=12, choices=[(e.value, e.value) for e in DangerEvent])
    target = models.CharField(max_length=12)
    role = models.CharField(max_length=10, choices=[(r.value, r.value) for r in _ROLES])
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=12, default="", blank=True)
    called = models.CharField(
        max_length=10, choices=[(a.value, a.value) for a in Audience], default="", blank=True
    )
    """Whom this step called, or nobody."""
    at = models.DateTimeField()
    after = models.PositiveIntegerField()
    """Seconds since it was raised: what a review reads once `at` says the day only."""

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_danger_step", fields=["escalation", "number"]),
        )


class Review(models.Model):
    """What a supervisor learned once it was over: codes of `review.Learned`, never words about anybody."""

    escalation = models.OneToOneField(Escalation, on_delete=models.CASCADE, related_name="review")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    learned = models.JSONField(default=list)
    on = models.DateField()


class Debrief(models.Model):
    """A quarter-hour booked for somebody who was in it. It begins when their talks are over."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="debriefs")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="debriefs"
    )
    begun_at = models.DateTimeField(null=True)
    """The day: to the second it would be that of the end of a talk."""

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_debrief_each", fields=["escalation", "staff"]),
        )


class Receiver(models.Model):
    """A way to reach somebody: their own, or the lead's where `staff` is empty.

    `channel` says how, `address` where: an e-mail address, a telephone number, the key of a chat
    robot, which is a secret and is never told again, or a browser's subscription.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="receivers"
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="receivers"
    )
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=1000)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="reached_once", fields=["organisation", "staff", "channel", "address"]
            ),
        )


class Call(models.Model):
    """One call to one receiver: what a step still has to do, and then that it was done.

    `page` is what the receiver sees of it: the same for everybody one step calls, and the same
    however often it is sent. `shift` instead of a step: the test of a check-in; `hand`: somebody of
    the staff wants a colleague.
    """

    step = models.ForeignKey(
        EscalationStep, null=True, on_delete=models.CASCADE, related_name="calls"
    )
    shift = models.ForeignKey("Shift", null=True, on_delete=models.CASCADE, related_name="calls")
    hand = models.ForeignKey(
        "RaisedHand", null=True, on_delete=models.CASCADE, related_name="calls"
    )
    receiver = models.ForeignKey(Receiver, on_delete=models.CASCADE, related_name="calls")
    page = models.CharField(max_length=12)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    """When it is sent, or sent again; while somebody is sending, when they count as dead."""
    sent_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)
    """Given up: others were called instead."""

    class Meta:
        indexes = (
            models.Index(
                name="call_to_make",
                fields=["next_at"],
                condition=Q(sent_at=None, failed=False),
            ),
        )

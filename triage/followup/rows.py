"""What the server keeps of follow-ups: the staff's own list, and nothing a phone could be found by.

A row says a day, never an instant. What the seeker erases takes its row along. What the clock erases
leaves a row behind that refers to no talk any more; the name staff have for the talk stays on it only where
the seeker agreed to be looked in on.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import CounselSession
from counsel.followups import OPEN, FollowUpEvent, FollowUpState
from triage.followup.steps import Kind

_OPEN: Final = [state.value for state in OPEN]


class FollowUp(models.Model):
    """One person to look in on, whose turn it is, and until when."""

    session = models.OneToOneField(
        CounselSession, null=True, on_delete=models.SET_NULL, related_name="follow_up"
    )
    case_code = models.CharField(max_length=8, default="", blank=True)
    """What staff call the talk; empty once it may not be said any more."""
    kind = models.CharField(max_length=6, choices=[(kind.value, kind.value) for kind in Kind])
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in FollowUpState if s is not FollowUpState.GONE],
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    step = models.PositiveSmallIntegerField(default=0)
    """Which of the days of its kind is next, from 0; the fence of every change."""
    days = models.PositiveSmallIntegerField(default=0)
    """Of an agreed one: how many days from its beginning."""
    began_on = models.DateField()
    due_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(name="follow_up_due", fields=["due_on"], condition=Q(state__in=_OPEN)),
        )
        constraints = (
            models.CheckConstraint(
                name="open_follow_up_is_due",
                condition=Q(state__in=_OPEN, due_on__isnull=False, ended_on=None)
                | (~Q(state__in=_OPEN) & Q(due_on=None, ended_on__isnull=False)),
            ),
        )


class FollowUpStep(models.Model):
    """Something that happened to a follow-up. Without `staff` it was the clock."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    event = models.CharField(max_length=8, choices=[(e.value, e.value) for e in FollowUpEvent])
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_follow_up_step", fields=["follow_up", "number"]),
        )

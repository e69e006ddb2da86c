"""What the server keeps of help: a state, who called, and instants. Never a place, a name, a number of
a dispatcher, or a word.

`session` is empty once the seeker has erased the talk while help was on its way: then nothing here says
whose it was, and when it is over no row is left. The code of a responder is kept as a keyed hash.
"""

from __future__ import annotations

import secrets
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import CounselSession
from counsel.dispatches import OPEN, DispatchEvent, DispatchState
from counsel.lifecycle import Role

_OPEN = [state.value for state in OPEN]
_ROLES = (Role.SEEKER, Role.COUNSELLOR, Role.SUPERVISOR, Role.RESPONDER, Role.CLOCK)


class Whom(StrEnum):
    """Who is called."""

    AMBULANCE = "120"
    POLICE = "110"
    RESPONDER = "responder"
    """Somebody of a station, or a volunteer from outside: passed a code on the telephone."""


def draw_number() -> int:
    """What boards call it: 31 bits that count nothing."""
    return secrets.randbelow(2**31 - 1) + 1


class Dispatch(models.Model):
    """One time help is sent. `step` is the fence of every change."""

    id = models.PositiveIntegerField(primary_key=True, default=draw_number)
    session = models.ForeignKey(
        CounselSession, null=True, on_delete=models.CASCADE, related_name="dispatches"
    )
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in DispatchState])
    step = models.PositiveSmallIntegerField(default=1)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who offered it: on their computer alone lies where to go."""
    whom = models.CharField(
        max_length=10, choices=[(w.value, w.value) for w in Whom], default="", blank=True
    )
    begun_at = models.DateTimeField()
    """When this state began; of `accepted`: when somebody was called."""
    due_at = models.DateTimeField()
    """When staff are told that it is late."""
    until = models.DateTimeField()
    """When the two devices forget the place, and this ends."""
    minutes = models.PositiveSmallIntegerField(default=0)
    """In how many a responder said they are there; 0: not said."""
    code_hash = models.BinaryField(max_length=32, null=True, unique=True)
    """Keyed hash of the code a responder types; none: there is no code, or it was used up."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_open_dispatch", fields=["session"], condition=Q(state__in=_OPEN)
            ),
        )
        indexes = (
            models.Index(name="dispatch_due", fields=["due_at"], condition=Q(state__in=_OPEN)),
        )


class DispatchStep(models.Model):
    """Something that happened to it, and who did it."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10)
    event = models.CharField(max_length=10, choices=[(e.value, e.value) for e in DispatchEvent])
    target = models.CharField(max_length=10)
    role = models.CharField(max_length=10, choices=[(r.value, r.value) for r in _ROLES])
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_dispatch_step", fields=["dispatch", "number"]),
        )

"""What the server keeps of a talk: sealed bytes, their order, and who may sit where.

Fields, constraints and indexes only; behaviour lives in `sessions`, `access`, `store`, `keys`.
No column names a seeker, and none holds an address, a browser or a readable word.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models

from counsel.lifecycle import Event, Role, State, VisitState

_SEATED = (Role.SEEKER, Role.COUNSELLOR, Role.SUPERVISOR)
"""Who can sit in a session; the clock only acts on one."""


def _choices(kind: Iterable[State | Role | Event | VisitState]) -> list[tuple[str, str]]:
    return [(item.value, item.value) for item in kind]


class CounselSession(models.Model):
    """One conversation, from the first tap to the last erased row."""

    ref = models.BinaryField(max_length=16, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    case_code = models.CharField(max_length=4, unique=True)
    state = models.CharField(max_length=8, choices=_choices(State))

    # The log. `group` counts the MLS groups of this session; only the last one may be written to.
    last_seq = models.PositiveIntegerField(default=0)
    group = models.PositiveSmallIntegerField(default=0)
    group_id = models.BinaryField(max_length=16, default=bytes)
    epoch = models.PositiveIntegerField(default=0)
    news = models.PositiveIntegerField(default=0)
    """Raised by every write a client should hear of; the hub compares it once a second."""

    closed_at = models.DateTimeField(null=True)
    """The day the talk ended."""

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="session_state_is_known",
                condition=models.Q(state__in=[s.value for s in State if s is not State.ERASED]),
            ),
        )


class Seat(models.Model):
    """A right to be in one session. It ends; it is never given to somebody else.

    `presence` is what its holder last said, `seen_at` when: silence is read off `seen_at`.
    """

    session = models.ForeignKey(CounselSession, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=10, choices=_choices(_SEATED))
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="seats"
    )
    presence = models.CharField(max_length=8, default="here")
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    # A supervisor's: they came with this place of the log, by this Welcome, and nothing before is theirs.
    since = models.PositiveIntegerField(default=0)
    welcome = models.BinaryField(default=bytes)
    statement = models.BinaryField(default=bytes)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_open_seat_per_role",
                fields=["session", "role"],
                condition=models.Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="only_staff_seats_name_staff",
                condition=models.Q(role="seeker", staff=None)
                | models.Q(role__in=["counsellor", "supervisor"], staff__isnull=False),
            ),
        )


class Envelope(models.Model):
    """One sealed row of a session's log: order and size class, no time."""

    WELCOME, COMMIT, WORDS = "welcome", "commit", "words"

    # Both are found by the constraints below: an index more of each would be written with every row.
    session = models.ForeignKey(
        CounselSession, on_delete=models.CASCADE, related_name="envelopes", db_index=False
    )
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    group = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=8, choices=[(w, w) for w in (WELCOME, COMMIT, WORDS)])
    client_id = models.BinaryField(max_length=16)
    sealed = models.BinaryField()
    statement = models.BinaryField(default=bytes)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_place_in_the_log", fields=["session", "seq"]),
            # The seat first: whether a draft was stored already is one probe, and the random ids of
            # one sender lie together instead of all over the largest index there is.
            models.UniqueConstraint(name="sent_once", fields=["seat", "client_id", "session"]),
        )


class KeyPackage(models.Model):
    """What admits a phone to a group. Given once; only the last resort may be given again.

    A given row stays until its session goes: a phone that sends the same one again, because an
    answer got lost, must not have it given to a second person.
    """

    session = models.ForeignKey(
        CounselSession, on_delete=models.CASCADE, related_name="key_packages"
    )
    sealed = models.BinaryField()
    last_resort = models.BooleanField(default=False)
    given = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="left_once", fields=["session", "sealed"]),
            models.UniqueConstraint(
                name="one_last_resort",
                fields=["session"],
                condition=models.Q(last_resort=True),
            ),
        )


class Visit(models.Model):
    """A supervisor who asked to be beside a counsellor, and what became of it.

    `proof` is by the key inside `key_package`, over the group and the epoch they asked to enter:
    only the clients read any of it.
    """

    session = models.ForeignKey(CounselSession, on_delete=models.CASCADE, related_name="visits")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="visits"
    )
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=_choices(VisitState))
    epoch = models.PositiveIntegerField()
    key_package = models.BinaryField()
    statement = models.BinaryField()
    proof = models.BinaryField(max_length=64)
    asked_at = models.DateTimeField()


class Step(models.Model):
    """A transition that happened: history, audit and outbox in one row."""

    session = models.ForeignKey(CounselSession, on_delete=models.CASCADE, related_name="steps")
    source = models.CharField(max_length=8, choices=_choices(State))
    event = models.CharField(max_length=8, choices=_choices(Event))
    target = models.CharField(max_length=8, choices=_choices(State))
    role = models.CharField(max_length=10, choices=_choices((*_SEATED, Role.CLOCK)))
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()


class Tombstone(models.Model):
    """What stays of an erased session: that there was one, in this month. It refers to nothing."""

    id = models.UUIDField(primary_key=True)
    month = models.DateField()

"""The people behind the service. Seekers are nowhere in here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from counsel.lifecycle import Role

STAFF_ROLES = (Role.COUNSELLOR, Role.SUPERVISOR)
"""The roles a person can be given; the others of `Role` are the seeker and the clock."""


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by the name they sign in with."""


class Staff(AbstractBaseUser):
    """A counsellor, supervisor or administrator. The working name is all a seeker ever sees."""

    sign_in_name = models.CharField(max_length=64, unique=True)
    """Stored folded (`signin.fold_name`), so that LIN and lin are one person."""
    working_name = models.CharField(max_length=32, unique=True)
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in STAFF_ROLES])
    person = models.CharField(max_length=22, unique=True)
    """16 random bytes in base64url: stable, in every certificate of this person, says nothing."""
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    """Drawn by `manage.py demo`; its password lies in a file. Never on a real site."""
    board_seen_at = models.DateTimeField(null=True)
    """When this person's open board last spoke: who is on duty, as long as there is no rota."""

    objects = StaffManager()

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class Login(models.Model):
    """One browser a person is signed in on. The row is the login: without it there is none.

    Beside Django's own row because that one cannot be found by person, and because whether a
    socket may stay open is asked every second: that has to be one indexed look.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="logins")
    session_key = models.CharField(max_length=40, unique=True)
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    """When a person last did something here; a page that is merely open does not count."""


class SlowedName(models.Model):
    """Failures to sign in under one name, existing or not: both are slowed alike.

    Keyed by a keyed hash, because people type their password into the name field. No address.
    """

    name_hash = models.BinaryField(max_length=32, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(db_index=True)
    wait_until = models.DateTimeField(null=True)

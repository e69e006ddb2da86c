"""The people behind the service. Seekers are nowhere in here."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from counsel.lifecycle import Role


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by the name they sign in with."""


class Staff(AbstractBaseUser):
    """A counsellor, supervisor or administrator. The working name is all a seeker ever sees."""

    sign_in_name = models.CharField(max_length=64, unique=True)
    working_name = models.CharField(max_length=32, unique=True)
    role = models.CharField(
        max_length=10,
        choices=[(r.value, r.value) for r in (Role.COUNSELLOR, Role.SUPERVISOR)],
    )
    person = models.CharField(max_length=22, unique=True)
    """Random, stable, in every certificate of this person; says nothing else."""
    is_active = models.BooleanField(default=True)
    board_seen_at = models.DateTimeField(null=True)
    """When this person's open board last spoke: who is on duty, as long as there is no rota."""
    failures = models.PositiveSmallIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)

    objects = StaffManager()

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: list[str] = []

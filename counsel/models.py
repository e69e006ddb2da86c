"""The people behind the service. Seekers are nowhere in here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from counsel.keys import models as _keys  # noqa: F401  (Django finds its tables through here)
from counsel.lifecycle import Role

STAFF_ROLES = (Role.COUNSELLOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.DESK)
"""The roles a person can be given; the others of `Role` are the seeker and the clock."""

ZONE = "Asia/Shanghai"
"""Where hours are read as long as an organisation says nothing else."""


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role.value) for role in STAFF_ROLES]


def languages() -> list[str]:
    """What an organisation speaks as long as it says nothing else."""
    return ["zh", "en"]


class Organisation(models.Model):
    """The union that runs this service: who it is, in whose hours, in which languages."""

    name = models.CharField(max_length=64, default="")
    level = models.CharField(max_length=64, default="")
    """Which level of the union this is, as the landing says it ("市总工会")."""
    zone = models.CharField(max_length=64, default=ZONE)
    """IANA name of the time zone its rota is read in."""
    languages = models.JSONField(default=languages)


def home() -> Organisation:
    """The organisation this service belongs to: the first one. A migration makes it."""
    first = Organisation.objects.order_by("pk").first()
    return first if first is not None else Organisation.objects.create()


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by the name they sign in with."""


class Staff(AbstractBaseUser):
    """Somebody who works here. The working name is all a seeker or a colleague ever sees.

    Nobody is deleted: a person who leaves is inactive, so that what they did stays told.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="staff")
    sign_in_name = models.CharField(max_length=64, unique=True)
    """Stored folded (`signin.fold_name`), so that LIN and lin are one person. No client is sent it."""
    working_name = models.CharField(max_length=32)
    role = models.CharField(max_length=16, choices=_roles())
    desk = models.CharField(max_length=20, default="", blank=True)
    """Which back office somebody of the role `desk` answers for (`counsel/places.py`); else empty."""
    person = models.CharField(max_length=22, unique=True)
    """16 random bytes in base64url: stable, in every certificate of this person, says nothing."""
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    """Drawn by `manage.py demo`; its password lies in a file. Never on a real site."""
    board_seen_at = models.DateTimeField(null=True)
    """When this person's open board last spoke: whether somebody on duty is really there."""
    told_at = models.DateTimeField(null=True)
    """When they were told what is recorded about them, and said so."""

    joined_at = models.DateTimeField(default=timezone.now)
    """Who joined less than a day ago is nobody's second person (limits.TRUSTED_AFTER)."""
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    """Which supervisor found this person ready for real talks, and when."""

    # Who must not meet whom (people.md 10). Coarse codes of `counsel/places.py`, or empty.
    region = models.CharField(max_length=8, default="", blank=True)
    industry = models.CharField(max_length=16, default="", blank=True)
    in_plant = models.BooleanField(default=False)
    """Works at a workplace seekers come from: never matched with anybody of that region or industry."""

    objects = StaffManager()

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_working_name", fields=["organisation", "working_name"]
            ),
            models.CheckConstraint(
                name="a_desk_is_of_a_desk",
                condition=models.Q(role="desk") & ~models.Q(desk="")
                | ~models.Q(role="desk") & models.Q(desk=""),
            ),
        )


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
    recorded = models.PositiveSmallIntegerField(default=0)
    """How many of these the trail has."""
    failed_at = models.DateTimeField(db_index=True)
    wait_until = models.DateTimeField(null=True)


class Invitation(models.Model):
    """A one-time link, kept as a hash. `join`: a new person. `reset`: a fresh password and factor.

    A reset takes two: it is good for nothing until somebody else than `asked_by` has agreed.
    Used, withdrawn or too old, the row is gone.
    """

    JOIN, RESET = "join", "reset"

    kind = models.CharField(max_length=8, choices=[(JOIN, JOIN), (RESET, RESET)])
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True, null=True)
    """Empty until the link exists: a reset's is drawn by whoever agrees."""
    working_name = models.CharField(max_length=32)
    role = models.CharField(max_length=16, choices=_roles())
    desk = models.CharField(max_length=20, default="", blank=True)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="+")
    """Whom a reset is about."""
    asked_by = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="+")
    """Null: from the shell, for the first administrator."""
    agreed_by = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_reset_each", fields=["staff"], condition=models.Q(kind="reset")
            ),
        )


class Passkey(models.Model):
    """A public key that signs somebody in. The private one never leaves their own device."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    """COSE, as the library verified it."""
    sign_count = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=32)
    """What its owner calls it."""
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Hotline(models.Model):
    """A number the organisation answers for beside the national ones, and when it was last tried."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="hotlines"
    )
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=32)
    hours = models.CharField(max_length=64)
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    national = models.BooleanField(default=False)
    """One of `counsel/numbers.json`: it can be tried, and neither changed nor removed."""

    class Meta:
        constraints = (
            models.UniqueConstraint(name="listed_once", fields=["organisation", "number"]),
        )


class Signature(models.Model):
    """Who stands for the texts and the timers (people.md 1). One row each; a new one replaces it."""

    TEXTS, TIMERS = "texts", "timers"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=8, choices=[(TEXTS, TEXTS), (TIMERS, TIMERS)])
    signer = models.CharField(max_length=64)
    """The clinical lead's name, as they sign."""
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="signed_once", fields=["organisation", "what"]),
        )


from counsel.audit.models import AuditCase, AuditEntry, AuditLink  # noqa: E402, F401  (Django looks here)

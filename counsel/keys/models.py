"""What was issued, to whom, and who still asks. Statements are public; no private key is in here."""

from __future__ import annotations

from django.conf import settings
from django.db import models

KEY = 32
"""Bytes of a public key, and of a hash."""


class StaffLog(models.Model):
    """The log of everything issued, as long as it is now: one row. Whoever appends swaps it whole."""

    size = models.PositiveIntegerField(default=0)
    head = models.BinaryField(default=bytes)
    """Issuer statement and head statement: what the last who appended signed."""
    headed_at = models.DateTimeField()


class LogRow(models.Model):
    """One row of the log: 33 bytes that say nothing to whoever does not hold the statement."""

    place = models.PositiveIntegerField(unique=True)
    """From 0."""
    row = models.BinaryField(max_length=KEY + 1)


class IssuerCard(models.Model):
    """A key the root lets certify. Imported from the ceremony's bundle, never made here."""

    key = models.BinaryField(max_length=KEY, unique=True)
    statement = models.BinaryField()
    name = models.CharField(max_length=64)
    """Who holds it."""
    offline = models.BooleanField()
    place = models.PositiveIntegerField(unique=True)
    """Its row in the log."""
    until = models.DateField()
    """Its last day."""
    revoked_place = models.PositiveIntegerField(null=True)


class DeviceRequest(models.Model):
    """A browser of somebody who works here asks for a card. Gone as soon as it is answered."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="device_requests"
    )
    key = models.BinaryField(max_length=KEY, unique=True)
    asked_at = models.DateTimeField()


class DeviceCard(models.Model):
    """A certified browser of one person. Its statement is what other clients check, not this row."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cards"
    )
    key = models.BinaryField(max_length=KEY, db_index=True)
    """Certified anew before its end, the same key has two cards."""
    fingerprint = models.BinaryField(max_length=KEY, unique=True)
    """SHA-256 of the device statement: what a duty statement points at."""
    identity = models.BinaryField()
    """Issuer statement and device statement."""
    issuer = models.ForeignKey(IssuerCard, on_delete=models.PROTECT, related_name="issued")
    issued_at = models.DateTimeField()
    role = models.CharField(max_length=16)
    until = models.DateField()
    """Its last day, or its issuer's."""
    place = models.PositiveIntegerField(unique=True)
    revoked_place = models.PositiveIntegerField(null=True)
    """The row that takes it back."""
    lost_at = models.DateTimeField(null=True)
    """Somebody said that this browser is lost: no duty any more, and an issuer is asked to revoke."""


class DutyRequest(models.Model):
    """Somebody who is checked in waits for their duty statement; one for each card."""

    card = models.OneToOneField(DeviceCard, on_delete=models.CASCADE, related_name="duty_request")
    asked_at = models.DateTimeField()
    until_at = models.DateTimeField()
    """Until when they would be on duty."""


class DutyCard(models.Model):
    """A duty statement as it was signed: this certificate, one shift."""

    card = models.ForeignKey(DeviceCard, on_delete=models.CASCADE, related_name="duties")
    statement = models.BinaryField()
    """Issuer statement and duty statement."""
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)

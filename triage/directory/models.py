"""Who helps where, and what of it was signed and shipped. All of it is public; nobody is in here."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from counsel.models import Organisation


class DirectoryRow(models.Model):
    """A row of an HSDS table: `fields` as they came. The other columns are of those fields, to find by."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)
    identifier = models.CharField(max_length=250)
    link = models.CharField(max_length=8, default="", blank=True)
    """Tells rows of one id apart; nearly always empty. See `nesting.py`."""
    place = models.PositiveIntegerField()
    """In the order they came."""
    fields = models.JSONField()
    service = models.CharField(max_length=250, default="", blank=True)
    """The service it belongs to, or is."""
    region = models.CharField(max_length=8, default="", blank=True)
    """Of a service: its province, or empty for the whole country."""
    name = models.CharField(max_length=250, default="", blank=True)
    """Of a service: what it is called and who runs it, folded."""

    class Meta:
        indexes = (
            models.Index(name="directory_services", fields=["organisation", "table", "region"]),
            models.Index(name="directory_of_service", fields=["organisation", "service"]),
        )
        constraints = (
            models.UniqueConstraint(
                name="one_directory_row",
                fields=["organisation", "table", "identifier", "link"],
            ),
        )


class TestCall(models.Model):
    """Somebody rang a service to see whether it is what the directory says."""

    __test__ = False  # no test of pytest's

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=250, db_index=True)
    answered = models.BooleanField()
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField()


class Edition(models.Model):
    """A province's directory as it was packed, and an issuer's word for it once it is signed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    region = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    """From 1; no number is given twice, so a phone knows the newer one."""
    packed = models.BinaryField()
    """What the phones read, without its signature."""
    digest = models.BinaryField(max_length=32)
    """SHA-256 of `packed`: what is signed."""
    entries = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    statement = models.BinaryField(default=bytes)
    """Issuer statement and directory statement; empty while nobody has signed."""
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_edition", fields=["organisation", "region", "version"]
            ),
        )

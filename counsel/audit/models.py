"""The tables of the trail. Two of them are only ever written to: databases refuse anything else."""

from __future__ import annotations

from django.db import models

from counsel.audit.kinds import Kind

ONCE_A_DAY = (Kind.CASE_OPENED,)
"""Acts that are one however often a browser comes back on the same day."""


class AuditEntry(models.Model):
    """One act of one person. It refers to no other table, so that it can be judged without them.

    `at` is to the minute. Of a talk it has only the day (its midnight in UTC, whatever the zone): what
    was exact while a talk lived must not be found here once it is over. People are their
    `Staff.person`; `by` is empty for the shell.
    """

    organisation = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=22, default="", blank=True)
    role = models.CharField(max_length=16, default="", blank=True)
    """In which role they did it."""
    what = models.CharField(max_length=24)
    """A `kinds.Kind`; what an older version wrote may be one no more."""
    about = models.CharField(max_length=22, default="", blank=True)
    thing = models.CharField(max_length=64, default="", blank=True)
    """What else it was done to: see `kinds.NOUNS`."""

    class Meta:
        indexes = (
            models.Index(name="audit_by", fields=["by", "id"]),
            models.Index(name="audit_about", fields=["about", "id"]),
            models.Index(name="audit_thing", fields=["thing", "id"]),
        )
        constraints = (
            models.UniqueConstraint(
                name="audit_once_a_day",
                fields=["by", "thing", "at"],
                condition=models.Q(what__in=[kind.value for kind in ONCE_A_DAY]),
            ),
        )


class AuditLink(models.Model):
    """An entry's place in the chain: SHA-256 over the hash before it and the entry (`chain.py`)."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="link")
    hash = models.BinaryField(max_length=32)


class AuditCase(models.Model):
    """What the trail calls a talk that has not been erased. With the talk this row goes, and then
    its name in the trail is a random word: nothing says any more which talk it was.
    """

    case_code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=22, unique=True)

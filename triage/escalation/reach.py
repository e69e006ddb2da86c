"""How people and the lead can be reached, as they set it up, and whether that was tried this shift."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from counsel import limits
from counsel.errors import AccessError, NameTakenError, ThrottledError
from counsel.models import Organisation, Staff
from triage.escalation import channels
from triage.escalation.rows import Call, Receiver
from triage.models import UNDER_WAY


def of(organisation: Organisation, staff: Staff | None) -> list[Receiver]:
    """Theirs, in the order they were added; the lead's where there is nobody."""
    return list(organisation.receivers.filter(staff=staff).order_by("pk"))


@transaction.atomic
def add(
    organisation: Organisation, staff: Staff | None, *, channel: str, address: str, now: datetime
) -> None:
    """One more. Raises `ValueRefusedError`, `NameTakenError`, `ThrottledError`."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    how, where = channels.check(channel, address, for_lead=staff is None)
    theirs = organisation.receivers.filter(staff=staff)
    if theirs.filter(channel=how.value, address=where).exists():
        raise NameTakenError("there already")
    if theirs.count() >= limits.RECEIVERS:
        raise ThrottledError("many are there", retry_after=60)
    Receiver.objects.create(
        organisation=organisation, staff=staff, channel=how.value, address=where, added_at=now
    )


def remove(organisation: Organisation, staff: Staff | None, number: int) -> None:
    """No more. Raises `AccessError`."""
    if not organisation.receivers.filter(staff=staff, pk=number).delete()[0]:
        raise AccessError("no such receiver of theirs")


def missing(organisation: Organisation, supervising: Collection[int]) -> list[str]:
    """What paging lacks: `lead` cannot be reached, or the test page of no `supervisor` who is there
    arrived since they checked in."""
    lacks = [] if organisation.receivers.filter(staff=None).exists() else ["lead"]
    arrived = Call.objects.filter(
        shift__staff__in=supervising,
        shift__state__in=[state.value for state in UNDER_WAY],
        sent_at__isnull=False,
    )
    return lacks if arrived.exists() else [*lacks, "supervisor"]

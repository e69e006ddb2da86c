"""Duty statements of the people who are checked in: asked for, signed by an issuer's browser, kept.

A statement is for one certificate and one shift. The first of a shift takes a person's tap; what the
same browser asks for in the same shift, that issuer's page signs by itself. Whether it does is decided
there, by what was tapped there, and not by what this server says.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import name_key, record
from counsel.certificates import verify_duty, verify_identity
from counsel.errors import AccessError, ValueRefusedError
from counsel.keys import cards, ledger
from counsel.keys.log import require_logged, require_logged_duty
from counsel.keys.models import DeviceCard, DutyCard, DutyRequest
from counsel.keys.root import trusted_root
from counsel.models import Organisation, Staff
from counsel.statements import CertificateError
from triage.models import UNDER_WAY, Shift
from triage.standing import under_way

_SLACK: Final = timedelta(minutes=2)
"""A statement that ends so little before the shift does is as good as one that ends with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`off`: nobody is checked in here; `waiting`; `on`. `statement` is the one that goes on now."""

    state: str
    statement: bytes = b""


def ask(staff: Staff, fingerprint: bytes, now: datetime) -> Asked:
    """The statement of this card for the shift that runs; asked for, if there is none to its end.

    Raises `AccessError` for a card that is not theirs or counts no more.
    """
    card = cards.find(staff, fingerprint)
    if card.staff_id != staff.pk or card.role != staff.role or not cards.counts(card):
        raise AccessError("no card of theirs")
    good = _newest(card, now)
    statement = b"" if good is None else bytes(good.statement)
    shift = under_way(staff)
    if shift is None or shift.ends_at + limits.CHECK_OUT_AFTER <= now:
        return Asked("off", statement)
    until = _until(shift, now)
    if good is not None and good.until_at >= until - _SLACK:
        return Asked("on", statement)
    with transaction.atomic():
        facts = {"until_at": until, "asked_at": now}
        if DutyRequest.objects.update_or_create(card=card, defaults=facts)[1]:
            record(Kind.DUTY_ASKED, by=staff, thing=name_key(bytes(card.key)), now=now)
    return Asked("waiting", statement)


def waiting(organisation: Organisation, now: datetime) -> QuerySet[DutyRequest]:
    """Who is checked in and waits for a statement, the longest waiting first."""
    return (
        DutyRequest.objects.filter(
            card__staff__in=_checked_in(organisation), until_at__gt=now, card__revoked_place=None,
            card__lost_at=None,
        )
        .select_related("card__staff")
        .order_by("pk")
    )  # fmt: skip


@transaction.atomic
def put_on(actor: Staff, number: int, *, statement: bytes, now: datetime) -> None:
    """What an issuer signed for somebody who waits. Raises `AccessError`, `ValueRefusedError`."""
    request = waiting(actor.organisation, now).filter(pk=number).first()
    if request is None:
        raise AccessError("nobody waits there")
    card, root, rows = request.card, trusted_root(), ledger.rows()
    try:
        member = verify_identity(bytes(card.identity), root=root, leaf_key=bytes(card.key), now=now)
        require_logged(rows, member)
        duty = verify_duty(statement, root=root, member=member, now=now)
        require_logged_duty(rows, duty)
    except CertificateError as error:
        raise ValueRefusedError(str(error)) from error
    DutyCard.objects.create(card=card, statement=statement, from_at=duty.first, until_at=duty.last)
    thing = name_key(bytes(card.key))
    record(Kind.DUTY_GIVEN, by=actor, about=card.staff, thing=thing, now=now)
    request.delete()


def without(people: Collection[int], now: datetime) -> set[int]:
    """Who of these has no statement that goes on now, on any card that counts."""
    good = DutyCard.objects.filter(
        card__staff__in=people, card__revoked_place=None, card__lost_at=None,
        card__issuer__revoked_place=None, from_at__lte=now, until_at__gt=now,
    )  # fmt: skip
    return set(people) - set(good.values_list("card__staff", flat=True))


def _newest(card: DeviceCard, now: datetime) -> DutyCard | None:
    going_on = card.duties.filter(from_at__lte=now, until_at__gt=now)
    return going_on.order_by("until_at").last()


def _until(shift: Shift, now: datetime) -> datetime:
    """Until the clock checks them out, within what a statement may run at the longest."""
    at_most = now - limits.DUTY_BEFORE + limits.DUTY_AT_MOST
    return min(shift.ends_at + limits.CHECK_OUT_AFTER, at_most).replace(second=0, microsecond=0)


def _checked_in(organisation: Organisation) -> QuerySet[Staff]:
    there = Shift.objects.filter(
        organisation=organisation, state__in=[state.value for state in UNDER_WAY]
    )
    return Staff.objects.filter(is_active=True, pk__in=there.values("staff"))

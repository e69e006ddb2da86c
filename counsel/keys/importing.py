"""Taking over what a ceremony issued: checked as every client checks it, all of it or nothing.

A box keeps whatever it ever issued in its bundle: what was taken back or has run out is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from counsel.audit.kinds import Kind as Act
from counsel.audit.trail import name_key, record
from counsel.certificates import Member, Root, verify_identity, verify_issuer, verify_root
from counsel.errors import ValueRefusedError
from counsel.keys import cards, ledger
from counsel.keys.bundle import Bundle
from counsel.keys.log import Log
from counsel.keys.models import DeviceCard, IssuerCard
from counsel.keys.root import trusted_root
from counsel.models import Staff
from counsel.statements import (
    CertificateError,
    Kind,
    first_statement,
    key32,
    open_statement,
)

_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was new in it: names of issuers and of people, and how many were taken back."""

    issuers: tuple[str, ...]
    devices: tuple[str, ...]
    revoked: int


@transaction.atomic
def take(bundle: Bundle, *, now: datetime) -> Taken:
    """Raises `ValueRefusedError` in a sentence, `LostRaceError` when the log here has gone on."""
    root = trusted_root()
    try:
        if verify_root(bundle.root, host="localhost", now=None).key != root.key:
            raise ValueRefusedError("This bundle is of another root than the pages trust.")
        log = ledger.extend(bundle.log, now=now)
        issuers = [_take_issuer(one, root, log, now) for one in bundle.issuers]
        devices = [_take_device(one, root, log, now) for one in bundle.identities]
    except CertificateError as error:
        raise ValueRefusedError(f"Something in this bundle is not true: {error}") from error
    record(Act.LOG_EXTENDED, by=None, thing=str(log.rows.size), now=now)
    return Taken(
        issuers=tuple(name for name in issuers if name),
        devices=tuple(name for name in devices if name),
        revoked=cards.note_revoked(ledger.revocations(), by=None, now=now),
    )


def _take_issuer(statement: bytes, root: Root, log: Log, now: datetime) -> str:
    """Its name; empty where it was here already, or holds no longer."""
    found = verify_issuer(statement, root=root)
    if log.rows.has_revoked(found.commitment):
        return ""
    log.rows.require(found.commitment)
    if IssuerCard.objects.filter(key=found.key).exists():
        return ""
    IssuerCard.objects.create(
        key=found.key, statement=statement, name=found.name, offline=found.offline,
        place=log.rows.places[found.commitment], until=found.last.date(),
    )  # fmt: skip
    record(Act.ISSUER_IMPORTED, by=None, thing=name_key(found.key), now=now)
    return found.name


def _take_device(identity: bytes, root: Root, log: Log, now: datetime) -> str:
    member = _read(identity, root, None)
    taken_back = log.rows.has_revoked(member.commitment, member.issuer.commitment)
    if taken_back or member.last + _A_DAY <= now:
        return ""
    member = _read(identity, root, now)
    if DeviceCard.objects.filter(fingerprint=member.fingerprint).exists():
        return ""
    staff = Staff.objects.filter(person=member.person, is_active=True).first()
    if staff is None or (staff.role, staff.working_name) != (member.role, member.name):
        raise ValueRefusedError(
            f"The card of {member.name} ({member.role}) is of nobody who works here like that."
        )
    log.rows.require(member.commitment)
    cards.keep(identity, member, staff, by=None, log=log, now=now)
    return member.name


def _read(identity: bytes, root: Root, now: datetime | None) -> Member:
    issuer_statement, device = first_statement(identity)
    issuer = verify_issuer(issuer_statement, root=root)
    key = key32(open_statement(Kind.DEVICE, device, issuer.key), "key")
    return verify_identity(identity, root=root, leaf_key=key, now=now)

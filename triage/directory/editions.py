"""What of the directory is shipped: packed here, signed by an issuer's device, served as public bytes.

The server signs nothing. Packing makes a draft anybody may fetch by its hash; the issuer's page reads
it, shows what changed, and signs that hash. What is checked here, every phone checks again.
"""

from __future__ import annotations

import gzip
import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import brotli
from django.db import transaction
from django.db.models import Max

from counsel.certificates import verify_issuer
from counsel.errors import AccessError, LostRaceError, ValueRefusedError
from counsel.keys import ledger
from counsel.keys.root import trusted_root
from counsel.models import Organisation, Staff, home
from counsel.places import REGIONS
from counsel.statements import (
    MINUTE,
    CertificateError,
    Kind,
    count,
    first_statement,
    instant,
    key32,
    open_statement,
    word,
)
from triage.directory import book, packing
from triage.directory.models import Edition

_CLOCKS_DIFFER: Final = timedelta(hours=1)
_KEPT: Final = 2
"""Signed editions of a province that are kept: the one that is served, and the one before."""


@transaction.atomic
def draft(organisation: Organisation, region: str, *, now: datetime) -> Edition:
    """What could be signed now. Raises `AccessError` for no region of ours."""
    if region not in REGIONS:
        raise AccessError("no such region")
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    ours = Edition.objects.filter(organisation=organisation, region=region)
    version = (ours.aggregate(last=Max("version"))["last"] or 0) + 1
    today = now.astimezone(ZoneInfo(organisation.zone)).date()
    found = packing.entries(book.read(organisation), region, today)
    packed = packing.pack(found, region=region, version=version, zone=organisation.zone)
    ours.filter(statement=b"").delete()
    return Edition.objects.create(
        organisation=organisation, region=region, version=version, packed=packed,
        digest=hashlib.sha256(packed).digest(), entries=len(found), made_at=now,
    )  # fmt: skip


@transaction.atomic
def publish(
    organisation: Organisation, digest: bytes, statement: bytes, *, by: Staff | None, now: datetime
) -> Edition:
    """The draft of this hash is what every phone gets from now on.

    Raises `AccessError` when it is not there any more, `ValueRefusedError` for a statement no phone
    would believe, `LostRaceError` when it was signed already.
    """
    ours = Edition.objects.filter(organisation=organisation)
    found = ours.filter(digest=digest).order_by("-version").first()
    if found is None:
        raise AccessError("no such draft")
    _check(found, statement, now)
    if not ours.filter(pk=found.pk, statement=b"").update(statement=statement, signed_by=by):
        raise LostRaceError("signed already")
    older = ours.filter(region=found.region, version__lte=found.version - _KEPT)
    older.delete()
    found.refresh_from_db()
    return found


def _check(edition: Edition, statement: bytes, now: datetime) -> None:
    try:
        first, rest = first_statement(statement)
        issuer = verify_issuer(first, root=trusted_root())
        fields = open_statement(Kind.DIRECTORY, rest, issuer.key)
        said = key32(fields, "issuer"), key32(fields, "hash"), word(fields, "region")
        at = instant(fields, "from", MINUTE)
        version = count(fields, "version")
        ledger.rows().require(issuer.commitment)
    except CertificateError as error:
        raise ValueRefusedError(str(error)) from error
    if said != (issuer.key, bytes(edition.digest), edition.region) or version != edition.version:
        raise ValueRefusedError("signed is another directory")
    if not issuer.first <= at < issuer.last + timedelta(days=1) or at > now + _CLOCKS_DIFFER:
        raise ValueRefusedError("signed at another time")


# --- served -------------------------------------------------------------------------------------


def published(organisation: Organisation, region: str) -> Edition | None:
    """What this province's phones get now."""
    ours = Edition.objects.filter(organisation=organisation, region=region)
    return ours.exclude(statement=b"").order_by("-version").first()


def file_of(name: str) -> tuple[int, bytes]:
    """A province's signed file, or a draft by its hash in hex; with its number in the database.

    Raises `AccessError`.
    """
    if name in REGIONS:
        found = published(home(), name)
        if found is not None:
            return found.pk, bytes(found.statement) + bytes(found.packed)
    else:
        unsigned = Edition.objects.filter(organisation=home(), digest=_digest(name)).first()
        if unsigned is not None:
            return -unsigned.pk, bytes(unsigned.packed)
    raise AccessError("no such file")


def _digest(name: str) -> bytes:
    try:
        return bytes.fromhex(name)
    except ValueError:
        return b""


@lru_cache(maxsize=8)
def squeezed(number: int, data: bytes, coding: str) -> bytes:
    """The same, compressed once however many fetch it."""
    if coding == "br":
        found: bytes = brotli.compress(data, quality=9, lgwin=22)
        return found
    return gzip.compress(data, compresslevel=9, mtime=0)

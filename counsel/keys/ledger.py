"""The log of everything issued, as this server keeps and serves it. Nothing else writes it.

The server signs nothing: whoever appends brings the rows and a head an issuer has signed over them.
Both are checked here as every client will check them, so that a mistake in one issuer's browser does
not stop all the others. What the rows are is in `counsel/keys/log.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db import transaction

from counsel.errors import LostRaceError, ValueRefusedError
from counsel.keys.log import REVOKED, ROW, Log, Rows, open_log, read_rows
from counsel.keys.models import LogRow, StaffLog
from counsel.keys.root import trusted_root
from counsel.statements import CertificateError, first_statement

_ONLY: Final = 1
"""There is one log, because there is one root."""

_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""A head from the future would move the "now" of every client that believes it."""


def whole() -> bytes:
    """The log as everybody is served it: the newest head, then every row. Empty before the first."""
    with transaction.atomic():
        found = StaffLog.objects.filter(pk=_ONLY).first()
        if found is None or not found.size:
            return b""
        return _whole(bytes(found.head), found.size)


@lru_cache(maxsize=2)
def _whole(head: bytes, size: int) -> bytes:
    """The head is signed over exactly these rows, so they need not be read twice for it."""
    return head + _data(size)


def rows() -> Rows:
    """The rows that are there, read."""
    found = StaffLog.objects.filter(pk=_ONLY).first()
    return read_rows(trusted_root().key, _data(found.size if found else 0))


def size() -> int:
    """How many rows there are."""
    found = StaffLog.objects.filter(pk=_ONLY).first()
    return 0 if found is None else found.size


def headed_at() -> datetime | None:
    """When its newest head was signed."""
    found = StaffLog.objects.filter(pk=_ONLY).first()
    return found.headed_at if found is not None and found.size else None


def revocations() -> dict[int, int]:
    """What was taken back: the place of a row, and of the one that says so."""
    found = LogRow.objects.order_by("place").values_list("place", "row")
    return {
        int.from_bytes(bytes(row)[1:5], "big"): place for place, row in found if row[0] == REVOKED
    }


@transaction.atomic
def append(fresh: Sequence[bytes], *, size: int, head: bytes, now: datetime) -> Log:
    """These rows behind the `size` ones that are there, and the head over all of them; the whole log.

    No rows: the same log under a newer date. Raises `LostRaceError` when somebody appended first or
    the newest head is a later one, `ValueRefusedError` for a head no client would take.
    """
    before = _begin()
    if before.size != size:
        raise LostRaceError(f"behind {size} rows, and there are {before.size}")
    log = _read(head + _data(size) + b"".join(fresh), now)
    still = StaffLog.objects.filter(pk=_ONLY, size=size, headed_at=before.headed_at)
    if log.signed_at < before.headed_at or not still.update(
        size=log.rows.size, head=head, headed_at=log.signed_at
    ):
        raise LostRaceError("somebody was first")
    LogRow.objects.bulk_create(
        LogRow(place=size + place, row=row) for place, row in enumerate(fresh)
    )
    return log


def extend(file: bytes, *, now: datetime) -> Log:
    """A whole log that begins with the one there is takes its place. Raises as `append` does."""
    rows = _rows_of(file)
    head = file[: len(file) - len(rows)]
    with transaction.atomic():
        size = _begin().size
        if _data(size) != rows[: size * ROW]:
            raise LostRaceError("another log: somebody appended since it was taken along")
        fresh = rows[size * ROW :]
        behind = [fresh[at : at + ROW] for at in range(0, len(fresh), ROW)]
        return append(behind, size=size, head=head, now=now)


def _rows_of(file: bytes) -> bytes:
    try:
        return first_statement(first_statement(file)[1])[1]
    except CertificateError as error:
        raise ValueRefusedError(str(error)) from error


def _begin() -> StaffLog:
    never = datetime.fromtimestamp(0, UTC)
    return StaffLog.objects.get_or_create(pk=_ONLY, defaults={"headed_at": never})[0]


def _data(size: int) -> bytes:
    """Rows are never changed: what is appended meanwhile is cut off, not waited for."""
    found = LogRow.objects.filter(place__lt=size).order_by("place")
    return b"".join(map(bytes, found.values_list("row", flat=True)))


def _read(file: bytes, now: datetime) -> Log:
    try:
        log = open_log(file, root=trusted_root())
    except CertificateError as error:
        raise ValueRefusedError(str(error)) from error
    if log.signed_at > now + _CLOCKS_DIFFER:
        raise ValueRefusedError("a head from the future")
    return log

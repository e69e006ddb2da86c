"""The log of everything issued: rows, the hash chain over them, its signed head. Pure.

    file  = issuer statement, head statement, rows
    row   = u8 1, SHA-256("counsel log 1" 0 statement)      an issuer or device statement was issued
          | u8 2, u32 index of that row, 28 zero bytes      and holds no longer
    chain = SHA-256("counsel log 1" 0 root key), then for each row SHA-256(chain, row)

Shipped whole to every client, so nobody sees another one. The browser's twin is
`counsel/client/staffLog.ts`; both read `tests/vectors/statements.json`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from counsel.certificates import Duty, Issuer, Member, Root, verify_issuer
from counsel.statements import (
    MINUTE,
    CertificateError,
    Kind,
    Refusal,
    commitment_of,
    count,
    first_statement,
    instant,
    key32,
    log_digest,
    open_statement,
)

ROW: Final = 33
_ISSUED, REVOKED = 1, 2


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, read: `chain[n]` is the hash over the first `n`, `places` where a commitment lies."""

    chain: tuple[bytes, ...]
    places: dict[bytes, int]
    revoked: frozenset[int]

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self.chain) - 1

    @property
    def head(self) -> bytes:
        """The hash over all of them, 32 bytes."""
        return self.chain[-1]

    def require(self, *commitments: bytes) -> None:
        """Raises `CertificateError` unless each of these was issued and none revoked."""
        for commitment in commitments:
            place = self.places.get(commitment)
            if place is None:
                raise CertificateError(Refusal.UNLOGGED, "not in the log")
            if place in self.revoked:
                raise CertificateError(Refusal.REVOKED, f"row {place}")

    def has_revoked(self, *commitments: bytes) -> bool:
        """Whether one of these was issued and holds no longer."""
        return any(self.places.get(one) in self.revoked for one in commitments)

    def require_agreement(self, size: int, head: bytes) -> None:
        """Somebody who signed knows a log of `size` rows. Raises `CertificateError`."""
        if size > self.size:
            raise CertificateError(Refusal.LOG_BEHIND, f"{self.size} rows of {size}")
        if self.chain[size] != head:
            raise CertificateError(Refusal.LOG_SPLIT, f"another hash over {size} rows")


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose head an issuer signed at `signed_at` (UTC)."""

    rows: Rows
    signed_at: datetime
    issuer: Issuer


def issued(statement: bytes) -> bytes:
    """The row of an issuer or device statement."""
    return bytes([_ISSUED]) + commitment_of(statement)


def revoked(index: int) -> bytes:
    """The row that says: what row `index` stands for holds no longer."""
    return bytes([REVOKED]) + index.to_bytes(4, "big") + bytes(ROW - 5)


def chain_over(root_key: bytes, data: bytes) -> tuple[bytes, ...]:
    """The hash over the first 0, 1, 2 … rows, whatever is in them."""
    chain = [log_digest(root_key)]
    for at in range(0, len(data), ROW):
        chain.append(hashlib.sha256(chain[-1] + data[at : at + ROW]).digest())
    return tuple(chain)


def read_rows(root_key: bytes, data: bytes) -> Rows:
    """Rows one behind the other. Raises `CertificateError`."""
    if len(data) % ROW:
        raise CertificateError(Refusal.UNREADABLE, f"a log of {len(data)} bytes")
    places, gone = dict[bytes, int](), set[int]()
    for index in range(len(data) // ROW):
        row = data[index * ROW : (index + 1) * ROW]
        if row[0] == _ISSUED:
            places.setdefault(row[1:], index)
        else:
            gone.add(_revoked_index(row, data[: index * ROW]))
    return Rows(chain_over(root_key, data), places, frozenset(gone))


def _revoked_index(row: bytes, before: bytes) -> int:
    what = int.from_bytes(row[1:5], "big")
    if row[0] != REVOKED or any(row[5:]) or before[what * ROW :][:1] != bytes([_ISSUED]):
        raise CertificateError(Refusal.UNREADABLE, f"row {len(before) // ROW} of the log")
    return what


def open_log(file: bytes, *, root: Root) -> Log:
    """The log a file holds, once an issuer who is in it has signed it. Raises `CertificateError`.

    Whether that was lately is not asked: a head says when it was signed, not until when it counts.
    """
    issuer_statement, rest = first_statement(file)
    head_statement, data = first_statement(rest)
    issuer = verify_issuer(issuer_statement, root=root)
    fields = open_statement(Kind.HEAD, head_statement, issuer.key)
    if key32(fields, "issuer") != issuer.key:
        raise CertificateError(Refusal.FORGED, "the head names another issuer")
    at, until = (instant(fields, name, MINUTE) for name in ("from", "until"))
    if at != until:
        raise CertificateError(Refusal.UNREADABLE, "a head has one instant")
    if not issuer.first <= at < issuer.last + timedelta(days=1):
        raise CertificateError(Refusal.DATES, "signed when its issuer was none")
    rows = read_rows(root.key, data)
    if (count(fields, "size"), key32(fields, "hash")) != (rows.size, rows.head):
        raise CertificateError(Refusal.LOG_SPLIT, "the head is of other rows")
    rows.require(issuer.commitment)
    return Log(rows, at, issuer)


def require_logged(rows: Rows, member: Member) -> None:
    """The certificate and its issuer are in the log and hold. Raises `CertificateError`."""
    rows.require(member.issuer.commitment, member.commitment)


def require_logged_duty(rows: Rows, duty: Duty) -> None:
    """Its signer holds, and knows no other log. Raises `CertificateError`."""
    rows.require_agreement(duty.size, duty.head)
    rows.require(duty.issuer.commitment)

"""Who may call themselves staff: certificates and duty statements, made, verified, refused. Pure.

    identity  = issuer statement, device statement      (the MLS credential of a staff member)

    root    {name, key, demo}                     signed by itself; built into every page
    issuer  {key, roles, root}                    signed by the root
    device  {person, role, name, key, issuer}     signed by the issuer, 90 days at most
    duty    {certificate, issuer}                 signed by the issuer, one shift at most

All have `kind`, `v` 1, `from`, `until`: days, both included; in a duty statement minutes, `until`
excluded. Keys are 32 bytes in base64url without padding. The layout of a statement is in
`counsel/statements.py`. The browser's twin is `counsel/client/certificates.ts`; both read
`tests/vectors/statements.json`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel import limits
from counsel.statements import (
    DAY,
    MINUTE,
    CertificateError,
    Kind,
    Refusal,
    encode,
    flag,
    instant,
    key32,
    open_self_signed,
    open_statement,
    public_key,
    sign_statement,
    split_identity,
    word,
)

_ROLES: Final = ("counsellor", "supervisor")


@dataclass(frozen=True, slots=True)
class Root:
    """The organisation, as built into the pages. `key` is 32 bytes."""

    name: str
    key: bytes
    demo: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A certified device of a staff member. `key` is its 32-byte MLS leaf key.

    `fingerprint` is SHA-256 of the device statement: what a duty statement points at.
    """

    person: str
    role: str
    name: str
    key: bytes
    issuer: bytes
    demo: bool
    fingerprint: bytes


def is_local(host: str) -> bool:
    """Whether a page under this host name can only be on the reader's own machine (RFC 6761)."""
    return host in {"localhost", "127.0.0.1", "[::1]"} or host.endswith(".localhost")


# --- making ---------------------------------------------------------------------------------


def make_root(
    private: Ed25519PrivateKey, *, name: str, demo: bool, first: date, last: date
) -> bytes:
    """The root states itself."""
    fields = {"name": name, "key": encode(public_key(private)), "demo": demo}
    return sign_statement(private, Kind.ROOT, first.isoformat(), last.isoformat(), fields)


def make_issuer(
    root: Ed25519PrivateKey, *, key: bytes, roles: Iterable[str], first: date, last: date
) -> bytes:
    """The root lets `key` certify devices of these roles, and no others."""
    fields = {"key": encode(key), "roles": sorted(roles), "root": encode(public_key(root))}
    return sign_statement(root, Kind.ISSUER, first.isoformat(), last.isoformat(), fields)


def make_device(
    issuer: Ed25519PrivateKey,
    *,
    person: str,
    role: str,
    name: str,
    key: bytes,
    first: date,
    last: date,
) -> bytes:
    """An issuer says whose device holds `key`. Raises `ValueError` for more than 90 days."""
    if last - first > limits.DEVICE_CERTIFIED_FOR:
        raise ValueError("a device certificate runs 90 days at most")
    fields = {
        "person": person,
        "role": role,
        "name": name,
        "key": encode(key),
        "issuer": encode(public_key(issuer)),
    }
    return sign_statement(issuer, Kind.DEVICE, first.isoformat(), last.isoformat(), fields)


def make_duty(
    issuer: Ed25519PrivateKey, *, device: bytes, from_at: datetime, until_at: datetime
) -> bytes:
    """An issuer says that the holder of this device statement is on duty. One shift at most."""
    if until_at - from_at > limits.DUTY_AT_MOST:
        raise ValueError("a duty statement runs one shift at most")
    fields = {
        "certificate": encode(hashlib.sha256(device).digest()),
        "issuer": encode(public_key(issuer)),
    }
    first, last = (at.astimezone(UTC).strftime(MINUTE) for at in (from_at, until_at))
    return sign_statement(issuer, Kind.DUTY, first, last, fields)


# --- reading --------------------------------------------------------------------------------


def verify_root(statement: bytes, *, host: str, now: datetime | None) -> Root:
    """The root built into a page that was served under `host`.

    `now` None leaves the dates unasked. Raises `CertificateError`.
    """
    fields = open_self_signed(Kind.ROOT, statement)
    root = Root(word(fields, "name"), key32(fields, "key"), flag(fields, "demo"))
    _check_days(fields, now)
    if root.demo and not is_local(host):
        raise CertificateError(Refusal.DEMO, f"a demo root under {host}")
    return root


def verify_identity(
    identity: bytes, *, root: Root, leaf_key: bytes, now: datetime | None
) -> Member:
    """Whose device holds `leaf_key`, by the word of an issuer whom `root` allowed that role.

    `now` None leaves the dates unasked: reading and catching up need only the signatures.
    Raises `CertificateError`.
    """
    issuer_statement, device_statement = split_identity(identity)
    issuer = open_statement(Kind.ISSUER, issuer_statement, root.key)
    issuer_key, roles = key32(issuer, "key"), _roles(issuer)
    device = open_statement(Kind.DEVICE, device_statement, issuer_key)
    member = Member(
        person=word(device, "person"),
        role=_role(word(device, "role")),
        name=word(device, "name"),
        key=key32(device, "key"),
        issuer=issuer_key,
        demo=root.demo,
        fingerprint=hashlib.sha256(device_statement).digest(),
    )
    if key32(issuer, "root") != root.key or key32(device, "issuer") != issuer_key:
        raise CertificateError(Refusal.FORGED, "a link of the chain names another key")
    if member.role not in roles:
        raise CertificateError(Refusal.ROLE, f"this issuer may not certify a {member.role}")
    if member.key != leaf_key:
        raise CertificateError(Refusal.KEY, "certified is another key")
    first, last = _check_days(device, now)
    if last - first > limits.DEVICE_CERTIFIED_FOR:
        raise CertificateError(Refusal.TOO_LONG, f"a device certificate of {last - first}")
    _check_days(issuer, now)
    return member


def verify_duty(statement: bytes, *, member: Member, now: datetime | None) -> datetime:
    """Until when this member's device is on duty, in UTC. Raises `CertificateError`.

    `now` None leaves it unasked whether that is over.
    """
    fields = open_statement(Kind.DUTY, statement, member.issuer)
    pointed_at = key32(fields, "certificate")
    if key32(fields, "issuer") != member.issuer:
        raise CertificateError(Refusal.FORGED, "the duty statement names another issuer")
    if pointed_at != member.fingerprint:
        raise CertificateError(Refusal.OTHER_DUTY, "somebody else is on duty")
    first, last = (instant(fields, name, MINUTE) for name in ("from", "until"))
    if last <= first:
        raise CertificateError(Refusal.UNREADABLE, "ends before it begins")
    if last - first > limits.DUTY_AT_MOST:
        raise CertificateError(Refusal.TOO_LONG, f"a shift of {last - first}")
    if now is not None and not first <= now < last:
        raise CertificateError(Refusal.OFF_DUTY, f"on duty {first} to {last}")
    return last


def _role(role: str) -> str:
    if role not in _ROLES:
        raise CertificateError(Refusal.ROLE, f"there is no role {role}")
    return role


def _roles(fields: dict[str, object]) -> frozenset[str]:
    value = fields.get("roles")
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise CertificateError(Refusal.UNREADABLE, "roles are no words")
    return frozenset(value)


def _check_days(fields: dict[str, object], now: datetime | None) -> tuple[datetime, datetime]:
    first, last = (instant(fields, name, DAY) for name in ("from", "until"))
    if last < first:
        raise CertificateError(Refusal.UNREADABLE, "ends before it begins")
    if now is not None and not first <= now < last + timedelta(days=1):
        raise CertificateError(Refusal.DATES, f"good from {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    return first, last

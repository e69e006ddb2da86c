"""Who may call themselves staff: statements verified, refused. Pure. `keys/issuing.py` makes them.

    identity  = issuer statement, device statement      (the MLS credential of a staff member)
    on duty   = issuer statement, duty statement        (that issuer may be another)

    root    {name, key, demo}                           signed by itself; built into every page
    issuer  {key, roles, duties, daily, name, offline, root}                signed by the root
    device  {person, role, name, key, issuer, salt}     signed by the issuer, 90 days at most;
                                                        of a role `desk` also which: {desk}
    duty    {certificate, issuer, size, head}           signed by an issuer, one shift at most
    head    {size, hash, issuer}                        signed by an issuer: `keys/log.py`
    directory  {region, version, hash, issuer}          signed by an issuer: `triage/directory/`
    sealing {certificate, key}                          signed by a device: seal to this X25519 key

All have `kind`, `v` 1, `from`, `until`: days, both included; in a duty statement, a head and a
directory minutes, `until` of a duty excluded. Keys and hashes are 32 bytes in base64url without padding. The
layout of a statement is in `counsel/statements.py`. The browser's twin is
`counsel/client/certificates.ts`; both read `tests/vectors/statements.json`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from counsel import limits
from counsel.statements import (
    DAY,
    MINUTE,
    CertificateError,
    Kind,
    Refusal,
    commitment_of,
    count,
    first_statement,
    flag,
    instant,
    key32,
    open_self_signed,
    open_statement,
    word,
    words,
)

_ROLES: Final = ("counsellor", "supervisor", "administrator", "desk")
IN_TALKS: Final = frozenset({"counsellor", "supervisor"})
"""Roles whose devices may be members of a talk."""
ONLINE_ROLES: Final = frozenset({"counsellor"})
"""Roles an issuer whose key lies on a staff device may certify (encryption.md, who is who, 2)."""
ONLINE_DUTIES: Final = IN_TALKS
"""Roles such an issuer may put on duty."""


@dataclass(frozen=True, slots=True)
class Root:
    """The organisation, as built into the pages. `key` is 32 bytes."""

    name: str
    key: bytes
    demo: bool


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whom the root lets certify devices of `roles` and put `duties` on duty.

    `name` is who holds the key, `offline` whether that is on no device on line, `commitment` its
    row in the log; `first` and `last` are days, both included.
    """

    key: bytes
    roles: frozenset[str]
    duties: frozenset[str]
    daily: int
    name: str
    offline: bool
    commitment: bytes
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A certified device of a staff member. `key` is its 32-byte MLS leaf key.

    `fingerprint` is SHA-256 of the device statement: what a duty statement points at. `commitment`
    is its row in the log. `desk`: which back office, for the role of that name.
    """

    person: str
    role: str
    desk: str
    name: str
    key: bytes
    issuer: Issuer
    demo: bool
    fingerprint: bytes
    commitment: bytes
    last: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift of one certificate, UTC, and the log its signer knew: so many rows, that hash."""

    first: datetime
    last: datetime
    issuer: Issuer
    size: int
    head: bytes


def is_local(host: str) -> bool:
    """Whether a page under this host name can only be on the reader's own machine (RFC 6761)."""
    return host in {"localhost", "127.0.0.1", "[::1]"} or host.endswith(".localhost")


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


def verify_issuer(statement: bytes, *, root: Root) -> Issuer:
    """Whom the root made an issuer, within what may be given to a device on line.

    Whether that holds now is not asked. Raises `CertificateError`.
    """
    fields = open_statement(Kind.ISSUER, statement, root.key)
    if key32(fields, "root") != root.key:
        raise CertificateError(Refusal.FORGED, "the issuer names another root")
    first, last = _check_days(fields, None)
    issuer = Issuer(
        key=key32(fields, "key"),
        roles=words(fields, "roles"),
        duties=words(fields, "duties"),
        daily=count(fields, "daily"),
        name=word(fields, "name"),
        offline=flag(fields, "offline"),
        commitment=commitment_of(statement),
        first=first,
        last=last,
    )
    within = issuer.roles <= ONLINE_ROLES and issuer.duties <= ONLINE_DUTIES
    if not issuer.offline and not within:
        raise CertificateError(Refusal.ROLE, "an issuer on line that may do too much")
    return issuer


def verify_identity(
    identity: bytes, *, root: Root, leaf_key: bytes, now: datetime | None
) -> Member:
    """Whose device holds `leaf_key`, by the word of an issuer whom `root` allowed that role.

    `now` None leaves the dates unasked: reading and catching up need only the signatures.
    Raises `CertificateError`.
    """
    issuer_statement, device_statement = first_statement(identity)
    issuer = verify_issuer(issuer_statement, root=root)
    device = open_statement(Kind.DEVICE, device_statement, issuer.key)
    first, last = _check_days(device, now)
    member = Member(
        person=word(device, "person"),
        role=_role(word(device, "role")),
        desk=word(device, "desk") if device.get("role") == "desk" else "",
        name=word(device, "name"),
        key=key32(device, "key"),
        issuer=issuer,
        demo=root.demo,
        fingerprint=hashlib.sha256(device_statement).digest(),
        commitment=commitment_of(device_statement),
        last=min(last, issuer.last),
    )
    if key32(device, "issuer") != issuer.key:
        raise CertificateError(Refusal.FORGED, "the device names another issuer")
    if member.role not in issuer.roles:
        raise CertificateError(Refusal.ROLE, f"this issuer may not certify a {member.role}")
    if member.key != leaf_key:
        raise CertificateError(Refusal.KEY, "certified is another key")
    if last - first > limits.DEVICE_CERTIFIED_FOR:
        raise CertificateError(Refusal.TOO_LONG, f"a device certificate of {last - first}")
    _check_within(issuer.first, issuer.last, now)
    return member


def verify_duty(on_duty: bytes, *, root: Root, member: Member, now: datetime | None) -> Duty:
    """The shift of this member's device, by an issuer who may put that role on duty.

    `on_duty` is issuer statement, duty statement. `now` None leaves it unasked whether that is
    over. Raises `CertificateError`.
    """
    issuer_statement, statement = first_statement(on_duty)
    if not statement:
        raise CertificateError(Refusal.UNREADABLE, "a statement without its issuer")
    issuer = verify_issuer(issuer_statement, root=root)
    fields = open_statement(Kind.DUTY, statement, issuer.key)
    if key32(fields, "issuer") != issuer.key:
        raise CertificateError(Refusal.FORGED, "the duty statement names another issuer")
    if key32(fields, "certificate") != member.fingerprint:
        raise CertificateError(Refusal.OTHER_DUTY, "somebody else is on duty")
    if member.role not in issuer.duties:
        raise CertificateError(Refusal.ROLE, f"this issuer puts no {member.role} on duty")
    first, last = (instant(fields, name, MINUTE) for name in ("from", "until"))
    if last <= first:
        raise CertificateError(Refusal.UNREADABLE, "ends before it begins")
    if last - first > limits.DUTY_AT_MOST:
        raise CertificateError(Refusal.TOO_LONG, f"a shift of {last - first}")
    first, last = max(first, issuer.first), min(last, issuer.last + timedelta(days=1))
    if now is not None and not first <= now < last:
        raise CertificateError(Refusal.OFF_DUTY, f"on duty {first} to {last}")
    return Duty(first, last, issuer, count(fields, "size"), key32(fields, "head"))


def verify_sealing(statement: bytes, *, member: Member, now: datetime | None) -> bytes:
    """The X25519 key letters to this device are sealed to, 32 bytes. Raises `CertificateError`."""
    fields = open_statement(Kind.SEALING, statement, member.key)
    if key32(fields, "certificate") != member.fingerprint:
        raise CertificateError(Refusal.FORGED, "of another certificate")
    _check_days(fields, now)
    return key32(fields, "key")


def _role(role: str) -> str:
    if role not in _ROLES:
        raise CertificateError(Refusal.ROLE, f"there is no role {role}")
    return role


def _check_days(fields: dict[str, object], now: datetime | None) -> tuple[datetime, datetime]:
    first, last = (instant(fields, name, DAY) for name in ("from", "until"))
    if last < first:
        raise CertificateError(Refusal.UNREADABLE, "ends before it begins")
    _check_within(first, last, now)
    return first, last


def _check_within(first: datetime, last: datetime, now: datetime | None) -> None:
    if now is not None and not first <= now < last + timedelta(days=1):
        raise CertificateError(Refusal.DATES, f"good from {first:%Y-%m-%d} to {last:%Y-%m-%d}")

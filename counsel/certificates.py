"""Who may call themselves staff: signed statements, how they are made, read and refused. Pure.

    statement = u16 length, payload, 64 bytes of Ed25519 over
                "counsel statement 1" 0 kind 0 payload
    identity  = issuer statement, device statement      (the MLS credential of a staff member)

The payload is UTF-8 JSON and signed as it lies there: nobody has to agree on how JSON is written.
The kind is part of what is signed, so a statement of one kind never passes for another.

    root    {name, key, demo}                     signed by itself; built into every page
    issuer  {key, roles, root}                    signed by the root
    device  {person, role, name, key, issuer}     signed by the issuer, 90 days at most
    duty    {certificate, issuer}                 signed by the issuer, one shift at most

All have `kind`, `v` 1, `from`, `until`: days, both included; in a duty statement minutes, `until`
excluded. Keys are 32 bytes in base64url without padding. The browser's twin is
`counsel/client/certificates.ts`; both read `tests/vectors/statements.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from counsel import limits

_DOMAIN: Final = b"counsel statement 1\0"
_SIGNATURE: Final = 64
_MINUTE: Final = "%Y-%m-%dT%H:%MZ"
_ROLES: Final = ("counsellor", "supervisor")


class Kind(StrEnum):
    """What a statement states."""

    ROOT = "root"
    ISSUER = "issuer"
    DEVICE = "device"
    DUTY = "duty"


class Refusal(StrEnum):
    """Why a statement is not believed; its sentence is `refusals.<code>` in the language files."""

    UNREADABLE = "certificate-unreadable"
    FORGED = "certificate-forged"
    ROLE = "certificate-role"
    DATES = "certificate-dates"
    TOO_LONG = "certificate-too-long"
    KEY = "certificate-key"
    DEMO = "demo-root"
    OTHER_DUTY = "duty-other"
    OFF_DUTY = "duty-over"


class CertificateError(Exception):
    """A statement that is not believed, and why. `detail` is for a developer's eyes."""

    def __init__(self, code: Refusal, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


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


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Base64url without padding, in its one right spelling. Raises `ValueError` for any other."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(data) != text:
        raise ValueError("not the one right spelling")
    return data


def public_key(private: Ed25519PrivateKey) -> bytes:
    """The 32 bytes that statements carry."""
    return private.public_key().public_bytes_raw()


def is_local(host: str) -> bool:
    """Whether a page under this host name can only be on the reader's own machine (RFC 6761)."""
    return host in {"localhost", "127.0.0.1", "[::1]"} or host.endswith(".localhost")


# --- making ---------------------------------------------------------------------------------


def sign_statement(
    private: Ed25519PrivateKey, kind: Kind, first: str, last: str, fields: Mapping[str, object]
) -> bytes:
    """A statement of any kind, unchecked: the functions below are what one normally wants."""
    whole = {"kind": kind.value, "v": 1, "from": first, "until": last, **fields}
    payload = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    signature = private.sign(_DOMAIN + kind.encode() + b"\0" + payload)
    return len(payload).to_bytes(2, "big") + payload + signature


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
    first, last = (at.astimezone(UTC).strftime(_MINUTE) for at in (from_at, until_at))
    return sign_statement(issuer, Kind.DUTY, first, last, fields)


# --- reading --------------------------------------------------------------------------------


def verify_root(statement: bytes, *, host: str, now: datetime | None) -> Root:
    """The root built into a page that was served under `host`.

    `now` None leaves the dates unasked. Raises `CertificateError`.
    """
    key = _key(_parse(Kind.ROOT, *_alone(statement)[:1]), "key")
    fields = _open(Kind.ROOT, statement, key)
    root = Root(_word(fields, "name"), key, _flag(fields, "demo"))
    _check_days(fields, now)
    if root.demo and not is_local(host):
        raise CertificateError(Refusal.DEMO, f"a demo root under {host}")
    return root


def split_identity(identity: bytes) -> tuple[bytes, bytes]:
    """Issuer statement and device statement. Raises `CertificateError`."""
    if len(identity) < 2:
        raise CertificateError(Refusal.UNREADABLE, "no statement")
    cut = 2 + int.from_bytes(identity[:2], "big") + _SIGNATURE
    return identity[:cut], identity[cut:]


def verify_identity(
    identity: bytes, *, root: Root, leaf_key: bytes, now: datetime | None
) -> Member:
    """Whose device holds `leaf_key`, by the word of an issuer whom `root` allowed that role.

    `now` None leaves the dates unasked: reading and catching up need only the signatures.
    Raises `CertificateError`.
    """
    issuer_statement, device_statement = split_identity(identity)
    issuer = _open(Kind.ISSUER, issuer_statement, root.key)
    issuer_key, roles = _key(issuer, "key"), _roles(issuer)
    device = _open(Kind.DEVICE, device_statement, issuer_key)
    member = Member(
        person=_word(device, "person"),
        role=_role(_word(device, "role")),
        name=_word(device, "name"),
        key=_key(device, "key"),
        issuer=issuer_key,
        demo=root.demo,
        fingerprint=hashlib.sha256(device_statement).digest(),
    )
    if _key(issuer, "root") != root.key or _key(device, "issuer") != issuer_key:
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
    fields = _open(Kind.DUTY, statement, member.issuer)
    pointed_at = _key(fields, "certificate")
    if _key(fields, "issuer") != member.issuer:
        raise CertificateError(Refusal.FORGED, "the duty statement names another issuer")
    if pointed_at != member.fingerprint:
        raise CertificateError(Refusal.OTHER_DUTY, "somebody else is on duty")
    first, last = (_at(fields, name, _MINUTE) for name in ("from", "until"))
    if last <= first:
        raise CertificateError(Refusal.UNREADABLE, "ends before it begins")
    if last - first > limits.DUTY_AT_MOST:
        raise CertificateError(Refusal.TOO_LONG, f"a shift of {last - first}")
    if now is not None and not first <= now < last:
        raise CertificateError(Refusal.OFF_DUTY, f"on duty {first} to {last}")
    return last


def _alone(statement: bytes) -> tuple[bytes, bytes]:
    if not 2 + _SIGNATURE <= len(statement) <= limits.MAX_STATEMENT:
        raise CertificateError(Refusal.UNREADABLE, f"{len(statement)} bytes")
    payload, signature = statement[2:-_SIGNATURE], statement[-_SIGNATURE:]
    if int.from_bytes(statement[:2], "big") != len(payload):
        raise CertificateError(Refusal.UNREADABLE, "the length is another")
    return payload, signature


def _open(kind: Kind, statement: bytes, key: bytes) -> dict[str, object]:
    payload, signature = _alone(statement)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            signature, _DOMAIN + kind.encode() + b"\0" + payload
        )
    except (InvalidSignature, ValueError) as error:
        raise CertificateError(Refusal.FORGED, f"{kind} signature") from error
    return _parse(kind, payload)


def _parse(kind: Kind, payload: bytes) -> dict[str, object]:
    try:
        fields = json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise CertificateError(Refusal.UNREADABLE, "not JSON") from error
    if not isinstance(fields, dict) or fields.get("kind") != kind.value:
        raise CertificateError(Refusal.UNREADABLE, f"no {kind} statement")
    if fields.get("v") != 1 or isinstance(fields["v"], bool):
        raise CertificateError(Refusal.UNREADABLE, "another version")
    return fields


def _word(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no word")
    return value


def _flag(fields: dict[str, object], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise CertificateError(Refusal.UNREADABLE, f"{name} is neither true nor false")
    return value


def _key(fields: dict[str, object], name: str) -> bytes:
    try:
        key = decode(_word(fields, name))
    except ValueError as error:
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no base64url") from error
    if len(key) != 32:
        raise CertificateError(Refusal.UNREADABLE, f"{name} has {len(key)} bytes")
    return key


def _role(role: str) -> str:
    if role not in _ROLES:
        raise CertificateError(Refusal.ROLE, f"there is no role {role}")
    return role


def _roles(fields: dict[str, object]) -> frozenset[str]:
    value = fields.get("roles")
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise CertificateError(Refusal.UNREADABLE, "roles are no words")
    return frozenset(value)


def _at(fields: dict[str, object], name: str, layout: str) -> datetime:
    text = _word(fields, name)
    try:
        at = datetime.strptime(text, layout).replace(tzinfo=UTC)
    except ValueError as error:
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no time") from error
    if at.strftime(layout) != text:  # strptime forgives missing zeros
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no time of this layout")
    return at


def _check_days(fields: dict[str, object], now: datetime | None) -> tuple[datetime, datetime]:
    first, last = (_at(fields, name, "%Y-%m-%d") for name in ("from", "until"))
    if last < first:
        raise CertificateError(Refusal.UNREADABLE, "ends before it begins")
    if now is not None and not first <= now < last + timedelta(days=1):
        raise CertificateError(Refusal.DATES, f"good from {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    return first, last

"""Signed statements: how one lies in memory, how it is signed, opened and read. Pure.

    statement = u16 length, payload, 64 bytes of Ed25519 over
                "counsel statement 1" 0 kind 0 payload

The payload is UTF-8 JSON and signed as it lies there: nobody has to agree on how JSON is written.
The kind is part of what is signed, so a statement of one kind never passes for another. What the
kinds mean is in `counsel/certificates.py`; the browser's twin is `counsel/client/statements.ts`.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from counsel import limits

MINUTE: Final = "%Y-%m-%dT%H:%MZ"
DAY: Final = "%Y-%m-%d"
_DOMAIN: Final = b"counsel statement 1\0"
_LOG_DOMAIN: Final = b"counsel log 1\0"
_SIGNATURE: Final = 64


class Kind(StrEnum):
    """What a statement states."""

    ROOT = "root"
    ISSUER = "issuer"
    DEVICE = "device"
    DUTY = "duty"
    HEAD = "head"
    DIRECTORY = "directory"
    SEALING = "sealing"


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
    UNLOGGED = "certificate-unlogged"
    REVOKED = "certificate-revoked"
    LOG_BEHIND = "log-behind"
    LOG_SPLIT = "log-split"


class CertificateError(Exception):
    """A statement that is not believed, and why. `detail` is for a developer's eyes."""

    def __init__(self, code: Refusal, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


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


def sign_statement(
    private: Ed25519PrivateKey, kind: Kind, first: str, last: str, fields: Mapping[str, object]
) -> bytes:
    """A statement of any kind, unchecked: one normally wants those of `counsel/certificates.py`."""
    whole = {"kind": kind.value, "v": 1, "from": first, "until": last, **fields}
    payload = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    signature = private.sign(_DOMAIN + kind.encode() + b"\0" + payload)
    return len(payload).to_bytes(2, "big") + payload + signature


def first_statement(data: bytes) -> tuple[bytes, bytes]:
    """The statement these bytes begin with, and what follows it. Raises `CertificateError`."""
    if len(data) < 2:
        raise CertificateError(Refusal.UNREADABLE, "no statement")
    cut = 2 + int.from_bytes(data[:2], "big") + _SIGNATURE
    return data[:cut], data[cut:]


def log_digest(data: bytes) -> bytes:
    """SHA-256 in the domain of the log (`counsel/keys/log.py`), 32 bytes."""
    return hashlib.sha256(_LOG_DOMAIN + data).digest()


def commitment_of(statement: bytes) -> bytes:
    """What the log's row of an issuer or device statement holds."""
    return log_digest(statement)


def _take_apart(statement: bytes) -> tuple[bytes, bytes]:
    if not 2 + _SIGNATURE <= len(statement) <= limits.MAX_STATEMENT:
        raise CertificateError(Refusal.UNREADABLE, f"{len(statement)} bytes")
    payload, signature = statement[2:-_SIGNATURE], statement[-_SIGNATURE:]
    if int.from_bytes(statement[:2], "big") != len(payload):
        raise CertificateError(Refusal.UNREADABLE, "the length is another")
    return payload, signature


def open_statement(kind: Kind, statement: bytes, key: bytes) -> dict[str, object]:
    """The fields of a statement of this kind that `key` signed. Raises `CertificateError`.

    The signature is judged before a byte of the payload is read.
    """
    payload, signature = _take_apart(statement)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            signature, _DOMAIN + kind.encode() + b"\0" + payload
        )
    except (InvalidSignature, ValueError) as error:
        raise CertificateError(Refusal.FORGED, f"{kind} signature") from error
    return _parse(kind, payload)


def open_self_signed(kind: Kind, statement: bytes) -> dict[str, object]:
    """The same for a statement signed by the key it states. Raises `CertificateError`."""
    payload, _ = _take_apart(statement)
    return open_statement(kind, statement, key32(_parse(kind, payload), "key"))


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


def word(fields: dict[str, object], name: str) -> str:
    """A text that is not empty. Raises `CertificateError`."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no word")
    return value


def flag(fields: dict[str, object], name: str) -> bool:
    """True or false. Raises `CertificateError`."""
    value = fields.get(name)
    if not isinstance(value, bool):
        raise CertificateError(Refusal.UNREADABLE, f"{name} is neither true nor false")
    return value


def count(fields: dict[str, object], name: str) -> int:
    """A whole number of 32 bits. Raises `CertificateError`."""
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**32:
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no number")
    return value


def words(fields: dict[str, object], name: str) -> frozenset[str]:
    """A list of texts, as a set. Raises `CertificateError`."""
    value = fields.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise CertificateError(Refusal.UNREADABLE, f"{name} are no words")
    return frozenset(value)


def key32(fields: dict[str, object], name: str) -> bytes:
    """32 bytes in base64url. Raises `CertificateError`."""
    try:
        key = decode(word(fields, name))
    except ValueError as error:
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no base64url") from error
    if len(key) != 32:
        raise CertificateError(Refusal.UNREADABLE, f"{name} has {len(key)} bytes")
    return key


def instant(fields: dict[str, object], name: str, layout: str) -> datetime:
    """A time written in exactly this layout, UTC. Raises `CertificateError`."""
    text = word(fields, name)
    try:
        at = datetime.strptime(text, layout).replace(tzinfo=UTC)
    except ValueError as error:
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no time") from error
    if at.strftime(layout) != text:  # strptime forgives missing zeros
        raise CertificateError(Refusal.UNREADABLE, f"{name} is no time of this layout")
    return at

"""Making statements: what a root and an issuer sign. Pure. Reading is `counsel/certificates.py`."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel import limits
from counsel.certificates import ONLINE_DUTIES, ONLINE_ROLES
from counsel.statements import DAY, MINUTE, Kind, encode, public_key, sign_statement

SALT: Final = 16
"""Bytes that make the log's row of a certificate say nothing about it (encryption.md, 3)."""


def make_root(
    private: Ed25519PrivateKey, *, name: str, demo: bool, first: date, last: date
) -> bytes:
    """The root states itself."""
    fields = {"name": name, "key": encode(public_key(private)), "demo": demo}
    return sign_statement(private, Kind.ROOT, first.isoformat(), last.isoformat(), fields)


@dataclass(frozen=True, slots=True)
class Powers:
    """What an issuer may do. `name` is who holds its key; `offline` that no device on line does.

    `roles` it may certify devices for, `duties` roles it may put on duty, `daily` the certificates
    it may sign in a UTC day.
    """

    roles: tuple[str, ...]
    duties: tuple[str, ...]
    daily: int
    name: str
    offline: bool


def make_issuer(
    root: Ed25519PrivateKey, *, key: bytes, powers: Powers, first: date, last: date
) -> bytes:
    """The root lets `key` do this much. Raises `ValueError` for more than a device may have."""
    beyond = set(powers.roles) - ONLINE_ROLES or set(powers.duties) - ONLINE_DUTIES
    if beyond and not powers.offline:
        raise ValueError("only an offline issuer certifies more than counsellors")
    fields = {
        "key": encode(key),
        "roles": sorted(powers.roles),
        "duties": sorted(powers.duties),
        "daily": powers.daily,
        "name": powers.name,
        "offline": powers.offline,
        "root": encode(public_key(root)),
    }
    return sign_statement(root, Kind.ISSUER, first.isoformat(), last.isoformat(), fields)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a device: the id the organisation has for the person, role, name shown in talks,
    and which desk, for the role of that name."""

    person: str
    role: str
    name: str
    desk: str = ""


def make_device(
    issuer: Ed25519PrivateKey, *, holder: Holder, key: bytes, first: date, last: date
) -> bytes:
    """An issuer says whose device holds `key`. Raises `ValueError` for more than 90 days."""
    if last - first > limits.DEVICE_CERTIFIED_FOR:
        raise ValueError("a device certificate runs 90 days at most")
    fields = {
        **({"desk": holder.desk} if holder.role == "desk" else {}),
        "person": holder.person,
        "role": holder.role,
        "name": holder.name,
        "key": encode(key),
        "issuer": encode(public_key(issuer)),
        "salt": encode(secrets.token_bytes(SALT)),
    }
    return sign_statement(issuer, Kind.DEVICE, first.strftime(DAY), last.strftime(DAY), fields)


def make_duty(
    issuer: Ed25519PrivateKey,
    *,
    device: bytes,
    size: int,
    head: bytes,
    from_at: datetime,
    until_at: datetime,
) -> bytes:
    """An issuer says that the holder of this device statement is on duty. One shift at most.

    `size` and `head` are the log as the signer knows it. Wherever the statement goes, the issuer's
    own goes before it.
    """
    if until_at - from_at > limits.DUTY_AT_MOST:
        raise ValueError("a duty statement runs one shift at most")
    fields = {
        "certificate": encode(hashlib.sha256(device).digest()),
        "issuer": encode(public_key(issuer)),
        "size": size,
        "head": encode(head),
    }
    first, last = (_minute(at) for at in (from_at, until_at))
    return sign_statement(issuer, Kind.DUTY, first, last, fields)


def make_head(issuer: Ed25519PrivateKey, *, size: int, head: bytes, at: datetime) -> bytes:
    """An issuer says that the log has `size` rows and this hash; `from` and `until` are when."""
    fields = {"size": size, "hash": encode(head), "issuer": encode(public_key(issuer))}
    return sign_statement(issuer, Kind.HEAD, _minute(at), _minute(at), fields)


def make_directory(
    issuer: Ed25519PrivateKey, *, region: str, version: int, digest: bytes, at: datetime
) -> bytes:
    """An issuer says that this is a province's directory; `digest` is SHA-256 of its body."""
    fields = {
        "region": region, "version": version, "hash": encode(digest),
        "issuer": encode(public_key(issuer)),
    }  # fmt: skip
    return sign_statement(issuer, Kind.DIRECTORY, _minute(at), _minute(at), fields)


def _minute(at: datetime) -> str:
    return at.astimezone(UTC).strftime(MINUTE)

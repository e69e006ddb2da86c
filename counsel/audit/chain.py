"""The chain: each entry's hash is over the hash before it, its place and all it says. Pure.

    hash(n) = SHA-256(hash(n - 1) || JSON [n, id, organisation, at, by, role, what, about, thing])

`hash(0)` is 32 zeros. The JSON is UTF-8 without spaces; `at` is ISO 8601 with seconds, in UTC.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

GENESIS: Final = bytes(32)
FIELDS: Final = ("id", "organisation", "at", "by", "role", "what", "about", "thing")


@dataclass(frozen=True, slots=True)
class Row:
    """What an entry says, column by column."""

    id: int
    organisation: int
    at: datetime
    by: str
    role: str
    what: str
    about: str
    thing: str


def extend(before: bytes, seq: int, row: Row) -> bytes:
    """The hash of this row at this place behind that hash."""
    said = [seq, *(_plain(value) for value in astuple(row))]
    spelled = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return sha256(before + spelled.encode()).digest()


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value

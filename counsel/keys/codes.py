"""What is carried by hand between a browser and the offline machine: lines with a checksum. Pure.

    code = base64url(payload, first 4 bytes of SHA-256("counsel code 1" 0 payload))

A request's payload is JSON {what, key, person, role, name}, of a desk also {desk}; an answer's are
the statements. The checksum is against slips of the hand; that a key is the right one, two people
hear from its twenty digits. The browser's twin is `counsel/client/keys/codes.ts`; both read
`tests/vectors/codes.json`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from counsel.errors import ValueRefusedError
from counsel.statements import decode, encode

DEVICE: Final = "device"
"""A browser asks to be certified for its person."""
ISSUER: Final = "issuer"
"""A supervisor's browser asks to be made an issuer."""
_DOMAIN: Final = b"counsel code 1\0"
_CHECK: Final = 4
_FIELDS: Final = ("what", "key", "person", "role", "name")


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asks for. `key` is 32 bytes; the rest is what the service says of its person."""

    what: str
    key: bytes
    person: str
    role: str
    name: str
    desk: str = ""


def write_request(request: Request) -> str:
    """One line."""
    fields = asdict(request) | {"key": encode(request.key)}
    if not request.desk:
        del fields["desk"]
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return _seal(text.encode())


def read_request(code: str) -> Request:
    """Raises `ValueRefusedError` for a line that was not copied whole, or is none."""
    try:
        fields: Any = json.loads(_open(code))
        if set(fields) - {"desk"} != set(_FIELDS) or not all(
            isinstance(one, str) for one in fields.values()
        ):
            raise ValueError("other fields")
        request = Request(**fields | {"key": decode(fields["key"])})
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueRefusedError(f"This is no request code: {error}.") from error
    whole = len(request.key) == 32 and request.what in {DEVICE, ISSUER}
    whole = whole and (request.role == "desk") == bool(request.desk)
    if not whole or not all((request.person, request.role, request.name)):
        raise ValueRefusedError("This is no request code: something in it is missing.")
    return request


def write_answer(statements: bytes) -> str:
    """One line: issuer statement and device statement, or the issuer's own."""
    return _seal(statements)


def read_answer(code: str) -> bytes:
    """Raises `ValueRefusedError`."""
    try:
        return _open(code)
    except ValueError as error:
        raise ValueRefusedError(f"This is no answer code: {error}.") from error


def digits_of_key(key: bytes) -> str:
    """Five groups of four digits of SHA-256 of this key, for two people to compare aloud."""
    return _groups(hashlib.sha256(key).digest(), 5)


def digits_of_hash(head: bytes) -> str:
    """Four groups of a hash of the log."""
    return _groups(head, 4)


def _groups(data: bytes, count: int) -> str:
    numbers = (int.from_bytes(data[4 * at : 4 * at + 4], "big") for at in range(count))
    return " ".join(f"{number % 10_000:04}" for number in numbers)


def _seal(payload: bytes) -> str:
    return encode(payload + hashlib.sha256(_DOMAIN + payload).digest()[:_CHECK])


def _open(code: str) -> bytes:
    data = decode("".join(code.split()))
    payload, check = data[:-_CHECK], data[-_CHECK:]
    if hashlib.sha256(_DOMAIN + payload).digest()[:_CHECK] != check:
        raise ValueError("it was not copied whole")
    return payload

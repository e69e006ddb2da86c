"""Bundles and frames as `counsel/docs/protocol.md` and `frames.md` describe them.

Written from those pages alone: nothing of the service is imported here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

SIZES: Final = (384, 1024, 2048, 8192, 32768)
VERSION: Final = b"\x04"
START, RESUME, ATTEND, CLAIM_KEY, OPEN_GROUP, SEND, READ = 1, 2, 3, 4, 5, 6, 7
HERE, END, ERASE, WATCH, TAKE = 9, 11, 12, 0x20, 0x21
SEATED, NEWS, ENVELOPE, STORED, KEY, DONE, REFUSED, TYPING = range(0x40, 0x48)
TAKEN = 0x60

_FIELDS: Final[dict[int, dict[str, str]]] = {
    SEATED: {
        "role": "text", "ref": "ref", "case_code": "text", "keys_left": "u8",
    },
    NEWS: {
        "state": "text", "group": "u16", "epoch": "u32", "last_seq": "u32", "presence": "text",
        "standing": "blob", "keys_left": "u8", "supervised": "u8",
    },
    ENVELOPE: {
        "seq": "u32", "group": "u16", "what": "text", "client_id": "ref", "sealed": "blob",
        "statement": "blob",
    },
    STORED: {"seq": "u32"},
    KEY: {"key_package": "blob"},
    DONE: {},
    REFUSED: {"code": "text", "retry_after": "u16"},
    TYPING: {"sealed": "blob"},
    TAKEN: {"ref": "ref"},
}  # fmt: skip
"""Names and types of what a server says. The board's rows are not read here."""


class Heard(NamedTuple):
    """One frame from the server."""

    kind: int
    correlation: int
    fields: dict[str, Any]


# --- saying ---------------------------------------------------------------------------------------


def blob(data: bytes) -> bytes:
    """A length and the bytes."""
    return struct.pack(">H", len(data)) + data


def text(word: str) -> bytes:
    """A blob of UTF-8."""
    return blob(word.encode())


def listed(items: Iterable[bytes]) -> bytes:
    """A count and the items."""
    written = list(items)
    return struct.pack(">H", len(written)) + b"".join(written)


def number(value: int) -> bytes:
    """u32."""
    return struct.pack(">I", value)


def request() -> bytes:
    """What the queue is asked: begin, yellow, wages, Chinese, and nothing else."""
    return (bytes((1, 0, 2, 0, 0, 8)) + text("zh")).ljust(64, b"\0")


def frame(kind: int, correlation: int, fields: bytes = b"") -> bytes:
    """One frame with its length before it."""
    return struct.pack(">HBH", len(fields) + 3, kind, correlation) + fields


def bundle(*frames: bytes) -> bytes:
    """The smallest size that holds these and the two bytes of the end mark."""
    joined = b"".join(frames)
    size = next(size for size in SIZES if len(joined) + 2 <= size)
    return joined.ljust(size, b"\0")


# --- hearing --------------------------------------------------------------------------------------


def read(data: bytes) -> list[Heard]:
    """The frames of one bundle. `ValueError` for what the documents do not allow."""
    if len(data) not in SIZES:
        raise ValueError(f"a message of {len(data)} bytes")
    found = []
    at = 0
    while length := data[at] << 8 | data[at + 1]:
        kind, correlation = data[at + 2], data[at + 3] << 8 | data[at + 4]
        at, end = at + 5, at + 2 + length
        if kind not in _FIELDS:  # what a board shows beside the next person is nothing to a bench
            found.append(Heard(kind, correlation, {}))
        else:
            found.append(Heard(kind, correlation, _read_fields(kind, data, at, end)))
        at = end
    if data.count(0, at) != len(data) - at:
        raise ValueError("padding that is not zero")
    return found


def _read_fields(kind: int, data: bytes, at: int, end: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, codec in _FIELDS[kind].items():
        if codec == "blob" or codec == "text":
            begin = at + 2
            at = begin + (data[at] << 8 | data[at + 1])
            found[name] = data[begin:at] if codec == "blob" else data[begin:at].decode()
        elif codec == "ref":
            found[name] = data[at : at + 16]
            at += 16
        else:
            width = int(codec[1:]) // 8
            found[name] = int.from_bytes(data[at : at + width], "big")
            at += width
    if at != end:
        raise ValueError(f"frame {kind:#x} ends elsewhere")
    return found


# --- bytes whose clear header is that of MLS (RFC 9420 section 6) ---------------------------------


def key_package() -> bytes:
    """Says that it is one; opaque behind that."""
    return b"\0\1\0\5" + bytes(300)


def welcome() -> bytes:
    """The same for a Welcome."""
    return b"\0\1\0\3" + bytes(600)


def private_message(group_id: bytes, epoch: int = 1) -> bytes:
    """The clear header of an application message; what is sealed goes behind it."""
    return b"\0\1\0\2" + bytes([len(group_id)]) + group_id + struct.pack(">QB", epoch, 1)

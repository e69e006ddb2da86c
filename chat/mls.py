"""The only thing this server knows of MLS: the clear header of a message (RFC 9420 section 6).

    MLSMessage     = u16 version (1), u16 wire format, then by format
    PrivateMessage = group_id<V>, u64 epoch, u8 content type, … (section 6.3)

`<V>` is a length of one, two or four bytes (section 2.1.2). Welcomes and key packages stay opaque.
Messages with readable content and proposals that travel alone have no place in this service.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from counsel.errors import SealedError

_VERSION: Final = b"\x00\x01"
_PRIVATE: Final = b"\x00\x02"
_WELCOME: Final = b"\x00\x03"
_KEY_PACKAGE: Final = b"\x00\x05"


class Content(Enum):
    """What a sealed message is, as far as the server may know. The value is its content type."""

    WORDS = 1
    COMMIT = 3


@dataclass(frozen=True, slots=True)
class Header:
    """Group and epoch a sealed message was made for."""

    group_id: bytes
    epoch: int
    content: Content


def read_header(sealed: bytes) -> Header:
    """The clear header of a PrivateMessage.

    Raises `SealedError` for everything else: public messages, proposals, Welcomes, other bytes.
    """
    if sealed[:4] != _VERSION + _PRIVATE:
        raise SealedError("no PrivateMessage")
    length, at = _read_length(sealed, 4)
    end = at + length
    if len(sealed) < end + 10:  # epoch, content type and at least one byte of what follows
        raise SealedError("header ends early")
    try:
        content = Content(sealed[end + 8])
    except ValueError:
        raise SealedError(f"content type {sealed[end + 8]}") from None
    return Header(sealed[at:end], int.from_bytes(sealed[end : end + 8], "big"), content)


def check_welcome(sealed: bytes) -> None:
    """`SealedError` unless these bytes say that they are a Welcome."""
    if sealed[:4] != _VERSION + _WELCOME or len(sealed) == 4:
        raise SealedError("no Welcome")


def check_key_package(sealed: bytes) -> None:
    """`SealedError` unless these bytes say that they are a KeyPackage."""
    if sealed[:4] != _VERSION + _KEY_PACKAGE or len(sealed) == 4:
        raise SealedError("no KeyPackage")


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    """A variable-size length at `at` and the place behind it; not the shortest form is refused."""
    first = data[at] if at < len(data) else 0xFF
    width = {0: 1, 1: 2, 2: 4}.get(first >> 6)
    if width is None or at + width > len(data):
        raise SealedError("no length")
    value = int.from_bytes(data[at : at + width], "big") & ((1 << (8 * width - 2)) - 1)
    if width > 1 and value < 1 << (4 * width - 2):  # 64 for two bytes, 16384 for four
        raise SealedError("length is not in its shortest form")
    return value, at + width

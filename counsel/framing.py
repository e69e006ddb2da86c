"""How frames lie on the wire: codecs, bundles, and a vocabulary to read them with. Pure.

Every message, on a socket in both directions and as an HTTP body, is one *bundle*: frames behind
each other, then zero bytes up to one of `limits.SIZES`.

    bundle      = *(u16 length, frame), u16 0, *zero
    frame       = u8 kind, u16 correlation, fields in their order
    fixed(n)    = n bytes                     blob, text, list = u16 length or count, then content

All numbers are big-endian. Correlation is chosen by the client from 1 and comes back in the one
answer; 0 marks what nobody asked for. The frames themselves are tables of frozen dataclasses in
`chat/wire.py` and `triage/wire.py`; the client's twin and `docs/protocol.md` are generated.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Protocol, TypeVar, get_args, get_origin, get_type_hints

from counsel import limits
from counsel.errors import FrameSizeError, WireError

R = TypeVar("R")


class Codec(Protocol):
    """How one field lies on the wire. `label` names it in the generated files."""

    @property
    def label(self) -> str: ...

    def write(self, value: Any, out: bytearray) -> None: ...

    def read(self, reader: Reader) -> Any: ...


class Reader:
    """Bytes and a place in them. Reading past the end is a `WireError`, never an `IndexError`."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self._at + length
        if end > len(self._data):
            raise WireError("frame ends early")
        chunk = self._data[self._at : end]
        self._at = end
        return chunk

    def number(self, width: int) -> int:
        """The next `width` bytes as a number."""
        return int.from_bytes(self.take(width), "big")

    @property
    def rest(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self._at


@dataclass(frozen=True, slots=True)
class Number:
    """An unsigned number of `width` bytes."""

    width: int

    @property
    def label(self) -> str:
        return f"u{self.width * 8}"

    def write(self, value: int, out: bytearray) -> None:
        out += value.to_bytes(self.width, "big")

    def read(self, reader: Reader) -> int:
        return reader.number(self.width)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Exactly `length` bytes."""

    length: int

    @property
    def label(self) -> str:
        return f"fixed({self.length})"

    def write(self, value: bytes, out: bytearray) -> None:
        if len(value) != self.length:
            raise WireError(f"{len(value)} bytes where {self.length} belong")
        out += value

    def read(self, reader: Reader) -> bytes:
        return reader.take(self.length)


@dataclass(frozen=True, slots=True)
class Blob:
    """Up to `longest` bytes."""

    longest: int

    @property
    def label(self) -> str:
        return f"blob({self.longest})"

    def write(self, value: bytes, out: bytearray) -> None:
        if len(value) > self.longest:
            raise WireError(f"{len(value)} bytes where at most {self.longest} fit")
        out += struct.pack(">H", len(value)) + value

    def read(self, reader: Reader) -> bytes:
        length = reader.number(2)
        if length > self.longest:
            raise WireError(f"{length} bytes where at most {self.longest} fit")
        return reader.take(length)


@dataclass(frozen=True, slots=True)
class Text:
    """Up to `longest` bytes of UTF-8."""

    longest: int

    @property
    def label(self) -> str:
        return f"text({self.longest})"

    def write(self, value: str, out: bytearray) -> None:
        Blob(self.longest).write(value.encode(), out)

    def read(self, reader: Reader) -> str:
        try:
            return Blob(self.longest).read(reader).decode()
        except UnicodeDecodeError as error:
            raise WireError("not UTF-8") from error


@dataclass(frozen=True, slots=True)
class Many:
    """Up to `most` items, each written by `item`."""

    item: Codec
    most: int

    @property
    def label(self) -> str:
        return f"list({self.item.label}, {self.most})"

    def write(self, value: tuple[Any, ...], out: bytearray) -> None:
        if len(value) > self.most:
            raise WireError(f"{len(value)} items where at most {self.most} fit")
        out += struct.pack(">H", len(value))
        for item in value:
            self.item.write(item, out)

    def read(self, reader: Reader) -> tuple[Any, ...]:
        count = reader.number(2)
        if count > self.most:
            raise WireError(f"{count} items where at most {self.most} fit")
        return tuple(self.item.read(reader) for _ in range(count))


@dataclass(frozen=True, slots=True)
class Record:
    """A group of fields inside a frame: a dataclass of its own."""

    shape: type

    @property
    def label(self) -> str:
        return self.shape.__name__

    def write(self, value: Any, out: bytearray) -> None:
        write_fields(value, out)

    def read(self, reader: Reader) -> Any:
        return read_fields(self.shape, reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One thing said. `KIND` is its first byte."""

    KIND: ClassVar[int] = 0


U8 = Annotated[int, Number(1)]
U16 = Annotated[int, Number(2)]
U32 = Annotated[int, Number(4)]
Ref16 = Annotated[bytes, Fixed(16)]
Word = Annotated[str, Text(32)]
"""A short ASCII word from a table of ours: a state, a code, a topic, a language."""
Words = Annotated[tuple[str, ...], Many(Text(32), limits.MAX_TOPICS)]


_LAYOUTS: dict[type, tuple[tuple[str, Codec], ...]] = {}


def layout(shape: type) -> tuple[tuple[str, Codec], ...]:
    """Field names and codecs of a frame or record, in wire order."""
    if shape not in _LAYOUTS:
        _LAYOUTS[shape] = _read_layout(shape)
    return _LAYOUTS[shape]


def _read_layout(shape: type) -> tuple[tuple[str, Codec], ...]:
    hints = get_type_hints(shape, include_extras=True)
    found = []
    for field in fields(shape):
        hint = hints[field.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{shape.__name__}.{field.name} has no codec")
        found.append((field.name, get_args(hint)[1]))
    return tuple(found)


def write_fields(value: Any, out: bytearray) -> None:
    """Append the fields of a frame or record."""
    for name, codec in layout(type(value)):
        codec.write(getattr(value, name), out)


def read_fields(shape: type, reader: Reader) -> Any:
    """A frame or record of this shape; `WireError` if the bytes are something else."""
    return shape(**{name: codec.read(reader) for name, codec in layout(shape)})


@dataclass(frozen=True, slots=True)
class Said:
    """A frame and the correlation it travels with."""

    frame: Frame
    correlation: int = 0


def write_frame(said: Said) -> bytes:
    """One frame as it lies in a bundle, its length before it."""
    out = bytearray(struct.pack(">HBH", 0, said.frame.KIND, said.correlation))
    write_fields(said.frame, out)
    out[0:2] = struct.pack(">H", len(out) - 2)
    return bytes(out)


def size_for(length: int) -> int:
    """The smallest size that holds frames of this many bytes. Raises `FrameSizeError`."""
    for size in limits.SIZES:
        if length + 2 <= size:
            return size
    raise FrameSizeError(f"{length} bytes do not fit {limits.SIZES[-1]}")


def bundle(frames: Iterable[bytes]) -> bytes:
    """Written frames as one bundle, padded to the smallest size that holds it."""
    out = b"".join(frames)
    return out.ljust(size_for(len(out)), b"\0")


def pack(said: Iterable[Said]) -> bytes:
    """One bundle of these frames. Raises `FrameSizeError` when it does not fit the largest size."""
    return bundle(map(write_frame, said))


def pack_record(value: Any, length: int) -> bytes:
    """A record as exactly `length` bytes, zeros behind it. Raises `WireError` when it is longer."""
    out = bytearray()
    write_fields(value, out)
    if len(out) > length:
        raise WireError(f"{len(out)} bytes where at most {length} fit")
    return bytes(out).ljust(length, b"\0")


def unpack_record(shape: type[R], data: bytes) -> R:
    """The record of this shape at the front of `data`; only zeros may lie behind it."""
    reader = Reader(data)
    record: R = read_fields(shape, reader)
    if reader.take(reader.rest).strip(b"\0"):
        raise WireError("padding is not zero")
    return record


class Vocabulary:
    """The frames one kind of socket understands."""

    def __init__(self, *frames: type[Frame]) -> None:
        self.frames = frames
        self._by_kind = {frame.KIND: frame for frame in frames}
        if len(self._by_kind) != len(frames):
            raise TypeError("two frames share a kind")

    def unpack(self, data: bytes) -> tuple[Said, ...]:
        """The frames of one bundle.

        Raises `FrameSizeError` before anything is parsed when the length is none of ours, and
        `WireError` for an unknown kind, a field that does not fit, or bytes that are left over.
        """
        if len(data) not in limits.SIZES:
            raise FrameSizeError(f"{len(data)} bytes")
        reader = Reader(data)
        found: list[Said] = []
        while length := reader.number(2):
            if len(found) == limits.MAX_FRAMES:
                raise WireError("too many frames")
            found.append(self._read_frame(Reader(reader.take(length))))
        if reader.take(reader.rest).strip(b"\0"):
            raise WireError("padding is not zero")
        return tuple(found)

    def _read_frame(self, reader: Reader) -> Said:
        kind = reader.number(1)
        correlation = reader.number(2)
        shape = self._by_kind.get(kind)
        if shape is None:
            raise WireError(f"no frame has kind {kind:#x}")
        frame = read_fields(shape, reader)
        if reader.rest:
            raise WireError(f"{reader.rest} bytes after {shape.__name__}")
        return Said(frame, correlation)

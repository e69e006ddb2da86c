"""Canaries: what a seeker's browser, network and words look like, drawn afresh for each run, and a
search that finds them wherever they were written and however they were spelled.

A canary is short and random, so that a part of a leaked line is a hit as well, and nothing is one
by chance. What is compressed or hashed is not seen through: whoever searches turns compression off.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_from_bytes

SHORTEST: Final = 8
"""Bytes. A shorter needle would be found by chance in some megabytes of sealed words."""
PIECE: Final = 1 << 24
_LETTERS: Final = "bcdfghjkmnpqrstvwxz"


@dataclass(frozen=True)
class Canary:
    """Something that must not be found, and all the ways it could be spelled."""

    name: str
    value: str | bytes

    @cached_property
    def needles(self) -> dict[bytes, str]:
        """Each spelling as bytes, with its name."""
        raw = self.value if isinstance(self.value, bytes) else self.value.encode()
        found = {raw: "plain"}
        for name, spelled in (*_of_bytes(raw), *(_of_text(self.value))):
            found.setdefault(spelled, name)
        short = [name for needle, name in found.items() if len(needle) < SHORTEST]
        assert not short, f"{self.name} is too short to be searched for: {short}"
        return found


def _of_bytes(raw: bytes) -> Iterator[tuple[str, bytes]]:
    for shift in range(3):
        yield f"base64+{shift}", _base64(raw, shift)
        yield f"base64url+{shift}", _base64(raw, shift).translate(bytes.maketrans(b"+/", b"-_"))
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    every = "".join(f"%{byte:02X}" for byte in raw)
    yield "percent", quote_from_bytes(raw, safe="").encode()
    yield "percent, all", every.encode()
    yield "percent, all, small", every.lower().encode()
    yield "escaped", "".join(f"\\x{byte:02x}" for byte in raw).encode()
    yield "escaped, as Python does", repr(raw)[2:-1].encode()
    # Headers are read as Latin-1, and then written as UTF-8.
    yield "Latin-1 taken for text", raw.decode("latin1").encode()
    yield "Latin-1 in JSON", json.dumps(raw.decode("latin1"))[1:-1].encode()


def _of_text(value: str | bytes) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, bytes):
        return
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "gb18030"):
        wide = value.encode(encoding)
        yield encoding, wide
        yield f"{encoding}, hex", wide.hex().encode()
        for shift in range(3):
            yield f"{encoding}, base64+{shift}", _base64(wide, shift)
    escaped = json.dumps(value)[1:-1]
    yield "JSON", escaped.encode()
    yield "JSON, large", escaped.upper().replace("\\U", "\\u").encode()
    yield "percent, some", quote(value).encode()
    yield "upper case", value.upper().encode()


def _base64(raw: bytes, shift: int) -> bytes:
    """The letters that do not depend on what stands before or behind."""
    first, end = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
    return base64.b64encode(bytes(shift) + raw)[first:end]


# --- what is drawn ------------------------------------------------------------------------------


def letters(count: int = 10) -> str:
    """A word that nobody has written before."""
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def characters(count: int = 6) -> str:
    """Chinese that nobody has written before."""
    return "".join(chr(0x4E00 + secrets.randbelow(0x5000)) for _ in range(count))


@dataclass(frozen=True)
class Brood:
    """The canaries of one run, by name."""

    all: Mapping[str, Canary]

    @classmethod
    def hatch(cls) -> Brood:
        """Fresh ones. The addresses lie in ranges that are nobody's."""
        low = 1 + secrets.randbelow(250)
        drawn: dict[str, str | bytes] = {
            "first line": characters(),
            "held words": characters(),
            "Chinese words": characters(),
            "English words": letters(),
            "answer": characters(),
            "draft": letters(),
            "user agent": letters(),
            "referrer": letters(),
            "query": letters(),
            "path": letters(),
            "language": letters(),
            "forwarded for": f"203.0.113.{low}, 2001:db8::{secrets.token_hex(2)}",
            "forwarded": f"198.51.100.{low}",
            "address": f"127.{100 + secrets.randbelow(150)}.{low}.{100 + secrets.randbelow(150)}",
            "password": letters(14),
            "token": secrets.token_bytes(32),
        }
        return cls({name: Canary(name, value) for name, value in drawn.items()})

    def __getitem__(self, name: str) -> str:
        value = self.all[name].value
        assert isinstance(value, str)
        return value

    def only(self, *names: str) -> Brood:
        """Some of them."""
        return Brood({name: self.all[name] for name in names})

    def without(self, *names: str) -> Brood:
        """All but these."""
        return Brood({name: one for name, one in self.all.items() if name not in names})

    def having(self, name: str, value: bytes) -> Brood:
        """With one more, or another value for one of them."""
        return Brood({**self.all, name: Canary(name, value)})


WORDS: Final = ("first line", "held words", "Chinese words", "English words", "answer", "draft")
"""What two people said or meant to say."""


# --- the search ---------------------------------------------------------------------------------


@dataclass
class Found:
    """What a search came to. `hits`: canary, spelling and place, each once."""

    needles: int = 0
    files: int = 0
    size: int = 0
    hits: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        """The canaries that were found."""
        return {name for name, _, _ in self.hits}

    def __str__(self) -> str:
        return f"{self.needles} needles in {self.files} files, {self.size / 1e6:.1f} MB"

    def look(self, place: str, pieces: Iterable[bytes], needles: Mapping[bytes, list[str]]) -> None:
        """One stream of bytes. Pieces overlap, so that none hides between two."""
        self.files += 1
        overlap = max(map(len, needles)) - 1
        before = b""
        for piece in pieces:
            self.size += len(piece)
            window = before + piece
            for needle, (name, spelling) in needles.items():
                if needle in window:
                    self.hits.add((name, spelling, place))
            before = window[-overlap:]


def search(brood: Brood, *places: Path) -> Found:
    """Every file below these places: its name and its bytes, to the end it had when it was read."""
    needles = _needles(brood)
    found = Found(needles=len(needles))
    for place in places:
        assert place.exists(), f"nothing to search at {place}"
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            found.look(f"the name of {path}", [os.fsencode(path.name)], needles)
            found.files -= 1
            if path.is_file() and not path.is_symlink():
                found.look(str(path), _read(path), needles)
    return found


def search_memory(brood: Brood, process: int) -> Found:
    """What a running process holds, on Linux; nothing is searched elsewhere."""
    needles = {n: why for n, why in _needles(brood).items() if why[1] in {"plain", "utf-16-le"}}
    found = Found(needles=len(needles))
    for start, end in _writable(process):
        found.look(f"memory of {process}", _read_memory(process, start, end), needles)
    return found


def _needles(brood: Brood) -> dict[bytes, list[str]]:
    return {
        needle: [canary.name, spelling]
        for canary in brood.all.values()
        for needle, spelling in canary.needles.items()
    }


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except FileNotFoundError:
        return  # a journal that was there a moment ago


def _writable(process: int) -> Iterator[tuple[int, int]]:
    maps = Path(f"/proc/{process}/maps")
    for line in maps.read_text().splitlines() if maps.exists() else []:
        bounds, rights, *_ = line.split()
        if rights.startswith("rw"):
            start, _, end = bounds.partition("-")
            yield int(start, 16), int(end, 16)


def _read_memory(process: int, start: int, end: int) -> Iterator[bytes]:
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        while start < end:
            try:
                memory.seek(start)
                piece = memory.read(min(PIECE, end - start))
            except (OSError, ValueError, OverflowError):
                return  # given back to the system meanwhile
            if not piece:
                return
            yield piece
            start += len(piece)

"""The built pages and assets, served from memory: the same bytes for everyone.

`manage.py build_pages` writes them with `pages.json`, which names every file, its address and its
SHA-256. What is not named there is not served; what does not have its hash stops the start.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from counsel.environment import read_root

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

INDEX: Final = "pages.json"
ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Content codings in our order of liking, and how their files end."""
MISSING: Final = "notfound/"
"""The page of a language that stands in for pages that are not there."""
_AT_ONCE: Final = 64 * 1024
"""Bytes handed to the network at a time: a client that does not read holds no more than this."""
_HASHED: Final = re.compile(r"-[A-Z0-9]{8}\.\w+$")
_FOREVER: Final = b"public, max-age=31536000, immutable"
_ONCE: Final = b"no-store"


class PagesError(Exception):
    """There are no pages that can be served; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """One file: its bytes as they are, and compressed where that is shorter."""

    kind: bytes
    plain: bytes
    compressed: tuple[tuple[bytes, bytes], ...]
    keep: bytes

    async def serve(self, accepts: bytes, send: Send, *, status: int = 200) -> None:
        """Answer with it. `accepts` is the request's Accept-Encoding."""
        coding, data = self._choose(accepts)
        headers = [
            (b"content-type", self.kind),
            (b"content-length", str(len(data)).encode()),
            (b"cache-control", self.keep),
            (b"vary", b"accept-encoding"),
        ]
        if coding:
            headers.append((b"content-encoding", coding))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for at in range(0, max(len(data), 1), _AT_ONCE):
            more = at + _AT_ONCE < len(data)
            chunk = data[at : at + _AT_ONCE]
            await send({"type": "http.response.body", "body": chunk, "more_body": more})

    def _choose(self, accepts: bytes) -> tuple[bytes, bytes]:
        offered = {word.strip().lower() for word in accepts.split(b",")}
        for coding, data in self.compressed:
            if coding in offered:  # one with a weight is refused or doubtful: plain is never wrong
                return coding, data
        return b"", self.plain


class Pages:
    """All of them by their address."""

    def __init__(self, by_address: dict[str, Page], *, build: str, root: str) -> None:
        self._by_address = by_address
        self.build = build
        self.root = root

    def find(self, address: str) -> Page | None:
        """The file at this address."""
        return self._by_address.get(address)

    def missing(self, address: str) -> Page | None:
        """What stands in for an absent page, in the language of its address, else in Chinese."""
        language = address.split("/")[1] if address.count("/") > 1 else ""
        found = self.find(f"/{language}/{MISSING}")
        return found or self.find(f"/zh/{MISSING}")


def load(folder: Path) -> Pages:
    """Reads the built tree. Raises `PagesError` when there is none, or it is not what was built."""
    try:
        index = json.loads((folder / INDEX).read_text())
        files = {address: _read(folder, entry) for address, entry in index["files"].items()}
        return Pages(files, build=index["build"], root=index["root"])
    except FileNotFoundError as error:
        raise PagesError(f"No pages are built in {folder}: run `make build`.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise PagesError(f"The pages in {folder} are not what was built: {error}") from error


def root_hash(org_root: str) -> str:
    """How the index names the root the pages were built for."""
    return hashlib.sha256(org_root.encode()).hexdigest()


def is_demo(org_root: str) -> bool:
    """Whether pages built for this root say so on every screen."""
    return read_root(org_root).demo


def _read(folder: Path, entry: dict[str, Any]) -> Page:
    path = folder / entry["file"]
    compressed = []
    for coding, ending in ENCODINGS:
        if coding in entry:
            data = _checked(path.with_name(path.name + ending), entry[coding])
            compressed.append((coding.encode(), data))
    keep = _FOREVER if _HASHED.search(path.name) else _ONCE
    return Page(entry["type"].encode(), _checked(path, entry["sha256"]), tuple(compressed), keep)


def _checked(path: Path, sha256: str) -> bytes:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"{path.name} has other bytes than its hash says; run `make build` again.")
    return data

"""Checkpoints: how far the chain had come, signed, and kept where a database owner cannot reach.

A line of the file, its fields parted by one space:

    counsel-audit-1 seq hash at signature

`hash` is that of the row `seq` and `signature` Ed25519 over the line before it, both base64url; `at`
is to the minute. The key lies in a file beside no database. Of days that are over the last line stays:
the others would say to the minute when somebody sat in a talk that has long been erased.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from counsel.statements import MINUTE, decode, encode

_MARK: Final = "counsel-audit-1"
_TAIL: Final = 4096
"""Bytes from the end that hold the last line, many times over."""


class CheckpointError(Exception):
    """This is no checkpoint of ours, or there is no key; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """At this time the chain ended with this row, and this was its hash."""

    seq: int
    hash: bytes
    at: datetime


# --- the key --------------------------------------------------------------------------------------


def draw_key(path: Path) -> None:
    """A key in this file, readable by its owner only, unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(encode(secrets.token_bytes(32)) + "\n")
    try:
        os.link(fresh, path)  # whole or not at all, and the first one wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in this file. Raises `CheckpointError`."""
    try:
        return Ed25519PrivateKey.from_private_bytes(decode(path.read_text().strip()))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} holds no key: see deploy/runbooks/audit.md.") from error


def read_public(said: str) -> Ed25519PublicKey:
    """A public key as `manage.py audit key` prints it. Raises `CheckpointError`."""
    try:
        return Ed25519PublicKey.from_public_bytes(decode(said))
    except ValueError as error:
        raise CheckpointError(f"{said} is no key: `manage.py audit key` prints it.") from error


# --- a line ---------------------------------------------------------------------------------------


def sign(one: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The line of this checkpoint."""
    said = f"{_MARK} {one.seq} {encode(one.hash)} {one.at.astimezone(UTC).strftime(MINUTE)}"
    return f"{said} {encode(key.sign(said.encode()))}"


def read(line: str, keys: Sequence[Ed25519PublicKey]) -> Checkpoint:
    """What a line says, if one of these keys signed it. Raises `CheckpointError`."""
    said, _, signature = line.rpartition(" ")
    try:
        mark, seq, hashed, at = said.split(" ")
        signed, spelled = decode(signature), said.encode()
        found = Checkpoint(
            int(seq), decode(hashed), datetime.strptime(at, MINUTE).replace(tzinfo=UTC)
        )
    except ValueError as error:
        raise CheckpointError("no checkpoint") from error
    if mark != _MARK or not any(_has_signed(key, signed, spelled) for key in keys):
        raise CheckpointError("not signed by this key")
    return found


def _has_signed(key: Ed25519PublicKey, signature: bytes, said: bytes) -> bool:
    try:
        key.verify(signature, said)
    except InvalidSignature:
        return False
    return True


# --- the file -------------------------------------------------------------------------------------


def append(path: Path, line: str) -> None:
    """One more line, on the disk when this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(end - 1, 0))
        torn = end > 0 and file.read(1) != b"\n"  # a power cut in mid-line
        file.write(b"\n" * torn + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def last_line(path: Path) -> str:
    """The last whole line, empty where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _TAIL, 0))
            lines = file.read().decode(errors="replace").split("\n")[:-1]
    except FileNotFoundError:
        return ""
    return lines[-1] if lines else ""


def lines(path: Path) -> list[str]:
    """Every whole line. Raises `CheckpointError` where there is no such file."""
    try:
        return path.read_text(errors="replace").split("\n")[:-1]
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read.") from error


def thin(path: Path, today: str) -> None:
    """Of each day before `today` (`YYYY-MM-DD`) the last line stays."""
    kept: dict[str, str] = {}
    for number, line in enumerate(lines(path)):
        day = _day_of(line)
        kept[day if day and day < today else f"{day} {number}"] = line
    text = "".join(f"{line}\n" for line in kept.values())
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _day_of(line: str) -> str:
    fields = line.split(" ")
    return fields[3][:10] if len(fields) == 5 else ""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time writes this file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(lock, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

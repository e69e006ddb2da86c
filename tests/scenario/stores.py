"""A PostgreSQL and a Redis that keep everything below one folder, and all that passes through them."""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psutil
import pytest

from tests import requisites

_PATIENCE: Final = 20.0


@dataclass
class Stores:
    """Where the two are, and everything they wrote and said."""

    folder: Path
    database_url: str
    redis_url: str

    @property
    def settings(self) -> dict[str, str]:
        """For the service."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    @property
    def wiretap(self) -> Path:
        """Every command Redis was given, as it was given."""
        return self.folder / "monitor"

    def write_all(self) -> Path:
        """Have both write down what they hold; the folder to search."""
        _ask(self.redis_url, "CONFIG SET rdbcompression no", "SAVE")
        for program in psutil.Process().children(recursive=True):
            with contextlib.suppress(OSError, psutil.NoSuchProcess):  # it ended meanwhile
                if "postgres" in program.name():
                    said = Path(f"/proc/{program.pid}/fd/2")
                    shutil.copyfile(said, self.folder / f"said-{program.pid}")
        return self.folder


@contextlib.contextmanager
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Both, fresh. Redis also keeps a log of its writes, and every command is listened to."""
    folder = Path(tempfile.mkdtemp(prefix="counsel-stores-"))
    folder.chmod(0o755)  # PostgreSQL may have to run as somebody else
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    try:
        with requisites.postgres() as database, requisites.redis() as redis:
            monkeypatch.undo()
            found = Stores(folder, database, redis)
            _ask(redis, "CONFIG SET appendonly yes")
            with _listening(found):
                yield found
    finally:
        monkeypatch.undo()
        shutil.rmtree(folder, ignore_errors=True)


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=_PATIENCE)


def _ask(url: str, *commands: str) -> None:
    """Each is answered with OK."""
    with _connect(url) as line:
        for command in commands:
            line.sendall(f"{command}\r\n".encode())
            answer = line.recv(4096)
            assert answer.startswith(b"+OK"), answer


@contextlib.contextmanager
def _listening(found: Stores) -> Iterator[None]:
    line = _connect(found.redis_url)
    line.sendall(b"MONITOR\r\n")
    line.settimeout(None)
    with found.wiretap.open("wb", buffering=0) as file:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while heard := line.recv(65536):
                    file.write(heard)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield
        finally:
            line.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)
            line.close()

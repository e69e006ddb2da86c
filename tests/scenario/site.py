"""A whole service in a folder of its own: real processes, real pages, killed and started at will.

What is built is built once (`build`); each `Site` gets a copy of its data, so every story begins on
the morning of the first day, with nobody waiting and every sign-in code unused.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.browser.gallery import NODE
from tests.counsel.serving import ROOT, environment, manage_all
from tests.requisites import free_port

SERVE: Final = ("manage.py", "serve")
PATIENCE: Final = 60.0
"""Seconds a process has to start; the machine may be busy with the rest of the tests."""


@dataclass(frozen=True, slots=True)
class Built:
    """What `make build` leaves: the data of the first day and the pages that trust its root."""

    data: Path
    static: Path


def build(folder: Path) -> Built:
    """Migrate, draw the demo, build the pages, as `make build` does."""
    built = Built(folder / "data", folder / "static")
    env = environment(built.data, built.static)
    manage_all(env, "migrate", "demo")
    env["ORG_ROOT"] = (built.data / "demo" / "org_root").read_text()
    subprocess.run([NODE, "build.mjs"], cwd=ROOT, env=env, check=True, capture_output=True)
    manage_all(env, "build_pages")
    return built


class Server:
    """One web process and all it printed, over all its lives."""

    def __init__(
        self, env: Mapping[str, str], printed: Path, command: Sequence[str] = SERVE
    ) -> None:
        self.env = dict(env)
        self.port = int(env["PORT"])
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self._printed = printed

    @property
    def printed(self) -> str:
        """Everything it said since the first start."""
        return self._printed.read_text()

    @property
    def pid(self) -> int:
        """The process that lives now."""
        assert self.process is not None
        return self.process.pid

    def begin(self, **more: str) -> None:
        """Start without waiting; `more` is environment for this life only."""
        assert not self.runs()
        with self._printed.open("ab") as file:
            self._from = file.tell()
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=self.env | more,
                stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            )  # fmt: skip

    def start(self, **more: str) -> None:
        """Start, and wait until it says that it listens."""
        self.begin(**more)
        self.wait()

    def wait(self) -> None:
        """Until it says that it listens."""
        until = time.monotonic() + PATIENCE
        while b"Ctrl-C" not in self._printed.read_bytes()[self._from :]:
            assert self.runs(), self.printed
            assert time.monotonic() < until, self.printed
            time.sleep(0.02)

    def runs(self) -> bool:
        """Whether it lives."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=10)

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=10)


class Site:
    """The service at one address, with as many web processes as there are ports."""

    def __init__(
        self,
        folder: Path,
        built: Built,
        *,
        processes: int = 1,
        command: Sequence[str] = SERVE,
        **settings: str,
    ) -> None:
        folder.mkdir(mode=0o700)
        self.folder = folder
        self.data = folder / "data"
        shutil.copytree(built.data, self.data)
        env = environment(self.data, built.static, **settings)
        self.servers = []
        for number in range(processes):
            own = env | {"PORT": str(free_port())}
            self.servers.append(Server(own, folder / f"printed-{number}", command))
        self.origin = settings.get("ORIGIN", f"http://localhost:{self.servers[0].port}")

    @property
    def server(self) -> Server:
        """The only one there is."""
        (only,) = self.servers
        return only

    @contextlib.contextmanager
    def open(self) -> Iterator[Site]:
        """Served until the story ends, however often it was killed meanwhile."""
        try:
            for server in self.servers:
                server.begin()
            for server in self.servers:
                server.wait()
            yield self
        finally:
            for server in self.servers:
                server.kill()

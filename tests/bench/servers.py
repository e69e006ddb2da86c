"""The servers that are measured: ours as `manage.py serve` starts it, and Daphne with nothing on it."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from tests import requisites
from tests.counsel.serving import environment, lay_out_assets, manage_all, running

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 20.0
"""Seconds a bare server has to listen."""
CORES: Final = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
LOAD, SERVER = 0, -1
"""Which of them the load and the databases get, and which the server."""


@dataclass(slots=True)
class Server:
    """A process under measurement. `key` opens the staff door of ours."""

    name: str
    origin: str
    process: psutil.Process
    key: str = ""

    def seconds(self) -> float:
        """CPU it has used, all threads."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    def memory(self) -> int:
        """Resident bytes."""
        return int(self.process.memory_info().rss)


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """What is started in here stays on one core, where the system can and there are two."""
    if len(CORES) < 2:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORES[number]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def counsel(*, postgres: bool = False, redis: bool = False) -> Iterator[Server]:
    """Our own, with a fresh database and a key of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="counsel-bench-")))
        key = secrets.token_urlsafe(32)
        key_file = folder / "key"
        key_file.touch(mode=0o600)
        key_file.write_text(key)
        port = requisites.free_port()
        more = {"PORT": str(port), "UNSAFE_BENCH_KEY_FILE": str(key_file)}
        if postgres:
            more["DATABASE_URL"] = stack.enter_context(requisites.postgres())
        if redis:
            more["REDIS_URL"] = stack.enter_context(requisites.redis())
        env = environment(folder / "data", lay_out_assets(folder / "static"), **more)
        manage_all(env, "migrate", "demo", "build_pages")
        with on_core(SERVER):
            service = stack.enter_context(running(env))
        yield Server("counsel", service.origin, psutil.Process(service.process.pid), key)


@contextmanager
def bare(name: str) -> Iterator[Server]:
    """Daphne with `bare_echo` or `bare_relay` and nothing else."""
    port = requisites.free_port()
    command = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
    with on_core(SERVER):
        process = subprocess.Popen([*command, f"tests.bench.{name}:application"], cwd=ROOT)
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} does not start")
            time.sleep(0.05)
        yield Server(name, f"http://localhost:{port}", psutil.Process(process.pid))
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

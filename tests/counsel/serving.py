"""The runner in a process of its own, and clients that behave as badly as the test needs.

`python -m tests.counsel.serving PORT SCALE` serves sockets that never listen or never stop talking,
with the limits of patience divided by SCALE so that a test need not wait for them.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel.keys.issuing import make_root
from counsel.statements import encode
from tests.requisites import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
OUTSIDE: Final = (
    "DATABASE_URL",
    "REDIS_URL",
    "ORG_ROOT",
    "ORIGIN",
    "MODE",
    "PORT",
    "HOST",
    "STATIC",
)
PATIENCE: Final = 20.0
"""Seconds a service has to start, or to do what a test waits for."""


def draw_root(*, demo: bool) -> str:
    """A root statement in base64url."""
    today = datetime.now(UTC).date()
    days = {"first": today - timedelta(days=1), "last": today + timedelta(days=30)}
    return encode(make_root(Ed25519PrivateKey.generate(), name="test", demo=demo, **days))


def lay_out_assets(static: Path) -> Path:
    """What build.mjs leaves behind, in small: pages are built around it."""
    assets = static / "assets"
    assets.mkdir(parents=True)
    manifest: dict[str, dict[str, str]] = {}
    for language in ("zh", "en"):
        manifest[language] = {}
        for name, ending in (
            ("landing", "js"), ("console", "js"), ("caller", "js"), ("coming", "js"),
            ("style", "css"), ("desk", "css"), ("icon", "svg"),
        ):  # fmt: skip
            file = f"{name}-{language.upper()}234567.{ending}"
            (assets / file).write_text(f"/* {name} {language} */" * 40)
            manifest[language][name] = f"/static/assets/{file}"
    (static / "manifest.json").write_text(json.dumps(manifest))
    return static


def environment(data: Path, static: Path, **more: str) -> dict[str, str]:
    """Only our own settings, so that nothing of this machine shines through."""
    kept = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    return {**kept, "DATA": str(data), "STATIC": str(static), "PYTHONUNBUFFERED": "1", **more}


def manage(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these arguments, to its end."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=240
    )


def manage_all(env: Mapping[str, str], *commands: str) -> None:
    """Several commands in one process: starting one costs more than most of them."""
    code = (
        "import sys, django; django.setup(); from django.core.management import call_command\n"
        "for command in sys.argv[1:]: call_command(command, verbosity=0)"
    )
    django = {**env, "DJANGO_SETTINGS_MODULE": "counsel.settings"}
    command = [sys.executable, "-c", code, *commands]
    done = subprocess.run(
        command, cwd=ROOT, env=django, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr


def prepare(folder: Path) -> dict[str, str]:
    """A data folder with everything `make build` leaves; the environment to serve it in."""
    port = str(free_port())
    env = environment(folder / "data", lay_out_assets(folder / "static"), PORT=port)
    manage_all(env, "migrate", "demo", "build_pages")
    return env


@dataclass
class Service:
    """A running process and everything it printed."""

    process: subprocess.Popen[str]
    port: int
    output: Path = field(repr=False)

    @property
    def printed(self) -> str:
        return self.output.read_text()

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def memory(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """End it; the seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=10)
        return time.monotonic() - began


@contextlib.contextmanager
def running(env: Mapping[str, str], *command: str) -> Iterator[Service]:
    """The service, listening."""
    output = Path(env["DATA"]) / f"printed-{time.monotonic_ns()}"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, *(command or ("manage.py", "serve"))],
            cwd=ROOT, env=dict(env), stdout=file, stderr=file, text=True,
        )  # fmt: skip
    service = Service(process, int(env["PORT"]), output)
    try:
        until = time.monotonic() + PATIENCE
        while "Ctrl-C" not in service.printed:
            assert process.poll() is None, service.printed
            assert time.monotonic() < until, service.printed
            time.sleep(0.02)
        yield service
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@contextlib.contextmanager
def misbehaving(folder: Path, *, scale: float) -> Iterator[Service]:
    """The sockets of `main` below."""
    folder.mkdir(mode=0o700)
    port = free_port()
    env = environment(folder, folder / "static", PORT=str(port))
    manage_all(env, "migrate")
    command = ("-m", "tests.counsel.serving", str(port), str(scale))
    with running(env, *command) as service:
        yield service
    shutil.rmtree(folder, ignore_errors=True)


# --- clients --------------------------------------------------------------------------------------


_CONNECTED: Final[list[socket.socket]] = []


def connect(port: int) -> socket.socket:
    """A TCP connection to this machine. `hang_up` closes it."""
    found = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    _CONNECTED.append(found)
    return found


def hang_up() -> None:
    """Close every connection of a test."""
    while _CONNECTED:
        _CONNECTED.pop().close()


def ask(port: int, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """One raw HTTP request on a connection of its own: status, headers, body."""
    with connect(port) as line:
        line.sendall(raw)
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
    return split(answer)


def split(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an HTTP answer."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(status.split()[1]), headers, rest


def request(
    port: int, path: str, method: str = "GET", sealed: bytes = b"", /, **more: str
) -> bytes:
    """The bytes of a request that asks for the connection to be closed after it."""
    headers = {"host": f"localhost:{port}", "connection": "close", **more}
    if sealed or method == "POST":
        headers.setdefault("content-length", str(len(sealed)))
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + sealed


class Line:
    """A WebSocket by hand."""

    def __init__(self, port: int, path: str, /, **more: str) -> None:
        self.socket = connect(port)
        key = base64.b64encode(os.urandom(16)).decode()
        headers = {
            "connection": "Upgrade", "upgrade": "websocket", "sec-websocket-key": key,
            "sec-websocket-version": "13", "origin": f"http://localhost:{port}", **more,
        }  # fmt: skip
        self.asked = request(port, path, **headers)
        self.buffer = b""
        self.status = 0
        self.headers: dict[str, str] = {}

    def open(self, early: bytes = b"") -> Line:
        """Shake hands; `early` is sent before there is an answer."""
        self.socket.sendall(self.asked)
        if early:
            time.sleep(0.2)  # in a segment of its own
            self.socket.sendall(early)
        while b"\r\n\r\n" not in self.buffer:
            chunk = self.socket.recv(4096)
            if not chunk:
                break
            self.buffer += chunk
        self.status, self.headers, self.buffer = split(self.buffer)
        return self

    def say(self, data: bytes, opcode: int = 2, *, end: bool = True) -> None:
        """One frame."""
        self.socket.sendall(frame(data, opcode, end=end))

    def hear(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload; (0, b"") when the connection is gone."""
        first, length = self._take(2)
        if first == 0:
            return 0, b""
        if length == 126:
            length = struct.unpack(">H", bytes(self._take(2)))[0]
        elif length == 127:
            length = struct.unpack(">Q", bytes(self._take(8)))[0]
        return first & 0x0F, bytes(self._take(length))

    def closed_with(self) -> int:
        """The code of the close frame, reading past everything before; 1006 without one."""
        while True:
            opcode, payload = self.hear()
            if opcode == 8:
                return int(struct.unpack(">H", payload[:2])[0]) if payload else 1005
            if opcode == 0:
                return 1006

    def _take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            try:
                chunk = self.socket.recv(65536)
            except ConnectionError:
                chunk = b""
            if not chunk:
                return bytes(count)
            self.buffer += chunk
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken


def frame(data: bytes, opcode: int = 2, *, end: bool = True) -> bytes:
    """One client frame, masked with zeros: that is a mask too."""
    head = bytes([(0x80 if end else 0) | opcode])
    if len(data) < 126:
        head += bytes([0x80 | len(data)])
    elif len(data) < 65536:
        head += bytes([0x80 | 126]) + struct.pack(">H", len(data))
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", len(data))
    return head + bytes(4) + data


# --- a service that never listens, or never stops talking ---------------------------------------


async def application(scope: Any, receive: Any, send: Any) -> None:
    """`/deaf` takes no message, `/slow` one in a while, `/echo` says it back, `/talks` never ends."""
    import asyncio

    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
    await receive()
    if scope["path"] == "/late":
        await asyncio.sleep(1)
    await send({"type": "websocket.accept"})
    heard = 0
    while scope["path"] == "/talks":
        await send({"type": "websocket.send", "bytes": bytes(32768)})
    while scope["path"] == "/echo" and (said := (await receive()).get("bytes")) is not None:
        await send({"type": "websocket.send", "bytes": said})
    while scope["path"] in {"/slow", "/late"}:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        heard += 1
        await send({"type": "websocket.send", "bytes": struct.pack(">I", heard)})
        await asyncio.sleep(0.001 if scope["path"] == "/slow" else 0)
    await asyncio.Event().wait()


def main(port: int, scale: float) -> None:
    """Serve `application` with less patience."""
    from counsel import limits, runner

    for name in ("BEHIND_FOR", "READ_WITHIN", "PING_EVERY", "PONG_WITHIN", "REQUEST_WITHIN"):
        setattr(limits, name, getattr(limits, name) / scale)

    def compose() -> Any:
        from counsel import flow

        flow._LOOK_EVERY /= scale  # type: ignore[misc]
        return application

    runner.run(runner.listen("127.0.0.1", port), compose, lambda: print("Ctrl-C", flush=True))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    django.setup()
    main(int(sys.argv[1]), float(sys.argv[2]))

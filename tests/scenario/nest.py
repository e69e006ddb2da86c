"""Where canaries live: a service that can only write to folders of its own, and the network before it.

Whatever the service leaves lies below one folder: its data, its temporary files, its home, the
folder it runs in (core files) and all it ever printed. So one search sees everything.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Self

import psutil
from django_otp.oath import TOTP

from chat.wire import WIRE, Resume, Seated, Start
from counsel import limits
from counsel.framing import Said, pack
from tests.asking import request as queue_request
from tests.browser.door import Visitor, code_of, drawn
from tests.counsel.serving import ROOT, Line, ask, environment, hang_up, manage_all, request
from tests.people import key_package
from tests.requisites import free_port
from tests.scenario.canaries import Brood, Found, search
from tests.scenario.people import Desk
from tests.scenario.site import Built, Server

_LAUNCH: Final = """
import os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
os.chdir(sys.argv[1])
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""Core files as large as the system allows, in a folder of its own; then the service itself."""
NAME: Final = "he"


class Front:
    """The network: every request comes from an address of its own and says whom it comes from.

    What a careless proxy, an employer's gateway or a phone's browser adds, as headers. Without
    `sockets`, those of seekers are cut.
    """

    def __init__(self, brood: Brood, *, sockets: bool = True) -> None:
        self.sockets = sockets
        self.port = free_port()
        self.upstream = free_port()
        self._source = brood["address"]
        self._added = {
            "x-forwarded-for": brood["forwarded for"],
            "x-real-ip": brood["forwarded for"].split(",")[0],
            "forwarded": f"for={brood['forwarded']};proto=https",
            "true-client-ip": brood["forwarded"],
            "referer": f"https://{brood['referrer']}.example/{brood['referrer']}",
            "accept-language": f"zh-CN,{brood['language']};q=0.9",
        }
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        listening = asyncio.start_server(self._serve, "localhost", self.port)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is closed in the next round

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind, service = await self._connect()
        except OSError:  # no service now
            writer.transport.abort()
            return
        answers = asyncio.ensure_future(_pump(behind, writer))
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while not await self._pass_request(reader, service):
                    pass
                await _pump(reader, service)
        finally:
            answers.cancel()
            service.transport.abort()
            writer.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for source in ((self._source, 0), None):  # some systems have one loopback address only
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self.upstream, local_addr=source)
        raise ConnectionRefusedError

    async def _pass_request(
        self, reader: asyncio.StreamReader, service: asyncio.StreamWriter
    ) -> bool:
        """One request with our headers in it; whether the rest of the line is a socket's."""
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")[:-2]
        headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in lines)}
        if "upgrade" in headers and "cookie" not in headers and not self.sockets:
            raise ConnectionResetError  # as mobile networks do that only know pages
        said = "".join(f"{n}: {v}\r\n" for n, v in (headers | self._added).items())
        service.write(f"{first}\r\n{said}\r\n".encode("latin1"))
        service.write(await reader.readexactly(int(headers.get("content-length", 0))))
        await service.drain()
        return "upgrade" in headers


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


class Nest:
    """One service, killed and started at will, and everything it leaves."""

    def __init__(
        self,
        folder: Path,
        built: Built,
        brood: Brood,
        front: Front,
        leak: str,
        more: Mapping[str, str],
    ) -> None:
        self.brood = brood
        self.folder = folder
        self.data = folder / "data"
        self.port = front.port
        self.origin = f"http://localhost:{front.port}"
        shutil.copytree(built.data, self.data)
        for name in ("tmp", "home", "cwd"):
            (folder / name).mkdir(mode=0o700)
        own = {"TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home"), "ORIGIN": self.origin}
        own |= {"PORT": str(front.upstream), "PYTHONPATH": str(ROOT)}
        self.env = environment(self.data, built.static, **own, **dict(more))
        serve = ("-m", "tests.scenario.leaking", leak) if leak else (f"{ROOT}/manage.py", "serve")
        self.server = Server(self.env, folder / "printed")
        self.server.command = ("-c", _LAUNCH, str(folder / "cwd"), *serve)
        self.secret = ""

    def hire(self) -> None:
        """Somebody real, by the service's own command: their password lies in no demo file."""
        names = ["--working-name", "禾", "--sign-in-name", NAME, "--role", "counsellor"]
        done = subprocess.run(
            [sys.executable, "manage.py", "people", "add", *names], cwd=ROOT, env=self.env,
            input=self.brood["password"], capture_output=True, text=True, check=True,
        )  # fmt: skip
        self.secret = done.stdout.rpartition("secret=")[2].partition("&")[0]
        self._clear()

    def _clear(self) -> None:
        """A supervisor, with the demo's password, says that they may take people."""
        zhou, visitor = drawn(self.data, "zhou"), Visitor(self.origin, self.server.port)
        secret = code_of(bytes.fromhex(zhou["totp"]))
        said = {"name": "zhou", "password": zhou["password"], "code": secret}
        assert visitor.ask("sign-in", **said)[0] == 200
        _, everybody = visitor.ask("people")
        (person,) = (one for one in everybody["people"] if one["working_name"] == "禾")
        assert visitor.ask("people/clear", person=person["person"])[0] == 200

    def search(self, brood: Brood | None = None, *more: Path) -> Found:
        """For every canary, in everything the service can have written."""
        return search(self.brood if brood is None else brood, self.folder, *more)

    def written_elsewhere(self) -> list[str]:
        """Files the living process has open for writing where no search looks."""
        files = psutil.Process(self.server.pid).open_files()
        written = [file.path for file in files if getattr(file, "mode", "r") != "r"]
        return [path for path in written if not path.startswith(str(self.folder.resolve()))]

    def abort(self) -> list[Path]:
        """End it as a fault in a C library does; the core files that came of it."""
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGABRT)
        self.server.process.wait(timeout=60)
        return list((self.folder / "cwd").iterdir())

    @staticmethod
    def writes_cores() -> bool:
        """Whether this system writes core files where a process runs, at all."""
        pattern = Path("/proc/sys/kernel/core_pattern")
        here = pattern.exists() and not pattern.read_text().startswith(("|", "/"))
        return here and resource.getrlimit(resource.RLIMIT_CORE)[1] != 0

    # --- a visitor without a browser --------------------------------------------------------------

    def visit(self) -> Line:
        """Everything somebody can do at once: look, ask for what is not there, sign in, start."""
        brood, port = self.brood, self.port
        token = brood.all["token"].value
        assert isinstance(token, bytes)
        more = {"user_agent": f"Mozilla/5.0 {brood['user agent']}", "origin": self.origin}
        ask(port, request(port, f"/zh/?from={brood['query']}", **more))
        ask(port, request(port, f"/zh/{brood['path']}", **more))
        ask(port, request(port, f"/api/boom/{brood['path']}", "GET", **more))
        self._try_to_sign_in(more)
        start = Start(
            version=limits.WIRE_VERSION, token=token, request=queue_request(),
            key_packages=(key_package(),), last_resort=key_package(),
        )  # fmt: skip
        line = Line(port, "/chat", **more).open()
        line.say(pack([Said(start, 1)]))
        _, answer = line.hear()
        assert any(isinstance(said.frame, Seated) for said in WIRE.unpack(answer)), answer
        resume = Resume(version=limits.WIRE_VERSION, token=token, after=0)
        body = pack([Said(resume, 1), Said(resume, 2)])
        ask(port, request(port, "/chat/exchange", "POST", body, **more))
        return line

    def _try_to_sign_in(self, more: dict[str, str]) -> None:
        empty = b"{}".ljust(limits.SIZES[0])
        kind = {"content_type": "application/json"}
        _, headers, answer = ask(
            self.port, request(self.port, "/api/csrf", "POST", empty, **more, **kind)
        )
        token = answer.split(b'"')[3].decode()
        kind |= {"cookie": headers["set-cookie"].partition(";")[0], "x_csrf_token": token}
        said = f'{{"name":"{NAME}","password":"{self.brood["password"]}","code":"000000"}}'
        body = said.encode().ljust(limits.SIZES[0])
        status, _, _ = ask(
            self.port, request(self.port, "/api/sign-in", "POST", body, **more, **kind)
        )
        assert status == 403, status


class Counsellor(Desk):
    """Signs in with the password that is a canary."""

    def sign_in_at(self, nest: Nest) -> None:
        """With the code of this half minute."""
        totp = TOTP(base64.b32decode(nest.secret))
        totp.time = time.time()
        self.page.goto(f"{self.origin}/{self.language}/staff/")
        self.page.fill("input[name=username]", NAME)
        self.page.fill("input[name=password]", nest.brood["password"])
        self.page.fill("input[name=code]", str(totp.token()).zfill(6))
        self.page.click("button.act")
        self.page.wait_for_selector(".console")
        self.start_shift()


@contextlib.contextmanager
def nest(
    folder: Path,
    built: Built,
    *,
    leak: str = "",
    sockets: bool = True,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Nest]:
    """Served until the test ends."""
    brood = Brood.hatch()
    folder.mkdir(mode=0o700)
    with Front(brood, sockets=sockets) as front:
        found = Nest(folder, built, brood, front, leak, settings or {})
        try:
            if "DATABASE_URL" in (settings or {}):
                manage_all(found.env, "migrate", "demo")
            found.server.start()
            yield found
        finally:
            hang_up()
            found.server.kill()

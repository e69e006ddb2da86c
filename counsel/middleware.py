"""What holds for every request and every answer, whoever answers: an ASGI layer around all of it.

In: nothing that tells who asks gets past `Edge` (no address, no browser, no referrer). GET serves
public bytes only, so its cookies are taken away; POST comes from our own page or not at all.
Out: the same security headers on pages, answers, refusals and mistakes, and `no-store` on whatever
is not a file.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, Final
from urllib.parse import quote

from django.urls import is_valid_path

from chat.sockets import is_our_page
from counsel import limits
from counsel.answers import pad_json
from counsel.certificates import is_local
from counsel.environment import host_of
from counsel.errors import CounselError, FrameSizeError, OriginError
from counsel.pages import Pages

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

LET_IN: Final = frozenset(
    b"accept-encoding content-length content-type cookie host origin upgrade x-csrf-token".split()
)
"""Request headers the service reads. All others are dropped unread: a list of what may come in
cannot forget the next header that tells who somebody is."""

NOW: Final = "/now.json"
FRESH: Final = frozenset({"/staff-log.bin", "/desks.json", "/stories.json"})
"""Never answered from memory: whoever was shown a row or a card must find it here at once, and a story
that was withdrawn must not be found any more."""
DIRECTORY: Final = "/directory/"
"""Signed files by province: large, public, the same for everybody."""
_STAFF: Final = re.compile(r"/[a-z]{2}/staff/")
"""The staff's page, in every language."""
_NOW_FOR: Final = 1.0
"""Seconds `/now.json` is answered from memory, so that asking it costs no database."""

_PERMISSIONS: Final = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "idle-detection",
    "local-fonts", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip


def security_headers(origin: str, *, worker: bool = False) -> Headers:
    """What every answer of a service under this origin carries.

    `worker`: on the staff's page, which may name the one script that hears calls (ADR 2).
    """
    sockets = origin.replace("http", "ws", 1)  # older Safari does not count sockets as 'self'
    scripts = "counsel-worker" if worker else "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' {sockets}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        f"trusted-types {scripts}"
    )
    headers = {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
        "origin-agent-cluster": "?1",
        "permissions-policy": ", ".join(f"{name}=()" for name in _PERMISSIONS),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-dns-prefetch-control": "off",
        "x-frame-options": "DENY",
    }
    if origin.startswith("https:"):
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains; preload"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def coded(error: CounselError) -> tuple[int, Headers, bytes]:
    """A refusal as status, headers and padded body."""
    return error.status, [(b"content-type", b"application/json")], pad_json({"code": error.code})


class Edge:
    """The outermost layer. `django` and `sockets` see only what it lets in."""

    def __init__(
        self, *, origin: str, pages: Pages, django: App, sockets: Mapping[str, App]
    ) -> None:
        self._origin = origin
        self._host = origin.partition("://")[2].encode()
        self._scheme = origin.partition(":")[0]
        self._local = is_local(host_of(origin))
        self._headers = security_headers(origin)
        self._staff_headers = security_headers(origin, worker=True)
        self._pages = pages
        self._django = django
        self._sockets = sockets
        self._now = _Remembered()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or one socket. Nothing raised inside gets out of here."""
        if scope["type"] == "http":
            staff = _STAFF.fullmatch(scope["path"]) is not None
            headers = self._staff_headers if staff else self._headers
            await self._answer(scope, receive, _Answer(send, headers))
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)

    # --- sockets ----------------------------------------------------------------------------------

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._sockets.get(scope["path"])
        if app is None or not is_our_page(scope):
            await receive()
            await send({"type": "websocket.close", "code": OriginError.close})
            return
        try:
            await app(self._veil(scope), receive, send)
        except Exception:
            log.exception("a socket failed")
            await send({"type": "websocket.close", "code": 1011})

    # --- requests ---------------------------------------------------------------------------------

    async def _answer(self, scope: Scope, receive: Receive, send: _Answer) -> None:
        try:
            await self._route(scope, receive, send)
        except Exception:
            log.exception("a request failed")
            if not send.begun:
                await send.whole(*coded(CounselError()))

    async def _route(self, scope: Scope, receive: Receive, send: _Answer) -> None:
        method, path = scope["method"], scope["path"]
        page = self._pages.find(path)
        if method in {"GET", "HEAD"}:
            send.without_body = method == "HEAD"
            if to := self._elsewhere(scope):
                await send.whole(*to)
            elif page is not None:
                await page.serve(_header(scope, b"accept-encoding"), send.keepable)
            elif path == NOW:
                await self._now(lambda keep: self._django(self._veil(scope), receive, keep), send)
            elif path.startswith(DIRECTORY):
                await self._django(self._veil(scope), receive, send)
            elif path in FRESH:
                said = _Gathered()
                await self._django(self._veil(scope), receive, said)
                await said.pass_on(send)
            elif is_valid_path(path):
                await send.whole(405, [(b"allow", b"POST")], b"")
            else:
                await self._absent(scope, send)
        elif method == "POST" and page is None and not self._is_read_only(path):
            await self._post(scope, receive, send)
        else:
            known = page is not None or self._is_read_only(path)
            await send.whole(405, [(b"allow", b"GET, HEAD" if known else b"POST")], b"")

    @staticmethod
    def _is_read_only(path: str) -> bool:
        return path in {NOW, *FRESH} or path.startswith(DIRECTORY)

    def _elsewhere(self, scope: Scope) -> tuple[int, Headers, bytes] | None:
        """The one address of the service, for who came by another: passkeys need the name."""
        host, path = _header(scope, b"host").lower(), scope["path"]
        if host != self._host:
            name = host_of(f"http://{host.decode('ascii', 'replace')}")
            if not (self._local and is_local(name)):
                return 421, [], b""
        elif not self._pages.find(f"{path}/") or self._pages.find(path):
            return None
        else:
            path += "/"
        # What stands behind the origin begins with a slash: it cannot lead to another host.
        return 307, [(b"location", f"{self._origin}{quote(path)}".encode())], b""

    async def _absent(self, scope: Scope, send: _Answer) -> None:
        page = self._pages.missing(scope["path"])
        if page is None:
            await send.whole(404, [], b"")
        else:
            await page.serve(_header(scope, b"accept-encoding"), send, status=404)

    async def _post(self, scope: Scope, receive: Receive, send: _Answer) -> None:
        if not is_our_page(scope):
            await send.whole(*coded(OriginError()))
            return
        try:
            sealed = await _read_all(receive)
        except FrameSizeError as error:
            await send.whole(*coded(error))
            return
        if sealed is None:
            return  # gone before it was all here
        said = _Gathered()
        await self._django(self._veil(scope, len(sealed)), _Once(sealed, receive), said)
        await said.pass_on(send)

    def _veil(self, scope: Scope, length: int | None = None) -> Scope:
        """The request without who sent it. Scheme and host are ours, not what somebody says."""
        reads = scope.get("method") in {"GET", "HEAD"}
        dropped = {b"host", b"content-length"} | ({b"cookie"} if reads else set())
        headers = [(n, v) for n, v in scope["headers"] if n in LET_IN and n not in dropped]
        headers.append((b"host", self._host))
        if length is not None:
            headers.append((b"content-length", str(length).encode()))
        veiled = {**scope, "headers": headers, "client": None, "query_string": b""}
        veiled["scheme"] = (
            self._scheme.replace("http", "ws") if "method" not in scope else self._scheme
        )
        return veiled


class _Answer:
    """`send` for one request: puts the headers on that every answer has."""

    def __init__(self, send: Send, headers: Headers) -> None:
        self._send = send
        self._headers = headers
        self._names = {name for name, _ in headers} | {b"server", b"x-powered-by"}
        self.begun = False
        self.without_body = False

    async def __call__(self, message: Message) -> None:
        """Something dynamic: nobody keeps it."""
        await self._pass(message, keepable=False)

    async def keepable(self, message: Message) -> None:
        """A file: it says itself whether it may be kept."""
        await self._pass(message, keepable=True)

    async def whole(self, status: int, headers: Headers, body: bytes) -> None:
        """A short answer at once."""
        length = (b"content-length", str(len(body)).encode())
        start = {"type": "http.response.start", "status": status, "headers": [*headers, length]}
        await self(start)
        await self({"type": "http.response.body", "body": body})

    async def _pass(self, message: Message, *, keepable: bool) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            dropped = self._names if keepable else self._names | {b"cache-control"}
            kept = [(n.lower(), v) for n, v in message["headers"] if n.lower() not in dropped]
            if not keepable:
                kept.append((b"cache-control", b"no-store"))
            message = {**message, "headers": [*kept, *self._headers]}
        elif self.without_body:
            message = {**message, "body": b""}
        await self._send(message)


class _Gathered:
    """`send` for Django: its answers are small and come in pieces; they leave whole, or not at all."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: Headers = []
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [h for h in message["headers"] if h[0].lower() != b"content-length"]
        else:
            self._body += message.get("body", b"")

    async def pass_on(self, send: _Answer) -> None:
        """Now to the one who asked."""
        await send.whole(self._status, self._headers, bytes(self._body))


class _Remembered:
    """One answer, asked for once a second at most, however many want it."""

    def __init__(self) -> None:
        self._until = 0.0
        self._said = _Gathered()
        self._asking = asyncio.Lock()

    async def __call__(self, ask: Callable[[Send], Awaitable[None]], send: _Answer) -> None:
        async with self._asking:
            if time.monotonic() >= self._until:
                said = _Gathered()
                await ask(said)
                self._said, self._until = said, time.monotonic() + _NOW_FOR
        await self._said.pass_on(send)


class _Once:
    """`receive` of a request that is all here; after it only the end of the connection is heard."""

    def __init__(self, sealed: bytes, receive: Receive) -> None:
        self._sealed: bytes | None = sealed
        self._receive = receive

    async def __call__(self) -> Message:
        if self._sealed is None:
            return await self._receive()
        message = {"type": "http.request", "body": self._sealed, "more_body": False}
        self._sealed = None
        return message


async def _read_all(receive: Receive) -> bytes | None:
    """What was posted, or None if the sender left. Raises `FrameSizeError` past the largest size."""
    read = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        read += message.get("body", b"")
        if len(read) > limits.SIZES[-1]:
            raise FrameSizeError("too long to be ours")
        if not message.get("more_body"):
            return bytes(read)


def _header(scope: Scope, name: bytes) -> bytes:
    found: Iterable[bytes] = (value for key, value in scope["headers"] if key == name)
    return next(iter(found), b"")

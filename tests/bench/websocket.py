"""A WebSocket and an HTTP client of the standard library alone.

Fast enough that what is measured is the server: about ten microseconds a message (RFC 6455).
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable, Mapping
from typing import Final, cast
from urllib.parse import urlsplit

_BINARY: Final = 0x82
_CLOSE: Final = 0x88
_PING: Final = 0x89
_PONG: Final = 0x8A
_GONE: Final = 1006
"""The code of a connection that ended without a word."""


class HandshakeError(Exception):
    """The server answered a handshake with something else than yes."""


class Socket(asyncio.Protocol):
    """One WebSocket. `hear` is called with each binary message."""

    def __init__(self, request: bytes, hear: Callable[[bytes], None]) -> None:
        loop = asyncio.get_running_loop()
        self.hear = hear
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[int] = loop.create_future()
        self._request = request
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        if not self.opened.done():
            self.opened.set_exception(HandshakeError("no answer"))
        self._end(_GONE)

    def data_received(self, data: bytes) -> None:
        """Bytes from the server: the answer to the handshake, then frames."""
        data = self._rest + data
        if not self.opened.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(HandshakeError(head[:12].decode("latin-1")))
                self._transport.close()
                return
            self.opened.set_result(None)
        self._take(data)

    def _take(self, data: bytes) -> None:
        at, end = 0, len(data)
        while end - at >= 2:
            first, length, begin = data[at], data[at + 1], at + 2
            if length == 126:
                if end - at < 4:
                    break
                length = data[at + 2] << 8 | data[at + 3]
                begin = at + 4
            if end - begin < length:
                break
            at = begin + length
            self._take_frame(first, data[begin:at])
        self._rest = data[at:]

    def _take_frame(self, first: int, payload: bytes) -> None:
        if first == _BINARY:
            self.hear(payload)
        elif first == _PING:
            self._write(_PONG, payload)
        elif first == _CLOSE:
            self._write(_CLOSE, payload[:2])
            self._transport.close()
            self._end(struct.unpack(">H", payload[:2])[0] if payload else 1005)

    def _end(self, code: int) -> None:
        if not self.closed.done():
            self.closed.set_result(code)

    def send(self, payload: bytes) -> None:
        """One binary message."""
        self._write(_BINARY, payload)

    def _write(self, first: int, payload: bytes) -> None:
        length = len(payload)
        key = os.urandom(4)
        mask = int.from_bytes((key * (length // 4 + 1))[:length], "big")
        masked = (int.from_bytes(payload, "big") ^ mask).to_bytes(length, "big")
        head = (
            bytes((first, 0x80 | length))
            if length < 126
            else struct.pack(">BBH", first, 254, length)
        )
        self._transport.write(head + key + masked)

    def close(self) -> None:
        """Leave."""
        if not self._transport.is_closing():
            self._write(_CLOSE, b"\x03\xe8")
            self._transport.close()
        self._end(1000)


class Site:
    """A server under an origin, and what a browser there keeps: cookies and the token beside them."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self.origin = origin
        self.host = parts.hostname or ""
        self.port = parts.port or 80
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def twin(self) -> Site:
        """Another connection of the same browser."""
        other = Site(self.origin)
        other.cookies, other.csrf = self.cookies, self.csrf
        return other

    def _head(self, first: str, more: Mapping[str, str]) -> bytes:
        headers = {"host": f"{self.host}:{self.port}", "origin": self.origin, **more}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{first} HTTP/1.1\r\n{lines}\r\n".encode()

    async def connect(self, path: str, hear: Callable[[bytes], None]) -> Socket:
        """An open WebSocket."""
        request = self._head(
            f"GET {path}",
            {
                "connection": "Upgrade",
                "upgrade": "websocket",
                "sec-websocket-version": "13",
                "sec-websocket-key": base64.b64encode(os.urandom(16)).decode(),
            },
        )
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(
            lambda: Socket(request, hear), "127.0.0.1", self.port
        )
        await socket.opened
        return socket

    async def post(self, path: str, data: bytes, kind: str) -> tuple[int, bytes]:
        """Status and body of the answer, on a connection that is kept."""
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._line
        headers = {"content-type": kind, "content-length": str(len(data))}
        if self.csrf:
            headers["x-csrf-token"] = self.csrf
        writer.write(self._head(f"POST {path}", headers) + data)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        length = 0
        for name, _, value in (line.partition(":") for line in lines):
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].strip().partition("=")
                self.cookies[cookie] = content
            elif name.lower() == "content-length":
                length = int(value)
        return int(first.split()[1]), await reader.readexactly(length)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line[1].close()
            self._line = None

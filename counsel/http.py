"""Twisted's HTTP with small bodies, a clock, and no words of its own. See `flow.py`."""

from __future__ import annotations

import io
from typing import Any, Final

from daphne.http_protocol import WebRequest
from twisted.web.http import HTTPChannel

from counsel import limits
from counsel.errors import FrameSizeError
from counsel.flow import Outflow, bare, cut, later, unsent
from counsel.middleware import Headers, coded

IDLE_FOR: Final = 150
"""Seconds a kept connection may rest: longer than a proxy keeps its own, so the two never race."""


class Request(WebRequest):
    """An HTTP request whose body is small, or counted and forgotten."""

    _size = 0

    def gotLength(self, length: int | None) -> None:
        """The body goes to memory, never to a file in /tmp."""
        self.content = io.BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        """A part of the body."""
        self._size += len(data)
        if self._size <= limits.SIZES[-1]:
            super().handleContentChunk(data)

    def process(self) -> Any:
        """All of it is here."""
        if self._size > limits.SIZES[-1]:
            self.channel.persistent = 0
            return self._refuse(*coded(FrameSizeError()))
        return super().process()

    def taken(self, message: dict[str, Any]) -> None:
        """Daphne hands a body over in one go; nothing to count."""

    @property
    def outflow(self) -> Outflow:
        """That of the connection."""
        found: Outflow = self.channel.outflow
        return found

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """What Daphne answers by itself: without its words."""
        if not self._response_started:
            self._refuse(status, [], b"")
        elif (channel := getattr(self, "channel", None)) is not None:
            cut(channel.transport)

    def _refuse(self, status: int, headers: Headers, body: bytes) -> None:
        length = (b"content-length", str(len(body)).encode())
        all_headers = [*headers, length, (b"cache-control", b"no-store"), *self.server.headers]
        self.handle_reply({"type": "http.response.start", "status": status, "headers": all_headers})
        self.handle_reply({"type": "http.response.body", "body": body})

    def __repr__(self) -> str:
        return "<a request>"


class Channel(HTTPChannel):
    """One HTTP connection, with a clock on requests that arrive and answers that are not read."""

    requestFactory = Request

    def connectionMade(self) -> None:
        self._deadline: Any = None
        self.outflow = Outflow(lambda: cut(self.transport), lambda: unsent(self.transport))
        super().connectionMade()
        self._expect()

    def dataReceived(self, data: bytes) -> None:
        if self._deadline is None and not self._handlingRequest:
            self._expect()
        super().dataReceived(data)

    def allContentReceived(self) -> None:
        self._arrived()
        super().allContentReceived()

    def connectionLost(self, reason: Any) -> None:
        self._arrived()
        self.outflow.stopProducing()
        super().connectionLost(reason)

    def pauseProducing(self) -> None:
        super().pauseProducing()
        self.outflow.pauseProducing()

    def resumeProducing(self) -> None:
        super().resumeProducing()
        self.outflow.resumeProducing()

    def timeoutConnection(self) -> None:
        """Twisted would say whose."""
        self.transport.abortConnection()

    def _expect(self) -> None:
        self._deadline = later(limits.REQUEST_WITHIN.total_seconds(), self._late)

    def _late(self) -> None:
        self._deadline = None
        cut(self.transport)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _respondToBadRequestAndDisconnect(self) -> None:
        self.transport.write(bare(400, self.factory.server.headers))
        self.loseConnection()

"""Daphne's protocols with an end to everything: what waits, what is sent, what never comes.

Daphne takes what a client sends as fast as it comes and keeps what a client does not read for as
long as it lives; one socket can take all memory. Here both directions push back:

- In: `UNREAD_FRAMES` messages wait for the application at most; then the socket is not read from.
  If that lasts `BEHIND_FOR`, it is closed. The client comes back and reads on where it was.
- Out: an application that sends waits until the network took it. A client that leaves what was sent
  unread is not read from either, and is cut after `READ_WITHIN`.
- HTTP: a body past the largest size is counted, not kept, and answered 413. A request that does not
  arrive whole within `REQUEST_WITHIN` is cut.

The reactor must be installed (`counsel/runner.py`) before this is imported. No line of log here or
below names who is connected.
"""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server as DaphneServer
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor
from twisted.web.http import HTTPChannel

from counsel import limits
from counsel.errors import FrameSizeError
from counsel.middleware import Headers, coded, security_headers

log = logging.getLogger(__name__)

IDLE_FOR: Final = 150
"""Seconds a kept HTTP connection may rest: longer than a proxy keeps its own, so it never races."""
_EARLY: Final = 64 * 1024
"""Bytes a client may send before its handshake is answered."""
_TOO_BIG: Final = 1009
_TRY_AGAIN: Final = 1013
_RESTART: Final = 1012


class Outflow:
    """What the network has not taken yet. Twisted calls this a push producer."""

    def __init__(self, cut: Callable[[], None], left: Callable[[], int]) -> None:
        self._cut = cut
        self._left = left
        self._before = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._timer: Any = None
        self.is_full = False

    def pauseProducing(self) -> None:
        """The buffer is full."""
        self.is_full = True
        self._watch()

    def resumeProducing(self) -> None:
        """The buffer is empty again."""
        self.is_full = False
        self._stop()

    def stopProducing(self) -> None:
        """The connection is gone."""
        self.resumeProducing()

    async def drained(self) -> None:
        """Returns when the network takes more, or the connection is gone."""
        if self.is_full:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting

    def _watch(self) -> None:
        self._before = self._left()
        self._timer = _later(limits.READ_WITHIN.total_seconds(), self._look)

    def _look(self) -> None:
        self._timer = None
        if self._left() < self._before:
            self._watch()  # slow, but reading
        else:
            self._cut()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)


class Socket(WebSocketProtocol):
    """A WebSocket that neither fills up nor waits for ever."""

    def connectionMade(self) -> None:
        """The HTTP connection became ours: so is its flow."""
        self._holds: set[str] = set()
        self._untaken = 0
        self._pieces = 0
        self._asked = False
        self._pinged_at = time.monotonic()
        self._behind: Any = None
        self.outflow = _SocketOutflow(self)
        super().connectionMade()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self.outflow, True)

    def connectionLost(self, *args: Any) -> None:
        """Whoever waits for the network waits no longer."""
        self._end_patience()
        self.outflow.stopProducing()
        super().connectionLost(*args)

    # --- in: not faster than the application --------------------------------------------------------

    def onConnect(self, request: Any) -> Any:
        """The handshake is read; the application decides."""
        self._asked = True
        return super().onConnect(request)

    def dataReceived(self, data: bytes) -> None:
        """Bytes. Before the application has answered the handshake they only wait."""
        if self._asked and self.state == self.STATE_CONNECTING:
            self.data += data
            if len(self.data) > _EARLY:
                self.hold("early")
            return
        super().dataReceived(data)

    def onOpen(self) -> None:
        """The application answered."""
        super().onOpen()
        self.let_go("early")

    def processData(self) -> bool:
        """One step through what has arrived; none while the application is behind."""
        return "behind" not in self._holds and super().processData()

    def onMessageBegin(self, isBinary: bool) -> None:
        """A message begins."""
        self._pieces = 0
        super().onMessageBegin(isBinary)

    def onMessageFrameBegin(self, length: int) -> None:
        """A piece of it begins. Empty pieces would be kept too, without end."""
        super().onMessageFrameBegin(length)
        self._pieces += 1
        if self._pieces > limits.FRAGMENTS and not self.failedByMe:
            self._fail_connection(_TOO_BIG, "too many pieces")

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """A whole message: it waits for the application."""
        self._untaken += 1
        if self._untaken >= limits.UNREAD_FRAMES:
            self.hold("behind")
            self._behind = self._behind or _later(limits.BEHIND_FOR.total_seconds(), self._give_up)
        super().onMessage(payload, isBinary)

    def taken(self, message: dict[str, Any]) -> None:
        """The application took one."""
        if message["type"] == "websocket.receive":
            self._untaken -= 1
            if "behind" in self._holds and self._untaken <= limits.UNREAD_FRAMES // 2:
                self._end_patience()
                self._holds.discard("behind")
                self.consumeData()
                self._read_again()

    def _give_up(self) -> None:
        self._behind = None
        self.sendClose(_TRY_AGAIN)

    def _end_patience(self) -> None:
        if self._behind is not None:
            self._behind.cancel()
            self._behind = None

    def hold(self, why: str) -> None:
        """Do not read from this client for now."""
        self._holds.add(why)
        self.transport.pauseProducing()

    def let_go(self, why: str) -> None:
        """This reason is over."""
        self._holds.discard(why)
        self._read_again()

    def _read_again(self) -> None:
        if not self._holds and self.state in (self.STATE_OPEN, self.STATE_CLOSING):
            self.transport.resumeProducing()

    # --- out ----------------------------------------------------------------------------------------

    def check_timeouts(self) -> None:
        """Every two seconds: is somebody still there? What is sent proves nothing, a pong does."""
        if self.state == self.STATE_CONNECTING:
            super().check_timeouts()
        elif self.state == self.STATE_OPEN and self.autoPingPending is None:
            self._ping()

    def _ping(self) -> None:
        now = time.monotonic()
        if now - self._pinged_at > limits.PING_EVERY.total_seconds():
            self._pinged_at = now
            self._sendAutoPing()

    def sendHttpErrorResponse(self, code: int, reason: str, responseHeaders: Any = None) -> None:
        """A refused handshake carries what every answer carries, and no words."""
        self.sendData(_bare(code, self.factory.server_class.headers))

    def __repr__(self) -> str:
        return "<a socket>"


class _SocketOutflow(Outflow):
    """Beside what it does for all: who does not read is not read from."""

    def __init__(self, socket: Socket) -> None:
        super().__init__(lambda: _cut(socket.transport), lambda: _unsent(socket.transport))
        self._socket = socket

    def pauseProducing(self) -> None:
        super().pauseProducing()
        self._socket.hold("unread")

    def resumeProducing(self) -> None:
        super().resumeProducing()
        self._socket.let_go("unread")

    def stopProducing(self) -> None:
        super().resumeProducing()


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
        elif self.channel is not None:
            self.channel.transport.abortConnection()

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
        self.outflow = Outflow(lambda: _cut(self.transport), lambda: _unsent(self.transport))
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
        self._deadline = _later(limits.REQUEST_WITHIN.total_seconds(), self._late)

    def _late(self) -> None:
        self._deadline = None
        _cut(self.transport)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _respondToBadRequestAndDisconnect(self) -> None:
        self.transport.write(_bare(400, self.factory.server.headers))
        self.loseConnection()


class _HTTPFactory(HTTPFactory):
    """Connections of ours, and no access log."""

    def buildProtocol(self, addr: Any) -> Channel:
        channel = Channel()
        channel.factory = self
        channel.callLater = self.reactor.callLater
        channel.timeOut = IDLE_FOR
        return channel

    def startFactory(self) -> None:
        """Twisted would open a log here."""

    def log(self, request: Any) -> None:
        """Who asked for what when is written nowhere."""


class _SocketFactory(WebSocketFactory):
    protocol = Socket


class Server(DaphneServer):
    """Daphne with the protocols above. It does not listen by itself and prints nothing."""

    def __init__(self, application: Any, *, origin: str) -> None:
        super().__init__(
            application, endpoints=["none"], signal_handlers=False, verbosity=0, server_name=""
        )
        self.headers = security_headers(origin)
        self.connections: dict[Any, dict[str, Any]] = {}
        self.http_factory = _HTTPFactory(self)
        self.ws_factory = _SocketFactory(self, server="")
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=limits.PONG_WITHIN.total_seconds(),
            autoPingRestartOnAnyTraffic=False,
            openHandshakeTimeout=self.websocket_handshake_timeout,
            maxMessagePayloadSize=limits.MAX_SOCKET_MESSAGE,
            maxFramePayloadSize=limits.MAX_SOCKET_MESSAGE,
            allowNullOrigin=True,  # asked later: counsel/middleware.py
        )

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> asyncio.Queue[Any]:
        """One run of the application for one request or socket."""
        queue: asyncio.Queue[Any] = asyncio.Queue()

        async def receive() -> Any:
            message = await queue.get()
            protocol.taken(message)
            return message

        async def send(message: Any) -> None:
            await self.handle_reply(protocol, message)

        scope["asgi"] = {"version": "3.0"}
        run = asyncio.ensure_future(self.application(scope, receive, send))
        self.connections[protocol]["application_instance"] = run
        return queue

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Hand it over, then wait until the network has room: this is what holds senders back."""
        details = self.connections.get(protocol)
        if details is None or details.get("disconnected"):
            return
        outflow = protocol.outflow  # a finished request has let go of its connection
        protocol.handle_reply(message)
        await outflow.drained()

    def application_checker(self) -> None:
        """Once a second: what is over is forgotten, what will not end is ended."""
        now = time.time()
        for protocol, details in list(self.connections.items()):
            gone, run = details.get("disconnected"), details.get("application_instance")
            if run is not None and run.done():
                del details["application_instance"]
                if not run.cancelled() and (error := run.exception()):
                    log.error("an application ended", exc_info=error)
                    if not gone:
                        protocol.handle_exception(error)
            elif run is not None and gone and now - gone > self.application_close_timeout:
                log.warning("an application did not end by itself")
                run.cancel()
            if gone and "application_instance" not in details:
                del self.connections[protocol]
        _later(1, self.application_checker)

    async def close_all(self, within: float) -> None:
        """Tell sockets that they should come back, and end every run of the application."""
        runs = []
        for protocol, details in list(self.connections.items()):
            if isinstance(protocol, Socket) and protocol.state == protocol.STATE_OPEN:
                protocol.sendClose(_RESTART)
            if (run := details.get("application_instance")) is not None:
                run.cancel()
                runs.append(run)
        if runs:
            await asyncio.wait(runs, timeout=within)


def _later(seconds: float, what: Callable[[], None]) -> Any:
    return reactor.callLater(seconds, what)


def _cut(transport: Any) -> None:
    transport.abortConnection()


def _unsent(transport: Any) -> int:
    """Bytes the network has not taken (twisted.internet.abstract.FileDescriptor)."""
    unsent: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
    return unsent


def _bare(status: int, headers: Headers) -> bytes:
    """An answer from below HTTP: a status and the headers that every answer has."""
    lines = [b"HTTP/1.1 %d " % status, b"content-length: 0", b"cache-control: no-store"]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"connection: close", b"", b""])

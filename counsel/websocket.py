"""Daphne's WebSocket, held to what the application can take and the client reads. See `flow.py`.

Below it lies Autobahn, which knows all of RFC 6455 and colours words for a log that nobody keeps. What
nearly every message is, one whole frame of one of our sizes, passes it by here; all else is its business.
"""

from __future__ import annotations

import time
from typing import Any, Final

from autobahn.websocket.xormasker import create_xor_masker  # type: ignore[attr-defined]
from daphne.ws_protocol import WebSocketProtocol

from counsel import limits
from counsel.flow import Outflow, bare, cut, later, unsent

_EARLY: Final = 64 * 1024
"""Bytes a client may send before its handshake is answered."""
_TOO_BIG: Final = 1009
_TRY_AGAIN: Final = 1013

_WHOLE: Final = b"\x82\xfe"
"""A last and only frame, binary, masked, its length in the two bytes behind (RFC 6455, 5.2)."""
_HEAD: Final = 8
"""These, the length and the mask."""


class Socket(WebSocketProtocol):
    """A WebSocket that neither fills up nor waits for ever."""

    data: bytes
    """What has arrived and was not looked at yet."""

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
        self._dataReceived(data)

    def onOpen(self) -> None:
        """The application answered."""
        super().onOpen()
        self.let_go("early")

    def processData(self) -> bool:
        """One step through what has arrived; none while the application is behind."""
        if "behind" in self._holds:
            return False
        data = self.data
        if (end := self._end_of_whole(data)) == 0:
            more: bool = super().processData()
            return more
        masker: Any = create_xor_masker(data[_HEAD - 4 : _HEAD], end - _HEAD)  # type: ignore[no-untyped-call]
        self.data = data[end:]
        self.onMessage(masker.process(data[_HEAD:end]), isBinary=True)
        return end < len(data)

    def _end_of_whole(self, data: bytes) -> int:
        """Where the message ends that begins here and lies here whole; 0 for anything else."""
        if self.inside_message or self.current_frame is not None or self.state != self.STATE_OPEN:
            return 0
        if data[:2] != _WHOLE or (length := int.from_bytes(data[2:4], "big")) not in limits.SIZES:
            return 0
        end = _HEAD + length
        return end if len(data) >= end else 0

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
            self._behind = self._behind or later(limits.BEHIND_FOR.total_seconds(), self._give_up)
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
        self.serverClose(_TRY_AGAIN)

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

    def serverSend(self, content: Any, binary: bool = False) -> None:
        """One message. What is no bundle, and what comes when nobody may speak, goes the long way."""
        if self.state == self.STATE_OPEN and binary and len(content) in limits.SIZES:
            self.transport.write(b"\x82\x7e" + len(content).to_bytes(2, "big") + content)
        else:
            super().serverSend(content, binary)

    def serverClose(self, code: int | None = None) -> None:
        """Say goodbye. Codes from 1001 on are ours to say too, whatever the library thinks."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code or 1000)

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
        self.sendData(bare(code, self.factory.server_class.headers))

    def __repr__(self) -> str:
        return "<a socket>"


class _SocketOutflow(Outflow):
    """Beside what it does for all: who does not read is not read from."""

    def __init__(self, socket: Socket) -> None:
        super().__init__(lambda: cut(socket.transport), lambda: unsent(socket.transport))
        self._socket = socket

    def pauseProducing(self) -> None:
        super().pauseProducing()
        self._socket.hold("unread")

    def resumeProducing(self) -> None:
        super().resumeProducing()
        self._socket.let_go("unread")

    def stopProducing(self) -> None:
        super().resumeProducing()

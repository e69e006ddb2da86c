"""Daphne with our protocols: it starts and ends runs of the application, and prints nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Final

from daphne.http_protocol import HTTPFactory
from daphne.server import Server as DaphneServer
from daphne.ws_protocol import WebSocketFactory

from counsel import limits
from counsel.flow import later
from counsel.http import IDLE_FOR, Channel
from counsel.middleware import security_headers
from counsel.websocket import Socket

log = logging.getLogger(__name__)

_RESTART: Final = 1012


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
            failByDrop=False,  # a client is told why: 1009 is no lost connection
            allowNullOrigin=True,  # asked later: counsel/middleware.py
        )

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """One run of the application for one request or socket: the queue that feeds it."""
        if protocol not in self.connections:
            return None  # gone already
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
            await asyncio.sleep(0)  # nobody is there; who sends on and on must not stop the others
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
        later(1, self.application_checker)

    async def close_all(self, within: float) -> None:
        """Tell sockets that they should come back, and end every run of the application."""
        runs = []
        for protocol, details in list(self.connections.items()):
            if isinstance(protocol, Socket) and protocol.state == protocol.STATE_OPEN:
                protocol.serverClose(_RESTART)
            if (run := details.get("application_instance")) is not None:
                run.cancel()
                runs.append(run)
        if runs:
            await asyncio.wait(runs, timeout=within)

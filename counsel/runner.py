"""Our own runner: one process with an event loop, the sockets, the clock and an orderly end.

Around Daphne (counsel/server.py) it puts what Daphne leaves out: uvloop, a log policy that
knows no addresses, a clock, a start that refuses in one sentence, and a stop within two seconds.
Acknowledged words are on disk already, so nothing is lost when the end is not orderly.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import uvloop
from twisted.internet import asyncioreactor
from twisted.logger import globalLogBeginner

from chat import clock
from chat.lanes import CARRY, READ, WRITE
from chat.relay import hub
from counsel import journal
from counsel.audit import keeping
from triage.escalation import paging

if TYPE_CHECKING:
    from counsel.server import Server

log = logging.getLogger(__name__)

_GRACE: Final = 0.8
"""Seconds the application has to end when it is told to."""
_AT_LAST: Final = 1.6
"""Seconds after which the process ends whatever still runs: threads that wait for a disk."""
_BACKLOG: Final = 1024
_LITTER: Final = 10_000
"""Objects made and not let go of, after which Python looks for rings among them. Messages leave none:
the usual 700 spends a twentieth of a busy server's time on looking in vain."""
_LOOPBACK: Final = "127.0.0.1"


class CannotListenError(Exception):
    """The address is not to be had; the sentence says what to do."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen. For the loopback both its addresses: `localhost` may mean either.

    Raises `CannotListenError`.
    """
    found = [_bind(socket.AF_INET6 if ":" in host else socket.AF_INET, host, port)]
    if host == _LOOPBACK and socket.has_ipv6:
        try:
            found.append(_bind(socket.AF_INET6, "::1", port))
        except CannotListenError as error:
            cause = error.__cause__
            if isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE:
                found[0].close()
                raise
            # This machine has no IPv6: then nobody is led to it either.
    return found


def _bind(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    try:
        found = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise CannotListenError("no such family") from error
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((host, port))
        found.listen(_BACKLOG)
        found.setblocking(False)
    except OSError as error:
        found.close()
        raise CannotListenError(_sentence(error, host, port)) from error
    return found


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program: stop that one, "
            f"or use another port: make run PORT={port + 1 if port < 65535 else 8000}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights this program should not have: use one above 1023."
    return f"HOST={host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 behind a proxy."


def run(
    sockets: list[socket.socket], compose: Callable[[], Any], ready: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM. `compose` makes the application, `ready` tells the person."""
    _leave_no_traces()
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)
    from twisted.internet import reactor  # the one just installed

    from counsel.server import Server

    server = Server(compose(), origin=_origin())
    keeper = _Keeper(loop, server, reactor)
    for one in sockets:
        reactor.adoptStreamPort(one.fileno(), one.family, server.http_factory)
        one.close()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, keeper.stop)
    loop.call_soon(keeper.start, ready)
    reactor.run(installSignalHandlers=False)


def _origin() -> str:
    from django.conf import settings

    return str(settings.ORIGIN)


class _Keeper:
    """What runs beside the sockets, and the way it ends."""

    def __init__(self, loop: asyncio.AbstractEventLoop, server: Server, reactor: Any) -> None:
        self._loop = loop
        self._server = server
        self._reactor = reactor
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def start(self, ready: Callable[[], None]) -> None:
        """The loop turns: hub, clock, pages and Daphne's own rounds begin."""
        hub()
        runs = (clock.run, keeping.run, paging.run)
        self._tasks += [self._loop.create_task(run()) for run in runs]
        self._server.application_checker()
        self._reactor.callLater(2, self._server.timeout_checker)
        gc.collect()
        gc.freeze()  # what stays for good need not be looked through again
        gc.set_threshold(_LITTER, *gc.get_threshold()[1:])
        ready()

    def stop(self) -> None:
        """The first time in order, the second time at once."""
        if self._stopping:
            os._exit(1)
        self._stopping = True
        last = threading.Timer(_AT_LAST, os._exit, [0])
        last.daemon = True
        last.start()
        self._tasks.append(self._loop.create_task(self._stop()))

    async def _stop(self) -> None:
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        for port in [r for r in self._reactor.getReaders() if hasattr(r, "stopListening")]:
            port.stopListening()
        try:
            await self._server.close_all(_GRACE)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GRACE / 2):
                    await self._loop.run_in_executor(None, _close_lanes)
        except Exception:
            log.exception("no orderly end")
        self._reactor.stop()


def _close_lanes() -> None:
    for lane in (WRITE, READ, CARRY, paging.PAGES):
        lane.close()


def _leave_no_traces() -> None:
    """No core files, nothing printed past the log policy, as many sockets as the system allows."""
    journal.guard_the_rest()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    globalLogBeginner.beginLoggingTo([_hear_twisted], redirectStandardIO=False, discardBuffer=True)


def _hear_twisted(event: dict[str, Any]) -> None:
    """Of what Twisted says only failures are passed on, and of those only where they were."""
    failure = event.get("log_failure")
    if failure is not None:
        error = failure.value
        log.error(
            "below the application", exc_info=(type(error), error, failure.getTracebackObject())
        )

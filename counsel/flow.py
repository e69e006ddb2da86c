"""What the network has not taken yet, and the end of waiting for it.

Daphne takes what a client sends as fast as it comes and keeps what a client does not read for as
long as it lives; one socket can take all memory. Here both directions push back:

- In: `UNREAD_FRAMES` messages wait for the application at most; then the socket is not read from.
  If that lasts `BEHIND_FOR`, it is closed. The client comes back and reads on where it was.
- Out: an application that sends waits until the network took it. A client that leaves what was sent
  unread is not read from either, and is cut after `READ_WITHIN`.
- HTTP: a body past the largest size is counted, not kept, and answered 413. A request that does not
  arrive whole within `REQUEST_WITHIN` is cut.

The reactor must be installed (`counsel/runner.py`) before this is imported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from twisted.internet import reactor

from counsel import limits
from counsel.middleware import Headers

_LOOK_EVERY: Final = 4.0
"""Seconds between two looks at whether a client that is behind has read anything."""


class Outflow:
    """One connection's way out. Twisted calls this a push producer."""

    def __init__(self, cut: Callable[[], None], left: Callable[[], int]) -> None:
        """`left` counts the bytes the network has not taken, `cut` ends the connection."""
        self._cut = cut
        self._left = left
        self._before = 0
        self._still = 0.0
        self._waiting: list[asyncio.Future[None]] = []
        self._timer: Any = None
        self.is_full = False

    def pauseProducing(self) -> None:
        """The buffer is full. Twisted says so again with every further write."""
        if not self.is_full:
            self.is_full = True
            self._still = 0.0
            self._watch()

    def resumeProducing(self) -> None:
        """The buffer is empty again."""
        self.is_full = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

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
        self._timer = later(_LOOK_EVERY, self._look)

    def _look(self) -> None:
        self._timer = None
        self._still = 0.0 if self._left() < self._before else self._still + _LOOK_EVERY
        if self._still >= limits.READ_WITHIN.total_seconds():
            self._cut()
        else:
            self._watch()


def later(seconds: float, what: Callable[[], None]) -> Any:
    """A timer that can be cancelled."""
    return reactor.callLater(seconds, what)


def cut(transport: Any) -> None:
    """End a connection now; what it has not read is forgotten."""
    transport.abortConnection()


def unsent(transport: Any) -> int:
    """Bytes the network has not taken (twisted.internet.abstract.FileDescriptor)."""
    unsent: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
    return unsent


def bare(status: int, headers: Headers) -> bytes:
    """An answer from below HTTP: a status and the headers that every answer has."""
    lines = [b"HTTP/1.1 %d " % status, b"content-length: 0", b"cache-control: no-store"]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"connection: close", b"", b""])

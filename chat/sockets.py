"""One WebSocket: bundles in, bundles out, and nothing a client does makes it grow.

A Channels consumer with a dispatch of its own. Channels' hops to a thread for every event and
listens to the channel layer for every socket; ours does neither, which is worth a factor of two.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, ClassVar, Final

from channels.consumer import AsyncConsumer
from django.conf import settings

from chat import wire
from chat.guard import guard
from chat.lanes import READ
from chat.writer import writer
from counsel import limits, signin
from counsel.errors import (
    CounselError,
    NotReadingError,
    OriginError,
    SignedOutError,
    WireError,
)
from counsel.framing import Frame, Said, Vocabulary, bundle, size_for, write_frame
from counsel.models import Staff

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]

HELLO_WITHIN: Final = 10.0
"""Seconds a socket may stay without having said who it is."""

_ACT_EVERY: Final = 60.0
"""Seconds between two notes that a login is in use."""

_ROOMY: Final = limits.UNSENT_FRAMES // 2
"""Frames waiting up to which rows of a log are still pushed; beyond, they are read again later."""


class Socket(AsyncConsumer):
    """Origin, sizes, order and limits of a socket. What is said on it is its subclass's business."""

    vocabulary: ClassVar[Vocabulary]

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """The life of one connection."""
        self.scope = scope
        self.base_send = send
        self._outbox: deque[bytes] = deque()
        self._flusher: asyncio.Task[None] | None = None
        self._emptied = asyncio.Event()
        self._close_code = 0
        await receive()  # websocket.connect
        if not is_our_page(scope):
            await send({"type": "websocket.close", "code": OriginError.close})
            return
        await send({"type": "websocket.accept"})
        self.staff: Staff | None = None
        self._acted_at = 0.0
        self.opened()
        self._expect_hello()
        try:
            await self._listen(receive)
        finally:
            guard().forget(self)
            self._deadline.cancel()
            await self.left()
            self._stop_flushing()

    # --- for subclasses ----------------------------------------------------------------------------

    def opened(self) -> None:
        """The connection stands; nothing was said yet."""
        raise NotImplementedError

    def is_known(self) -> bool:
        """Whether somebody said who they are."""
        raise NotImplementedError

    async def take(self, said: Said) -> None:
        """One frame arrived. `CounselError` becomes its refusal."""
        raise NotImplementedError

    async def left(self) -> None:
        """The connection is gone."""
        raise NotImplementedError

    async def find_staff(self) -> Staff:
        """Who is signed in on this browser. Raises `SignedOutError`, then and when it ends."""
        if self.staff is None:
            self.staff = await READ(signin.staff_from_scope, self.scope)
            guard().watch(self, self.staff.pk, signin.session_key_from_scope(self.scope))
        return self.staff

    def staff_acts(self) -> None:
        """A person did something here: that keeps a login alive, heartbeats do not."""
        now = time.monotonic()
        if self.staff is not None and now - self._acted_at > _ACT_EVERY:
            self._acted_at = now
            writer().later(
                partial(signin.keep_signed_in, signin.session_key_from_scope(self.scope))
            )

    # --- out ---------------------------------------------------------------------------------------

    def push(self, frame: Frame, correlation: int = 0) -> None:
        """Send this soon. A client that does not read is closed rather than waited for."""
        if self._close_code:
            return
        if len(self._outbox) >= limits.UNSENT_FRAMES:
            self._outbox.clear()
            self.close(NotReadingError.close)
            return
        self._outbox.append(write_frame(Said(frame, correlation)))
        self._flush_soon()

    def is_roomy(self) -> bool:
        """Whether rows of a log may be pushed now."""
        return len(self._outbox) < _ROOMY

    async def roomy(self) -> bool:
        """Wait until they may."""
        while not self.is_roomy():
            self._emptied.clear()
            await self._emptied.wait()
        return True

    def refuse(self, error: CounselError, correlation: int = 0) -> None:
        """Say why not, and close if that is what this refusal means."""
        self.push(wire.Refused(code=error.code, retry_after=error.retry_after), correlation)
        if error.close:
            self.close(error.close)

    def sign_out(self) -> None:
        """The login of this browser is over."""
        self.refuse(SignedOutError())

    def close(self, code: int) -> None:
        """Close once what was pushed has gone out."""
        if not self._close_code:
            self._close_code = code
            self._flush_soon()

    def _flush_soon(self) -> None:
        if self._flusher is None:
            self._flusher = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        try:
            while self._outbox:
                await self.base_send({"type": "websocket.send", "bytes": self._next_bundle()})
                self._emptied.set()
            if self._close_code:
                await self.base_send({"type": "websocket.close", "code": self._close_code})
        finally:
            self._flusher = None

    def _stop_flushing(self) -> None:
        if self._flusher is not None:
            self._flusher.cancel()

    def _next_bundle(self) -> bytes:
        """As many frames as fit the size the first one needs anyway."""
        some = [self._outbox.popleft()]
        room = size_for(len(some[0])) - 2 - len(some[0])
        while self._outbox and len(some) < limits.MAX_FRAMES and len(self._outbox[0]) <= room:
            some.append(self._outbox.popleft())
            room -= len(some[-1])
        return bundle(some)

    # --- in ----------------------------------------------------------------------------------------

    async def _listen(self, receive: Callable[[], Awaitable[Message]]) -> None:
        while not self._close_code:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                if (data := message.get("bytes")) is None:
                    raise WireError("text")
                arrived = self.vocabulary.unpack(data)
            except CounselError as error:
                self.refuse(error)
                continue
            for said in arrived:
                await self._be_read()
                if not self._close_code:
                    await self._take(said)
        if self._flusher is not None:
            await self._flusher

    async def _be_read(self) -> None:
        """Who asks faster than they read waits with their questions, but not for ever."""
        if self.is_roomy():
            return
        try:
            async with asyncio.timeout(limits.READ_WITHIN.total_seconds()):
                await self.roomy()
        except TimeoutError:
            self.close(NotReadingError.close)

    async def _take(self, said: Said) -> None:
        try:
            await self.take(said)
        except CounselError as error:
            self.refuse(error, said.correlation)
        except Exception as error:
            report(error, type(said.frame).__name__)
            self.refuse(CounselError(), said.correlation)

    def _expect_hello(self) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(HELLO_WITHIN, self._expire)

    def _expire(self) -> None:
        if self.is_known():
            self._expect_hello()
        else:
            self.refuse(WireError("nobody"))


def is_our_page(scope: MutableMapping[str, Any]) -> bool:
    """Whether exactly one Origin was sent and it is ours. A missing or `null` one is not."""
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    return origins == [settings.ORIGIN.encode()]


def report(error: Exception, what: str) -> None:
    """A mistake of ours: where and of which kind, never with what."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "nowhere"
    log.error("%s failed: %s in %s", what, type(error).__name__, place)

"""The same people by POST, as `protocol.md` section 2 describes it for networks that kill sockets."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from tests.bench import frames
from tests.bench.frames import Heard
from tests.bench.talk import Seat
from tests.bench.tally import Tally
from tests.bench.websocket import Site

_BYTES: Final = "application/octet-stream"
_AT_ONCE: Final = 4
"""Commands of one request: an answer holds sixteen frames, and others speak too."""


class PollingSeat(Seat):
    """Speaks with one request after the other, and listens with another that is held."""

    def __init__(self, tally: Tally, payload: int) -> None:
        super().__init__(tally, payload)
        self._queue: list[tuple[int, bytes]] = []
        self._answered: set[int] = set()
        self._speaking: asyncio.Task[None] | None = None
        self._again = frames.RESUME

    async def connect(self, site: Site, path: str) -> None:
        """Nothing is opened before there is something to say."""
        self._site, self._ear = site.twin(), site.twin()
        self._path = f"{path}/exchange"

    def put(self, *said: bytes) -> None:
        """Say frames with the next request."""
        self._queue += [(int.from_bytes(one[3:5], "big"), one) for one in said]
        if self._speaking is None:
            self._speaking = asyncio.ensure_future(self._speak())

    def follow(self) -> None:
        """Listen from now on."""
        self._task = asyncio.ensure_future(self._listen())

    def _sit_down(self) -> bytes:
        return frames.frame(self._again, self.correlate(), self.hello(self.place))

    async def _speak(self) -> None:
        while self._queue:
            said, self._queue = self._queue[:_AT_ONCE], self._queue[_AT_ONCE:]
            begins = said[0][1][2] in (frames.START, frames.ATTEND)
            self._again = frames.ATTEND if said[0][1][2] == frames.ATTEND else self._again
            said_all = [one for _, one in said]
            if begins:  # alone it would be held until there is something new
                said_all.append(frames.frame(frames.HERE, self.correlate(), frames.text("here")))
            else:
                said_all.insert(0, self._sit_down())
            await self._exchange(self._site, *said_all)
            # What found no room in the answer is said again; client ids make that harmless.
            self._queue[:0] = [one for one in said if one[0] not in self._answered]
            self._answered.clear()
        self._speaking = None

    async def _listen(self) -> None:
        while True:
            await self._exchange(self._ear, self._sit_down())

    async def _exchange(self, site: Site, *said: bytes) -> None:
        _, answer = await site.post(self._path, frames.bundle(*said), _BYTES)
        self.hear(answer)

    def take(self, heard: Heard) -> None:
        self._answered.add(heard.correlation)
        super().take(heard)

    def _row(self, fields: dict[str, Any]) -> None:
        """Two requests may both bring a row; one that is not the next comes again."""
        if fields["seq"] == self.place + 1:
            super()._row(fields)

    def _heal(self) -> None:
        """The next request asks from the place reached anyway."""

    def leave(self) -> None:
        self._task.cancel()
        for site in (self._site, self._ear):
            site.close()

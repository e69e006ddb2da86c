"""The load on the bare servers: the same numbered messages, windows and clocks as on ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.bench.peer import Load
from tests.bench.tally import Tally, Way
from tests.bench.websocket import Site, Socket


class Voice:
    """One socket. What it says comes back to itself from an echo, and to `other` from a relay."""

    def __init__(self, tally: Tally, payload: int) -> None:
        self.way = Way(tally)
        self.other = self
        self.freed: Callable[[], None] = lambda: None
        self.socket: Socket
        self._rest = bytes(payload - 8)

    async def connect(self, origin: str, path: str) -> None:
        """Open it."""
        self.socket = await Site(origin).connect(path, self._hear)

    def say(self, due: float) -> None:
        """One message more."""
        self.socket.send(self.way.send(due).to_bytes(8, "big") + self._rest)

    def _hear(self, message: bytes) -> None:
        other, number = self.other, int.from_bytes(message[:8], "big")
        other.way.acknowledge(number)
        other.way.show(number, whole=message[8:] == self._rest)
        other.freed()


class Voices(Load):
    """Rooms of two at a bare server."""

    def __init__(self, origin: str, *, payload: int, relayed: bool) -> None:
        super().__init__()
        self._origin = origin
        self._payload = payload
        self._relayed = relayed

    async def open(self, count: int) -> None:
        voices: list[Voice] = []
        for number in range(count):
            one, two = (Voice(self.tally, self._payload) for _ in range(2))
            if self._relayed:
                one.other, two.other = two, one
            for voice in (one, two):
                await voice.connect(self._origin, f"/{number}")
            voices += (one, two)
        self.senders = voices
        await asyncio.sleep(0.1)  # the second of a room is known once its run has begun

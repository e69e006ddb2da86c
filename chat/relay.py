"""The doorbell: after a commit, everybody who listens is told to look. The only file that names a group.

One channel-layer group, `news`, carries row ids of changed sessions and sealed signs of typing
between processes. It may lose, double or delay what it likes: the log is the truth, and every hub
looks for itself once a second. No text a client chose is ever a message type.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from channels.layers import get_channel_layer
from django.db import transaction

from chat.hub import Heard, Hub
from chat.loops import PerLoop
from counsel import limits

log = logging.getLogger(__name__)

_GROUP: Final = "news"
_BEATS: Final = 1000
"""Signs of typing kept while the layer is slow; the rest is forgotten."""


class Doorbell:
    """The channel layer: everything rung while it is busy goes out as one message."""

    def __init__(self, heard: Heard) -> None:
        self._name = secrets.token_hex(8)
        self._heard = heard
        self._ids: set[int] = set()
        self._beats: list[tuple[int, int, bytes]] = []
        self._rung = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._tasks = (loop.create_task(self._tell()), loop.create_task(self._listen()))

    def ring(self, session_ids: Iterable[int]) -> None:
        """These sessions changed."""
        self._ids.update(session_ids)
        self._rung.set()

    def pass_on(self, session_id: int, seat_id: int, sealed: bytes) -> None:
        """Somebody types."""
        if len(self._beats) < _BEATS:
            self._beats.append((session_id, seat_id, sealed))
            self._rung.set()

    async def _tell(self) -> None:
        while True:
            await self._rung.wait()
            self._rung.clear()
            message = {"type": "news", "from": self._name, "ids": list(self._ids)}
            message["beats"] = self._beats
            self._ids, self._beats = set(), []
            try:
                if layer := get_channel_layer():
                    async with asyncio.timeout(limits.HEAR_EVERY.total_seconds()):
                        await layer.group_send(_GROUP, message)
            except Exception as error:  # a lost bell is healed by looking
                log.warning("the doorbell is out of order: %s", type(error).__name__)

    async def _listen(self) -> None:
        while layer := get_channel_layer():
            try:
                channel = await layer.new_channel()
                await layer.group_add(_GROUP, channel)
                while True:
                    self._take(await layer.receive(channel))
            except Exception as error:
                log.warning("the doorbell is out of order: %s", type(error).__name__)
                await asyncio.sleep(limits.HEAR_EVERY.total_seconds())

    def _take(self, message: Mapping[str, Any]) -> None:
        if message["from"] != self._name:
            self._heard(message["ids"], message["beats"])


hub: Final = PerLoop(lambda: Hub(Doorbell))
"""This process's hub."""


def announce(session_ids: Collection[int]) -> None:
    """Ring for these sessions, from any thread. Without a hub here the others look by themselves."""
    for loop, one in hub.everywhere():
        loop.call_soon_threadsafe(one.announce, session_ids)


def announce_after_commit(session_id: int) -> None:
    """Ring once the transaction around the caller is on disk."""
    transaction.on_commit(lambda: announce([session_id]))

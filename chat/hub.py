"""Who listens here to which session, and how they hear that something was stored.

The log is the truth. A row reaches a listener only in its place, directly behind the one it had
before; whoever is not at that place reads the log itself, and gets the same rows in the same
order. So the bell may be lost, doubled or late: once a second each process looks for itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from chat import presence, store
from chat.lanes import READ
from chat.neighbours import NEIGHBOURS, Queue
from chat.presence import Facts
from chat.store import Head, Row
from counsel import limits, moment

log = logging.getLogger(__name__)

_ROWS: Final = 1000
"""Rows one look takes from the log; the next look takes the rest."""


class Listener(Protocol):
    """Somebody with a seat who is connected to this process."""

    def hear_row(self, row: Row) -> None: ...

    def hear_news(self, facts: Facts, queue: Queue, now: datetime) -> None: ...

    def hear_typing(self, seat_id: int, sealed: bytes) -> None: ...

    def hear_erased(self) -> None: ...


class Heard(Protocol):
    """Who is told what rang elsewhere."""

    def __call__(
        self, session_ids: Collection[int], beats: Iterable[tuple[int, int, bytes]]
    ) -> None: ...


class Bell(Protocol):
    """What rings for the other processes."""

    def ring(self, session_ids: Iterable[int]) -> None: ...

    def pass_on(self, session_id: int, seat_id: int, sealed: bytes) -> None: ...


@dataclass(slots=True)
class _Room:
    """A session somebody listens to here. `place` is the last row handed over, -1 for not yet.

    Beside each listener stands the last look begun before it came: what that look saw may be older
    than the listener's own seat, so only later ones are told. `look` is the one that saw `facts`.
    """

    listeners: dict[Listener, int] = field(default_factory=dict)
    facts: Facts | None = None
    look: int = 0
    place: int = -1
    news: int = -1
    silent_at: datetime | None = None

    def reached_by(self, look: int) -> list[Listener]:
        """The listeners who were here when this look began."""
        return [listener for listener, before in self.listeners.items() if before < look]


class Hub:
    """All listeners of one process, with one task that looks and one that rings for the others."""

    def __init__(self, make_bell: Callable[[Heard], Bell]) -> None:
        self._rooms: dict[int, _Room] = {}
        self._queue = Queue({})
        self._looks = 0
        self._dirty: set[int] = set()
        self._look = asyncio.Event()
        self._bell = make_bell(self._hear)
        self.changed = asyncio.Event()
        """Set when any state may have changed, and once a second; the board waits for it."""
        self._task = asyncio.get_running_loop().create_task(self._watch())

    # --- what listeners do -----------------------------------------------------------------------

    def listen(self, listener: Listener, session_id: int) -> None:
        """From now on this listener hears of the session; its first news follows."""
        self._rooms.setdefault(session_id, _Room()).listeners[listener] = self._looks
        self._mark([session_id])

    def leave(self, listener: Listener, session_id: int) -> None:
        """It hears nothing any more."""
        if room := self._rooms.get(session_id):
            room.listeners.pop(listener, None)
            if not room.listeners:
                del self._rooms[session_id]

    def place(self, session_id: int) -> int:
        """The last row this process knows of, 0 for none."""
        room = self._rooms.get(session_id)
        return max(room.place, 0) if room else 0

    # --- what is said after a commit -------------------------------------------------------------

    def announce(self, session_ids: Collection[int]) -> None:
        """These sessions changed: look, and tell the other processes."""
        self._mark(session_ids)
        self._bell.ring(session_ids)
        self.changed.set()

    def hand_over(self, rows: Collection[Row], heads: Mapping[int, Head]) -> None:
        """Rows this process has just committed, so that nobody here needs to read them back.

        If anything else happened to a session meanwhile, its count of news says so and we look.
        """
        self._give(rows)
        fresh = Counter(row.session_id for row in rows)
        for session_id, head in heads.items():
            if room := self._rooms.get(session_id):
                same_group = room.facts is not None and room.facts.group == head.group
                if same_group and room.news + fresh[session_id] == head.news:
                    room.news = head.news
                else:
                    self._mark([session_id])
        self._bell.ring(heads)

    def pass_on(self, session_id: int, seat_id: int, sealed: bytes) -> None:
        """A sign of typing: to everyone else in the session, wherever they are connected."""
        self._give_typing(session_id, seat_id, sealed)
        self._bell.pass_on(session_id, seat_id, sealed)

    # --- looking ---------------------------------------------------------------------------------

    def _hear(self, session_ids: Collection[int], beats: Iterable[tuple[int, int, bytes]]) -> None:
        self._mark(session_ids)
        self.changed.set()
        for session_id, seat_id, sealed in beats:
            self._give_typing(session_id, seat_id, sealed)

    def _mark(self, session_ids: Iterable[int]) -> None:
        self._dirty.update(session_ids)
        self._look.set()

    async def _watch(self) -> None:
        loop, every = asyncio.get_running_loop(), limits.HEAR_EVERY.total_seconds()
        due = loop.time() + every
        while True:
            try:
                async with asyncio.timeout_at(due):
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            try:
                if loop.time() >= due:
                    due = loop.time() + every
                    await self._look_around()
                await self._look_at_dirty()
            except Exception as error:
                log.error("looking for news failed: %s", type(error).__name__)
                await asyncio.sleep(every)

    async def _look_around(self) -> None:
        """Once a second: what changed without a bell, who fell silent, how the queue stands."""
        self.changed.set()
        if not self._rooms:
            return
        now = moment.now()
        news, queue = await READ(_look_around, list(self._rooms), self._waiting(), now)
        for session_id, room in self._rooms.items():
            silent = room.silent_at is not None and room.silent_at <= now
            if silent or news.get(session_id) != room.news:
                self._dirty.add(session_id)
        self._learn_queue(queue, now)

    async def _look_at_dirty(self) -> None:
        """One look at all sessions that rang, in one thread hop."""
        dirty = [session_id for session_id in self._dirty if session_id in self._rooms]
        self._dirty.clear()
        if not dirty:
            return
        places = {i: self._rooms[i].place for i in dirty if self._rooms[i].place >= 0}
        self._looks += 1
        look, now = self._looks, moment.now()
        facts, rows, queue, supervised = await READ(_look_at, dirty, places, self._waiting(), now)
        self._give(rows)
        self._learn_queue(replace(queue or self._queue, supervised=supervised), now)
        for session_id in dirty:
            if room := self._rooms.get(session_id):
                self._learn(session_id, room, facts.get(session_id), look, now)

    def _waiting(self) -> list[int]:
        return [i for i, r in self._rooms.items() if r.facts and r.facts.state in presence.WAITING]

    def _learn_queue(self, queue: Queue, now: datetime) -> None:
        """A changed queue is told to those who wait; whether a supervisor is there, to everybody."""
        before, self._queue = self._queue, queue
        if queue == before:
            return
        all_of_them = queue.supervised is not before.supervised
        for session_id in list(self._rooms) if all_of_them else self._waiting():
            self._tell(self._rooms[session_id], now)

    def _learn(
        self, session_id: int, room: _Room, facts: Facts | None, look: int, now: datetime
    ) -> None:
        if facts is None:
            for listener in room.reached_by(look):
                self.leave(listener, session_id)
                listener.hear_erased()
            return
        room.facts, room.look = facts, look
        room.news = max(room.news, facts.news)  # what was handed over meanwhile counts already
        room.silent_at = facts.falls_silent_at(now)
        if room.place < 0:
            room.place = facts.last_seq
        elif room.place < facts.last_seq:
            self._mark([session_id])
        self._tell(room, now)

    def _tell(self, room: _Room, now: datetime) -> None:
        if room.facts is not None:
            for listener in room.reached_by(room.look):
                listener.hear_news(room.facts, self._queue, now)

    def _give(self, rows: Iterable[Row]) -> None:
        for row in rows:
            room = self._rooms.get(row.session_id)
            if room is None or room.place < 0 or row.frame.seq <= room.place:
                continue
            if row.frame.seq != room.place + 1:
                self._mark([row.session_id])
                continue
            room.place = row.frame.seq
            for listener in list(room.listeners):
                listener.hear_row(row)

    def _give_typing(self, session_id: int, seat_id: int, sealed: bytes) -> None:
        if room := self._rooms.get(session_id):
            for listener in list(room.listeners):
                listener.hear_typing(seat_id, sealed)


def _look_around(
    session_ids: list[int], waiting: list[int], now: datetime
) -> tuple[dict[int, int], Queue]:
    queue = NEIGHBOURS.look_at_queue(waiting, now) if waiting else Queue({})
    supervised = NEIGHBOURS.is_supervised(now)
    return presence.read_news(session_ids), replace(queue, supervised=supervised)


def _look_at(
    session_ids: list[int], places: dict[int, int], waiting: list[int], now: datetime
) -> tuple[dict[int, Facts], list[Row], Queue | None, bool]:
    facts = presence.read_facts(session_ids)
    rows = store.read_behind(places, _ROWS) if places else []
    joining = {i for i, f in facts.items() if f.state in presence.WAITING}
    queue = NEIGHBOURS.look_at_queue(joining.union(waiting), now) if joining else None
    return facts, rows, queue, NEIGHBOURS.is_supervised(now)

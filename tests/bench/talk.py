"""Seekers and counsellors on sockets, written from `counsel/docs/protocol.md` alone.

Each follows the log as the protocol asks: rows strictly in their order, and a hole is healed by
reading. What they seal is noise behind a clear MLS header; the server may read no more than that.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.bench import frames
from tests.bench.frames import Heard
from tests.bench.tally import Tally, Way
from tests.bench.websocket import Site, Socket

PATIENCE: Final = 10.0
"""Seconds an answer may take."""
_HANDS: Final = 1
"""Talks one counsellor may hold."""
_AT_ONCE: Final = 12
"""Rooms that are opened at the same time."""
_BEAT_EVERY: Final = 15.0


class RefusedError(Exception):
    """The server said no; the code says why."""


class Client:
    """One connection to `/chat` or `/board`: asks, and passes on what nobody asked for."""

    def __init__(self) -> None:
        self._correlation = 0
        self._asked: dict[int, asyncio.Future[Heard]] = {}
        self.socket: Socket | None = None

    async def connect(self, site: Site, path: str) -> None:
        """Open the socket."""
        self.socket = await site.connect(path, self.hear)

    def leave(self) -> None:
        """Close it."""
        if self.socket is not None:
            self.socket.close()

    def correlate(self) -> int:
        """The next number for a question."""
        self._correlation = self._correlation % 65535 + 1
        return self._correlation

    def put(self, *said: bytes) -> None:
        """Say frames in one bundle."""
        assert self.socket is not None
        self.socket.send(frames.bundle(*said))

    async def ask(self, kind: int, fields: bytes = b"") -> Heard:
        """Say one frame; its answer. Raises `RefusedError`."""
        correlation = self.correlate()
        answer = asyncio.get_running_loop().create_future()
        self._asked[correlation] = answer
        self.put(frames.frame(kind, correlation, fields))
        async with asyncio.timeout(PATIENCE):
            heard: Heard = await answer
        if heard.kind == frames.REFUSED:
            raise RefusedError(heard.fields["code"])
        return heard

    def hear(self, message: bytes) -> None:
        """A bundle arrived."""
        for heard in frames.read(message):
            answer = self._asked.pop(heard.correlation, None)
            if answer is not None and not answer.done():
                answer.set_result(heard)
            self.take(heard)

    def take(self, heard: Heard) -> None:
        """One frame, whether or not it was asked for."""


class Seat(Client):
    """One side of a room: follows the log, and says numbered messages."""

    def __init__(self, tally: Tally, payload: int) -> None:
        super().__init__()
        self.tally = tally
        self.payload = payload
        self.place = 0
        self.way = Way(tally)
        self.other: Seat
        self.freed: Callable[[], None] = lambda: None
        self.welcomed = asyncio.Event()
        self.hello: Callable[[int], bytes] = lambda after: b""
        """Kind and fields that sit down here again, behind a place."""
        self.name = secrets.token_bytes(8)
        """Begins the client id of everything said here."""
        self._under_way: dict[int, int] = {}
        self._header = self._rest = b""
        self._reading = False

    def join(self, group_id: bytes) -> None:
        """From now on words are sealed for this group."""
        self._header = frames.private_message(group_id)
        self._rest = bytes(max(0, self.payload - len(self._header) - 8))

    def seal(self, number: int) -> bytes:
        """What stands for sealed words: the header the server reads, and bytes it cannot."""
        return b"".join((self._header, number.to_bytes(8, "big"), self._rest))

    def write(self, number: int, correlation: int) -> bytes:
        """The `Send` of one message."""
        client_id = self.name + number.to_bytes(8, "big")
        return frames.frame(frames.SEND, correlation, client_id + frames.blob(self.seal(number)))

    def say(self, due: float) -> None:
        """One message more."""
        number = self.way.send(due)
        correlation = self.correlate()
        self._under_way[correlation] = number
        self.put(self.write(number, correlation))

    def take(self, heard: Heard) -> None:
        kind, correlation, fields = heard
        if kind == frames.STORED:
            self._stored(correlation, fields["seq"])
        elif kind == frames.ENVELOPE:
            self._row(fields)
        elif kind == frames.REFUSED and correlation in self._under_way:
            del self._under_way[correlation]
            self.tally.refused[fields["code"]] += 1
            self.freed()

    def _stored(self, correlation: int, seq: int) -> None:
        if seq == self.place + 1:
            self.place = seq
        elif seq > self.place:
            self._heal()
        number = self._under_way.pop(correlation, None)
        if number is not None:
            self.way.acknowledge(number)
            self.freed()

    def _row(self, fields: dict[str, Any]) -> None:
        if fields["seq"] != self.place + 1:
            if fields["seq"] <= self.place:
                self.tally.duplicated += 1
            else:
                self._heal()
            return
        self.place += 1
        client_id = fields["client_id"]
        if fields["what"] == "welcome":
            self.welcomed.set()
        elif client_id.startswith(self.other.name):
            number = int.from_bytes(client_id[8:], "big")
            self.other.way.show(number, whole=fields["sealed"] == self.other.seal(number))

    def _heal(self) -> None:
        """Rows are missing: ask for what is behind the last one."""
        if not self._reading:
            self._reading = True
            self.tally.gaps += 1
            self._healing = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        try:
            await self.ask(frames.READ, frames.number(self.place))
        finally:
            self._reading = False

    def resume(self) -> bytes:
        """A bundle that sits a seeker down once more, where they are."""
        return frames.bundle(frames.frame(frames.RESUME, 1, self.hello(self.place)))

    async def beat(self) -> None:
        """Say every now and then that somebody is here."""
        while True:
            await asyncio.sleep(_BEAT_EVERY)
            self.put(frames.frame(frames.HERE, self.correlate(), frames.text("here")))

    def follow(self) -> None:
        """Once the room is open: whatever this kind of connection does from then on."""
        self._task = asyncio.ensure_future(self.beat())

    def leave(self) -> None:
        self._task.cancel()
        super().leave()


# --- how they meet ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Room:
    """A talk under way."""

    seeker: Seat
    counsellor: Seat

    @property
    def seats(self) -> tuple[Seat, Seat]:
        """Both."""
        return self.seeker, self.counsellor


async def sign_in(origin: str, key: str, name: str) -> Site:
    """A browser with a counsellor signed in on it by the bench's own key."""
    browser = Site(origin)
    await _fetch_token(browser)
    door = "/api/unsafe-bench-sign-in"
    status, said = await _post_json(browser, door, {"key": key, "name": name})
    if status != 200:
        raise RefusedError(said["code"])
    await _fetch_token(browser)  # signing in changes it
    status, said = await _post_json(browser, "/api/duty/check-in", {"shift": 0})
    if status != 200:
        raise RefusedError(said["code"])
    browser.close()
    return browser


async def _fetch_token(browser: Site) -> None:
    _, said = await _post_json(browser, "/api/csrf", {})
    browser.csrf = said["csrf"]


async def _post_json(
    browser: Site, path: str, data: Mapping[str, str | int]
) -> tuple[int, dict[str, Any]]:
    written = json.dumps(data).encode()
    size = next(size for size in frames.SIZES if len(written) <= size)
    status, answer = await browser.post(path, written.ljust(size), "application/json")
    found: dict[str, Any] = json.loads(answer)
    return status, found


async def seek(origin: str, seat: Seat) -> bytes:
    """A seeker starts; the reference of the session."""
    token = secrets.token_bytes(32)
    packages = frames.listed(frames.blob(frames.key_package() + os.urandom(4)) for _ in range(3))
    said = frames.VERSION + token + frames.request()
    seat.hello = lambda after: frames.VERSION + token + frames.number(after)
    await seat.connect(Site(origin), "/chat")
    seated = await seat.ask(frames.START, said + packages + frames.blob(frames.key_package()))
    ref: bytes = seated.fields["ref"]
    return ref


async def counsel(browser: Site, seat: Seat, ref: bytes) -> None:
    """A counsellor sits down with whom they took, and opens a group."""
    seat.hello = lambda after: frames.VERSION + ref + frames.number(after)
    await seat.connect(browser, "/chat")
    await seat.ask(frames.ATTEND, seat.hello(0))
    await seat.ask(frames.CLAIM_KEY)
    group_id = secrets.token_bytes(16)
    welcome = frames.blob(frames.welcome()) + frames.blob(b"duty")
    seat.join(group_id)
    seat.other.join(group_id)
    await seat.ask(frames.OPEN_GROUP, secrets.token_bytes(16) + group_id + welcome)


class Meeting:
    """Opens rooms, a dozen at a time."""

    def __init__(self, origin: str, key: str, make_seat: Callable[[], Seat]) -> None:
        self._origin = origin
        self._key = key
        self._make_seat = make_seat
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._waiting: dict[bytes, Seat] = {}
        self.rooms: list[Room] = []

    async def open(self, count: int) -> list[Room]:
        """So many talks under way."""
        await asyncio.gather(*(self._seek() for _ in range(count)))
        hands = [min(_HANDS, count - taken) for taken in range(0, count, _HANDS)]
        team = secrets.token_hex(4)  # whose hands are empty
        await asyncio.gather(*(self._counsel(f"{team} {n}", one) for n, one in enumerate(hands)))
        return self.rooms

    async def _seek(self) -> None:
        async with self._free:
            seeker = self._make_seat()
            self._waiting[await seek(self._origin, seeker)] = seeker

    async def _counsel(self, name: str, hands: int) -> None:
        async with self._free:
            browser = await sign_in(self._origin, self._key, name)
            board = Client()
            await board.connect(browser, "/board")
            await board.ask(frames.WATCH, frames.VERSION)
            for _ in range(hands):
                ref = (await board.ask(frames.TAKE)).fields["ref"]
                room = Room(self._waiting.pop(ref), self._make_seat())
                room.seeker.other, room.counsellor.other = room.counsellor, room.seeker
                await counsel(browser, room.counsellor, ref)
                for seat in room.seats:
                    seat.follow()
                async with asyncio.timeout(PATIENCE):
                    await room.seeker.welcomed.wait()
                self.rooms.append(room)
            board.leave()

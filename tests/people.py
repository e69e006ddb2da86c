"""The cast: Sana seeks, Carol and Lin counsel, Sam supervises, Eve has no seat anywhere.

They speak real bundles to the real consumers. What they seal only looks like MLS: the server may
read no more of it than the clear header, and that part is real.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from chat import wire
from chat.consumers import ChatConsumer
from chat.lanes import WRITE
from counsel import limits
from counsel.framing import Frame, Said, Vocabulary, pack
from counsel.lifecycle import Role, ShiftState
from counsel.models import Login, Staff, home
from counsel.places import DESKS
from tests.asking import request, told
from triage import wire as board_wire
from triage.consumers import BoardConsumer
from triage.models import STANDING, HandsOf, Shift

F = TypeVar("F", bound=Frame)
APPS = list(settings.INSTALLED_APPS)
"""For `available_apps`: a test that commits then only empties the tables behind itself, without
announcing to every app that the database was migrated, which would take a tenth of a second."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PATIENCE = 5.0
"""Seconds a test waits for what must come."""


# --- bytes that look like MLS to a server -------------------------------------------------------


def seal(group_id: bytes, epoch: int = 1, words: bytes = b"", *, content: int = 1) -> bytes:
    """A PrivateMessage header with opaque bytes behind it."""
    clear = b"\0\1\0\2" + bytes([len(group_id)]) + group_id + epoch.to_bytes(8, "big")
    return clear + bytes([content]) + b"\0" + (words or secrets.token_bytes(40))


def commit(group_id: bytes, epoch: int = 1) -> bytes:
    """A commit of this epoch."""
    return seal(group_id, epoch, content=3)


def welcome() -> bytes:
    """A Welcome."""
    return b"\0\1\0\3" + secrets.token_bytes(60)


def key_package() -> bytes:
    """A key package."""
    return b"\0\1\0\5" + secrets.token_bytes(60)


# --- people -------------------------------------------------------------------------------------


class Browser:
    """One connection to a consumer: says frames, keeps what it hears in order."""

    vocabulary: Vocabulary = wire.WIRE
    consumer: Any = ChatConsumer

    def __init__(self, cookie: str = "", origin: str | None = None) -> None:
        headers = [(b"origin", (settings.ORIGIN if origin is None else origin).encode())]
        if cookie:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        self.scope: dict[str, Any] = {"type": "websocket", "path": "/chat", "headers": headers}
        self.heard: list[Said] = []
        self.sizes: list[int] = []
        self.close_code = 0
        self.accepted = False
        self._correlation = 0
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._something = asyncio.Condition()
        self.reading = asyncio.Event()
        self.reading.set()

    async def connect(self) -> None:
        """Open the socket."""
        app = self.consumer.as_asgi()
        self.task = asyncio.get_running_loop().create_task(
            app(self.scope, self._in.get, self._receive)
        )
        self._in.put_nowait({"type": "websocket.connect"})
        await self.until(lambda: self.accepted or bool(self.close_code))

    async def _receive(self, message: Any) -> None:
        await self.reading.wait()
        async with self._something:
            if message["type"] == "websocket.accept":
                self.accepted = True
            elif message["type"] == "websocket.close":
                self.close_code = message["code"]
                self._in.put_nowait({"type": "websocket.disconnect", "code": self.close_code})
            else:
                self.sizes.append(len(message["bytes"]))
                self.heard += self.vocabulary.unpack(message["bytes"])
            self._something.notify_all()

    async def until(self, true: Any) -> None:
        """Wait for something to become true of what was heard."""
        async with asyncio.timeout(PATIENCE), self._something:
            await self._something.wait_for(true)

    def raw(self, data: bytes | str) -> None:
        """Send any message."""
        key = "text" if isinstance(data, str) else "bytes"
        self._in.put_nowait({"type": "websocket.receive", key: data})

    def say(self, *frames: Frame) -> int:
        """Send frames in one bundle; the correlation of the last."""
        said = []
        for frame in frames:
            self._correlation += 1
            said.append(Said(frame, self._correlation))
        self.raw(pack(said))
        return self._correlation

    async def ask(self, frame: Frame) -> Frame:
        """Send one frame and wait for its answer."""
        correlation = self.say(frame)
        await self.until(lambda: any(s.correlation == correlation for s in self.heard))
        return next(s.frame for s in self.heard if s.correlation == correlation)

    def has_answers(self, correlations: set[int]) -> bool:
        """Whether each of these was answered."""
        return {said.correlation for said in self.heard} >= correlations

    def all(self, kind: type[F]) -> list[F]:
        """Everything of one kind heard so far."""
        return [said.frame for said in self.heard if isinstance(said.frame, kind)]

    async def hear(self, kind: type[F], count: int = 1) -> F:
        """Wait until that many of a kind were heard; the last of them."""
        await self.until(lambda: len(self.all(kind)) >= count)
        return self.all(kind)[count - 1]

    async def hear_news(self, **expected: object) -> wire.News:
        """Wait for news that say this, or whose standing in the queue does."""

        def fits() -> bool:
            news = self.all(wire.News)
            return bool(news) and all(told(news[-1], k) == v for k, v in expected.items())

        await self.until(fits)
        return self.all(wire.News)[-1]

    async def leave(self) -> None:
        """Close the socket."""
        if not self.task.done():
            self._in.put_nowait({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(PATIENCE):
            await self.task

    @property
    def rows(self) -> list[int]:
        """The places heard of: of others' rows, and of one's own."""
        frames = (said.frame for said in self.heard)
        return [f.seq for f in frames if isinstance(f, wire.Envelope | wire.Stored)]


class BoardBrowser(Browser):
    """A browser with the board open."""

    vocabulary = board_wire.WIRE
    consumer = BoardConsumer


class Seeker:
    """Sana, or anybody with a token of their own."""

    def __init__(self) -> None:
        self.token = secrets.token_bytes(32)

    def start(
        self,
        keys: Sequence[bytes] | None = None,
        *,
        version: int = limits.WIRE_VERSION,
        **about: Any,
    ) -> wire.Start:
        """The first frame; `about` is what the queue is asked."""
        packages = [key_package() for _ in range(3)] if keys is None else keys
        return wire.Start(
            version=version,
            token=self.token,
            request=request(**about),
            key_packages=tuple(packages),
            last_resort=key_package(),
        )

    def resume(self, after: int = 0) -> wire.Resume:
        """The frame that comes back."""
        return wire.Resume(version=limits.WIRE_VERSION, token=self.token, after=after)


class Colleague:
    """Somebody of the staff, signed in."""

    def __init__(self, staff: Staff, cookie: str) -> None:
        self.staff = staff
        self.cookie = cookie

    def attend(self, ref: bytes, after: int = 0) -> wire.Attend:
        """The frame that sits down in a session."""
        return wire.Attend(version=limits.WIRE_VERSION, ref=ref, after=after)


def hire(
    name: str,
    role: Role = Role.COUNSELLOR,
    *,
    cleared: bool = True,
    on_shift: bool = True,
    cap: int = limits.TALKS_AT_MOST,
) -> Colleague:
    """Carol, Lin or Sam, cleared, on a shift, trusted with two talks and signed in on a browser. In
    a database thread."""
    staff = Staff.objects.create(
        organisation=home(),
        sign_in_name=name,
        working_name=name.title(),
        role=role.value,
        person=name.rjust(22, "-"),
        desk=DESKS[0] if role is Role.DESK else "",
        cleared_at=LONG_AGO if cleared else None,
    )
    if on_shift and role in STANDING:
        stand(staff)
    if role is Role.COUNSELLOR:
        HandsOf.objects.create(staff=staff, cap=cap)
    return sign_in(staff)


def stand(staff: Staff) -> Shift:
    """They came at some hour and are on, for as long as a test may last. In a database thread."""
    return Shift.objects.create(
        organisation=staff.organisation,
        role=staff.role,
        starts_at=LONG_AGO,
        ends_at=LONG_AGO + timedelta(days=36500),
        state=ShiftState.ON.value,
        staff=staff,
        walk_in=True,
        checked_in_at=LONG_AGO,
    )


def sign_in(staff: Staff) -> Colleague:
    """One more browser for them, without typing a password. In a database thread."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, staff)
    request.session.save()
    key = request.session.session_key or ""
    now = datetime.now(UTC)
    Login.objects.create(staff=staff, session_key=key, signed_in_at=now, seen_at=now)
    return Colleague(staff, key)


# --- how they meet ------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def browsing(*browsers: Browser) -> AsyncIterator[None]:
    """These browsers connect and, whatever happens, leave."""
    for browser in browsers:
        await browser.connect()
    try:
        yield
    finally:
        for browser in browsers:
            await browser.leave()


class Talk:
    """Sana and Carol in one talk with a group open, each on a connected browser."""

    carol: Colleague
    desk: Browser

    def __init__(self) -> None:
        self.sana = Seeker()
        self.phone = Browser()
        self.group_id = secrets.token_bytes(16)
        self.ref = b""

    async def begin(self, counsellor: Colleague | None = None) -> Talk:
        """Start, take, sit down, open a group."""
        from triage.matching import take_next

        name = f"carol{secrets.token_hex(4)}"
        self.carol = await WRITE(hire, name) if counsellor is None else counsellor
        self.desk = Browser(self.carol.cookie)
        await self.phone.connect()
        await self.phone.ask(self.sana.start())
        self.ref = await WRITE(take_next, self.carol.staff.pk, datetime.now(UTC))
        await self.desk.connect()
        await self.desk.ask(self.carol.attend(self.ref))
        await self.desk.ask(self.opening(self.group_id))
        await self.phone.hear(wire.Envelope)
        return self

    def opening(self, group_id: bytes) -> wire.OpenGroup:
        """A fresh group under this id."""
        return wire.OpenGroup(
            client_id=secrets.token_bytes(16), group_id=group_id, welcome=welcome(), statement=b"s"
        )

    def words(self, epoch: int = 1, text: bytes = b"") -> wire.Send:
        """Something to say in the talk's group."""
        sealed = seal(self.group_id, epoch, text)
        return wire.Send(client_id=secrets.token_bytes(16), sealed=sealed)

    async def finish(self) -> None:
        """Both go."""
        await self.phone.leave()
        await self.desk.leave()


@contextlib.asynccontextmanager
async def talking(counsellor: Colleague | None = None) -> AsyncIterator[Talk]:
    """A talk that is under way."""
    talk = Talk()
    try:
        yield await talk.begin(counsellor)
    finally:
        await talk.finish()

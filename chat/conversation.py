"""One side of one session: commands in, answers and news out. It knows no transport.

The socket in `consumers.py` and the long poll in `views.py` carry it; both mean the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol

from chat import access, keys, mls, presence, sessions, visits, wire
from chat.access import Seat
from chat.lanes import READ, WRITE
from chat.models import Envelope
from chat.neighbours import Queue
from chat.presence import Facts, Sighting
from chat.relay import hub
from chat.store import Draft, Row
from chat.tail import Outlet, Tail
from chat.throttle import Bucket
from chat.writer import writer
from counsel import identity, limits, moment
from counsel.errors import AccessError, CounselError, SealedError, VersionError, WireError
from counsel.framing import Said
from counsel.identity import SessionRef, Token
from counsel.lifecycle import Role


class Client(Outlet, Protocol):
    """The connection a conversation is carried by."""

    async def staff_id(self) -> int:
        """Who is signed in there. Raises `SignedOutError`."""

    def staff_acts(self) -> None:
        """A person did something, so the login is in use."""


class Conversation:
    """What one client says and hears, with at most one seat at a time."""

    __slots__ = ("_bucket", "_client", "_erasable", "_seat", "_tail", "informed", "told")

    def __init__(self, client: Client, bucket: Bucket) -> None:
        self._client = client
        self._bucket = bucket
        self._seat: Seat | None = None
        self._tail: Tail | None = None
        self._erasable = False
        self.told: wire.News | None = None
        """The last news this client was told."""
        self.informed = asyncio.Event()
        """Set once it knows how things stand."""

    @property
    def seat(self) -> Seat | None:
        """Where this client sits."""
        return self._seat

    async def take(self, said: Said) -> None:
        """One command. Raises `CounselError` where it is refused; then nothing was changed."""
        frame, correlation = said.frame, said.correlation
        self._bucket.take()
        if (hello := _HELLOS.get(type(frame))) is not None:
            await self.stand_up()
            await hello(self, frame, correlation)
            return
        if type(frame) not in _COMMANDS:
            raise WireError(f"{type(frame).__name__} is not for servers")
        roles, act = _COMMANDS[type(frame)]
        if isinstance(frame, wire.Erase) and self._seat is None and self._erasable:
            self._client.push(wire.Done(), correlation)  # gone is gone, whoever asks
            return
        if self._seat is None or self._tail is None or self._seat.role not in roles:
            raise AccessError
        if not isinstance(frame, wire.Send) or self._tail.in_flight >= limits.UNREAD_FRAMES:
            await self._tail.settled()
        await act(self, self._seat, frame, correlation)

    async def stand_up(self) -> None:
        """Leave the seat after the answers it still waits for."""
        if self._tail is not None:
            await self._tail.settled()
        self.leave()

    def leave(self) -> None:
        """Nobody is there any more."""
        if self._seat is not None:
            hub().leave(self, self._seat.session_id)
        if self._tail is not None:
            self._tail.end()
        self._seat = self._tail = self.told = None

    async def caught_up(self) -> None:
        """Wait until everything said is answered and the rows being read are shown."""
        if self._tail is not None:
            await self._tail.settled()
        if self._tail is not None:
            await self._tail.caught_up()

    # --- sitting down ----------------------------------------------------------------------------

    async def _start(self, frame: wire.Start, correlation: int) -> None:
        _check_version(frame.version)
        seat = await WRITE(
            sessions.start_session,
            identity.hash_token(Token(frame.token)),
            request=frame.request,
            key_packages=frame.key_packages,
            last_resort=frame.last_resort,
            now=moment.now(),
        )
        await self._sit_down(seat, 0, correlation)

    async def _resume(self, frame: wire.Resume, correlation: int) -> None:
        _check_version(frame.version)
        self._erasable = True  # also when the session is gone, or never was: both look the same
        seat = await READ(access.seat_for_seeker, identity.hash_token(Token(frame.token)))
        await self._sit_down(seat, frame.after, correlation)

    async def _attend(self, frame: wire.Attend, correlation: int) -> None:
        _check_version(frame.version)
        staff_id = await self._client.staff_id()
        ref, now = SessionRef(frame.ref), moment.now()
        if access.has_looked_in(staff_id, ref, now):
            seat = await READ(access.seat_for_staff, staff_id, ref)
        else:
            seat = await WRITE(access.look_in, staff_id, ref, now)
        if seat.role is Role.SUPERVISOR:
            await WRITE(visits.join, seat, now)
        await self._sit_down(seat, frame.after, correlation)

    async def _sit_down(self, seat: Seat, after: int, correlation: int) -> None:
        self._erasable = seat.role is Role.SEEKER
        left = await READ(keys.count_left, seat.session_id)
        seated = wire.Seated(
            role=seat.role.value,
            ref=seat.ref,
            case_code=seat.case_code,
            keys_left=left,
        )
        self._client.push(seated, correlation)
        self._seat, self._tail = seat, Tail(self._client, seat, after)
        self._see(seat, "")
        hub().listen(self, seat.session_id)

    # --- what a seat may do ----------------------------------------------------------------------

    async def _send(self, seat: Seat, frame: wire.Send, correlation: int) -> None:
        header = mls.read_header(frame.sealed)
        what = Envelope.COMMIT if header.content is mls.Content.COMMIT else Envelope.WORDS
        draft = Draft(
            seat.session_id, seat.id, what, frame.client_id, frame.sealed, header.group_id,
            header.epoch,
        )  # fmt: skip
        self._put(draft, correlation)

    async def _open_group(self, seat: Seat, frame: wire.OpenGroup, correlation: int) -> None:
        mls.check_welcome(frame.welcome)
        draft = Draft(
            seat.session_id, seat.id, Envelope.WELCOME, frame.client_id, frame.welcome,
            frame.group_id, statement=frame.statement,
        )  # fmt: skip
        self._put(draft, correlation)

    async def _change(self, seat: Seat, frame: wire.Change, correlation: int) -> None:
        if (tail := self._tail) is None:
            return
        header = mls.read_header(frame.sealed)
        if header.content is not mls.Content.COMMIT:
            raise SealedError("no commit")
        if frame.welcome:
            mls.check_welcome(frame.welcome)
        self._client.staff_acts()
        draft = Draft(
            seat.session_id, seat.id, Envelope.COMMIT, frame.client_id, frame.sealed,
            header.group_id, header.epoch,
        )  # fmt: skip
        admission = visits.Admission(frame.visit, frame.welcome, frame.statement)
        tail.expect(frame.client_id, correlation)
        try:
            verdict: int | CounselError = await WRITE(
                visits.change, seat, draft, admission, moment.now()
            )
        except CounselError as refusal:
            verdict = refusal
        tail.settle(frame.client_id, correlation, verdict)

    def _put(self, draft: Draft, correlation: int) -> None:
        if (tail := self._tail) is not None:
            self._client.staff_acts()
            tail.expect(draft.client_id, correlation)
            writer().put(draft, partial(tail.settle, draft.client_id, correlation))

    async def _read(self, _seat: Seat, frame: wire.Read, correlation: int) -> None:
        if self._tail is not None:
            await self._tail.read_from(frame.after)
        self._client.push(wire.Done(), correlation)

    async def _claim_key(self, seat: Seat, _frame: wire.ClaimKey, correlation: int) -> None:
        self._client.staff_acts()
        key_package = await WRITE(keys.claim_key_package, seat)
        self._client.push(wire.Key(key_package=key_package), correlation)

    async def _top_up(self, seat: Seat, frame: wire.TopUp, correlation: int) -> None:
        await WRITE(keys.put_key_packages, seat, frame.key_packages, frame.last_resort)
        self._client.push(wire.Done(), correlation)

    async def _here(self, seat: Seat, frame: wire.Here, correlation: int) -> None:
        if frame.presence not in wire.PRESENCES or frame.presence == presence.GONE:
            raise WireError("no such presence")
        self._see(seat, frame.presence)
        self._client.push(wire.Done(), correlation)

    async def _ask(self, seat: Seat, frame: wire.Ask, correlation: int) -> None:
        await WRITE(sessions.ask_queue, seat, frame.request, moment.now())
        self._client.push(wire.Done(), correlation)

    async def _shown(self, seat: Seat, frame: wire.Shown, correlation: int) -> None:
        await WRITE(sessions.show_words, seat, frame.seq, moment.now())
        self._client.push(wire.Done(), correlation)

    async def _beat(self, seat: Seat, frame: wire.Beat, _correlation: int) -> None:
        hub().pass_on(seat.session_id, seat.id, frame.sealed)

    async def _end(self, seat: Seat, _frame: wire.End, correlation: int) -> None:
        self._client.staff_acts()
        await WRITE(sessions.end_session, seat, moment.now())
        self._client.push(wire.Done(), correlation)

    async def _erase(self, seat: Seat, _frame: wire.Erase, correlation: int) -> None:
        now = moment.now()
        await WRITE(sessions.erase_session, seat.session_id, role=seat.role, now=now)
        self.leave()
        self._client.push(wire.Done(), correlation)

    def _see(self, seat: Seat, word: str) -> None:
        writer().see(Sighting(seat.session_id, seat.id, word, moment.now()))

    # --- what it hears ---------------------------------------------------------------------------

    def hear_row(self, row: Row) -> None:
        """A row was stored."""
        if self._tail is not None:
            self._tail.hear(row)

    def hear_news(self, facts: Facts, queue: Queue, now: datetime) -> None:
        """Something beside the log changed, or may have."""
        if self._seat is None or self._tail is None:
            return
        if not facts.has(self._seat.id):
            self._lose_seat()
            return
        news = presence.tell(facts, self._seat, queue, now)
        if self.told is None or differs(news, self.told):
            self.told = news
            self._client.push(news)
        self._tail.catch_up()
        self.informed.set()

    def hear_typing(self, seat_id: int, sealed: bytes) -> None:
        """Somebody types; not to be told to themselves."""
        if self._seat is not None and seat_id != self._seat.id:
            self._client.push(wire.Typing(sealed=sealed))

    def hear_erased(self) -> None:
        """There is no such session any more."""
        self._client.push(presence.ERASED)
        self._lose_seat()

    def _lose_seat(self) -> None:
        self.leave()
        self.informed.set()
        self._client.refuse(AccessError())


def differs(news: wire.News, known: wire.News) -> bool:
    """Whether this is news. That the log grew is told by its rows."""
    return replace(news, last_seq=0, epoch=0) != replace(known, last_seq=0, epoch=0)


def _check_version(version: int) -> None:
    if version != limits.WIRE_VERSION:
        raise VersionError(f"version {version}")


# A command is found by its frame, so each takes the one it is listed with.
_Hello = Callable[[Conversation, Any, int], Awaitable[None]]
_Act = Callable[[Conversation, Seat, Any, int], Awaitable[None]]

_SEEKER: Final = frozenset({Role.SEEKER})
_COUNSELLOR: Final = frozenset({Role.COUNSELLOR})
_ANYONE: Final = frozenset({Role.SEEKER, Role.COUNSELLOR, Role.SUPERVISOR})

_HELLOS: Final[dict[type, _Hello]] = {
    wire.Start: Conversation._start,
    wire.Resume: Conversation._resume,
    wire.Attend: Conversation._attend,
}
_COMMANDS: Final[dict[type, tuple[frozenset[Role], _Act]]] = {
    wire.ClaimKey: (_COUNSELLOR, Conversation._claim_key),
    wire.OpenGroup: (_COUNSELLOR, Conversation._open_group),
    wire.Send: (_ANYONE, Conversation._send),
    wire.Read: (_ANYONE, Conversation._read),
    wire.TopUp: (_SEEKER, Conversation._top_up),
    wire.Here: (_ANYONE, Conversation._here),
    wire.Beat: (_ANYONE, Conversation._beat),
    wire.End: (_ANYONE, Conversation._end),
    wire.Erase: (_SEEKER, Conversation._erase),
    wire.Ask: (_SEEKER, Conversation._ask),
    wire.Shown: (_SEEKER, Conversation._shown),
    wire.Change: (_COUNSELLOR, Conversation._change),
}

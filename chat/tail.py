"""One connection's place in one log.

Every row reaches a client once and in its order: as `Envelope`, or as the `Stored` that answers the
very `Send` this connection made it with. A row that is not the next one, or finds no room, is left
where it is: the log is read from the place reached, as soon as there is room.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final, Protocol

from chat import wire
from chat.access import Seat
from chat.lanes import READ
from chat.models import Envelope
from chat.relay import hub
from chat.store import Row, read_after
from counsel.errors import CounselError
from counsel.framing import Frame

_PAGE: Final = 32
"""Rows one reading takes: with the longest words, 1 MB."""


class Outlet(Protocol):
    """Where frames go."""

    def push(self, frame: Frame, correlation: int = 0) -> None: ...

    def refuse(self, error: CounselError, correlation: int = 0) -> None: ...

    def is_roomy(self) -> bool: ...

    async def roomy(self) -> bool: ...


class Tail:
    """Follows the log from `place` on for the holder of a seat."""

    __slots__ = (
        "_calm", "_gone", "_hub", "_in_flight", "_out", "_reader", "_seat", "_stored", "place",
    )  # fmt: skip

    def __init__(self, out: Outlet, seat: Seat, place: int) -> None:
        self.place = max(place, seat.since - 1)
        self._out = out
        self._seat = seat
        self._hub = hub()
        self._in_flight: dict[bytes, dict[int, int]] = {}
        """By client id: the correlations that wait, and the place once the writer said it."""
        self._stored = 0
        self._calm: asyncio.Future[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._gone = False

    # --- rows ------------------------------------------------------------------------------------

    def hear(self, row: Row) -> None:
        """A row was stored."""
        if row.frame.seq == self.place + 1 and self._reader is None and self._out.is_roomy():
            self._show(row)
        else:
            self.catch_up()

    def catch_up(self) -> None:
        """Read on in the background if the log is longer than what was shown."""
        if self._reader is None and not self._gone and self.place < self._goal():
            self._reader = asyncio.get_running_loop().create_task(self._read_on())

    async def read_from(self, after: int) -> None:
        """Show everything behind `after`, whether or not it was shown before."""
        if self._reader is not None:
            await asyncio.wait([self._reader])
        self.place = max(after, self._seat.since - 1)
        self._stored = max(self._stored, after + 1)  # one look, however little is known here
        self._reader = asyncio.get_running_loop().create_task(self._read_on())
        await asyncio.wait([self._reader])

    async def caught_up(self) -> None:
        """Wait for the reading that is under way, if any."""
        if self._reader is not None:
            await asyncio.wait([self._reader])

    def _goal(self) -> int:
        return max(self._stored, self._hub.place(self._seat.session_id))

    async def _read_on(self) -> None:
        try:
            while not self._gone and self.place < self._goal():
                if not await self._out.roomy():
                    self._in_flight.clear()  # no room for answers either: they are asked for again
                    self._breathe()
                    return
                rows = await READ(read_after, self._seat.session_id, self.place, _PAGE)
                if not rows:
                    self._stored = 0
                    return
                for row in rows:
                    if row.frame.seq == self.place + 1 and not self._gone:
                        self._show(row)
                if len(rows) == _PAGE:
                    self._stored = max(self._stored, self.place + 1)  # the log says where it ends
        finally:
            self._reader = None

    def _show(self, row: Row) -> None:
        self.place = row.frame.seq
        mine = row.seat_id == self._seat.id
        waiting = self._in_flight.pop(row.frame.client_id, None) if mine else None
        if waiting is None:
            self._out.push(row.frame if self.place != self._seat.since else self._invitation(row))
            return
        for correlation in waiting:
            self._out.push(wire.Stored(seq=self.place), correlation)
        self._breathe()

    def _invitation(self, row: Row) -> wire.Envelope:
        """The commit by which somebody came in is, to them, the Welcome that was made with it."""
        seat = self._seat
        return replace(
            row.frame, what=Envelope.WELCOME, sealed=seat.welcome, statement=seat.statement
        )

    # --- what was sent from here -----------------------------------------------------------------

    def expect(self, client_id: bytes, correlation: int) -> None:
        """This connection is storing something under that id."""
        self._in_flight.setdefault(client_id, {})[correlation] = 0

    def settle(self, client_id: bytes, correlation: int, verdict: int | CounselError) -> None:
        """The writer's answer. A place is told when this client gets there, see `_show`."""
        waiting = self._in_flight.get(client_id, {})
        if correlation not in waiting:
            return
        if isinstance(verdict, int) and verdict > self.place and not self._gone:
            waiting[correlation] = verdict
            self._stored = max(self._stored, verdict)
            self.catch_up()
            return
        del waiting[correlation]
        if not waiting:
            del self._in_flight[client_id]
        if isinstance(verdict, int):
            self._out.push(wire.Stored(seq=verdict), correlation)
        else:
            self._out.refuse(verdict, correlation)
        self._breathe()

    @property
    def in_flight(self) -> int:
        """How much waits for its answer."""
        return sum(map(len, self._in_flight.values()))

    async def settled(self) -> None:
        """Wait until what was sent before is answered, so that commands keep their order."""
        if self._in_flight:
            if self._calm is None:
                self._calm = asyncio.get_running_loop().create_future()
            await self._calm

    def _breathe(self) -> None:
        if not self._in_flight and self._calm is not None:
            self._calm.set_result(None)
            self._calm = None

    def end(self) -> None:
        """The seat is gone. What is stored is said to be stored; what comes later is answered."""
        self._gone = True
        if self._reader is not None:
            self._reader.cancel()
        for client_id, waiting in list(self._in_flight.items()):
            for correlation, seq in list(waiting.items()):
                if seq:
                    self.settle(client_id, correlation, seq)
        self._in_flight = {k: v for k, v in self._in_flight.items() if v}

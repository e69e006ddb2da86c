"""The board socket: who waits, told when it changes, and taking the next person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import ClassVar, Final

from chat.lanes import READ, WRITE
from chat.loops import PerLoop
from chat.relay import hub
from chat.sockets import Socket
from chat.throttle import sender_bucket
from chat.wire import Done
from chat.writer import writer
from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record_look
from counsel.errors import AccessError, VersionError, WireError
from counsel.framing import Said, Vocabulary
from counsel.models import Staff
from counsel.rights import Right, may
from triage import board, wire
from triage.matching import take_next

log = logging.getLogger(__name__)

_BREATH: Final = 0.2
"""Seconds between two looks for all boards, however much is going on."""


class BoardConsumer(Socket):
    """The board of a counsellor, or of a supervisor, who cannot take. `/board`"""

    vocabulary: ClassVar[Vocabulary] = wire.WIRE

    def opened(self) -> None:
        self._bucket = sender_bucket()
        self._shown: wire.Board | None = None

    def is_known(self) -> bool:
        return self.staff is not None

    async def take(self, said: Said) -> None:
        self._bucket.take()
        right = COMMANDS.get(type(said.frame))
        if right is None:
            raise WireError(f"{type(said.frame).__name__} is not for servers")
        if isinstance(said.frame, wire.Watch) and said.frame.version != limits.WIRE_VERSION:
            raise VersionError(f"version {said.frame.version}")
        staff = await self.find_staff()
        if not may(staff.role, right):
            raise AccessError(f"{staff.role} has no right to {right}")
        match said.frame:
            case wire.Watch():
                await self._watch(staff, said.correlation)
            case wire.Take():
                await self._take_next(staff, said.correlation)

    async def left(self) -> None:
        boards().forget(self)

    def show(self, shown: wire.Board) -> None:
        """Push the board if it is another one than before."""
        if shown != self._shown:
            self._shown = shown
            self.push(shown)

    async def _watch(self, staff: Staff, correlation: int) -> None:
        await READ(board.check_ours, staff)
        now = datetime.now(UTC)
        await WRITE(partial(record_look, Kind.BOARD_OPENED, by=staff, now=now))
        writer().later(lambda: board.be_seen([staff.pk], now))
        self.push(Done(), correlation)
        boards().watch(self, staff.pk)

    async def _take_next(self, staff: Staff, correlation: int) -> None:
        self.staff_acts()
        ref = await WRITE(take_next, staff.pk, datetime.now(UTC))
        self.push(wire.Taken(ref=ref), correlation)


COMMANDS: Final[Mapping[type, Right]] = {wire.Watch: Right.WATCH_BOARD, wire.Take: Right.TAKE}
"""What may be said to a board, and the right it takes."""


class Boards:
    """All boards of one process, read together and at most five times a second."""

    def __init__(self) -> None:
        self._open: dict[BoardConsumer, int] = {}
        self._task: asyncio.Task[None] | None = None

    def watch(self, consumer: BoardConsumer, staff_id: int) -> None:
        """Show this one its board from now on."""
        self._open[consumer] = staff_id
        hub().changed.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._look())

    def forget(self, consumer: BoardConsumer) -> None:
        """It is closed."""
        self._open.pop(consumer, None)

    async def _look(self) -> None:
        try:
            while self._open:
                await hub().changed.wait()
                hub().changed.clear()
                try:
                    shown = await READ(
                        board.read_boards, set(self._open.values()), datetime.now(UTC)
                    )
                except Exception as error:
                    log.error("reading the boards failed: %s", type(error).__name__)
                    shown = {}
                for consumer, staff_id in list(self._open.items()):
                    if staff_id in shown and consumer.is_roomy():
                        consumer.show(shown[staff_id])
                await asyncio.sleep(_BREATH)
        finally:
            self._task = None


boards: Final = PerLoop(Boards)
"""The boards of this process."""

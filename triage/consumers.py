"""The board socket: who waits, told when it changes, and taking the next person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Final

from chat.lanes import READ, WRITE
from chat.loops import PerLoop
from chat.relay import hub
from chat.sockets import Socket
from chat.throttle import sender_bucket
from chat.wire import Done
from chat.writer import writer
from counsel import limits, moment
from counsel.audit.kinds import Kind
from counsel.audit.trail import record_look
from counsel.errors import AccessError, VersionError, WireError
from counsel.framing import Frame, Said, Vocabulary
from counsel.identity import SessionRef
from counsel.models import Staff
from counsel.rights import Right, may
from triage import board, takeover, wire
from triage.beside import commands as visits
from triage.beside.wire import Beside, Talks, Visits
from triage.dispatch import commands as helps
from triage.dispatch.showing import as_news
from triage.dispatch.wire import Helps
from triage.escalation import commands
from triage.escalation.wire import Dangers
from triage.handover import commands as handovers
from triage.handover.wire import Handovers
from triage.matching import take_next
from triage.queue import judging, offers
from triage.sideroom import commands as sideroom
from triage.sideroom.wire import HandsUp, HearSide

log = logging.getLogger(__name__)

_BREATH: Final = 0.2
"""Seconds between two looks for all boards, however much is going on."""


class BoardConsumer(Socket):
    """The board of a counsellor, or of a supervisor, who cannot take. `/board`"""

    vocabulary: ClassVar[Vocabulary] = wire.WIRE

    def opened(self) -> None:
        self._bucket = sender_bucket()
        self._shown: dict[type, Frame] = {}

    def is_known(self) -> bool:
        return self.staff is not None

    async def take(self, said: Said) -> None:
        self._bucket.take()
        if type(said.frame) not in COMMANDS:
            raise WireError(f"{type(said.frame).__name__} is not for servers")
        right, act = COMMANDS[type(said.frame)]
        if isinstance(said.frame, wire.Watch) and said.frame.version != limits.WIRE_VERSION:
            raise VersionError(f"version {said.frame.version}")
        staff = await self.find_staff()
        if not may(staff.role, right):
            raise AccessError(f"{staff.role} has no right to {right}")
        await act(self, staff, said.frame, said.correlation)

    async def left(self) -> None:
        boards().forget(self)

    def show(self, shown: board.Shown) -> None:
        """Push of the board, the offer and today's waits what is another one than before."""
        for frame in shown.frames():
            known = self._shown.get(type(frame), _NOTHING.get(type(frame)))
            if known is None or _as_news(frame) != _as_news(known):
                self._shown[type(frame)] = frame
                self.push(frame)

    async def _watch(self, staff: Staff, _frame: wire.Watch, correlation: int) -> None:
        await READ(board.check_ours, staff)
        now = moment.now()
        await WRITE(partial(record_look, Kind.BOARD_OPENED, by=staff, now=now))
        writer().later(lambda: board.be_seen([staff.pk], now))
        self.push(Done(), correlation)
        boards().watch(self, staff.pk)

    async def _take_next(self, staff: Staff, _frame: wire.Take, correlation: int) -> None:
        self.staff_acts()
        ref = await WRITE(take_next, staff.pk, moment.now())
        self.push(wire.Taken(ref=ref), correlation)

    async def _accept(self, staff: Staff, frame: wire.Accept, correlation: int) -> None:
        self.staff_acts()
        ref = await WRITE(offers.accept, staff.pk, frame.offer, moment.now())
        self.push(wire.Taken(ref=ref), correlation)

    async def _pass(self, staff: Staff, frame: wire.Pass, correlation: int) -> None:
        self.staff_acts()
        await WRITE(offers.pass_on, staff.pk, frame.offer, moment.now())
        self._done(correlation)

    async def _offer_me(self, staff: Staff, frame: wire.OfferMe, correlation: int) -> None:
        self.staff_acts()
        await WRITE(offers.switch, staff, frame.wanted != 0, moment.now())
        self._done(correlation)

    async def _take_over(self, staff: Staff, frame: wire.TakeOver, correlation: int) -> None:
        self.staff_acts()
        ref = await WRITE(takeover.take_over, staff, case_code=frame.case_code, now=moment.now())
        self.push(wire.Taken(ref=ref), correlation)
        hub().changed.set()

    async def _give_back(self, staff: Staff, frame: wire.GiveBack, correlation: int) -> None:
        self.staff_acts()
        await WRITE(takeover.let_go, staff, ref=SessionRef(frame.ref), now=moment.now())
        self._done(correlation)

    async def _lower(self, staff: Staff, frame: wire.Lower, correlation: int) -> None:
        self.staff_acts()
        await WRITE(
            judging.lower,
            staff,
            case_code=frame.case_code,
            tier=frame.tier,
            reason=frame.reason,
            now=moment.now(),
        )
        self._done(correlation)

    async def _set_cap(self, staff: Staff, frame: wire.SetCap, correlation: int) -> None:
        self.staff_acts()
        await WRITE(
            judging.set_cap,
            staff,
            staff_id=frame.staff,
            talks=frame.talks,
            now=moment.now(),
        )
        self._done(correlation)

    async def _danger(self, staff: Staff, frame: Frame, correlation: int) -> None:
        self.staff_acts()
        _, do = commands.COMMANDS[type(frame)]
        await WRITE(do, staff, frame, moment.now())
        self._done(correlation)

    async def _talking(self, staff: Staff, frame: Beside, correlation: int) -> None:
        self.push(await READ(visits.talking, staff, frame), correlation)

    async def _visit(self, staff: Staff, frame: Frame, correlation: int) -> None:
        self.staff_acts()
        _, do = visits.COMMANDS[type(frame)]
        await WRITE(do, staff, frame, moment.now())
        self._done(correlation)

    async def _sideroom(self, staff: Staff, frame: Frame, correlation: int) -> None:
        _, do = sideroom.COMMANDS[type(frame)]
        if isinstance(frame, HearSide):  # a page reads on by itself
            self.push(await READ(do, staff, frame, moment.now()), correlation)
            return
        self.staff_acts()
        self.push(await WRITE(do, staff, frame, moment.now()), correlation)
        hub().changed.set()

    async def _help(self, staff: Staff, frame: Frame, correlation: int) -> None:
        self.staff_acts()
        _, do = helps.COMMANDS[type(frame)]
        answer = await WRITE(do, staff, frame, moment.now())
        self.push(answer or Done(), correlation)
        hub().changed.set()

    async def _hand(self, staff: Staff, frame: Frame, correlation: int) -> None:
        self.staff_acts()
        _, do = handovers.COMMANDS[type(frame)]
        self.push(await WRITE(do, staff, frame, moment.now()), correlation)
        hub().changed.set()

    def _done(self, correlation: int) -> None:
        self.push(Done(), correlation)
        hub().changed.set()


# A command is found by its frame, so each takes the one it is listed with.
_Act = Callable[[BoardConsumer, Staff, Any, int], Awaitable[None]]

COMMANDS: Final[Mapping[type, tuple[Right, _Act]]] = {
    wire.Watch: (Right.WATCH_BOARD, BoardConsumer._watch),
    wire.Take: (Right.TAKE, BoardConsumer._take_next),
    wire.OfferMe: (Right.BE_OFFERED, BoardConsumer._offer_me),
    wire.Accept: (Right.BE_OFFERED, BoardConsumer._accept),
    wire.Pass: (Right.BE_OFFERED, BoardConsumer._pass),
    wire.Lower: (Right.LOWER, BoardConsumer._lower),
    wire.SetCap: (Right.RAISE_CAP, BoardConsumer._set_cap),
    wire.TakeOver: (Right.TAKE_OVER, BoardConsumer._take_over),
    wire.GiveBack: (Right.TALK, BoardConsumer._give_back),
    **{kind: (right, BoardConsumer._danger) for kind, (right, _) in commands.COMMANDS.items()},
    Beside: (Right.VISIT, BoardConsumer._talking),
    **{kind: (right, BoardConsumer._visit) for kind, (right, _) in visits.COMMANDS.items()},
    **{kind: (right, BoardConsumer._sideroom) for kind, (right, _) in sideroom.COMMANDS.items()},
    **{kind: (right, BoardConsumer._help) for kind, (right, _) in helps.COMMANDS.items()},
    **{kind: (right, BoardConsumer._hand) for kind, (right, _) in handovers.COMMANDS.items()},
}
"""What may be said to a board, the right it takes, and what is done."""


def _as_news(frame: Frame) -> Frame:
    """What counts down is told once: its seconds pass on the page it is shown on."""
    if isinstance(frame, wire.Offered):
        return replace(frame, seconds=0, minutes=0)
    if isinstance(frame, Dangers):
        rows = (replace(row, left=0, minutes=0, unheard=0) for row in frame.rows)
        return Dangers(rows=tuple(rows))
    if isinstance(frame, HandsUp):
        return HandsUp(rows=tuple(replace(row, left=0) for row in frame.rows))
    if isinstance(frame, Helps):
        return as_news(frame)
    return frame


_NOTHING: Final[Mapping[type, Frame]] = {
    wire.Offered: wire.Offered(offer=0),
    Dangers: Dangers(rows=()),
    Visits: Visits(rows=()),
    HandsUp: HandsUp(rows=()),
    Talks: Talks(rows=()),
    Handovers: Handovers(rows=()),
}
"""What is not worth saying at first."""


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
                    shown = await READ(board.read_boards, set(self._open.values()), moment.now())
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

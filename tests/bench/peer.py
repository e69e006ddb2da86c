"""Two people in each room, written from `counsel/docs/protocol.md` alone, who talk as fast as asked.

    python -m tests.bench.peer --url http://localhost:8000 --key-file KEY \\
        [--rooms 100] [--rate 1000 | --window 4] [--seconds 10] [--payload 600] [--poll] [--json]

With `--rate` so many messages a second in all, late answers or not; without it each side keeps
`--window` messages under way, which shows where the server is full. At the end every log is read
once more on a fresh connection: what was acknowledged has to be in it, once and in order.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tests.bench import frames
from tests.bench.frames import Heard
from tests.bench.poll import PollingSeat
from tests.bench.talk import Client, Meeting, RefusedError, Room, Seat
from tests.bench.tally import Sender, Tally, pace, saturate
from tests.bench.websocket import HandshakeError, Site

_CALM: Final = 3.0
"""Seconds without anything new after which what is missing counts as lost."""


class Load:
    """Rooms under way at one server, and what is measured there."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.senders: Sequence[Sender] = []

    async def open(self, count: int) -> None:
        """So many rooms of two."""
        raise NotImplementedError

    async def saturate(self, window: int, seconds: float) -> dict[str, float]:
        """As fast as the server takes it."""
        await saturate(self.senders, window, seconds, self.tally)
        measured = self.tally.measured()
        await self.calm()
        return measured

    async def pace(self, rate: float, seconds: float) -> dict[str, float]:
        """At a given rate; the last ones sent count too."""
        await pace(self.senders, rate, seconds, self.tally)
        measured = self.tally.measured()
        await self.calm()
        return measured | self.tally.lateness()

    async def calm(self) -> None:
        """Wait until everything is acknowledged and shown, or nothing comes any more."""
        tally, since, before = self.tally, time.monotonic(), -1
        while tally.shown < tally.sent or tally.acknowledged < tally.sent:
            if (now := tally.shown + tally.acknowledged) != before:
                before, since = now, time.monotonic()
            elif time.monotonic() - since > _CALM:
                return
            await asyncio.sleep(0.02)


class Talks(Load):
    """Seekers and counsellors."""

    def __init__(self, origin: str, key: str, *, payload: int, polls: bool = False) -> None:
        super().__init__()
        self.rooms: list[Room] = []
        self._origin = origin
        kind = PollingSeat if polls else Seat
        self._meeting = Meeting(origin, key, lambda: kind(self.tally, payload))

    async def open(self, count: int) -> None:
        self.rooms = await self._meeting.open(count)
        self.senders = [seat for room in self.rooms for seat in room.seats]

    async def close(self, audited: int | None = None) -> None:
        """Count what was lost, look into so many logs (all by default), and leave."""
        for room in self.rooms:
            self.tally.lost += sum(len(seat.way.missing) for seat in room.seats)
        for room in self.rooms[:audited]:
            await audit(self._origin, room, self.tally)
        for room in self.rooms:
            for seat in room.seats:
                seat.leave()


class Auditor(Client):
    """Reads a log from its beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[str, Any]] = []

    def take(self, heard: Heard) -> None:
        if heard.kind == frames.ENVELOPE:
            self.rows.append(heard.fields)


async def audit(origin: str, room: Room, tally: Tally) -> None:
    """Compare the log with what this room was told: places, acknowledged messages, their order."""
    auditor = Auditor()
    await auditor.connect(Site(origin), "/chat")
    await auditor.ask(frames.RESUME, room.seeker.hello(room.seeker.place))
    auditor.rows.clear()
    await auditor.ask(frames.READ, frames.number(0))
    auditor.leave()
    if [row["seq"] for row in auditor.rows] != list(range(1, len(auditor.rows) + 1)):
        tally.reordered += 1
    for seat in room.seats:
        said = [row for row in auditor.rows if row["client_id"].startswith(seat.name)]
        numbers = [int.from_bytes(row["client_id"][8:], "big") for row in said]
        tally.duplicated += len(numbers) - len(set(numbers))
        tally.reordered += sum(later < before for before, later in pairwise(numbers))
        tally.altered += sum(
            row["sealed"] != seat.seal(n) for row, n in zip(said, numbers, strict=True)
        )
        acknowledged = set(range(1, seat.way.numbers + 1)) - seat.way.waiting
        tally.lost += len(acknowledged - set(numbers) - seat.way.missing)


def measure(arguments: argparse.Namespace, key: str) -> dict[str, Any]:
    """One run from the first hello to the last look into the log."""

    async def run() -> dict[str, Any]:
        load = Talks(arguments.url, key, payload=arguments.payload, polls=arguments.poll)
        await load.open(arguments.rooms)
        if arguments.rate:
            measured = await load.pace(arguments.rate, arguments.seconds)
        else:
            measured = await load.saturate(arguments.window, arguments.seconds)
        await load.close()
        counts = {"rooms": arguments.rooms, "sent": load.tally.sent, "shown": load.tally.shown}
        return measured | counts | load.tally.faults()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(run())


def has_faults(found: dict[str, Any]) -> bool:
    """Whether anything is counted that must be nothing."""
    return any(found[name] for name in Tally().faults())


def new_loop() -> asyncio.AbstractEventLoop:
    """The fastest event loop there is, so that the server is what is measured."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def main(arguments: Sequence[str]) -> int:
    """Print what was measured; 1 if anything was lost, doubled, out of order or refused."""
    parser = argparse.ArgumentParser(prog="peer", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--key-file", type=Path, required=True)
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--rate", type=float, default=0.0, help="messages a second in all")
    parser.add_argument("--window", type=int, default=4, help="messages under way for each side")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--payload", type=int, default=600, help="bytes of a sealed message")
    parser.add_argument("--poll", action="store_true", help="by POST instead of sockets")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    try:
        found = measure(chosen, chosen.key_file.read_text().strip())
    except (OSError, RefusedError, HandshakeError, TimeoutError) as error:
        print(f"{chosen.url}: {type(error).__name__} {error}", file=sys.stderr)
        return 2
    if chosen.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>14}  {value}" for name, value in found.items()))
    return 1 if has_faults(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

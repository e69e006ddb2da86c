"""What was sent, acknowledged and shown; from that: lost, doubled, out of order, and how long it took."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(slots=True)
class Tally:
    """One run of one load. Seconds throughout."""

    latencies: list[float] = field(default_factory=list)
    began: float = 0.0
    sent: int = 0
    acknowledged: int = 0
    shown: int = 0
    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    altered: int = 0
    gaps: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """What is measured begins now; what was counted as wrong stays counted."""
        self.latencies = []
        self.began = time.monotonic()

    def measured(self) -> dict[str, float]:
        """Messages a second shown to the other side since `begin`, and how late they were."""
        seconds = time.monotonic() - self.began
        return {"throughput": round(len(self.latencies) / seconds, 1)} | self.lateness()

    def lateness(self) -> dict[str, float]:
        """How long it took from the sender to the other side, in milliseconds."""
        late = sorted(self.latencies)
        percents = (50, 95, 99)
        return {f"p{n}_ms": round(_percentile(late, n) * 1000, 2) for n in percents}

    def faults(self) -> dict[str, Any]:
        """What must be nothing."""
        return {
            "lost": self.lost,
            "duplicated": self.duplicated,
            "reordered": self.reordered,
            "altered": self.altered,
            "gaps": self.gaps,
            "unanswered": self.sent - self.acknowledged,
            "refused": dict(self.refused),
        }


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The value that so many of a hundred do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else math.nan


class Way:
    """Messages of one sender to the one who hears them, numbered from 1."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.numbers = 0
        self.due: dict[int, float] = {}
        """Not shown yet, and since when."""
        self.waiting: set[int] = set()
        """Not acknowledged yet."""
        self._last = 0

    def send(self, due: float) -> int:
        """The number of the next message, which should have gone at that time."""
        self.numbers += 1
        self.due[self.numbers] = due
        self.waiting.add(self.numbers)
        self._tally.sent += 1
        return self.numbers

    def acknowledge(self, number: int) -> None:
        """The server says that it is stored. It may say so again."""
        if number in self.waiting:
            self.waiting.discard(number)
            self._tally.acknowledged += 1

    def show(self, number: int, *, whole: bool = True) -> None:
        """The other side has it, with the bytes that were sent or others."""
        tally = self._tally
        if not 0 < number <= self.numbers or not whole:
            tally.altered += 1
            return
        since = self.due.pop(number, None)
        if since is None:
            tally.duplicated += 1
            return
        if number < self._last:
            tally.reordered += 1
        self._last = max(self._last, number)
        tally.shown += 1
        tally.latencies.append(time.monotonic() - since)

    @property
    def missing(self) -> set[int]:
        """Acknowledged, and not shown."""
        return set(self.due) - self.waiting


class Sender(Protocol):
    """Somebody who can be made to say something, and who is free again once that is acknowledged."""

    freed: Callable[[], None]

    def say(self, due: float) -> None: ...


def _rest() -> None:
    """Nothing more to say."""


async def saturate(senders: Sequence[Sender], window: int, seconds: float, tally: Tally) -> None:
    """Each sender keeps `window` messages under way. A quarter of the time warms up."""
    for sender in senders:
        sender.freed = lambda sender=sender: sender.say(time.monotonic())  # type: ignore[misc]
        for _ in range(window):
            sender.say(time.monotonic())
    await asyncio.sleep(seconds / 4)
    tally.begin()
    await asyncio.sleep(seconds * 3 / 4)
    for sender in senders:
        sender.freed = _rest


async def pace(senders: Sequence[Sender], rate: float, seconds: float, tally: Tally) -> None:
    """So many messages a second in all, however slow the answers: lateness counts as latency."""
    began = time.monotonic()
    tally.begin()
    count = 0
    while (now := time.monotonic()) < began + seconds:
        while (due := began + count / rate) <= now:
            senders[count % len(senders)].say(due)
            count += 1
        await asyncio.sleep(max(0.0, began + count / rate - time.monotonic()))

"""What chat asks of whoever decides above it, without knowing who that is.

`triage` hangs its answers here when the process starts; chat alone lets everyone in and tells
nobody a place in a queue.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """How it stands: for each waiting session asked about, how many are before it, and how many
    counsellors on duty may take it.

    `supervised` is told to everybody, whoever waits or talks.
    """

    ahead: Mapping[int, int]
    listeners: Mapping[int, int]
    supervised: bool = True


class Neighbours:
    """The questions, asked in a database thread, and the clock's other work."""

    def __init__(self) -> None:
        self.ask_door: Callable[[datetime], None] = lambda _now: None
        """Returns if somebody may come in now, else raises `ClosedDoorError`."""
        self.is_supervised: Callable[[datetime], bool] = lambda _now: True
        """Whether a supervisor is there for those who talk."""
        self.tick: Callable[[datetime], int] = lambda _now: 0
        """What else is due when the clock ticks; how much of it was done."""
        self.look_at_queue: Callable[[Collection[int], datetime], Queue] = lambda _ids, _now: Queue(
            {}, {}
        )


NEIGHBOURS = Neighbours()

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
    """How it stands: who is before each waiting session asked about, and counsellors on duty."""

    ahead: Mapping[int, int]
    listeners: int


class Neighbours:
    """The two questions. Both are asked in a database thread."""

    def __init__(self) -> None:
        self.ask_door: Callable[[], None] = lambda: None
        """Returns if somebody may come in now, else raises `ClosedDoorError`."""
        self.look_at_queue: Callable[[Collection[int], datetime], Queue] = lambda _ids, _now: Queue(
            {}, 0
        )


NEIGHBOURS = Neighbours()

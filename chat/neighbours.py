"""What chat asks of whoever decides above it, without knowing who that is.

`triage` hangs its answers here when the process starts; chat alone lets everyone in, reads nothing
of what is asked of the queue, and tells nobody a place in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from counsel.lifecycle import Event, Role, State, Transition


@dataclass(frozen=True, slots=True)
class Queue:
    """How it stands: for each waiting session asked about, what it is told, as bytes.

    `supervised` is told to everybody, whoever waits or talks.
    """

    standing: Mapping[int, bytes]
    supervised: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """A transition that happens, inside its transaction; `staff_id` is who took, passed or ended.

    `claimed`: whoever asks for it found this session for that, and has moved what is theirs already.
    """

    session_id: int
    row: Transition[State, Event]
    staff_id: int | None
    now: datetime
    role: Role = Role.CLOCK
    claimed: bool = False


class Neighbours:
    """The questions, asked in a database thread, and the clock's other work.

    `admit`, `asked`, `shown` and `moved` run inside the transaction of what they are told of: raising there
    means that it did not happen.
    """

    def __init__(self) -> None:
        self.ask_door: Callable[[datetime], None] = lambda _now: None
        """Returns if somebody may come in now, else raises `ClosedDoorError`."""
        self.admit: Callable[[int, bytes, datetime], None] = lambda _id, _request, _now: None
        """A session has begun, and this is what it asks of the queue."""
        self.asked: Callable[[int, bytes, datetime], None] = lambda _id, _request, _now: None
        """A session asks something else of the queue."""
        self.shown: Callable[[int, datetime], None] = lambda _id, _now: None
        """A phone has shown the first words of whoever has the talk now."""
        self.moved: Callable[[Move], None] = lambda _move: None
        """A session moves along its table. Of an erased one this is told while its rows still stand."""
        self.patience: Callable[[Collection[int]], Mapping[int, timedelta]] = lambda _ids: {}
        """Of these talks, those whose listener may be silent for less than any other, and for how long."""
        self.is_supervised: Callable[[datetime], bool] = lambda _now: True
        """Whether a supervisor is there for those who talk."""
        self.tick: Callable[[datetime], int] = lambda _now: 0
        """What else is due when the clock ticks; how much of it was done."""
        self.look_at_queue: Callable[[Collection[int], datetime], Queue] = lambda _ids, _now: Queue(
            {}
        )


NEIGHBOURS = Neighbours()

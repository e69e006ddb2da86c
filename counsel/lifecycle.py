"""What may happen: one small table per lifecycle, and the one way to ask it.

Rule 1: everything that decides whether a state may change is in a table here.
Rule 2: this file knows no database, no clock and no reader; it only answers.

A row reads as a sentence: *while* waiting, *when* taken, *becomes* active, *by* a counsellor.
What is true beside the state (who is here, who types, who is assigned, which key epoch) is a
fact in a column, never a state: multiplied states cannot be read any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counsel.errors import IllegalTransitionError


class Role(StrEnum):
    """Who makes something happen. The clock is a person here: it acts, and its acts are recorded."""

    SEEKER = "seeker"
    COUNSELLOR = "counsellor"
    SUPERVISOR = "supervisor"
    CLOCK = "clock"


class State(StrEnum):
    """Where a session stands. An erased session has no row left; the word names the way out."""

    WAITING = "waiting"
    ACTIVE = "active"
    CLOSED = "closed"
    ERASED = "erased"


class Event(StrEnum):
    """What can happen to a session."""

    TAKE = "take"
    RETURN = "return"
    END = "end"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: something that may happen. What did happen is a `Step`."""

    source: State
    event: Event
    target: State
    by: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A table of transitions and the question one can ask it."""

    name: str
    first: State
    rows: tuple[Transition, ...]

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.rows)

    def row(self, source: State, event: Event, role: Role) -> Transition:
        """The one row that allows this.

        Raises `IllegalTransitionError` if no row does; nothing has changed then.
        """
        for row in self.rows:
            if row.source is source and row.event is event and role in row.by:
                return row
        raise IllegalTransitionError(f"{self.name}: no {event} while {source} by {role}")


def _row(source: State, event: Event, target: State, *by: Role) -> Transition:
    return Transition(source, event, target, frozenset(by))


SESSION: Final = Lifecycle(
    name="session",
    first=State.WAITING,
    rows=(
        #    while          when          becomes        by
        _row(State.WAITING, Event.TAKE, State.ACTIVE, Role.COUNSELLOR),
        _row(State.WAITING, Event.END, State.CLOSED, Role.SEEKER),
        _row(State.WAITING, Event.ERASE, State.ERASED, Role.SEEKER, Role.CLOCK),
        _row(State.ACTIVE, Event.RETURN, State.WAITING, Role.CLOCK),
        _row(State.ACTIVE, Event.END, State.CLOSED, Role.SEEKER, Role.COUNSELLOR),
        _row(State.ACTIVE, Event.ERASE, State.ERASED, Role.SEEKER, Role.CLOCK),
        _row(State.CLOSED, Event.ERASE, State.ERASED, Role.SEEKER, Role.CLOCK),
    ),
)

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
from typing import Final, Generic, TypeVar

from counsel.errors import IllegalTransitionError


class Role(StrEnum):
    """Who makes something happen. The clock is a person here: it acts, and its acts are recorded."""

    SEEKER = "seeker"
    COUNSELLOR = "counsellor"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    DESK = "desk"
    RESPONDER = "responder"
    CLOCK = "clock"


class State(StrEnum):
    """Where a session stands. An erased session has no row left; the word names the way out."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACTIVE = "active"
    CLOSED = "closed"
    ERASED = "erased"


class Event(StrEnum):
    """What can happen to a session."""

    OFFER = "offer"
    TAKE = "take"
    LAPSE = "lapse"
    RETURN = "return"
    LET_GO = "let-go"
    HAND = "hand"
    END = "end"
    ERASE = "erase"


class ShiftState(StrEnum):
    """Where a shift on the rota stands."""

    OPEN = "open"
    TAKEN = "taken"
    ON = "on"
    PAUSE = "pause"
    DEBRIEF = "debrief"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class ShiftEvent(StrEnum):
    """What can happen to a shift."""

    SIGN_UP = "sign-up"
    GIVE_BACK = "give-back"
    COVER = "cover"
    CHECK_IN = "check-in"
    PAUSE = "pause"
    DEBRIEF = "debrief"
    RESUME = "resume"
    CHECK_OUT = "check-out"
    MISS = "miss"
    CANCEL = "cancel"


class VisitState(StrEnum):
    """Where a supervisor stands who wants to be beside a counsellor."""

    ASKED = "asked"
    REFUSED = "refused"
    ADMITTED = "admitted"
    JOINED = "joined"
    LEFT = "left"
    GONE = "gone"


class VisitEvent(StrEnum):
    """What can happen to a visit."""

    ADMIT = "admit"
    REFUSE = "refuse"
    JOIN = "join"
    LEAVE = "leave"
    REMOVE = "remove"


class DangerState(StrEnum):
    """Where an escalation stands: what the person in danger has, and whose turn it is."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ATTENDED = "attended"
    ANSWERED = "answered"
    LED = "led"
    ASSESSED = "assessed"
    PROPOSED = "proposed"
    LOWERED = "lowered"
    LOST = "lost"
    CHECK = "check"
    CLOSED = "closed"
    ERASED = "erased"


class DangerEvent(StrEnum):
    """What can happen to an escalation."""

    RAISE = "raise"
    PAGE = "page"
    HURRY = "hurry"
    ACKNOWLEDGE = "acknowledge"
    LAPSE = "lapse"
    SHOW = "show"
    ACT = "act"
    ASSESS = "assess"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    DECLINE = "decline"
    ALONE = "alone"
    VANISH = "vanish"
    BACK = "back"
    LEAVE = "leave"
    MISTAKE = "mistake"
    CLOSE = "close"
    ERASE = "erase"


S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[S, E]):
    """One row: something that may happen. What did happen is a `Step`."""

    source: S
    event: E
    target: S
    by: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S, E]):
    """A table of transitions and the question one can ask it."""

    name: str
    first: S
    rows: tuple[Transition[S, E], ...]

    def __iter__(self) -> Iterator[Transition[S, E]]:
        return iter(self.rows)

    def row(self, source: S, event: E, role: Role) -> Transition[S, E]:
        """The one row that allows this.

        Raises `IllegalTransitionError` if no row does; nothing has changed then.
        """
        for row in self.rows:
            if row.source is source and row.event is event and role in row.by:
                return row
        raise IllegalTransitionError(f"{self.name}: no {event} while {source} by {role}")


def row(source: S, event: E, target: S, *by: Role) -> Transition[S, E]:
    return Transition(source, event, target, frozenset(by))


SESSION: Final[Lifecycle[State, Event]] = Lifecycle(
    name="session",
    first=State.WAITING,
    rows=(
        #    while          when          becomes        by
        row(State.WAITING, Event.TAKE, State.ACTIVE, Role.COUNSELLOR, Role.SUPERVISOR),
        row(State.WAITING, Event.OFFER, State.OFFERED, Role.CLOCK),
        row(State.WAITING, Event.END, State.CLOSED, Role.SEEKER),
        row(State.WAITING, Event.ERASE, State.ERASED, Role.SEEKER, Role.CLOCK),
        # Somebody in danger whom a listener left: a supervisor goes on, whoever is just being asked.
        row(State.OFFERED, Event.TAKE, State.ACTIVE, Role.COUNSELLOR, Role.SUPERVISOR),
        row(State.OFFERED, Event.LAPSE, State.WAITING, Role.COUNSELLOR, Role.CLOCK),
        row(State.OFFERED, Event.END, State.CLOSED, Role.SEEKER),
        row(State.OFFERED, Event.ERASE, State.ERASED, Role.SEEKER, Role.CLOCK),
        row(State.ACTIVE, Event.RETURN, State.WAITING, Role.CLOCK),
        # Whoever has the talk is a counsellor there, whatever else they are.
        row(State.ACTIVE, Event.LET_GO, State.WAITING, Role.COUNSELLOR),
        row(State.ACTIVE, Event.HAND, State.ACTIVE, Role.COUNSELLOR),
        row(State.ACTIVE, Event.END, State.CLOSED, Role.SEEKER, Role.COUNSELLOR),
        row(State.ACTIVE, Event.ERASE, State.ERASED, Role.SEEKER, Role.CLOCK),
        row(State.CLOSED, Event.ERASE, State.ERASED, Role.SEEKER, Role.CLOCK),
    ),
)

_HOLDER: Final = (Role.COUNSELLOR, Role.SUPERVISOR)
"""Who can stand on the rota. Whose shift it is, is a fact beside the state."""

_PLANNER: Final = (Role.SUPERVISOR, Role.ADMINISTRATOR)

SHIFT: Final[Lifecycle[ShiftState, ShiftEvent]] = Lifecycle(
    name="shift",
    first=ShiftState.OPEN,
    rows=(
        #    while               when                  becomes               by
        row(ShiftState.OPEN, ShiftEvent.SIGN_UP, ShiftState.TAKEN, *_HOLDER),
        row(ShiftState.OPEN, ShiftEvent.MISS, ShiftState.MISSED, Role.CLOCK),
        row(ShiftState.OPEN, ShiftEvent.CANCEL, ShiftState.CANCELLED, *_PLANNER),
        row(ShiftState.TAKEN, ShiftEvent.GIVE_BACK, ShiftState.OPEN, *_HOLDER),
        row(ShiftState.TAKEN, ShiftEvent.COVER, ShiftState.TAKEN, *_HOLDER),
        row(ShiftState.TAKEN, ShiftEvent.CHECK_IN, ShiftState.ON, *_HOLDER),
        row(ShiftState.TAKEN, ShiftEvent.MISS, ShiftState.MISSED, Role.CLOCK),
        row(ShiftState.TAKEN, ShiftEvent.CANCEL, ShiftState.CANCELLED, *_PLANNER),
        row(ShiftState.MISSED, ShiftEvent.CHECK_IN, ShiftState.ON, *_HOLDER),
        row(ShiftState.ON, ShiftEvent.PAUSE, ShiftState.PAUSE, *_HOLDER),
        row(ShiftState.ON, ShiftEvent.DEBRIEF, ShiftState.DEBRIEF, *_HOLDER, Role.CLOCK),
        row(ShiftState.PAUSE, ShiftEvent.RESUME, ShiftState.ON, *_HOLDER),
        row(ShiftState.DEBRIEF, ShiftEvent.RESUME, ShiftState.ON, *_HOLDER),
        row(ShiftState.ON, ShiftEvent.CHECK_OUT, ShiftState.DONE, *_HOLDER, Role.CLOCK),
        row(ShiftState.PAUSE, ShiftEvent.CHECK_OUT, ShiftState.DONE, *_HOLDER, Role.CLOCK),
        row(ShiftState.DEBRIEF, ShiftEvent.CHECK_OUT, ShiftState.DONE, *_HOLDER, Role.CLOCK),
    ),
)

_V, _W = VisitState, VisitEvent

VISIT: Final[Lifecycle[VisitState, VisitEvent]] = Lifecycle(
    name="visit",
    first=_V.ASKED,
    rows=(
        #    while        when       becomes      by
        # Whoever has the talk is a counsellor there, whatever else they are.
        row(_V.ASKED, _W.ADMIT, _V.ADMITTED, Role.COUNSELLOR),
        row(_V.ASKED, _W.REFUSE, _V.REFUSED, Role.COUNSELLOR),
        row(_V.ADMITTED, _W.JOIN, _V.JOINED, Role.SUPERVISOR),
        # The seat ends; they are out of the group with the commit that removes them.
        row(_V.ADMITTED, _W.LEAVE, _V.LEFT, Role.SUPERVISOR, Role.CLOCK),
        row(_V.JOINED, _W.LEAVE, _V.LEFT, Role.SUPERVISOR, Role.CLOCK),
        row(_V.ADMITTED, _W.REMOVE, _V.GONE, Role.COUNSELLOR),
        row(_V.JOINED, _W.REMOVE, _V.GONE, Role.COUNSELLOR),
        row(_V.LEFT, _W.REMOVE, _V.GONE, Role.COUNSELLOR),
    ),
)

_STAFF: Final = (Role.COUNSELLOR, Role.SUPERVISOR)
_ANYBODY: Final = (Role.SEEKER, *_STAFF)
_D, _E = DangerState, DangerEvent
OPEN_DANGER: Final[tuple[DangerState, ...]] = tuple(
    state for state in _D if state not in {_D.CLOSED, _D.ERASED}
)
"""The states of an escalation that no person has ended yet."""

_WITH_SOMEBODY: Final[tuple[DangerState, ...]] = (
    _D.ATTENDED,
    _D.ANSWERED,
    _D.LED,
    _D.ASSESSED,
    _D.PROPOSED,
)

_SPOKEN_WITH: Final[tuple[DangerState, ...]] = tuple(
    state for state in OPEN_DANGER if state not in {_D.RAISED, _D.ACKNOWLEDGED}
)

_PAGING: Final[tuple[DangerState, ...]] = tuple(
    state for state in OPEN_DANGER if state not in {_D.ACKNOWLEDGED, _D.ANSWERED}
)
"""Whoever said that they act is given time for it; then the page goes on."""

DANGER: Final[Lifecycle[DangerState, DangerEvent]] = Lifecycle(
    name="danger",
    first=_D.RAISED,
    rows=(
        #    while             when              becomes           by
        row(_D.RAISED, _E.ACKNOWLEDGE, _D.ACKNOWLEDGED, *_STAFF),
        row(_D.ACKNOWLEDGED, _E.LAPSE, _D.RAISED, Role.CLOCK),
        row(_D.RAISED, _E.SHOW, _D.ATTENDED, Role.SEEKER),
        row(_D.ACKNOWLEDGED, _E.SHOW, _D.ATTENDED, Role.SEEKER),
        # Somebody is with them. Now a supervisor hears of it, and does something.
        row(_D.ATTENDED, _E.ACKNOWLEDGE, _D.ANSWERED, Role.SUPERVISOR),
        row(_D.ANSWERED, _E.LAPSE, _D.ATTENDED, Role.CLOCK),
        row(_D.ATTENDED, _E.ACT, _D.LED, Role.SUPERVISOR),
        row(_D.ANSWERED, _E.ACT, _D.LED, Role.SUPERVISOR),
        # Whoever asked about the risk has asked, wherever it stands; before a word was seen only whoever
        # holds the talk can have: from what was answered at the door.
        *(row(state, _E.ASSESS, _D.ASSESSED if state is _D.LED else state, *_STAFF)
          for state in _SPOKEN_WITH),
        *(row(state, _E.ASSESS, state, Role.COUNSELLOR) for state in (_D.RAISED, _D.ACKNOWLEDGED)),
        # Less urgent takes two people.
        row(_D.LED, _E.PROPOSE, _D.PROPOSED, *_STAFF),
        row(_D.ASSESSED, _E.PROPOSE, _D.PROPOSED, *_STAFF),
        row(_D.CHECK, _E.PROPOSE, _D.PROPOSED, *_STAFF),
        row(_D.PROPOSED, _E.CONFIRM, _D.LOWERED, *_STAFF),
        row(_D.PROPOSED, _E.DECLINE, _D.ASSESSED, *_STAFF),
        # It gets worse again; or the button was pressed by mistake, and somebody asks.
        *(row(state, _E.RAISE, _D.RAISED, *_ANYBODY) for state in OPEN_DANGER),
        *(row(state, _E.MISTAKE, _D.CHECK, Role.SEEKER)
          for state in (_D.RAISED, _D.ACKNOWLEDGED, *_WITH_SOMEBODY)),
        # Whoever was with them is gone or cannot go on, or they are gone.
        *(row(state, _E.ALONE, _D.RAISED, Role.COUNSELLOR, Role.CLOCK) for state in _WITH_SOMEBODY),
        *(row(state, _E.VANISH, _D.LOST, Role.CLOCK) for state in _WITH_SOMEBODY),
        row(_D.LOST, _E.BACK, _D.ATTENDED, Role.CLOCK),
        *(row(state, _E.LEAVE, _D.LOST, Role.SEEKER) for state in OPEN_DANGER),
        # However long it takes, somebody is called, and a person ends it.
        *(row(state, _E.PAGE, state, Role.CLOCK) for state in _PAGING),
        # Help that was called is late (`counsel/dispatches.py`): that is told whoever acts already.
        *(row(state, _E.HURRY, state, Role.CLOCK) for state in OPEN_DANGER),
        *(row(state, _E.CLOSE, _D.CLOSED, *_STAFF) for state in OPEN_DANGER),
        *(row(state, _E.ERASE, _D.ERASED, Role.SEEKER, Role.CLOCK)
          for state in (*OPEN_DANGER, _D.CLOSED)),
    ),
)  # fmt: skip

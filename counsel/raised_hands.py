"""The life of a raised hand: a counsellor wants a colleague beside her, without leaving the talk.

Who raised it, who answered and whom a page called are facts beside the state.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counsel.lifecycle import Lifecycle, Role, row


class HandState(StrEnum):
    """Where a raised hand stands. A withdrawn or closed one has no row left an hour later."""

    RAISED = "raised"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class HandEvent(StrEnum):
    """What can happen to a raised hand. `page`: others are called; it stands as before."""

    PAGE = "page"
    LAPSE = "lapse"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    CLOSE = "close"


_H, _E = HandState, HandEvent
OPEN_HANDS: Final[tuple[HandState, ...]] = (_H.RAISED, _H.UNANSWERED, _H.ANSWERED)
"""The states of a hand somebody still has up, or speaks with somebody about."""
UP: Final[tuple[HandState, ...]] = (_H.RAISED, _H.UNANSWERED)
"""The states in which somebody waits for an answer."""

HAND: Final[Lifecycle[HandState, HandEvent]] = Lifecycle(
    name="hand",
    first=_H.RAISED,
    rows=(
        #    while            when         becomes          by
        # Whoever raises one is a counsellor there, whatever else they are.
        row(_H.RAISED, _E.ANSWER, _H.ANSWERED, Role.SUPERVISOR),
        row(_H.RAISED, _E.PAGE, _H.RAISED, Role.CLOCK),
        row(_H.RAISED, _E.LAPSE, _H.UNANSWERED, Role.CLOCK),
        row(_H.RAISED, _E.WITHDRAW, _H.WITHDRAWN, Role.COUNSELLOR),
        # It is said that nobody has answered; somebody still may, and is still called.
        row(_H.UNANSWERED, _E.ANSWER, _H.ANSWERED, Role.SUPERVISOR),
        row(_H.UNANSWERED, _E.PAGE, _H.UNANSWERED, Role.CLOCK),
        row(_H.UNANSWERED, _E.WITHDRAW, _H.WITHDRAWN, Role.COUNSELLOR),
        row(_H.ANSWERED, _E.CLOSE, _H.CLOSED, Role.COUNSELLOR, Role.SUPERVISOR),
        # The shift of one of them is over: so is the room.
        *(row(state, _E.CLOSE, _H.CLOSED, Role.CLOCK) for state in OPEN_HANDS),
    ),
)  # fmt: skip

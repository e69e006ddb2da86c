"""The life of a handover: from whom somebody asks to go on with a talk to the talk that goes on."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counsel.lifecycle import Lifecycle, Role, row


class HandoverState(StrEnum):
    """Where a handover stands. What the seeker answered is sealed, and so no state of this."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    READY = "ready"
    DONE = "done"
    DECLINED = "declined"
    SILENT = "silent"
    KEPT = "kept"
    OVER = "over"


class HandoverEvent(StrEnum):
    """What can happen to a handover."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LET_GO = "let-go"
    OPEN = "open"
    KEEP = "keep"
    LAPSE = "lapse"
    END = "end"


_H, _E = HandoverState, HandoverEvent
OPEN_HANDOVER: Final = (_H.ASKED, _H.ACCEPTED, _H.READY)
"""The states in which somebody may still come."""

COMING: Final = (_H.ACCEPTED, _H.READY)
"""In these the hands of whoever comes are not free for anybody else."""

_HOLDER: Final = (Role.COUNSELLOR, Role.SUPERVISOR)
"""Whoever has the talk; whose talk it is, is a fact beside the state."""

HANDOVER: Final[Lifecycle[HandoverState, HandoverEvent]] = Lifecycle(
    name="handover",
    first=_H.ASKED,
    rows=(
        #    while         when        becomes        by
        # Only counsellors come after somebody: a supervisor's hands are for a red (people.md 2).
        row(_H.ASKED, _E.ACCEPT, _H.ACCEPTED, Role.COUNSELLOR),
        *(row(state, _E.DECLINE, _H.DECLINED, Role.COUNSELLOR) for state in OPEN_HANDOVER),
        # The seeker has answered, or is not there to.
        row(_H.ACCEPTED, _E.LET_GO, _H.READY, *_HOLDER),
        row(_H.READY, _E.OPEN, _H.DONE, Role.COUNSELLOR),
        *(row(state, _E.KEEP, _H.KEPT, *_HOLDER) for state in OPEN_HANDOVER),
        # In time or not at all: whoever has the talk goes on having it.
        *(row(state, _E.LAPSE, _H.SILENT, Role.CLOCK) for state in OPEN_HANDOVER),
        # The talk itself ended, was erased, or went back to the queue. No row is left.
        *(row(state, _E.END, _H.OVER, Role.SEEKER, *_HOLDER, Role.CLOCK)
          for state in OPEN_HANDOVER),
    ),
)  # fmt: skip

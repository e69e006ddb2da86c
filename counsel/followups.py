"""The life of a follow-up: whether somebody is looked in on after a hard talk, and what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counsel.lifecycle import Lifecycle, Role, row


class FollowUpState(StrEnum):
    """Where a follow-up stands. `unasked`: nobody has asked yet whether they want it; `unknown`: nobody of
    the staff said what became of it. One that is gone has no row left. Who said no may say yes later."""

    UNASKED = "unasked"
    AGREED = "agreed"
    DONE = "done"
    UNREACHED = "unreached"
    UNWANTED = "unwanted"
    UNKNOWN = "unknown"
    GONE = "gone"


class FollowUpEvent(StrEnum):
    """What can happen to a follow-up. `reach` and `miss` leave a later day to come; `hand`: somebody
    else looks after it from now on."""

    AGREE = "agree"
    REFUSE = "refuse"
    REACH = "reach"
    MISS = "miss"
    FINISH = "finish"
    GIVE_UP = "give-up"
    HAND = "hand"
    LAPSE = "lapse"
    ERASE = "erase"


_F, _E = FollowUpState, FollowUpEvent
_STAFF: Final = (Role.COUNSELLOR, Role.SUPERVISOR)
OPEN: Final = (_F.UNASKED, _F.AGREED)

FOLLOW_UP: Final[Lifecycle[FollowUpState, FollowUpEvent]] = Lifecycle(
    name="follow-up",
    first=_F.UNASKED,
    rows=(
        #    while         when         becomes        by
        *(row(state, _E.AGREE, _F.AGREED, *_STAFF)
          for state in (_F.UNASKED, _F.AGREED, _F.UNWANTED)),
        *(row(state, _E.REFUSE, _F.UNWANTED, *_STAFF) for state in OPEN),
        row(_F.AGREED, _E.REACH, _F.AGREED, *_STAFF),
        row(_F.AGREED, _E.MISS, _F.AGREED, *_STAFF),
        *(row(state, _E.FINISH, _F.DONE, *_STAFF) for state in OPEN),
        *(row(state, _E.GIVE_UP, _F.UNREACHED, *_STAFF) for state in OPEN),
        *(row(state, _E.HAND, state, Role.SUPERVISOR) for state in OPEN),
        *(row(state, _E.LAPSE, _F.UNKNOWN, Role.CLOCK) for state in OPEN),
        *(row(state, _E.ERASE, _F.GONE, Role.SEEKER, Role.CLOCK)
          for state in (*OPEN, _F.DONE, _F.UNREACHED, _F.UNWANTED, _F.UNKNOWN)),
    ),
)  # fmt: skip

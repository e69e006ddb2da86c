"""The life of a story: what staff wrote of how something went well, and who lets it be read."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counsel.lifecycle import Lifecycle, Role, row


class StoryState(StrEnum):
    """Where a story stands. A withdrawn one has no row left; the word names the way out."""

    WRITTEN = "written"
    PUBLISHED = "published"
    SENT_BACK = "sent-back"
    WITHDRAWN = "withdrawn"


class StoryEvent(StrEnum):
    """What can happen to a story. Who wrote it, and so may not publish it, is a fact beside the state."""

    PUBLISH = "publish"
    SEND_BACK = "send-back"
    WITHDRAW = "withdraw"


_S, _E = StoryState, StoryEvent
WRITERS: Final = (Role.COUNSELLOR, Role.SUPERVISOR, Role.DESK)

STORY: Final[Lifecycle[StoryState, StoryEvent]] = Lifecycle(
    name="story",
    first=_S.WRITTEN,
    rows=(
        #    while         when          becomes        by
        row(_S.WRITTEN, _E.PUBLISH, _S.PUBLISHED, Role.SUPERVISOR),
        row(_S.WRITTEN, _E.SEND_BACK, _S.SENT_BACK, Role.SUPERVISOR),
        # Whose story it is may change their mind at any time.
        *(row(state, _E.WITHDRAW, _S.WITHDRAWN, *WRITERS)
          for state in (_S.WRITTEN, _S.SENT_BACK, _S.PUBLISHED)),
    ),
)  # fmt: skip

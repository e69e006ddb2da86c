"""The life of a referral: from what a desk is told of somebody, line by line, to what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counsel.lifecycle import Lifecycle, Role, row


class ReferralState(StrEnum):
    """Where a referral stands. The first two are on the seeker's phone alone; a closed one has no
    row left."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    SILENT = "silent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    APPOINTED = "appointed"
    CAME = "came"
    MISSED = "missed"
    UNKNOWN = "unknown"
    CLOSED = "closed"


class ReferralEvent(StrEnum):
    """What can happen to a referral. `say`: a question or an answer; it moves nothing."""

    APPROVE = "approve"
    SEND = "send"
    SAY = "say"
    ACCEPT = "accept"
    DECLINE = "decline"
    REDIRECT = "redirect"
    APPOINT = "appoint"
    COME = "come"
    MISS = "miss"
    LAPSE = "lapse"
    CLOSE = "close"


_R, _E = ReferralState, ReferralEvent
_OPEN: Final = (_R.SENT, _R.ACCEPTED, _R.APPOINTED)
_ENDED: Final = (_R.DECLINED, _R.REDIRECTED, _R.CAME, _R.MISSED, _R.UNKNOWN)

REFERRAL: Final[Lifecycle[ReferralState, ReferralEvent]] = Lifecycle(
    name="referral",
    first=_R.PROPOSED,
    rows=(
        #    while          when         becomes        by
        row(_R.PROPOSED, _E.APPROVE, _R.APPROVED, Role.SEEKER),
        row(_R.PROPOSED, _E.CLOSE, _R.CLOSED, Role.SEEKER),
        row(_R.APPROVED, _E.SEND, _R.SENT, Role.SEEKER),
        row(_R.APPROVED, _E.CLOSE, _R.CLOSED, Role.SEEKER),
        *(row(state, _E.ACCEPT, _R.ACCEPTED, Role.DESK) for state in (_R.SENT, _R.SILENT)),
        *(row(state, _E.DECLINE, _R.DECLINED, Role.DESK)
          for state in (_R.SENT, _R.SILENT, _R.ACCEPTED)),
        *(row(state, _E.REDIRECT, _R.REDIRECTED, Role.DESK)
          for state in (_R.SENT, _R.SILENT, _R.ACCEPTED)),
        row(_R.SENT, _E.LAPSE, _R.SILENT, Role.CLOCK),
        *(row(state, _E.APPOINT, _R.APPOINTED, Role.DESK)
          for state in (_R.ACCEPTED, _R.APPOINTED, _R.MISSED)),
        row(_R.APPOINTED, _E.COME, _R.CAME, Role.DESK),
        row(_R.APPOINTED, _E.MISS, _R.MISSED, Role.DESK),
        *(row(state, _E.LAPSE, _R.UNKNOWN, Role.CLOCK) for state in (_R.ACCEPTED, _R.APPOINTED)),
        *(row(state, _E.SAY, state, Role.SEEKER, Role.DESK)
          for state in (*_OPEN, _R.SILENT, _R.MISSED)),
        *(row(state, _E.CLOSE, _R.CLOSED, Role.SEEKER, Role.CLOCK)
          for state in (*_ENDED, _R.SILENT)),
        *(row(state, _E.CLOSE, _R.CLOSED, Role.SEEKER) for state in _OPEN),
    ),
)  # fmt: skip

"""The life of sending help: offered to the seeker, wanted, called for, on its way, there."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counsel.lifecycle import Lifecycle, Role, row


class DispatchState(StrEnum):
    """Where it stands. Of the last four nothing goes on, and where they are is kept nowhere."""

    OFFERED = "offered"
    CONSENTED = "consented"
    CALLED = "called"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class DispatchEvent(StrEnum):
    """What can happen to it. `late`: a timer ran out and staff are told; `ring`: somebody asked again
    where they stay. Neither moves anything."""

    OFFER = "offer"
    CONSENT = "consent"
    CALL = "call"
    ACCEPT = "accept"
    DECLINE = "decline"
    RING = "ring"
    LATE = "late"
    ARRIVE = "arrive"
    MISS = "miss"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


_STAFF: Final = (Role.COUNSELLOR, Role.SUPERVISOR)
_S, _E = DispatchState, DispatchEvent
ON_THE_WAY: Final = (_S.CALLED, _S.ACCEPTED)
"""Somebody outside knows where to go."""
OPEN: Final = (_S.OFFERED, _S.CONSENTED, *ON_THE_WAY)

DISPATCH: Final[Lifecycle[DispatchState, DispatchEvent]] = Lifecycle(
    name="dispatch",
    first=_S.OFFERED,
    rows=(
        #    while        when         becomes       by
        row(_S.OFFERED, _E.CONSENT, _S.CONSENTED, *_STAFF),
        row(_S.CONSENTED, _E.CALL, _S.CALLED, *_STAFF),
        # Sent is not accepted; who cannot come is followed by the next one.
        row(_S.CALLED, _E.ACCEPT, _S.ACCEPTED, *_STAFF, Role.RESPONDER),
        *(row(state, _E.DECLINE, _S.CONSENTED, *_STAFF, Role.RESPONDER) for state in ON_THE_WAY),
        *(row(state, _E.RING, state, *_STAFF) for state in ON_THE_WAY),
        *(row(state, _E.ARRIVE, _S.ARRIVED, *_STAFF, Role.RESPONDER) for state in ON_THE_WAY),
        *(row(state, _E.MISS, _S.MISSED, *_STAFF, Role.RESPONDER) for state in ON_THE_WAY),
        # The seeker says no, or not any more; whoever talks with them passes it on. Erased before
        # anybody was called, it is the same.
        *(row(state, _E.WITHDRAW, _S.WITHDRAWN, *_STAFF) for state in OPEN),
        *(row(state, _E.WITHDRAW, _S.WITHDRAWN, Role.SEEKER) for state in (_S.OFFERED, _S.CONSENTED)),
        *(row(state, _E.LATE, state, Role.CLOCK) for state in OPEN),
        *(row(state, _E.EXPIRE, _S.EXPIRED, Role.CLOCK) for state in OPEN),
    ),
)  # fmt: skip

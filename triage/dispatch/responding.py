"""What a responder does with the code they were told: sees that help is asked, goes, or cannot, and says
whether they met somebody. They are nobody here: no login, no name, no place.

Wrong, used up and too old are one refusal, in an answer of the same size.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction

from chat import relay
from counsel.dispatches import ON_THE_WAY, DispatchEvent, DispatchState
from counsel.errors import AccessError, WireError
from counsel.lifecycle import Role
from triage.dispatch import moving
from triage.dispatch.codes import hash_code, read_code, take_a_try
from triage.dispatch.rows import Dispatch, Whom


class Act(StrEnum):
    """What the page can say."""

    LOOK = "look"
    GO = "go"
    CANNOT = "cannot"
    CAME = "came"
    """They came: we met."""
    MISSED = "missed"
    """They did not come, or nobody was found."""


MINUTES: Final = (10, 20, 30, 60)
"""In how many they may say that they are there."""
_ENDS: Final = {
    Act.CANNOT: DispatchEvent.DECLINE,
    Act.CAME: DispatchEvent.ARRIVE,
    Act.MISSED: DispatchEvent.MISS,
}


def respond(code: str, act: str, minutes: int, now: datetime) -> str:
    """What the page shows next: `asked`, `going`, or `done` once the code is used up.

    Raises `AccessError`, `ThrottledError`, `WireError`.
    """
    take_a_try()
    if act not in set(Act) or (act == Act.GO) != (minutes in MINUTES):
        raise WireError("no such act, or no such time")
    with transaction.atomic():
        one = _find(code, now)
        shown = _do(one, Act(act), minutes, now)
        if one.session_id is not None and act != Act.LOOK:
            relay.announce_after_commit(one.session_id)
    return shown


def _do(one: Dispatch, act: Act, minutes: int, now: datetime) -> str:
    if act is Act.LOOK:
        return "going" if one.state == DispatchState.ACCEPTED else "asked"
    if act is Act.GO:
        if one.state == DispatchState.CALLED:  # said again, it is said already
            moving.move(one, DispatchEvent.ACCEPT, role=Role.RESPONDER, now=now, minutes=minutes)
        return "going"
    moving.move(one, _ENDS[act], role=Role.RESPONDER, now=now)
    return "done"


def _find(code: str, now: datetime) -> Dispatch:
    held = Dispatch.objects.select_for_update().filter(
        code_hash=hash_code(read_code(code)),
        state__in=[state.value for state in ON_THE_WAY],
        whom=Whom.RESPONDER.value,
        until__gt=now,
    )
    one = held.first()
    if one is None:
        raise AccessError("no such code")
    return one

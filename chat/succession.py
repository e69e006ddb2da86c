"""The next person sits down where somebody sits: in the transaction that stores their fresh group.

Before it whoever had the talk has it; after it the next one does, and the phone's Welcome lies in the
log. There is no instant between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat import mls, sessions, store
from chat.models import CounselSession, Envelope, Seat
from chat.store import Draft
from counsel.errors import ConflictError, CounselError
from counsel.lifecycle import Event, Role
from counsel.models import Staff


@dataclass(frozen=True, slots=True)
class Opening:
    """The fresh group, as in `wire.OpenGroup`."""

    client_id: bytes
    group_id: bytes
    welcome: bytes
    statement: bytes


def succeed(session_id: int, staff: Staff, opening: Opening, now: datetime) -> None:
    """This talk is theirs from now on, in their group. A supervisor's visit ends with the old one.

    Raises `SealedError` for what is no Welcome, `ConflictError` for the group there is, and what
    `sessions.advance` and the log refuse with.
    """
    mls.check_welcome(opening.welcome)
    with transaction.atomic():
        same = CounselSession.objects.filter(pk=session_id, group_id=opening.group_id)
        if same.exists():
            raise ConflictError("a fresh group has a fresh id")
        sessions.advance(session_id, Event.HAND, role=Role(staff.role), staff_id=staff.pk, now=now)
        seat = Seat.objects.get(session=session_id, staff=staff, ended_at=None)
        draft = Draft(
            session_id, seat.pk, Envelope.WELCOME, opening.client_id, opening.welcome,
            opening.group_id, statement=opening.statement,
        )  # fmt: skip
        (verdict,) = store.append([draft]).verdicts
        if isinstance(verdict, CounselError):
            raise verdict

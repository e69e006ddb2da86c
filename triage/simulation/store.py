"""The same site in a real database: the queue's own tables, its own statement, real transactions.

For a database of its own, made for this and thrown away: `manage.py simulate` sees to that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from chat import sessions
from chat.access import seat_for_seeker
from chat.models import CounselSession
from counsel.identity import TokenHash
from counsel.lifecycle import Event, Role, State
from counsel.models import Staff, home
from triage.escalation import acting
from triage.escalation.raising import find_open
from triage.queue.chooser import Room
from triage.queue.claim import claim
from triage.queue.heads import NOBODY_IN_PARTICULAR
from triage.queue.tiers import Asked
from triage.queue.wire import Request, write_request
from triage.simulation.site import MIDNIGHT

_ROLES: Final = {Room.ANYBODY: Role.COUNSELLOR, Room.REDS: Role.SUPERVISOR}


class Database:
    """A site with tables. One of the staff is enough: whose hands are free, the day knows."""

    def __init__(self) -> None:
        self._staff = {
            role: Staff.objects.create(
                organisation=home(),
                sign_in_name=f"simulated-{role.value}",
                working_name=role.value,
                role=role.value,
                person=f"simulated-{role.value}"[:22],
            ).pk
            for role in (Role.COUNSELLOR, Role.SUPERVISOR)
        }
        self._second = Staff.objects.create(
            organisation=home(),
            sign_in_name="simulated-second",
            working_name="second",
            role=Role.SUPERVISOR.value,
            person="simulated-second",
        )
        """Holds nobody, and ends what stands open when a talk with somebody in danger does."""
        self._keys: dict[int, int] = {}
        self._numbers: dict[int, int] = {}

    def admit(self, number: int, shown: int, at: float) -> None:
        seat = sessions.start_session(
            TokenHash(_token(number)),
            request=_request(Asked.BEGIN, shown),
            key_packages=(),
            last_resort=b"",
            now=_instant(at),
        )
        self._keys[number], self._numbers[seat.session_id] = seat.session_id, number

    def worse(self, number: int, counted: int, at: float) -> None:
        seat = seat_for_seeker(TokenHash(_token(number)))
        sessions.ask_queue(seat, _request(Asked.WORSE, counted), _instant(at))

    def end(self, number: int, role: Role, at: float) -> None:
        by = self._staff.get(role)
        if role is Role.COUNSELLOR:
            self._settle(self._keys[number], _instant(at))
        sessions.advance(self._keys[number], Event.END, role=role, staff_id=by, now=_instant(at))

    def _settle(self, session_id: int, now: datetime) -> None:
        """Staff end no talk of somebody in danger before a person has said how that ended."""
        if find_open(session_id) is None:
            return
        code = CounselSession.objects.values_list("case_code", flat=True).get(pk=session_id)
        acting.close(
            self._second,
            case_code=code,
            outcome=acting.Outcome.TESTED,
            unassessed=acting.Unassessed.NO_DANGER,
            now=now,
        )

    def give_back(self, number: int, at: float) -> None:
        sessions.advance(
            self._keys[number],
            Event.RETURN,
            role=Role.CLOCK,
            now=_instant(at),
            silent_after=timedelta(),
        )

    def reach(self, room: Room, at: float) -> int | None:
        now, role = _instant(at), _ROLES[room]
        with transaction.atomic():
            claimed = claim(NOBODY_IN_PARTICULAR, now, room, skip_locked=False)
            if claimed is None:
                return None
            session_id, _ = claimed
            sessions.advance(
                session_id,
                Event.TAKE,
                role=role,
                staff_id=self._staff[role],
                now=now,
                seen=State.WAITING,
                claimed=True,
            )
        return self._numbers[session_id]


def _request(event: Asked, tier: int) -> bytes:
    return write_request(Request(event=event, tier=tier, language="zh"))


def _token(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _instant(at: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=at)

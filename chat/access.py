"""The one door to a session: whoever comes through it holds a `Seat`.

Absent, ended and forbidden are the same refusal. A seat is looked up from something only its
holder has: the hash of a seeker's token, or a signed-in staff member and a reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from chat import models
from counsel.audit.kinds import Kind
from counsel.audit.trail import record_case
from counsel.errors import AccessError
from counsel.identity import CaseCode, SessionRef, TokenHash
from counsel.lifecycle import Role
from counsel.models import Staff
from counsel.rights import RIGHTS, Right

_TALKING = tuple(role.value for role in RIGHTS[Right.TALK])


@dataclass(frozen=True, slots=True)
class Seat:
    """A right to be in one session, with what never changes about it. Ids are our own row ids."""

    id: int
    session_id: int
    role: Role
    staff_id: int | None
    ref: SessionRef
    case_code: CaseCode
    since: int = 0
    """The log before this place is not theirs; at it lies what let them in."""
    welcome: bytes = b""
    statement: bytes = b""


_FIELDS = (
    "id",
    "session_id",
    "role",
    "staff_id",
    "session__ref",
    "session__case_code",
    "since",
    "welcome",
    "statement",
)


def seat_for_seeker(token_hash: TokenHash) -> Seat:
    """The seeker's own seat. Raises `AccessError`."""
    return _the_seat(session__token_hash=token_hash, role=Role.SEEKER.value)


def seat_for_staff(staff_id: int, ref: SessionRef) -> Seat:
    """The open seat of a staff member in the session of this reference. Raises `AccessError`.

    Also for who has a seat from before and another role since: a seat gives no right a role takes.
    """
    return _the_seat(
        session__ref=ref, staff_id=staff_id, staff__is_active=True, staff__role__in=_TALKING
    )


def look_in(staff_id: int, ref: SessionRef, now: datetime) -> Seat:
    """The same, and the trail says so before anything is shown: once for each of them, talk and day,
    however often a line is cut and mended.
    """
    with transaction.atomic():
        seat = seat_for_staff(staff_id, ref)
        models.CounselSession.objects.select_for_update(no_key=True).filter(
            pk=seat.session_id
        ).first()
        check_open(seat)  # asked again, now that nobody erases it under us
        by = Staff.objects.get(pk=staff_id)
        record_case(Kind.CASE_OPENED, by=by, case_code=seat.case_code, now=now)
    _looked_in.add((staff_id, ref, _quarter(now)))
    return seat


def has_looked_in(staff_id: int, ref: SessionRef, now: datetime) -> bool:
    """Whether this process knows that the trail has it already."""
    if len(_looked_in) > _REMEMBERED:
        _looked_in.clear()
    return (staff_id, ref, _quarter(now)) in _looked_in


def _quarter(now: datetime) -> int:
    """Which quarter-hour this is: no day, in any zone, begins in the middle of one."""
    return int(now.timestamp()) // 900


_REMEMBERED: Final = 10_000
_looked_in: Final[set[tuple[int, SessionRef, int]]] = set()


def check_open(seat: Seat) -> None:
    """`AccessError` if the seat has ended. Asked inside a change, with the session's row held."""
    if not models.Seat.objects.filter(pk=seat.id, ended_at=None).exists():
        raise AccessError


def _the_seat(**where: object) -> Seat:
    row = models.Seat.objects.filter(ended_at=None, **where).values_list(*_FIELDS).first()
    if row is None:
        raise AccessError
    seat, session, role, staff, ref, case_code, since, welcome, statement = row
    return Seat(
        seat, session, Role(role), staff, SessionRef(bytes(ref)), CaseCode(case_code), since,
        bytes(welcome), bytes(statement),
    )  # fmt: skip

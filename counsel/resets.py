"""A lost factor comes back by two people: one asks, another agrees, and neither is the one it is about.

So nobody alone, an administrator neither, can make themselves somebody else's password. What the
link then does is in `counsel/enrolment.py`: it ends every login, passkey and code of before.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.colleagues import find
from counsel.enrolment import forget_old, hash_token, lock_for, refuse_too_many
from counsel.errors import AccessError, LostRaceError, NeedsTwoError
from counsel.models import Invitation, Staff
from counsel.rights import Right, may
from counsel.statements import encode


@transaction.atomic
def ask_reset(actor: Staff, person: str, *, now: datetime) -> int:
    """Ask that this person gets fresh factors; somebody else has to agree. The row's number.

    Asked already, it is the same row; agreed to already, that link is void and it begins anew.
    Raises `AccessError`, `NeedsTwoError`; `ThrottledError` when too many links are open.
    """
    lock_for(actor)
    forget_old(now)
    about = find(actor, person)
    _refuse_unless_second(actor, about, now)
    asked = Invitation.objects.filter(kind=Invitation.RESET, staff=about)
    asked.filter(agreed_by__isnull=False).delete()
    if (open_ := asked.first()) is not None:
        return open_.pk
    refuse_too_many(actor.organisation)
    made = Invitation.objects.create(
        kind=Invitation.RESET,
        organisation=about.organisation,
        working_name=about.working_name,
        role=about.role,
        staff=about,
        asked_by=actor,
        expires_at=now + limits.RESET_FOR,
    )
    record(Kind.RESET_ASKED, by=actor, about=about, now=now)
    return made.pk


@transaction.atomic
def agree_reset(actor: Staff, number: int, *, now: datetime) -> str:
    """The token of the link, shown once. It is worth something only from here on.

    Raises `AccessError` when nothing of that number is asked, `NeedsTwoError` when this is not the
    second person or the first one is none any more, `LostRaceError` when somebody was quicker.
    """
    lock_for(actor)
    asked = (
        Invitation.objects.select_related("staff", "asked_by")
        .filter(kind=Invitation.RESET, organisation=actor.organisation, pk=number)
        .filter(expires_at__gt=now, staff__is_active=True)
        .first()
    )
    if asked is None or asked.staff is None:
        raise AccessError("nothing of that number is asked")
    first = asked.asked_by
    if first is None or first.pk == actor.pk:
        raise NeedsTwoError("the same person twice")
    _refuse_unless_second(actor, asked.staff, now)
    _refuse_unless_second(first, asked.staff, now)
    if asked.agreed_by_id is not None:
        raise LostRaceError("somebody has agreed")
    token = secrets.token_bytes(32)
    asked.token_hash, asked.agreed_by = hash_token(token), actor
    asked.expires_at = now + limits.RESET_FOR
    asked.save()
    record(Kind.RESET_AGREED, by=actor, about=asked.staff, now=now)
    return encode(token)


def _refuse_unless_second(staff: Staff, about: Staff, now: datetime) -> None:
    """Whether this one counts as one of the two: somebody else, still here, and no puppet."""
    if staff.pk == about.pk:
        raise NeedsTwoError("about oneself")
    if not staff.is_active or not may(staff.role, Right.RESET):
        raise NeedsTwoError("not any more")
    if now - staff.joined_at < limits.TRUSTED_AFTER:
        raise NeedsTwoError("joined a moment ago")

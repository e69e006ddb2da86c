"""What a supervisor decides about the queue: how urgent somebody is after all, and who carries two."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chat import relay
from chat.models import CounselSession
from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record, record_case
from counsel.errors import AccessError, IllegalTransitionError, OpenDangerError, ValueRefusedError
from counsel.identity import CaseCode
from counsel.lifecycle import Role, State
from counsel.models import Staff, home
from triage.escalation import raising
from triage.queue.rows import HandsOf, Place, TierStep
from triage.queue.tables import TARGETS
from triage.queue.tiers import LOWERS, Now, Tier


def lower(staff: Staff, *, case_code: str, tier: int, reason: str, now: datetime) -> None:
    """Somebody is less urgent than their tier says, and why. Their time of arrival stays.

    Raises `AccessError`, `ValueRefusedError` for a tier or a reason that is none,
    `IllegalTransitionError` where it would not lower, and `OpenDangerError` for a red: two people
    lower that (`triage/escalation/acting.py`).
    """
    if tier not in set(Tier) or reason not in LOWERS:
        raise ValueRefusedError("no such tier or reason")
    if staff.organisation_id != home().pk:  # whoever waits here, waits for ours
        raise AccessError("another organisation's board")
    with transaction.atomic():
        live = CounselSession.objects.exclude(state=State.CLOSED.value)
        # Held, so that it is not erased meanwhile and the trail left with a name for it.
        session = live.select_for_update(no_key=True).filter(case_code=case_code).first()
        if session is None:
            raise AccessError("nobody waits or talks under this code")
        place = Place.objects.select_for_update().get(pk=session.pk)
        if tier <= place.tier:
            raise IllegalTransitionError("that lowers nothing")
        if place.tier == Tier.RED and raising.find_open(session.pk) is not None:
            raise OpenDangerError("a red takes two")
        Place.objects.filter(pk=place.pk).update(
            tier=tier,
            now=Now.NONE,
            human_check=False,
            due_at=now + TARGETS[Tier(tier)],
            breached=False,
        )
        TierStep.objects.create(
            place=place,
            source=place.tier,
            target=tier,
            reason=reason,
            role=Role.SUPERVISOR.value,
            staff=staff,
            at=now,
        )
        record_case(Kind.CASE_LOWERED, by=staff, case_code=CaseCode(case_code), now=now)
        relay.announce_after_commit(session.pk)


@transaction.atomic
def set_cap(by: Staff, *, staff_id: int, talks: int, now: datetime) -> None:
    """How many talks a counsellor may hold at once. Raises `AccessError`, `ValueRefusedError`."""
    if not 1 <= talks <= limits.TALKS_AT_MOST:
        raise ValueRefusedError("one, or two")
    about = Staff.objects.filter(
        pk=staff_id,
        organisation_id=by.organisation_id,
        role=Role.COUNSELLOR.value,
        is_active=True,
    ).first()
    if about is None:
        raise AccessError("no such counsellor")
    HandsOf.objects.update_or_create(staff=about, defaults={"cap": talks})
    record(Kind.CAP_CHANGED, by=by, about=about, thing=str(talks), now=now)

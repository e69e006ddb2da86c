"""How a follow-up begins and goes: with a talk that was red or orange, or that somebody agreed in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from chat.models import CounselSession, Seat
from chat.neighbours import Move
from counsel.dispatches import DispatchEvent
from counsel.errors import AccessError, ValueRefusedError
from counsel.followups import OPEN, FollowUpEvent, FollowUpState
from counsel.lifecycle import Role, State
from counsel.models import Staff
from triage.dispatch.rows import DispatchStep
from triage.escalation.rows import Escalation
from triage.escalation.timers import Kind as Danger
from triage.followup.moving import begin
from triage.followup.moving import move as change
from triage.followup.rows import FollowUp
from triage.followup.steps import MOST_DAYS, Kind, due_on, today
from triage.queue.rows import Place
from triage.queue.tiers import Tier

_MISTAKES: Final = ("mistake", "tested")
_OPEN: Final = [state.value for state in OPEN]


@transaction.atomic
def agree(
    staff: Staff, case_code: str, *, wanted: bool, days: int, now: datetime
) -> FollowUp | None:
    """The person in one's own talk was asked, and wants it or not. None: nothing to keep of a no.

    `days`: where the talk was neither red nor orange, the day they agreed to, from today on. Raises
    `AccessError`, `IllegalTransitionError`, `LostRaceError`, `ValueRefusedError`.
    """
    session = _own(staff, case_code)
    found = FollowUp.objects.filter(session=session).first()
    kind = urgency(session.pk) or Kind.AGREED
    if kind is not Kind.AGREED:
        days = 0
    elif wanted and not 1 <= days <= MOST_DAYS:
        raise ValueRefusedError("no day they could have agreed to")
    elif not wanted and found is None:
        return None
    one = found or begin(session, kind, owner=staff, day=today(now), days=days)
    facts = {"days": days, "kind": kind.value, "began_on": today(now)} if wanted else {}
    event = FollowUpEvent.AGREE if wanted else FollowUpEvent.REFUSE
    change(one, event, role=Role(staff.role), day=today(now), staff=staff, **facts)
    return one


def end(move: Move) -> None:
    """A talk is over: whoever was red or orange in it is looked in on, from this day on."""
    kind = urgency(move.session_id)
    one = FollowUp.objects.filter(session=move.session_id).first()
    if one is None and kind is not None:
        session = CounselSession.objects.get(pk=move.session_id)
        begin(session, kind, owner=_owner(move.session_id), day=today(move.now))
    elif one is not None and one.state in _OPEN:
        one.kind = (kind or Kind(one.kind)).value
        _count_from(one, move.now)


def erase(move: Move) -> None:
    """By the seeker: nothing of it stays. By the clock: the talk's name stays only where they agreed.

    Told while the session's rows still stand.
    """
    kind = urgency(move.session_id)
    one = FollowUp.objects.filter(session=move.session_id).first()
    if move.role is Role.SEEKER:
        FollowUp.objects.filter(session=move.session_id).delete()
        return
    if one is None and kind is not None:
        session = CounselSession.objects.get(pk=move.session_id)
        one = begin(session, kind, owner=_owner(move.session_id), day=today(move.now))
    if one is not None:
        agreed = one.state == FollowUpState.AGREED
        kept = {} if agreed else {"case_code": ""}
        FollowUp.objects.filter(pk=one.pk).update(session=None, **kept)


def urgency(session_id: int) -> Kind | None:
    """How grave a talk was, whatever it came down to; what was pressed by mistake does not count.

    Where help was called nobody need have said that it was grave.
    """
    real = Escalation.objects.filter(session=session_id).exclude(outcome__in=_MISTAKES)
    kinds = set(real.values_list("kind", flat=True))
    tier = Place.objects.filter(session=session_id).values_list("tier", flat=True).first()
    mistaken = Escalation.objects.filter(session=session_id, outcome__in=_MISTAKES).exists()
    if kinds & {Danger.NOW.value, Danger.RECENT.value} or (tier == Tier.RED and not mistaken):
        return Kind.RED
    called = DispatchStep.objects.filter(dispatch__session=session_id, event=DispatchEvent.CALL)
    grave = kinds or tier in (Tier.RED, Tier.ORANGE) or called.exists()
    return Kind.ORANGE if grave else None


def _own(staff: Staff, case_code: str) -> CounselSession:
    """A talk this person has, under way. Raises `AccessError`."""
    seats = Seat.objects.filter(staff=staff, ended_at=None, role=Role.COUNSELLOR.value)
    going_on = CounselSession.objects.select_for_update(no_key=True)  # it does not end meanwhile
    found = going_on.filter(
        case_code=case_code, state=State.ACTIVE.value, pk__in=seats.values("session")
    ).first()
    if found is None:
        raise AccessError("no talk of theirs")
    return found


def _owner(session_id: int) -> Staff | None:
    """Whoever had the talk last, else whoever answered the page for it."""
    seats = Seat.objects.filter(session=session_id, role=Role.COUNSELLOR.value)
    last = seats.exclude(staff=None).select_related("staff").order_by("-pk").first()
    if last is not None:
        return last.staff
    answered = Escalation.objects.filter(session=session_id).exclude(acting=None)
    one = answered.select_related("acting").order_by("-pk").first()
    return one.acting if one is not None else None


def _count_from(one: FollowUp, now: datetime) -> None:
    day = today(now)
    due = due_on(Kind(one.kind), 0, day, one.days) if one.kind != Kind.AGREED else one.due_on
    began = one.began_on if one.kind == Kind.AGREED else day
    FollowUp.objects.filter(pk=one.pk, step=0).update(kind=one.kind, began_on=began, due_on=due)

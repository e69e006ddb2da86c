"""What staff do about somebody in danger. Each is one step, by one person, under their name, and one
entry of the trail in the same transaction, with the day alone.

Absent, ended and not theirs is one refusal. Who talks with them asks about the risk and proposes; who
supervises answers, acts and ends; less urgent takes two people, one of them a supervisor.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from chat import relay
from chat.models import CounselSession, Seat
from counsel.audit import kinds
from counsel.audit.trail import record_case
from counsel.errors import AccessError, NeedsTwoError, OpenDangerError, ValueRefusedError
from counsel.identity import CaseCode
from counsel.lifecycle import DangerEvent, DangerState, Role, State
from counsel.models import Staff, home
from triage.escalation import debriefs, raising, steps
from triage.escalation.rows import Escalation
from triage.escalation.timers import Kind
from triage.queue import entry
from triage.queue.tiers import LOWERS, Reason, Tier


class Act(StrEnum):
    """The first thing a supervisor does."""

    ADVISED = "advised"
    """Spoke with whoever talks with them."""
    JOINED = "joined"
    """Went into the talk."""
    CALLED = "called"
    """Called 120 or 110, with what the person in danger agreed to."""
    WATCHES = "watches"
    """Knows of it; whoever talks with them goes on."""


class Outcome(StrEnum):
    """How it ended, as a person says it. Being given a number is none."""

    SAFE = "safe"
    """They say themselves that they are safe, and somebody asked."""
    ACCOMPANIED = "accompanied"
    """Somebody is with them."""
    RESCUED = "rescued"
    """The emergency service is there."""
    CARED = "cared"
    """They are in a clinic, or with whoever looks after them."""
    LEFT = "left"
    """They are gone, and nobody knows."""
    MISTAKE = "mistake"
    TESTED = "tested"


class Unassessed(StrEnum):
    """Why nobody asked about the risk."""

    GONE = "gone"
    """They left before anybody could."""
    REFUSED = "refused"
    """They did not want to be asked."""
    RESCUE = "rescue"
    """Getting help came first."""
    NO_DANGER = "no-danger"
    """A mistake, or somebody trying it out."""


RAISED_FOR: Final = frozenset({raising.JUDGED, raising.CUE})
_SETTLED: Final = frozenset({DangerState.LOWERED, DangerState.LOST, DangerState.CHECK})
"""Where one person may end a red: two have spoken already, or nobody is there to speak with."""


def raise_(staff: Staff, *, case_code: str, kind: str, reason: str, now: datetime) -> None:
    """It is worse than the queue says, or is danger again. Said again it is done already, and no act.

    Raises `AccessError`, `ValueRefusedError`.
    """
    if kind not in set(Kind) or reason not in RAISED_FOR:
        raise ValueRefusedError("no such danger or reason")
    with transaction.atomic():
        session = _hold_session(staff, case_code)
        if session.state == State.CLOSED:  # nobody could come, and its instants say the day only
            raise AccessError("over")
        worse = entry.raise_by_staff(session.pk, Kind(kind), staff=staff, reason=reason, now=now)
        if worse:
            _record(kinds.Kind.DANGER_RAISED, staff, session, now)
        relay.announce_after_commit(session.pk)


def acknowledge(staff: Staff, *, case_code: str, now: datetime) -> None:
    """I act, within two minutes. While nobody is with them anybody may say so."""

    def say(one: Escalation) -> None:
        steps.advance(
            one, DangerEvent.ACKNOWLEDGE, role=Role(staff.role), staff=staff, now=now, acting=staff
        )

    _do(kinds.Kind.DANGER_ANSWERED, staff, case_code, say, now, anybody=True)


def act(staff: Staff, *, case_code: str, what: str, now: datetime) -> None:
    """The first thing a supervisor did. Raises `ValueRefusedError`."""
    if what not in set(Act):
        raise ValueRefusedError("no such act")

    def say(one: Escalation) -> None:
        assessed, by = one.assessed_at, one.assessed_by
        steps.advance(
            one, DangerEvent.ACT, role=Role(staff.role), staff=staff, reason=what, now=now
        )
        if assessed is not None and by is not None:  # they had asked before anybody supervised
            steps.advance(one, DangerEvent.ASSESS, role=Role(by.role), staff=by, now=now)

    _do(kinds.Kind.DANGER_ACTED, staff, case_code, say, now)


def assess(staff: Staff, *, case_code: str, now: datetime) -> None:
    """The risk was asked about. What was answered is sealed and not here."""

    def say(one: Escalation) -> None:
        steps.advance(
            one, DangerEvent.ASSESS, role=Role(staff.role), staff=staff, now=now,
            assessed_at=now, assessed_by=staff,
        )  # fmt: skip

    _do(kinds.Kind.DANGER_ASSESSED, staff, case_code, say, now)


def propose(staff: Staff, *, case_code: str, tier: int, reason: str, now: datetime) -> None:
    """They are less urgent by now, and why: a second person says whether. Raises `ValueRefusedError`."""
    if tier not in set(Tier) or tier == Tier.RED or reason not in LOWERS:
        raise ValueRefusedError("no such tier or reason")

    def say(one: Escalation) -> None:
        steps.advance(
            one, DangerEvent.PROPOSE, role=Role(staff.role), staff=staff, reason=reason, now=now,
            proposed_by=staff, proposed_tier=tier, proposed_reason=reason,
        )  # fmt: skip

    _do(kinds.Kind.DANGER_PROPOSED, staff, case_code, say, now)


def confirm(staff: Staff, *, case_code: str, now: datetime) -> None:
    """The second person: the tier is lowered. Raises `NeedsTwoError`."""

    def say(one: Escalation) -> None:
        _check_second(staff, one)
        tier, reason = Tier(one.proposed_tier), Reason(one.proposed_reason)
        steps.advance(
            one, DangerEvent.CONFIRM, role=Role(staff.role), staff=staff, reason=reason.value,
            now=now,
        )  # fmt: skip
        if one.session_id is not None:
            entry.lower_by_two(one.session_id, tier, reason=reason, staff=staff, now=now)

    _do(kinds.Kind.DANGER_CONFIRMED, staff, case_code, say, now)


def decline(staff: Staff, *, case_code: str, now: datetime) -> None:
    """The second person does not think so. Raises `NeedsTwoError`."""

    def say(one: Escalation) -> None:
        _check_second(staff, one)
        steps.advance(one, DangerEvent.DECLINE, role=Role(staff.role), staff=staff, now=now)

    _do(kinds.Kind.DANGER_DECLINED, staff, case_code, say, now)


def close(
    staff: Staff, *, case_code: str, outcome: str, unassessed: str = "", now: datetime
) -> None:
    """A person ends it, with an outcome; and with why, where nobody asked about the risk.

    Raises `ValueRefusedError`, `OpenDangerError` where a red takes a second person first.
    """
    if outcome not in set(Outcome) or unassessed not in {"", *Unassessed}:
        raise ValueRefusedError("no such outcome or reason")

    def say(one: Escalation) -> None:
        if one.assessed_at is None and unassessed == "":
            raise ValueRefusedError("nobody asked, and nobody says why")
        if one.kind != Kind.ORANGE and DangerState(one.state) not in _SETTLED:
            _check_may_end(staff, one)
        steps.advance(
            one, DangerEvent.CLOSE, role=Role(staff.role), staff=staff, reason=outcome, now=now,
            outcome=outcome, unassessed="" if one.assessed_at is not None else unassessed,
        )  # fmt: skip
        debriefs.book(one)
        over = CounselSession.objects.filter(escalations=one, state=State.CLOSED.value)
        if over.exists():
            steps.coarsen(one, now)
            debriefs.begin(one.session_id, now)

    _do(kinds.Kind.DANGER_SETTLED, staff, case_code, say, now)


def _do(
    kind: kinds.Kind,
    staff: Staff,
    case_code: str,
    say: Callable[[Escalation], None],
    now: datetime,
    *,
    anybody: bool = False,
) -> None:
    with transaction.atomic():
        session = _hold_session(staff, case_code, anybody=anybody)
        one = raising.find_open(session.pk)
        if one is None:
            raise AccessError("nobody is in danger there")
        say(one)
        _record(kind, staff, session, now)


def _record(kind: kinds.Kind, staff: Staff, session: CounselSession, now: datetime) -> None:
    record_case(kind, by=staff, case_code=CaseCode(session.case_code), now=now)


def _hold_session(staff: Staff, case_code: str, *, anybody: bool = False) -> CounselSession:
    """The session of this code, held: any for a supervisor, else a talk of one's own."""
    if staff.organisation_id != home().pk:
        raise AccessError("another organisation's")
    sessions = CounselSession.objects.select_for_update(no_key=True)
    session = sessions.filter(case_code=case_code).first()
    theirs = anybody or staff.role == Role.SUPERVISOR
    if session is None or not (theirs or _holds(staff, session.pk)):
        raise AccessError("nobody there")
    return session


def _holds(staff: Staff, session_id: int | None) -> bool:
    return _held(session_id).filter(staff=staff).exists()


def _held(session_id: int | None) -> QuerySet[Seat]:
    """By whoever has the talk: a supervisor beside them is still the second person."""
    return Seat.objects.filter(session=session_id, role=Role.COUNSELLOR.value, ended_at=None)


def _check_second(staff: Staff, one: Escalation) -> None:
    first = one.proposed_by
    if first is None or first.pk == staff.pk:
        raise NeedsTwoError
    if Role.SUPERVISOR not in {first.role, staff.role}:
        raise NeedsTwoError("one of the two supervises")


def _check_may_end(staff: Staff, one: Escalation) -> None:
    if staff.role != Role.SUPERVISOR or _holds(staff, one.session_id):
        raise OpenDangerError("a second person finds them less urgent first")

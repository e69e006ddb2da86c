"""A supervisor beside a counsellor: asks, is admitted by whoever has the talk, joins, and goes.

What may happen is `lifecycle.VISIT`. The seat begins in the transaction that stores the commit which
lets them in, and ends in the one which stores the commit that takes them out: the log and who sits
where never say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from chat import relay, store
from chat.access import Seat as TakenSeat
from chat.access import check_open
from chat.models import CounselSession, Seat, Visit
from chat.store import Draft
from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record_case
from counsel.errors import (
    AccessError,
    CounselError,
    IllegalTransitionError,
    SealedError,
    StaleEpochError,
)
from counsel.identity import CaseCode, SessionRef
from counsel.lifecycle import VISIT, Role, State, VisitEvent, VisitState
from counsel.models import Staff

_THERE: Final = (VisitState.ADMITTED.value, VisitState.JOINED.value)
_IN_THE_GROUP: Final = (*_THERE, VisitState.LEFT.value)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a supervisor's browser shows the counsellor's; unread here but for the group."""

    group_id: bytes
    epoch: int
    key_package: bytes
    statement: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Admission:
    """What a commit brings along. Without a Welcome it takes the supervisor out."""

    visit: int
    welcome: bytes
    statement: bytes


def ask(staff: Staff, ref: SessionRef, wish: Wish, now: datetime) -> None:
    """This supervisor wants to come in. Asked again, the earlier wish is none any more.

    Raises `AccessError`, `IllegalTransitionError` where nobody talks or they, or another supervisor,
    sit there already, and `StaleEpochError` for a group that is over.
    """
    with transaction.atomic():
        session = _hold(ref=ref)
        if session.state != State.ACTIVE or not session.group_id:
            raise IllegalTransitionError("nobody talks there")
        if bytes(session.group_id) != wish.group_id or wish.epoch > session.epoch:
            raise StaleEpochError
        sits = Seat.objects.filter(session=session, ended_at=None)
        inside = Visit.objects.filter(session=session, state__in=_IN_THE_GROUP)
        if inside.exists() or sits.filter(staff=staff).exists():
            raise IllegalTransitionError("a supervisor is there")
        Visit.objects.filter(session=session, staff=staff, state=VisitState.ASKED.value).delete()
        Visit.objects.create(
            session=session, staff=staff, state=VISIT.first.value, epoch=wish.epoch,
            key_package=wish.key_package, statement=wish.statement, proof=wish.proof, asked_at=now,
        )  # fmt: skip
        _record(Kind.VISIT_ASKED, staff, session, now)
        _tell(session.pk)


def refuse(staff: Staff, visit_id: int, now: datetime) -> None:
    """Whoever has the talk says not now. Raises `AccessError`, `IllegalTransitionError`."""
    with transaction.atomic():
        visit = Visit.objects.filter(pk=visit_id).first()
        if visit is None:
            raise AccessError("nobody asks")
        session = _hold(pk=visit.session_id)
        _check_holds(staff, session)
        _move(visit_id, VisitEvent.REFUSE, Role.COUNSELLOR)
        _record(Kind.VISIT_REFUSED, staff, session, now)
        _tell(session.pk)


def change(seat: TakenSeat, draft: Draft, admission: Admission, now: datetime) -> int:
    """Store the commit, and let its supervisor in or out with it: its place in the log.

    The same again is the same place. Raises what `store.append` refuses with, and `SealedError`,
    storing nothing, for a commit that admits nobody who asks or takes out nobody who is there.
    """
    with transaction.atomic():
        check_open(seat)
        stored = store.append([draft])
        (verdict,) = stored.verdicts
        if isinstance(verdict, CounselError):
            raise verdict
        if stored.rows:
            session = _hold(pk=seat.session_id)
            by = Staff.objects.get(seats=seat.id)
            if admission.welcome:
                _let_in(session, by, admission, verdict, now)
            else:
                _let_out(session, by, now)
            _tell(session.pk)
    return verdict


def join(seat: TakenSeat, now: datetime) -> None:
    """Their browser sits down for the first time."""
    with transaction.atomic():
        session = _hold(pk=seat.session_id)
        check_open(seat)
        visit = Visit.objects.filter(seat=seat.id, state=VisitState.ADMITTED.value).first()
        if visit is not None:
            _move(visit.pk, VisitEvent.JOIN, Role.SUPERVISOR)
            _record(Kind.VISIT_JOINED, visit.staff, session, now)


def leave(staff: Staff, ref: SessionRef, now: datetime) -> None:
    """They go by themselves: the seat ends now. Whoever left already has left.

    Raises `AccessError` for a talk they never came into.
    """
    with transaction.atomic():
        session = _hold(ref=ref)
        came = Visit.objects.filter(session=session, staff=staff).exclude(seat=None)
        visit = came.order_by("-pk").first()
        if visit is None:
            raise AccessError("never there")
        if visit.state in _THERE:
            _end(session, VisitEvent.LEAVE, Role.SUPERVISOR, now)
            _record(Kind.VISIT_LEFT, staff, session, now)
            _tell(session.pk)


def end_with_group(session_id: int, now: datetime) -> None:
    """The group is over, because whoever had the talk is silent: nobody is beside anybody."""
    session = CounselSession.objects.get(pk=session_id)
    if Visit.objects.filter(session=session, state__in=_THERE).exists():
        _end(session, VisitEvent.LEAVE, Role.CLOCK, now)
    Visit.objects.filter(session=session, state=VisitState.LEFT.value).update(
        state=VisitState.GONE.value
    )


def _let_in(
    session: CounselSession, by: Staff, admission: Admission, place: int, now: datetime
) -> None:
    asked = Visit.objects.filter(pk=admission.visit, session=session, state=VisitState.ASKED.value)
    fresh = asked.filter(asked_at__gt=now - 2 * limits.VISIT_ASKED_FOR)  # one may press at the last
    supervises = fresh.filter(staff__is_active=True, staff__role=Role.SUPERVISOR.value)
    visit = supervises.select_related("staff").first()
    if visit is None or Visit.objects.filter(session=session, state__in=_IN_THE_GROUP).exists():
        raise SealedError("nobody asks to come in, or somebody is there")
    sits = Seat.objects.create(
        session=session, role=Role.SUPERVISOR.value, staff=visit.staff, seen_at=now, since=place,
        welcome=admission.welcome, statement=admission.statement,
    )  # fmt: skip
    _move(visit.pk, VisitEvent.ADMIT, Role.COUNSELLOR)
    Visit.objects.filter(pk=visit.pk).update(seat=sits)
    _record(Kind.VISIT_ADMITTED, by, session, now)


def _let_out(session: CounselSession, by: Staff, now: datetime) -> None:
    visit = Visit.objects.filter(session=session, state__in=_IN_THE_GROUP).first()
    if visit is None:
        raise SealedError("nobody is there to go")
    _end(session, VisitEvent.REMOVE, Role.COUNSELLOR, now)
    if visit.state in _THERE:  # who left by themselves was not sent away
        _record(Kind.VISIT_REMOVED, by, session, now)


def _end(session: CounselSession, event: VisitEvent, role: Role, now: datetime) -> None:
    for visit in Visit.objects.filter(session=session, state__in=_IN_THE_GROUP):
        _move(visit.pk, event, role)
    sits = Seat.objects.filter(session=session, role=Role.SUPERVISOR.value, ended_at=None)
    sits.update(ended_at=now)


def _move(visit_id: int, event: VisitEvent, role: Role) -> None:
    """One step of one visit, with its session's row held."""
    state = Visit.objects.values_list("state", flat=True).get(pk=visit_id)
    row = VISIT.row(VisitState(state), event, role)
    Visit.objects.filter(pk=visit_id).update(state=row.target.value)


def _hold(**where: object) -> CounselSession:
    held = CounselSession.objects.select_for_update(no_key=True).filter(**where).first()
    if held is None:
        raise AccessError("nobody there")
    return held


def _check_holds(staff: Staff, session: CounselSession) -> None:
    sits = Seat.objects.filter(session=session, role=Role.COUNSELLOR.value, ended_at=None)
    if not sits.filter(staff=staff).exists():
        raise AccessError("not theirs")


def _tell(session_id: int) -> None:
    CounselSession.objects.filter(pk=session_id).update(news=F("news") + 1)
    relay.announce_after_commit(session_id)


def _record(kind: Kind, by: Staff, session: CounselSession, now: datetime) -> None:
    record_case(kind, by=by, case_code=CaseCode(session.case_code), now=now)

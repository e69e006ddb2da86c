"""What a handover goes through, and nothing else writes it: the row of the table, exactly one row of
the database that still is as it was seen, the trail.

Whoever comes holds their own row first, then the session's, then the handover's, as by everybody who
holds two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from chat import keys, relay, succession
from chat.models import CounselSession, Seat
from chat.neighbours import Move
from counsel.audit.kinds import Kind
from counsel.audit.trail import record_case
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    LostRaceError,
    NobodyFreeError,
)
from counsel.handovers import HANDOVER, OPEN_HANDOVER, HandoverEvent, HandoverState
from counsel.identity import CaseCode, SessionRef
from counsel.lifecycle import Role, State
from counsel.models import Staff
from triage.escalation import debriefs
from triage.handover.rows import Handover
from triage.handover.timers import WITHIN
from triage.matching import hold_hands
from triage.queue import duty
from triage.queue.duty import Present
from triage.queue.hands import Free, refuse_unless_free
from triage.queue.rest import rest_after_red
from triage.queue.rows import Place
from triage.queue.wire import IN_PLANTS

_OPEN: Final = [state.value for state in OPEN_HANDOVER]
_KINDS: Final = {
    HandoverEvent.ACCEPT: Kind.HANDOVER_ACCEPTED,
    HandoverEvent.DECLINE: Kind.HANDOVER_DECLINED,
    HandoverEvent.LET_GO: Kind.HANDOVER_LET_GO,
    HandoverEvent.KEEP: Kind.HANDOVER_KEPT,
}


@dataclass(frozen=True, slots=True)
class Papers:
    """What the browser of whoever comes shows; unread here."""

    identity: bytes
    statement: bytes
    proof: bytes


def who_could(staff: Staff, ref: SessionRef, now: datetime) -> list[Present]:
    """Colleagues with free hands who may meet this seeker. Raises `AccessError`."""
    session = CounselSession.objects.filter(ref=bytes(ref)).first()
    if session is None:
        raise AccessError("nobody there")
    _check_holds(staff, session)
    place = Place.objects.get(pk=session.pk)
    plants = not place.exclusions & IN_PLANTS
    asked = set(Handover.objects.filter(state__in=_OPEN).values_list("follows", flat=True))
    return [
        one
        for one in duty.read_present()
        if one.carrying.role is Role.COUNSELLOR
        and one.staff_id not in {staff.pk, *asked}
        and not one.offered
        and one.free(now) is Free.FREE
        and one.asker.where.may_meet(place.region, place.industry, plants=plants)
    ]


def ask(staff: Staff, ref: SessionRef, follows: int, now: datetime) -> None:
    """Somebody is asked to go on with this talk; 0: whoever is next.

    Raises `AccessError`, `NobodyFreeError`, `IllegalTransitionError` where nobody talks or somebody
    is asked already, and `LostRaceError` for who is not free any more.
    """
    with transaction.atomic():
        session = _hold(ref=bytes(ref))
        _check_holds(staff, session)
        if session.state != State.ACTIVE or not session.group_id:
            raise IllegalTransitionError("nobody talks there")
        if Handover.objects.filter(session=session, state__in=_OPEN).exists():
            raise IllegalTransitionError("somebody is asked already")
        could = who_could(staff, ref, now)
        if not could:
            raise NobodyFreeError
        chosen = [one.staff_id for one in could if follows in {0, one.staff_id}]
        if not chosen:
            raise LostRaceError("not free any more")
        Handover.objects.filter(session=session).delete()  # what became of an earlier try
        first = HANDOVER.first
        try:
            with transaction.atomic():
                Handover.objects.create(
                    session=session, leaves=staff, follows_id=chosen[0], state=first.value,
                    due_at=now + WITHIN[first],
                )  # fmt: skip
        except IntegrityError:
            raise LostRaceError("somebody else was first to ask them") from None
        _done(Kind.HANDOVER_ASKED, staff, session, now)


def accept(staff: Staff, handover_id: int, papers: Papers, now: datetime) -> None:
    """They come. From now on their hands are not free. Raises as `hands.REFUSALS` says, too."""
    with transaction.atomic():
        held = hold_hands(staff.pk)
        one = _of(handover_id, follows=held)
        if one.state == HandoverState.ASKED:
            refuse_unless_free(duty.read_own(held, now).carrying, now)
        _move(
            one, HandoverEvent.ACCEPT, held, now, identity=papers.identity,
            statement=papers.statement, proof=papers.proof,
        )  # fmt: skip


def decline(staff: Staff, handover_id: int, now: datetime) -> None:
    """Not them. Whoever has the talk goes on having it; nothing is counted against anybody."""
    with transaction.atomic():
        _move(_of(handover_id, follows=staff), HandoverEvent.DECLINE, staff, now)


def keep(staff: Staff, handover_id: int, now: datetime) -> None:
    """Whoever has the talk keeps it after all."""
    with transaction.atomic():
        _move(_of(handover_id, leaves=staff), HandoverEvent.KEEP, staff, now)


def let_go(staff: Staff, handover_id: int, now: datetime) -> None:
    """Whoever has the talk says that the next one may open their group."""
    with transaction.atomic():
        _move(_of(handover_id, leaves=staff), HandoverEvent.LET_GO, staff, now)


def claim_key(staff: Staff, handover_id: int) -> tuple[int, bytes]:
    """How many groups the talk has had, and a key package of the phone, given to nobody else.

    Raises `AccessError`, `IllegalTransitionError` before it is let go of, and `NoKeyLeftError`.
    """
    with transaction.atomic():
        one = _of(handover_id, follows=staff)
        HANDOVER.row(HandoverState(one.state), HandoverEvent.OPEN, Role(staff.role))
        return one.session.group, keys.give_key_package(one.session_id)


def open_after(
    staff: Staff, handover_id: int, opening: succession.Opening, now: datetime
) -> SessionRef:
    """Their group stands, and with it the talk is theirs: its reference. Said again it is done.

    Raises what `succession.succeed` does.
    """
    with transaction.atomic():
        held = hold_hands(staff.pk)
        one = _of(handover_id, follows=held)
        if one.state != HandoverState.DONE:
            red = rest_after_red(one.session_id, one.leaves_id, now)
            _move(one, HandoverEvent.OPEN, held, now)
            succession.succeed(one.session_id, held, opening, now)
            if red:
                debriefs.begin_early(one.session_id, one.leaves, now)
        return SessionRef(bytes(one.session.ref))


def end(move: Move) -> None:
    """The talk ends or returns to the queue: nobody comes after anybody there any more. One that is
    erased takes its rows along."""
    for one in Handover.objects.select_for_update().filter(session=move.session_id):
        if one.state in _OPEN:
            HANDOVER.row(HandoverState(one.state), HandoverEvent.END, move.role)
        one.delete()


def tick(now: datetime) -> None:
    """What nobody answered in time lapses. However many clocks, once.

    The session is held first, as by everybody who moves a handover: none waits for the other for ever.
    """
    due = Handover.objects.filter(state__in=_OPEN, due_at__lte=now)
    for one in list(due):
        with transaction.atomic():
            CounselSession.objects.select_for_update(no_key=True).filter(pk=one.session_id).first()
            row = HANDOVER.row(HandoverState(one.state), HandoverEvent.LAPSE, Role.CLOCK)
            still = due.filter(pk=one.pk, state=one.state)
            if still.update(state=row.target.value, due_at=now) == 1:
                _tell(one.session_id)


def _of(handover_id: int, **whose: Staff) -> Handover:
    """This handover, with its session held. Raises `AccessError` for what is not theirs."""
    found = Handover.objects.filter(pk=handover_id, **whose).first()
    if found is None:
        raise AccessError("nobody asks")
    session = _hold(pk=found.session_id)
    held = Handover.objects.select_for_update().filter(pk=handover_id).first()
    if held is None:
        raise AccessError("nobody asks any more")
    if held.state in _OPEN:
        _check_holds(held.leaves, session)
    held.session = session
    return held


def _move(one: Handover, event: HandoverEvent, staff: Staff, now: datetime, **more: bytes) -> None:
    """One step, by this person; what it becomes has its own time."""
    row = HANDOVER.row(HandoverState(one.state), event, Role(staff.role))
    if one.due_at <= now:
        raise LostRaceError("its time is over")
    due = now + WITHIN[row.target] if row.target in WITHIN else now
    still = Handover.objects.filter(pk=one.pk, state=one.state)
    if still.update(state=row.target.value, due_at=due, **more) != 1:
        raise LostRaceError
    kind = _KINDS.get(event)
    if kind is not None:  # that it was opened, chat has recorded
        _done(kind, staff, one.session, now)


def _hold(**where: object) -> CounselSession:
    held = CounselSession.objects.select_for_update(no_key=True).filter(**where).first()
    if held is None:
        raise AccessError("nobody there")
    return held


def _check_holds(staff: Staff, session: CounselSession) -> None:
    sits = Seat.objects.filter(session=session, role=Role.COUNSELLOR.value, ended_at=None)
    if not sits.filter(staff=staff).exists():
        raise AccessError("not theirs")


def _done(kind: Kind, by: Staff, session: CounselSession, now: datetime) -> None:
    record_case(kind, by=by, case_code=CaseCode(session.case_code), now=now)
    _tell(session.pk)


def _tell(session_id: int) -> None:
    CounselSession.objects.filter(pk=session_id).update(news=F("news") + 1)
    relay.announce_after_commit(session_id)

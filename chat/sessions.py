"""A session's state, from the first tap to the last row. Nothing else writes it.

Every change is the same five lines: look the row up in the table, change exactly one session that
still is as we saw it, write the step, and ring the bell once it is committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.db import transaction
from django.db.models import F

from chat import access, keys, relay, shredding, visits
from chat.models import CounselSession, Envelope, Seat, Step, Visit
from chat.neighbours import NEIGHBOURS, Move
from chat.throttle import start_bucket
from counsel import identity
from counsel.audit.kinds import Kind
from counsel.audit.trail import record_case
from counsel.errors import AccessError, IllegalTransitionError, LostRaceError
from counsel.identity import TokenHash
from counsel.lifecycle import SESSION, Event, Role, State, Transition
from counsel.models import Staff

_starts: Final = cache(start_bucket)
_LOOKS: Final = 3
"""How often somebody who wants the talk over looks again before giving up."""


def start_session(
    token_hash: TokenHash,
    *,
    request: bytes,
    key_packages: Sequence[bytes],
    last_resort: bytes,
    now: datetime,
) -> access.Seat:
    """The seat of a new session; with a token that has one already, that seat and no change.

    Raises `ClosedDoorError`, and `WireError` for a request the queue cannot read.
    """
    with transaction.atomic():
        try:
            return access.seat_for_seeker(token_hash)
        except AccessError:
            NEIGHBOURS.ask_door(now)
            _starts().take()
        session = CounselSession.objects.create(
            ref=identity.draw_ref(),
            token_hash=token_hash,
            case_code=_draw_free_case_code(),
            state=SESSION.first.value,
        )
        Seat.objects.create(session=session, role=Role.SEEKER.value, seen_at=now)
        seat = access.seat_for_seeker(token_hash)
        keys.put_key_packages(seat, key_packages, last_resort)
        NEIGHBOURS.admit(session.pk, request, now)
        return seat


def ask_queue(seat: access.Seat, request: bytes, now: datetime) -> None:
    """Something else is asked of the queue by whoever waits or talks.

    Raises `AccessError`, `WireError`, and `IllegalTransitionError` once the talk is over.
    """
    with transaction.atomic():
        live = CounselSession.objects.exclude(state=State.CLOSED.value)
        if not live.filter(pk=seat.session_id).update(news=F("news") + 1):
            raise IllegalTransitionError("nobody waits or talks there")
        access.check_open(seat)
        NEIGHBOURS.asked(seat.session_id, request, now)
        relay.announce_after_commit(seat.session_id)


def show_words(seat: access.Seat, seq: int, now: datetime) -> None:
    """The seeker's phone has shown words of whoever has the talk now, up to this place of the log.

    Nothing comes of it where there are none, or only of somebody who was there before.
    """
    with transaction.atomic():
        held = CounselSession.objects.select_for_update(no_key=True).filter(pk=seat.session_id)
        session = held.exclude(state=State.CLOSED.value).first()
        words = Envelope.objects.filter(
            session=seat.session_id, seq__lte=seq, what=Envelope.WORDS, seat__ended_at=None
        )
        if session is not None and words.exclude(seat=seat.id).filter(group=session.group).exists():
            NEIGHBOURS.shown(seat.session_id, now)


def advance(
    session_id: int,
    event: Event,
    *,
    role: Role,
    staff_id: int | None = None,
    now: datetime,
    silent_after: timedelta | None = None,
    seat: access.Seat | None = None,
    seen: State | None = None,
    claimed: bool = False,
    kind: Kind | None = None,
) -> Transition[State, Event]:
    """Make `event` happen, or raise and change nothing.

    `staff_id` is who takes, comes after somebody, passes, lets go or ends. `silent_after` belongs to
    RETURN: the counsellor must have been silent that long at the moment of the change, or as long as the
    neighbours have patience there. `seat`, where a person with one asks, must be open then. `seen` is the
    state in which the caller has just found it, inside a transaction whose end this is: it is not read
    again, and no refusal leaves anything of that transaction. `claimed` is told to the neighbours: see
    `Move`. `kind` is what the trail calls it, where the event's own word does not say enough.

    Raises `AccessError` when there is no such session, `IllegalTransitionError`, and `LostRaceError` when
    somebody was first.
    """
    with transaction.atomic(savepoint=seen is None):
        row = SESSION.row(seen or _read_state(session_id), event, role)
        _change_one(session_id, row, now)
        if seat is not None:
            access.check_open(seat)
        _change_seats(session_id, event, staff_id, now, silent_after)
        NEIGHBOURS.moved(Move(session_id, row, staff_id, now, role, claimed))
        if event is Event.ERASE:
            shredding.shred(session_id, now)
        else:
            Step.objects.create(
                session_id=session_id,
                source=row.source.value,
                event=event.value,
                target=row.target.value,
                role=role.value,
                staff_id=staff_id,
                at=_day(now) if event is Event.END else now,
            )
            _record(session_id, kind or _KINDS.get(event), staff_id, now)
        relay.announce_after_commit(session_id)
    if event is Event.ERASE:
        shredding.flush_to_disk()
    return row


_KINDS: Final = {
    Event.TAKE: Kind.CASE_TAKEN,
    Event.HAND: Kind.HANDOVER_DONE,
    Event.LAPSE: Kind.CASE_PASSED,  # by the clock it is nobody's act
    Event.LET_GO: Kind.CASE_LET_GO,
    Event.END: Kind.CASE_ENDED,
}


def _record(session_id: int, kind: Kind | None, staff_id: int | None, now: datetime) -> None:
    """What somebody on the staff did to a talk stands in their trail too."""
    if kind is not None and staff_id is not None:
        code = CounselSession.objects.values_list("case_code", flat=True).get(pk=session_id)
        by = Staff.objects.select_related("organisation").get(pk=staff_id)
        record_case(kind, by=by, case_code=identity.CaseCode(code), now=now)


def end_session(seat: access.Seat, now: datetime) -> None:
    """End the talk. Ending it again is done already; losing a race means looking again."""
    for _ in range(_LOOKS):
        if is_in(seat.session_id, State.CLOSED):
            return
        try:
            advance(
                seat.session_id,
                Event.END,
                role=seat.role,
                staff_id=seat.staff_id,
                seat=seat,
                now=now,
            )
            return
        except LostRaceError:
            continue
    raise LostRaceError


def erase_session(session_id: int, *, role: Role, now: datetime) -> None:
    """Erase now. What is erased already is done, whoever did it."""
    for _ in range(_LOOKS):
        try:
            advance(session_id, Event.ERASE, role=role, now=now)
            return
        except AccessError:
            return
        except LostRaceError:
            continue
    raise LostRaceError


def is_in(session_id: int, state: State) -> bool:
    """Whether the session is in this state right now."""
    return CounselSession.objects.filter(pk=session_id, state=state.value).exists()


def _read_state(session_id: int) -> State:
    state = CounselSession.objects.filter(pk=session_id).values_list("state", flat=True).first()
    if state is None:
        raise AccessError
    return State(state)


def _change_one(session_id: int, row: Transition[State, Event], now: datetime) -> None:
    facts: dict[str, object] = {"news": F("news") + 1}
    if row.target is not State.ERASED:  # an erased session has no row to say so
        facts["state"] = row.target.value
    if row.event in {
        Event.TAKE,
        Event.HAND,
    }:  # nobody may write to the group of who was here before
        facts |= {"group_id": b"", "epoch": 0}
    if row.event is Event.END:
        facts["closed_at"] = _day(now)
    still = CounselSession.objects.filter(pk=session_id, state=row.source.value)
    if still.update(**facts) != 1:
        raise LostRaceError


def _change_seats(
    session_id: int,
    event: Event,
    staff_id: int | None,
    now: datetime,
    silent_after: timedelta | None,
) -> None:
    """Who sits there once this has happened, and what the instants of an ended talk still say."""
    match event:
        case Event.TAKE:  # whoever talks sits in the counsellor's seat, whatever else they are
            Seat.objects.create(
                session_id=session_id, role=Role.COUNSELLOR.value, staff_id=staff_id, seen_at=now
            )
        case Event.HAND:
            _give_on(session_id, staff_id, now)
            visits.end_with_group(session_id, now)
        case Event.RETURN:
            _end_silent_seat(session_id, now, silent_after or timedelta())
            visits.end_with_group(session_id, now)
        case Event.LET_GO:
            _end_own_seat(session_id, staff_id, now)
            visits.end_with_group(session_id, now)
        case Event.END:
            _round_to_the_day(session_id, now)
        case Event.OFFER | Event.LAPSE | Event.ERASE:
            pass


def _give_on(session_id: int, staff_id: int | None, now: datetime) -> None:
    """Whoever had the talk goes at the instant in which the next one sits there: never nobody."""
    holder = Seat.objects.filter(
        session_id=session_id, role=Role.COUNSELLOR.value, ended_at=None
    ).exclude(staff=staff_id)
    if holder.update(ended_at=now) != 1:
        raise LostRaceError
    Seat.objects.create(
        session_id=session_id, role=Role.COUNSELLOR.value, staff_id=staff_id, seen_at=now
    )


def _end_silent_seat(session_id: int, now: datetime, silent_after: timedelta) -> None:
    less = NEIGHBOURS.patience([session_id]).get(session_id, silent_after)
    silent = Seat.objects.filter(
        session_id=session_id,
        role=Role.COUNSELLOR.value,
        ended_at=None,
        seen_at__lte=now - min(silent_after, less),
    )
    if silent.update(ended_at=now) != 1:
        raise LostRaceError("somebody spoke after all")


def _end_own_seat(session_id: int, staff_id: int | None, now: datetime) -> None:
    own = Seat.objects.filter(session_id=session_id, role=Role.COUNSELLOR.value, ended_at=None)
    if staff_id is None or own.filter(staff_id=staff_id).update(ended_at=now) != 1:
        raise LostRaceError("somebody else has it by now")


def _round_to_the_day(session_id: int, now: datetime) -> None:
    """What was exact while the talk lived says only the day once it is over."""
    Seat.objects.filter(session_id=session_id).update(seen_at=_day(now))
    Seat.objects.filter(session_id=session_id).exclude(ended_at=None).update(ended_at=_day(now))
    Visit.objects.filter(session_id=session_id).update(asked_at=_day(now))
    Step.objects.filter(session_id=session_id).update(at=_day(now))


def _draw_free_case_code() -> identity.CaseCode:
    while True:
        code = identity.draw_case_code()
        if not CounselSession.objects.filter(case_code=code).exists():
            return code


def _day(now: datetime) -> datetime:
    """What stays of an instant once the talk is over."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)

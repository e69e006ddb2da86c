"""A shift's state, from the plan to the check-out. Nothing else writes it.

Every change is the same: look the row up in the table, change exactly one shift that still is as we
saw it, write the step. Whoever stands, signs up or covers holds their own row meanwhile, so that two
browsers of one person never put them into two places.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    LostRaceError,
    NotClearedError,
    OffDutyError,
    ShiftClashError,
)
from counsel.lifecycle import SHIFT, Role, ShiftEvent, ShiftState
from counsel.models import Staff
from triage import rota
from triage.escalation import paging
from triage.escalation.rows import Debrief
from triage.models import UNDER_WAY, Shift, ShiftStep
from triage.rota import Span
from triage.standing import debrief_until, debriefs_until, held, may_check_in, next_of, under_way

# --- planning -----------------------------------------------------------------------------------


@transaction.atomic
def plan(planner: Staff, *, role: Role, spans: Iterable[Span], places: int) -> list[int]:
    """So many open places in each of these spans; their ids in order."""
    return [
        Shift.objects.create(
            organisation_id=planner.organisation_id,
            role=role.value,
            starts_at=span.starts,
            ends_at=span.ends,
            state=SHIFT.first.value,
        ).pk
        for span in spans
        for _ in range(places)
    ]


@transaction.atomic
def cancel(planner: Staff, shift_id: int, now: datetime) -> None:
    """Nobody stands there. Raises `AccessError`, `IllegalTransitionError` once somebody does."""
    _advance(_find(planner, shift_id), ShiftEvent.CANCEL, by=planner, now=now)


# --- who stands there ---------------------------------------------------------------------------


@transaction.atomic
def sign_up(staff: Staff, shift_id: int, now: datetime) -> Shift:
    """This place is theirs. Raises `LostRaceError` when somebody was first, and what `_claim` does."""
    shift = _claim(staff, shift_id, now)
    if shift.state != ShiftState.OPEN:
        raise LostRaceError(f"it is {shift.state} already")
    return _advance(shift, ShiftEvent.SIGN_UP, by=staff, now=now, staff_id=staff.pk)


@transaction.atomic
def give_back(staff: Staff, shift_id: int, now: datetime) -> Shift:
    """Somebody else may stand there. Raises `AccessError`, `IllegalTransitionError`."""
    return _advance(
        _own(staff, shift_id), ShiftEvent.GIVE_BACK, by=staff, now=now, staff_id=None,
        cover_wanted=False,
    )  # fmt: skip


@transaction.atomic
def ask_cover(staff: Staff, shift_id: int) -> Shift:
    """They stand there unless a colleague does. Raises `AccessError`, `IllegalTransitionError`."""
    shift = _own(staff, shift_id)
    theirs = Shift.objects.filter(pk=shift.pk, staff=staff, state=ShiftState.TAKEN.value)
    if theirs.update(cover_wanted=True) != 1:
        raise IllegalTransitionError(f"no cover while {shift.state}")
    shift.cover_wanted = True
    return shift


@transaction.atomic
def cover(staff: Staff, shift_id: int, now: datetime) -> Shift:
    """They stand there for whoever asked; whoever asked may cover it too, and stays.

    Raises `AccessError` where nobody asked, `LostRaceError`, and what `_claim` does.
    """
    shift = _claim(staff, shift_id, now)
    if not shift.cover_wanted:
        raise AccessError("nobody asked")
    return _advance(
        shift, ShiftEvent.COVER, by=staff, now=now, staff_id=staff.pk, cover_wanted=False
    )


# --- standing there -----------------------------------------------------------------------------


@transaction.atomic
def check_in(staff: Staff, shift_id: int, now: datetime) -> Shift:
    """They are here. 0: for the shift of theirs that is due, or else as a walk-in.

    Who is on already stays on; who is on in the shift before is checked out of it. Raises
    `NotClearedError`, `AccessError`, `IllegalTransitionError` too early or too late, and what
    `rota.walk_in_until` does.
    """
    staff = _hold(staff)
    if staff.role == Role.COUNSELLOR and staff.cleared_at is None:
        raise NotClearedError
    here = under_way(staff)
    if here is not None and (shift_id == here.pk or (shift_id == 0 and now < here.ends_at)):
        return here
    if debriefs_until(staff) > now:
        raise IllegalTransitionError("the quarter-hour is not over")
    shift = _own(staff, shift_id) if shift_id else _due(staff, now)
    if not may_check_in(shift, now) or shift.role != staff.role:
        raise IllegalTransitionError("too early, too late, or another role by now")
    if here is not None:
        if here.starts_at > shift.starts_at:
            raise ShiftClashError
        _advance(here, ShiftEvent.CHECK_OUT, by=staff, now=now, checked_out_at=now)
    shift = _advance(
        shift, ShiftEvent.CHECK_IN, by=staff, now=now, checked_in_at=now, cover_wanted=False
    )
    paging.page_for_test(staff, now, shift=shift)
    return shift


@transaction.atomic
def pause(staff: Staff, now: datetime) -> Shift:
    """No new person for now. Raises `OffDutyError` where nobody is checked in, as all these do."""
    return _advance(_here(staff), ShiftEvent.PAUSE, by=staff, now=now)


@transaction.atomic
def debrief(staff: Staff, now: datetime) -> Shift:
    """A quarter-hour with a supervisor, and no new person meanwhile: the one that was booked, too."""
    shift = _advance(_here(staff), ShiftEvent.DEBRIEF, by=staff, now=now)
    _note_debriefs(staff, now)
    return shift


def begin_debrief(staff: Staff, now: datetime) -> bool:
    """The quarter-hour that was booked for them begins by itself; whether it did.

    Inside the transaction of what ended. Whoever pauses or is gone already begins it themselves.
    """
    shift = under_way(staff)
    if shift is None or shift.state != ShiftState.ON:
        return False
    if not _by_the_clock(shift, ShiftEvent.DEBRIEF, now):
        return False
    _note_debriefs(staff, now)
    return True


def _note_debriefs(staff: Staff, now: datetime) -> None:
    """Of the quarter-hours that were booked, the day only: the instant is that of the end of a talk."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    Debrief.objects.filter(staff=staff, begun_at=None).update(begun_at=day)


@transaction.atomic
def resume(staff: Staff, now: datetime) -> Shift:
    """Ready again. Raises `IllegalTransitionError` before a debrief's quarter-hour is over."""
    shift = _here(staff)
    until = debrief_until(shift)
    if until is not None and now < until:
        raise IllegalTransitionError("the quarter-hour is not over")
    return _advance(shift, ShiftEvent.RESUME, by=staff, now=now)


@transaction.atomic
def check_out(staff: Staff, now: datetime) -> Shift:
    """They go. Talks they hold do not keep them: those go back by the clock."""
    return _advance(_here(staff), ShiftEvent.CHECK_OUT, by=staff, now=now, checked_out_at=now)


@transaction.atomic
def see_page(staff: Staff, now: datetime) -> Shift:
    """They have seen the test page of this check-in; the first time counts."""
    shift = _here(staff)
    if Shift.objects.filter(pk=shift.pk, page_seen_at=None).update(page_seen_at=now):
        shift.page_seen_at = now
    return shift


# --- the clock ----------------------------------------------------------------------------------


def tick(now: datetime) -> int:
    """Miss what nobody came for, check out who did not; how many. However many clocks, once each."""
    missed = Shift.objects.filter(
        state__in=[ShiftState.OPEN.value, ShiftState.TAKEN.value],
        starts_at__lte=now - limits.MISSED_AFTER,
    )
    over = Shift.objects.filter(
        state__in=[state.value for state in UNDER_WAY],
        ends_at__lte=now - limits.CHECK_OUT_AFTER,
    )
    done = [_by_the_clock(shift, ShiftEvent.MISS, now) for shift in missed]
    done += [_by_the_clock(shift, ShiftEvent.CHECK_OUT, now, checked_out_at=now) for shift in over]
    return sum(done)


def _by_the_clock(shift: Shift, event: ShiftEvent, now: datetime, **facts: object) -> bool:
    try:
        with transaction.atomic():
            _advance(shift, event, by=None, now=now, **facts)
    except (LostRaceError, IllegalTransitionError):
        return False  # another clock was first, or somebody came after all
    return True


# --- the row ------------------------------------------------------------------------------------


def _find(staff: Staff, shift_id: int) -> Shift:
    """A shift of their organisation. Cancelled, absent and others' are the same."""
    there = Shift.objects.filter(pk=shift_id, organisation_id=staff.organisation_id)
    shift = there.exclude(state=ShiftState.CANCELLED.value).first()
    if shift is None:
        raise AccessError("no such shift")
    return shift


def _own(staff: Staff, shift_id: int) -> Shift:
    shift = _find(staff, shift_id)
    if shift.staff_id != staff.pk:
        raise AccessError("somebody else's")
    return shift


def _here(staff: Staff) -> Shift:
    """What they are checked in for. Held, so that nobody is given to them while they pause."""
    shift = under_way(_hold(staff))
    if shift is None:
        raise OffDutyError
    return shift


def _due(staff: Staff, now: datetime) -> Shift:
    """The shift of theirs that is due; where none is, or its last minutes run, a walk-in."""
    shift = next_of(staff, now)
    if shift is None or not may_check_in(shift, now):
        return _walk_in(staff, now)
    if shift.ends_at - now < limits.CHECK_OUT_AFTER:
        return _walk_in(staff, now, instead_of=shift.pk)
    return shift


def _walk_in(staff: Staff, now: datetime, *, instead_of: int = 0) -> Shift:
    around = held(staff, Span(now, now + limits.SHIFT_AT_MOST), now, but=instead_of)
    until = rota.walk_in_until(now, around)
    shift = Shift.objects.create(
        organisation_id=staff.organisation_id,
        role=staff.role,
        starts_at=now,
        ends_at=until,
        state=SHIFT.first.value,
        walk_in=True,
    )
    return _advance(shift, ShiftEvent.SIGN_UP, by=staff, now=now, staff_id=staff.pk)


def _hold(staff: Staff) -> Staff:
    """This person as they are now, held until the transaction ends: one change to them at a time."""
    rows = Staff.objects.select_for_update(no_key=True).filter(pk=staff.pk, is_active=True)
    fresh = rows.first()
    if fresh is None:
        raise AccessError("gone")
    return fresh


def _claim(staff: Staff, shift_id: int, now: datetime) -> Shift:
    """A shift this person could stand. Raises `AccessError`, `ShiftClashError`, `ShiftTooLongError`."""
    staff = _hold(staff)
    shift = _find(staff, shift_id)
    if shift.role != staff.role:
        raise AccessError(f"a place for a {shift.role}")
    if shift.ends_at <= now:
        raise IllegalTransitionError("it is over")
    span = Span(shift.starts_at, shift.ends_at)
    rota.check_fits(span, held(staff, span, now, but=shift_id))
    return shift


def _advance(
    shift: Shift, event: ShiftEvent, *, by: Staff | None, now: datetime, **facts: object
) -> Shift:
    """Make `event` happen, or raise and change nothing. `by`: nobody is the clock.

    Raises `IllegalTransitionError`, and `LostRaceError` when somebody was first.
    """
    role = Role(by.role) if by is not None else Role.CLOCK
    row = SHIFT.row(ShiftState(shift.state), event, role)
    whose = Q(staff=None) if shift.staff_id is None else Q(staff=shift.staff_id)
    still = Shift.objects.filter(
        whose, pk=shift.pk, state=row.source.value, cover_wanted=shift.cover_wanted
    )
    changed = facts | {"state": row.target.value}
    if still.update(**changed) != 1:
        raise LostRaceError
    ShiftStep.objects.create(
        shift=shift,
        source=row.source.value,
        event=event.value,
        target=row.target.value,
        role=role.value,
        staff=by,
        at=now,
    )
    if by is not None:
        record(Kind.SHIFT_STEP, by=by, thing=f"{shift.pk} {event.value}", now=now)
    for name, value in changed.items():
        setattr(shift, name, value)
    return shift

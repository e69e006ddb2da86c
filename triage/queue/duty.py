"""Who is checked in, where they work, and what they carry: read in three queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, F, Q

from chat.models import Seat
from counsel import limits
from counsel.handovers import COMING
from counsel.identity import SessionRef
from counsel.lifecycle import Role, ShiftState, State
from counsel.models import Staff, home
from triage.exclusions import Whereabouts
from triage.handover.rows import Handover
from triage.models import UNDER_WAY, Shift
from triage.queue.asking import ask_again, instant, told
from triage.queue.hands import Carrying, Free
from triage.queue.heads import Asker
from triage.queue.rows import HandsOf, Place
from triage.queue.tiers import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is checked in. `offered`: somebody is offered to them right now."""

    staff_id: int
    name: str
    asker: Asker
    carrying: Carrying
    board_seen_at: datetime | None
    wants_offers: bool
    offered_at: datetime | None
    offered: bool

    def free(self, now: datetime) -> Free:
        """How their hands are; closed boards are nobody's."""
        free = self.carrying.free(now)
        seen = self.board_seen_at
        here = seen is not None and now - seen < limits.PRESENT_WITHIN
        return Free.AWAY if free is Free.FREE and not here else free

    def listens(self, now: datetime) -> bool:
        """A counsellor who would take somebody now or after a talk of theirs."""
        return self.carrying.role is Role.COUNSELLOR and self.stands(now)

    def stands(self, now: datetime) -> bool:
        """Somebody who is there and on: a counsellor who listens, or a supervisor."""
        if self.carrying.role is Role.COUNSELLOR and not self.carrying.cleared:
            return False
        seen = self.board_seen_at
        return self.is_on(now) and seen is not None and now - seen < limits.PRESENT_WITHIN

    def is_on(self, now: datetime) -> bool:
        """On a shift and not pausing, whether or not their board is open: they can be called."""
        ends_at = self.carrying.ends_at
        return self.carrying.state is ShiftState.ON and ends_at is not None and ends_at > now


def read_present(staff_ids: Collection[int] | None = None) -> list[Present]:
    """Everybody who is checked in here in the role they still have, or these of them."""
    shifts = Shift.objects.filter(
        organisation=home(),
        state__in=[state.value for state in UNDER_WAY],
        staff__is_active=True,
        staff__role=F("role"),
    )
    if staff_ids is not None:
        shifts = shifts.filter(staff__in=staff_ids)
    rows = list(shifts.select_related("staff").order_by("staff__working_name"))
    ids = [shift.staff_id for shift in rows if shift.staff_id is not None]
    hands = {one.staff_id: one for one in HandsOf.objects.filter(staff__in=ids)}
    held = read_held(ids)
    coming = set(
        Handover.objects.filter(follows__in=ids, state__in=_COMING).values_list(
            "follows", flat=True
        )
    )
    asked = set(Place.objects.filter(offered_to__in=ids).values_list("offered_to", flat=True))
    return [
        _present(
            shift,
            shift.staff,
            hands.get(shift.staff.pk),
            _with(held, shift.staff.pk, coming),
            shift.staff.pk in asked,
        )
        for shift in rows
        if shift.staff is not None
    ]


@dataclass(frozen=True, slots=True)
class Own:
    """What one person carries, and who is offered to them."""

    carrying: Carrying
    offered: tuple[int, SessionRef] | None


def read_own(staff: Staff, now: datetime) -> Own:
    """The hands of a person whose row is held, in one question."""
    ((state, ends_at, cap, rests_until, talks, reds, offered, ref),) = ask_again(
        _OWN, [staff.pk, staff.pk, staff.pk, staff.pk, told(now), staff.role, staff.pk]
    )
    carrying = Carrying(
        role=Role(staff.role),
        state=None if state is None else ShiftState(state),
        ends_at=None if ends_at is None else instant(ends_at),
        cleared=staff.cleared_at is not None,
        talks=talks,
        reds=reds,
        cap=cap or 1,
        rests_until=None if rests_until is None else instant(rests_until),
    )
    return Own(carrying, None if offered is None else (offered, SessionRef(bytes(ref))))


_HELD: Final = """
    SELECT COUNT(*) FROM chat_seat AS seat
    JOIN chat_counselsession AS held ON held.id = seat.session_id AND held.state = 'active'
    JOIN triage_place AS place ON place.session_id = held.id
    WHERE seat.staff_id = %s AND seat.ended_at IS NULL AND seat.role = 'counsellor'
"""
_COMING: Final = [state.value for state in COMING]
_COMES: Final = f"""
    SELECT COUNT(*) FROM triage_handover AS coming WHERE coming.follows_id = %s
        AND coming.state IN ({", ".join(f"'{word}'" for word in _COMING)})
"""
"""Whoever has said that they come after somebody has their hands full already."""
_OWN: Final = f"""
    SELECT shift.state, shift.ends_at, hands.cap, hands.rests_until,
        ({_HELD}) + ({_COMES}), ({_HELD} AND place.tier = {Tier.RED:d}), offered.session_id, talk.ref
    FROM counsel_staff AS me
    LEFT JOIN triage_handsof AS hands ON hands.staff_id = me.id
    LEFT JOIN triage_place AS offered
        ON offered.offered_to_id = %s AND offered.offered_until > %s
    LEFT JOIN chat_counselsession AS talk ON talk.id = offered.session_id
    LEFT JOIN triage_shift AS shift ON shift.staff_id = me.id AND shift.role = %s
        AND shift.state IN ('on', 'pause', 'debrief')
    WHERE me.id = %s
"""


def read_held(staff_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many talks each of these holds, and how many of them are red."""
    red = Q(session__place__tier=Tier.RED.value)
    seats = Seat.objects.filter(
        staff__in=staff_ids,
        role=Role.COUNSELLOR.value,
        ended_at=None,
        session__state=State.ACTIVE.value,
    )
    rows = seats.values("staff_id").annotate(talks=Count("pk"), reds=Count("pk", filter=red))
    return {row["staff_id"]: (row["talks"], row["reds"]) for row in rows.order_by()}


def _with(
    held: dict[int, tuple[int, int]], staff_id: int, coming: Collection[int]
) -> dict[int, tuple[int, int]]:
    talks, reds = held.get(staff_id, (0, 0))
    return {staff_id: (talks + (staff_id in coming), reds)}


def asker(staff: Staff) -> Asker:
    """Them, as the queue knows whoever asks."""
    return Asker(Whereabouts(staff.region, staff.industry, staff.in_plant), staff.person)


def carrying(
    staff: Staff, shift: Shift | None, hands: HandsOf | None, held: tuple[int, int]
) -> Carrying:
    """What this person carries."""
    return Carrying(
        role=Role(staff.role),
        state=None if shift is None else ShiftState(shift.state),
        ends_at=None if shift is None else shift.ends_at,
        cleared=staff.cleared_at is not None,
        talks=held[0],
        reds=held[1],
        cap=1 if hands is None else hands.cap,
        rests_until=None if hands is None else hands.rests_until,
    )


def _present(
    shift: Shift,
    staff: Staff,
    hands: HandsOf | None,
    held: dict[int, tuple[int, int]],
    offered: bool,
) -> Present:
    return Present(
        staff_id=staff.pk,
        name=staff.working_name,
        asker=asker(staff),
        carrying=carrying(staff, shift, hands, held.get(staff.pk, (0, 0))),
        board_seen_at=staff.board_seen_at,
        wants_offers=hands is not None and hands.offers,
        offered_at=None if hands is None else hands.offered_at,
        offered=offered,
    )

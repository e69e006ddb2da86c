"""What a board shows: who waits, the talks one holds, and to supervisors who is on duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from chat.models import Seat
from chat.presence import Sitter
from counsel import limits
from counsel.errors import AccessError
from counsel.framing import Frame
from counsel.lifecycle import Role
from counsel.models import Staff, home
from triage.beside.showing import read_talks, read_visits
from triage.beside.wire import Talks, Visits
from triage.dispatch.showing import read_helps
from triage.dispatch.wire import Helps
from triage.escalation.showing import read_dangers
from triage.escalation.wire import Dangers
from triage.exclusions import Whereabouts
from triage.handover.showing import read_handovers
from triage.handover.wire import Handovers
from triage.queue.duty import read_present
from triage.queue.heads import NOBODY_IN_PARTICULAR, Asker, count_queued, in_order
from triage.queue.rows import Place
from triage.queue.showing import hands, on_duty, read_offers, read_waits
from triage.queue.tiers import Tier
from triage.queue.wire import topics_of
from triage.sideroom.showing import read_hands
from triage.sideroom.wire import HandsUp
from triage.wire import Board, Mine, Offered, Waiting, Waits

_MINE = 16
"""Talks of one counsellor a board has room for; the latest ones."""


@dataclass(frozen=True, slots=True)
class Shown:
    """All one person is shown."""

    board: Board
    offered: Offered
    dangers: Dangers
    visits: Visits
    hands: HandsUp
    helps: Helps
    handovers: Handovers
    waits: Waits | None = None
    talks: Talks | None = None

    def frames(self) -> tuple[Frame, ...]:
        """What is pushed where it changed."""
        mine = (self.board, self.offered, self.dangers, self.visits)
        beside = (self.hands, self.helps, self.handovers)
        overview = (self.waits, self.talks)
        return (*mine, *beside, *(frame for frame in overview if frame is not None))


def read_boards(staff_ids: Collection[int], now: datetime) -> dict[int, Shown]:
    """The board of each of these people: whom they may meet, their own talks and hands, who is
    offered to them; to supervisors who is on duty, and today's waits.

    A dozen queries for all who named no place of their own, and three more for each place named.
    """
    where = _whereabouts(staff_ids)
    waiting = {key: _read_waiting(*key, now) for key in set(where.values())}
    mine, offered = _read_mine(staff_ids), read_offers(staff_ids, now)
    present = {one.staff_id: one for one in read_present()}
    supervises = any(role == Role.SUPERVISOR for _, role in where.values())
    everybody = tuple(on_duty(one, now) for one in present.values()) if supervises else ()
    waits = read_waits(now) if supervises else None
    roles = {staff_id: role for staff_id, (_, role) in where.items()}
    dangers, raised = read_dangers(roles, now), read_hands(roles, now)
    helps = read_helps(roles, now)
    talks = read_talks([one for one, role in roles.items() if role == Role.SUPERVISOR])
    visits = read_visits(where, now)
    handovers = read_handovers(where, now)
    boards = {}
    for staff_id, (who, role) in where.items():
        count, rows = waiting[who, role]
        board = Board(
            waiting=count,
            rows=rows,
            mine=tuple(mine[staff_id][:_MINE]),
            hands=hands(present.get(staff_id), now),
            staff=everybody[: limits.BOARD_STAFF] if role == Role.SUPERVISOR else (),
        )
        none = Offered(offer=0)
        boards[staff_id] = Shown(
            board,
            offered.get(staff_id, none),
            dangers[staff_id],
            visits[staff_id],
            raised[staff_id],
            helps[staff_id],
            handovers[staff_id],
            waits if role == Role.SUPERVISOR else None,
            talks.get(staff_id),
        )
    return boards


def check_ours(staff: Staff) -> None:
    """`AccessError` for somebody of another organisation: whoever waits here, waits for ours."""
    if staff.organisation_id != home().pk:
        raise AccessError("another organisation's board")


def be_seen(staff_ids: Collection[int], now: datetime) -> None:
    """These people have their board open."""
    Staff.objects.filter(pk__in=staff_ids, is_active=True).update(board_seen_at=now)


def _whereabouts(staff_ids: Collection[int]) -> dict[int, tuple[Asker, str]]:
    """Who is still here, where, and their role. Whoever supervises sees everybody who waits."""
    rows = Staff.objects.filter(pk__in=staff_ids, is_active=True)
    return {
        pk: (
            Asker(Whereabouts(region, industry, in_plant))
            if role == Role.COUNSELLOR
            else NOBODY_IN_PARTICULAR,
            role,
        )
        for pk, role, region, industry, in_plant in rows.values_list(
            "pk", "role", "region", "industry", "in_plant"
        )
    }


def _read_waiting(who: Asker, role: str, now: datetime) -> tuple[int, tuple[Waiting, ...]]:
    """The next ones in turn; before them, to supervisors, reds that have gone and who is offered."""
    order = in_order(who, now, each=limits.BOARD_ROWS)
    gone = []
    if role == Role.SUPERVISOR:
        left = Place.objects.filter(away=True, tier=Tier.RED.value).order_by("since", "pk")
        gone = list(left.values_list("pk", flat=True)[: limits.BOARD_ROWS])
        offered = Place.objects.filter(offered_to__isnull=False).order_by("since", "pk")
        gone += offered.values_list("pk", flat=True)[: limits.BOARD_ROWS]
    shown = (gone + order)[: limits.BOARD_ROWS]
    places = Place.objects.select_related("session").in_bulk(shown)
    presence = _read_presence(shown, now)
    rows = tuple(_waiting(places[pk], presence.get(pk, ""), now) for pk in shown if pk in places)
    count = len(rows)
    if count == limits.BOARD_ROWS:
        count = max(count, min(count_queued(who) + len(gone), 65535))
    return count, rows


def _read_presence(session_ids: Collection[int], now: datetime) -> dict[int, str]:
    sitting = Seat.objects.filter(session__in=session_ids, role=Role.SEEKER.value)
    return {
        session_id: Sitter(pk, Role.SEEKER, word, seen_at).presence_at(now)
        for pk, session_id, word, seen_at in sitting.values_list(
            "pk", "session_id", "presence", "seen_at"
        )
    }


def _waiting(place: Place, presence: str, now: datetime) -> Waiting:
    return Waiting(
        case_code=place.session.case_code,
        language=place.language,
        topics=topics_of(place.topics),
        minutes=minutes(place, now),
        presence=presence,
        returned=int(place.returned),
        tier=place.tier,
        now=place.now,
        breached=int(place.breached),
        human_check=int(place.human_check),
        offered=int(place.offered_to_id is not None),
    )


def minutes(place: Place, now: datetime) -> int:
    """Whole minutes somebody has waited."""
    return min(max(0, int((now - place.since).total_seconds()) // 60), 65535)


def _read_mine(staff_ids: Collection[int]) -> dict[int, list[Mine]]:
    mine: dict[int, list[Mine]] = defaultdict(list)
    held = Place.objects.filter(
        session__seats__staff_id__in=staff_ids, session__seats__ended_at=None
    )
    held = held.annotate(
        holder=F("session__seats__staff_id"),
        seat=F("session__seats__pk"),
        seat_since=F("session__seats__since"),
    )
    for place in held.select_related("session").order_by("-seat"):
        mine[place.holder].append(
            Mine(
                ref=bytes(place.session.ref),
                case_code=place.session.case_code,
                state=place.session.state,
                topics=topics_of(place.topics),
                last_seq=place.session.last_seq,
                language=place.language,
                returned=int(place.returned),
                tier=place.tier,
                human_check=int(place.human_check),
                since=place.seat_since,
            )
        )
    return mine

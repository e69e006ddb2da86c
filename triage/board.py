"""What a counsellor's board shows: who waits, and the talks they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from chat.models import CounselSession, Seat
from chat.presence import Sitter
from counsel import limits
from counsel.errors import AccessError
from counsel.lifecycle import Role
from counsel.models import Staff, home
from triage import queue
from triage.exclusions import Whereabouts
from triage.wire import Board, Mine, Waiting

_MINE = 16
"""Talks of one counsellor a board has room for; the latest ones."""


def read_boards(staff_ids: Collection[int], now: datetime) -> dict[int, Board]:
    """The board of each of these people: whom they may meet, and their own talks.

    Five queries for all who named no place of their own, and two more for each place named.
    """
    where = _whereabouts(staff_ids)
    waiting = {who: _read_waiting(who, now) for who in set(where.values())}
    mine = _read_mine(staff_ids)
    boards = {}
    for staff_id, who in where.items():
        count, rows = waiting[who]
        boards[staff_id] = Board(waiting=count, rows=rows, mine=tuple(mine[staff_id][:_MINE]))
    return boards


def check_ours(staff: Staff) -> None:
    """`AccessError` for somebody of another organisation: whoever waits here, waits for ours."""
    if staff.organisation_id != home().pk:
        raise AccessError("another organisation's board")


def be_seen(staff_ids: Collection[int], now: datetime) -> None:
    """These people have their board open."""
    Staff.objects.filter(pk__in=staff_ids, is_active=True).update(board_seen_at=now)


def _whereabouts(staff_ids: Collection[int]) -> dict[int, Whereabouts]:
    """Who is still here, and where. Whoever supervises sees everybody who waits."""
    rows = Staff.objects.filter(pk__in=staff_ids, is_active=True)
    return {
        pk: Whereabouts(region, industry, in_plant) if role == Role.COUNSELLOR else Whereabouts()
        for pk, role, region, industry, in_plant in rows.values_list(
            "pk", "role", "region", "industry", "in_plant"
        )
    }


def _read_waiting(who: Whereabouts, now: datetime) -> tuple[int, tuple[Waiting, ...]]:
    order = queue.in_order(now, who)
    first = list(order[: limits.BOARD_ROWS])
    sitting = Seat.objects.filter(session__in=first, role=Role.SEEKER.value)
    seekers = {
        session_id: Sitter(pk, Role.SEEKER, word, seen_at).presence_at(now)
        for pk, session_id, word, seen_at in sitting.values_list(
            "pk", "session_id", "presence", "seen_at"
        )
    }
    rows = tuple(
        Waiting(
            case_code=session.case_code,
            language=session.language,
            topics=tuple(session.topics),
            minutes=min(int((now - session.waiting_since).total_seconds()) // 60, 65535),
            presence=seekers.get(session.pk, ""),
            returned=int(session.returned),
        )
        for session in first
    )
    count = len(rows) if len(rows) < limits.BOARD_ROWS else min(order.count(), 65535)
    return count, rows


def _read_mine(staff_ids: Collection[int]) -> dict[int, list[Mine]]:
    mine: dict[int, list[Mine]] = defaultdict(list)
    held = CounselSession.objects.filter(seats__staff_id__in=staff_ids, seats__ended_at=None)
    fields = ("seats__staff_id", "ref", "case_code", "state", "topics", "last_seq", "language")
    for staff_id, ref, case_code, state, topics, last_seq, language, returned in held.order_by(
        "-seats__pk"
    ).values_list(*fields, "returned"):
        mine[staff_id].append(
            Mine(
                ref=bytes(ref),
                case_code=case_code,
                state=state,
                topics=tuple(topics),
                last_seq=last_seq,
                language=language,
                returned=int(returned),
            )
        )
    return mine

"""The next person becomes somebody's: one statement finds them by the order of `chooser`, holds them
and marks their place, by a probe of one index for each class and however many wait.

On PostgreSQL it passes over whoever is held: others reach for them, or they say something at this
instant. The session is held before its place, as by everybody who holds both, so that none of them
waits for another in a ring. On SQLite there is one writer at a time.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from counsel import limits
from counsel.identity import SessionRef
from triage.queue import tables
from triage.queue.asking import ask_again, told
from triage.queue.chooser import Room
from triage.queue.heads import ORDER, WISHED, Asker, meets
from triage.queue.tiers import Tier

_MICROSECONDS: Final = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM CAST({} AS timestamptz)) * 1000000 AS bigint)",
    "sqlite": "(CAST(strftime('%%s', substr({0}, 1, 19)) AS integer) * 1000000"
    " + CAST(COALESCE(NULLIF(substr({0}, 21), ''), '0') AS integer))",
}
"""An instant as a whole number: what is equal in Python is equal here."""
_BOTH: Final = "chat_counselsession JOIN triage_place ON session_id = id"


def claim(
    asker: Asker, now: datetime, room: Room, *, skip_locked: bool, offer_to: int | None = None
) -> tuple[int, SessionRef] | None:
    """The session that is next for whoever asks, and its reference: met from now on, or offered to
    `offer_to`. None where nobody is next, or all who are were passed over.
    """
    if room is Room.NOBODY:
        return None
    rows = ask_again(*claiming(asker, now, room, skip_locked=skip_locked, offer_to=offer_to))
    return (rows[0][0], SessionRef(bytes(rows[0][1]))) if rows else None


def claiming(
    asker: Asker, now: datetime, room: Room, *, skip_locked: bool, offer_to: int | None = None
) -> tuple[str, list[Any]]:
    """The statement, and its values."""
    sqlite = connection.vendor == "sqlite"
    lock = "" if sqlite else f"FOR NO KEY UPDATE{' SKIP LOCKED' * skip_locked}"
    clause, whom = meets(asker.where)
    turn, values = _turn(clause, whom, now, room)
    if offer_to is None:
        mark = "met_at = %s, heard = FALSE"
        values.append(told(now))
    else:
        mark = "offer = %s, offered_to_id = %s, offered_until = %s"
        values += [draw_offer(), offer_to, told(now + limits.OFFER_FOR)]
    probes = []
    for returned in ("TRUE", "FALSE"):
        for wished in (True, False) if asker.person else (False,):
            probes.append(
                f"(SELECT session_id FROM {'triage_place' if sqlite else _BOTH} WHERE queued"
                f" AND tier = (SELECT tier FROM turn) AND returned = {returned}"
                f" {WISHED * wished} {clause} {ORDER} LIMIT 1 {lock})"
            )
            values += [asker.person] * wished + whom
    found = probes[0] if len(probes) == 1 else f"(SELECT COALESCE({', '.join(probes)}))"
    return (
        f"{turn} UPDATE triage_place SET queued = FALSE, {mark} WHERE session_id = {found}"
        " RETURNING session_id, (SELECT ref FROM chat_counselsession WHERE id = session_id)"
    ), values


def draw_offer() -> int:
    """The number of one offer."""
    return 1 + secrets.randbelow(2**31 - 1)


def _turn(clause: str, whom: Sequence[Any], now: datetime, room: Room) -> tuple[str, list[Any]]:
    """The tier whose turn it is, as the table `turn`, by the longest wait of each class."""
    classes = ", ".join(
        f"({tier:d}, {returned})"
        for tier in ([Tier.RED] if room is Room.REDS else Tier)
        for returned in ("TRUE", "FALSE")
    )
    micro = _MICROSECONDS[connection.vendor]
    weight = " ".join(f"WHEN {tier:d} THEN {weight:d}" for tier, weight in tables.WEIGHTS.items())
    credit = f"({micro.format('%s')} - {micro.format('since')}) * CASE tier {weight} ELSE 0 END"
    return (
        f"WITH class(kind, back) AS (VALUES {classes}), oldest AS MATERIALIZED"
        " (SELECT kind AS tier, (SELECT since FROM triage_place WHERE queued AND tier = kind"
        f" AND returned = back {clause} {ORDER} LIMIT 1) AS since FROM class),"
        " turn AS MATERIALIZED (SELECT tier FROM oldest WHERE since IS NOT NULL"
        f" ORDER BY tier = {Tier.RED:d} DESC, {credit} DESC, tier LIMIT 1)"
    ), [*whom, *[told(now)] * micro.count("{")]

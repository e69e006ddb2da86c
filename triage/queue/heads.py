"""The order of `chooser`, asked of the database: a few probes of one index, however many wait.

Each probe reads the first row of one class of one tier. The statement that reaches for somebody
locks exactly the row it returns; on PostgreSQL it skips rows others are reaching for, on SQLite
there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from counsel.identity import SessionRef
from triage.exclusions import Whereabouts
from triage.queue.chooser import Head, Room, in_turn
from triage.queue.tables import WEIGHTS
from triage.queue.tiers import Tier
from triage.queue.wire import IN_PLANTS

_WISHED: Final = "AND listener = %s AND NOT (listener = '')"
_ORDER: Final = "ORDER BY since, session_id"
_WEIGHT: Final = " ".join(f"WHEN {tier:d} THEN {weight:d}" for tier, weight in WEIGHTS.items())
_MICROSECONDS: Final = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM CAST({} AS timestamptz)) * 1000000 AS bigint)",
    "sqlite": "(CAST(strftime('%%s', substr({0}, 1, 19)) AS integer) * 1000000"
    " + CAST(COALESCE(NULLIF(substr({0}, 21), ''), '0') AS integer))",
}
"""An instant as a whole number: what is equal in Python is equal here."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for the next person: where they work, and their name in certificates."""

    where: Whereabouts
    person: str = ""


NOBODY_IN_PARTICULAR: Final = Asker(Whereabouts())


def reach(
    asker: Asker, now: datetime, room: Room, *, skip_locked: bool
) -> tuple[int, SessionRef] | None:
    """The session that is next for whoever asks and its reference, its place locked until the
    transaction ends: one statement, a probe for each class."""
    if room is Room.NOBODY:
        return None
    meets, whom = _meets(asker.where)
    turn, values = _turn(meets, whom, now, room)
    lock = "" if connection.vendor == "sqlite" else f"FOR UPDATE{' SKIP LOCKED' * skip_locked}"
    probes = []
    for returned in ("", "NOT "):
        for wished in (True, False) if asker.person else (False,):
            listener = _WISHED if wished else ""
            probes.append(
                f"(SELECT session_id FROM triage_place WHERE queued"
                f" AND tier = (SELECT tier FROM turn) AND {returned}returned"
                f" {listener} {meets} {_ORDER} LIMIT 1 {lock})"
            )
            values += [asker.person] * wished + whom
    next_one = f"SELECT COALESCE({', '.join(probes)})"
    rows = ask(f"{turn} SELECT id, ref FROM chat_counselsession WHERE id = ({next_one})", values)
    return (rows[0][0], SessionRef(bytes(rows[0][1]))) if rows else None


def read_heads(asker: Asker, *, each: int = 1) -> list[Head]:
    """The first `each` of every class of every tier, whom `asker` may meet: enough for `chooser`."""
    meets, whom = _meets(asker.where)
    classes: list[tuple[str, list[Any]]] = [("", [])]
    if asker.person:
        classes.append((_WISHED, [asker.person]))
    parts: list[str] = []
    values: list[Any] = []
    for tier in Tier:
        for returned in ("", "NOT "):
            for listener, who in classes:
                parts.append(
                    f"SELECT * FROM (SELECT session_id, tier, since, returned, listener"
                    f" FROM triage_place WHERE queued AND tier = {tier:d} AND {returned}returned"
                    f" {listener} {meets} {_ORDER} LIMIT %s) AS c{len(parts)}"
                )
                values += [*who, *whom, each]
    rows = ask(" UNION ".join(parts), values)
    return [
        Head(
            id=pk,
            tier=Tier(tier),
            since=instant(since),
            returned=bool(returned),
            wished=bool(asker.person) and listener == asker.person,
        )
        for pk, tier, since, returned, listener in rows
    ]


def in_order(asker: Asker, now: datetime, *, each: int) -> list[int]:
    """Those who wait in the order they would be taken in now, as far as `each` of every class."""
    return [head.id for head in in_turn(read_heads(asker, each=each), now)]


def count_queued(asker: Asker) -> int:
    """How many wait whom `asker` may meet."""
    meets, whom = _meets(asker.where)
    return int(ask(f"SELECT COUNT(*) FROM triage_place WHERE queued {meets}", whom)[0][0])


def _turn(meets: str, whom: Sequence[Any], now: datetime, room: Room) -> tuple[str, list[Any]]:
    """The tier whose turn it is, as the table `turn`."""
    tiers = [Tier.RED] if room is Room.REDS else list(Tier)
    heads = " UNION ALL ".join(
        f"SELECT * FROM (SELECT tier, since FROM triage_place WHERE queued AND tier = {tier:d}"
        f" AND {returned}returned {meets} {_ORDER} LIMIT 1) AS t{tier:d}{len(returned)}"
        for tier in tiers
        for returned in ("", "NOT ")
    )
    micro = _MICROSECONDS[connection.vendor]
    credit = f"({micro.format('%s')} - {micro.format('since')}) * CASE tier {_WEIGHT} ELSE 0 END"
    if connection.vendor == "sqlite":
        at: list[Any] = [connection.ops.adapt_datetimefield_value(now)] * 2
    else:
        at = [now]
    sql = (
        f"WITH oldest AS (SELECT tier, MIN(since) AS since FROM ({heads}) AS heads GROUP BY tier),"
        f" turn AS (SELECT tier FROM oldest ORDER BY tier = {Tier.RED:d} DESC, {credit} DESC, tier"
        " LIMIT 1)"
    )
    return sql, [*whom] * (2 * len(tiers)) + at


def _meets(who: Whereabouts) -> tuple[str, list[Any]]:
    """`Whereabouts.may_meet`, asked of the rows: what to add to a WHERE, and its values."""
    sql, values = "", []
    elsewhere = []
    for column, named in (("region", who.region), ("industry", who.industry)):
        if named:
            sql += f" AND {column} <> %s"
            values.append(named)
            elsewhere.append(f"{column} <> ''")
    if who.in_plant:
        sql += f" AND (exclusions & {IN_PLANTS}) = 0 AND ({' OR '.join(elsewhere) or '1 = 0'})"
    return sql, values


def instant(found: datetime | str) -> datetime:
    """SQLite gives what Django wrote there: UTC, without saying so."""
    at = found if isinstance(found, datetime) else datetime.fromisoformat(found)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def ask(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())

"""Those who wait, as `chooser` orders them, read by probes of one index: each finds the first rows of
one class of one tier, however many wait. What claims somebody is in `claim`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from triage.exclusions import Whereabouts
from triage.queue.asking import ask, ask_again, instant
from triage.queue.chooser import Head, in_turn
from triage.queue.tiers import Tier
from triage.queue.wire import IN_PLANTS

WISHED: Final = "AND listener = %s AND NOT (listener = '')"
ORDER: Final = "ORDER BY since, session_id"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for the next person: where they work, and their name in certificates."""

    where: Whereabouts
    person: str = ""


NOBODY_IN_PARTICULAR: Final = Asker(Whereabouts())


def read_heads(asker: Asker, *, each: int = 1) -> list[Head]:
    """The first `each` of every class of every tier, whom `asker` may meet: enough for `chooser`."""
    clause, whom = meets(asker.where)
    classes: list[tuple[str, list[Any]]] = [("", [])]
    if asker.person:
        classes.append((WISHED, [asker.person]))
    parts: list[str] = []
    values: list[Any] = []
    for tier in Tier:
        for returned in ("TRUE", "FALSE"):
            for listener, who in classes:
                parts.append(
                    f"SELECT * FROM (SELECT session_id, tier, since, returned, listener"
                    f" FROM triage_place WHERE queued AND tier = {tier:d} AND returned = {returned}"
                    f" {listener} {clause} {ORDER} LIMIT %s) AS c{len(parts)}"
                )
                values += [*who, *whom, each]
    rows = ask_again(" UNION ".join(parts), values)
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
    clause, whom = meets(asker.where)
    return int(ask(f"SELECT COUNT(*) FROM triage_place WHERE queued {clause}", whom)[0][0])


def meets(who: Whereabouts) -> tuple[str, list[Any]]:
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

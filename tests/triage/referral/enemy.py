"""Eve has the whole database and wants to know which talk a referral came from.

She reads every column of every table, where each row lies, and, on PostgreSQL, which transaction wrote
it. For each thing one could sort by she guesses that the talks and the referrals came in the same order,
or in the opposite one; and she joins on every value that both sides hold.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.apps import apps
from django.db import connection

_TOSS: Final = random.SystemRandom()
_LONG_ENOUGH: Final = 8
"""Bytes or characters from which an equal value is no accident."""

Guess = Mapping[int, bytes]
"""By a talk's number, the referral she takes for its own."""


def guesses(talks: Sequence[int]) -> Iterator[tuple[str, Guess]]:
    """Everything she would try on these talks, which are named in the order they began."""
    refs = _referrals()
    for name, order in _orders(refs):
        yield name, dict(zip(talks, order, strict=True))
        yield f"{name}, backwards", dict(zip(talks, order[::-1], strict=True))
    yield "equal values", _equal(talks, refs)


def _referrals() -> dict[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ref FROM triage_referral")
        return {number: bytes(ref) for number, ref in cursor.fetchall()}


def _orders(refs: Mapping[int, bytes]) -> Iterator[tuple[str, list[bytes]]]:
    hidden = (
        ["rowid"] if connection.vendor == "sqlite" else ["ctid::text", "xmin::text", "cmin::text"]
    )
    for table, owner in (("triage_referral", "id"), ("triage_letter", "referral_id")):
        with connection.cursor() as cursor:
            columns = [
                one.name for one in connection.introspection.get_table_description(cursor, table)
            ]
            cursor.execute(f"SELECT {owner}, {', '.join([*hidden, *columns])} FROM {table}")
            rows = cursor.fetchall()
        yield (
            f"{table} as it comes",
            _in_order(refs, [(row[0], place) for place, row in enumerate(rows)]),
        )
        for place, name in enumerate([*hidden, *columns], start=1):
            found = _in_order(refs, [(row[0], _sortable(row[place])) for row in rows])
            yield f"{table}.{name}", found


def _in_order(refs: Mapping[int, bytes], keys: Iterable[tuple[int, Any]]) -> list[bytes]:
    """By the least key of each; where keys are equal she tosses a coin."""
    least: dict[int, Any] = {}
    for number, key in keys:
        least[number] = min(key, least.get(number, key))
    ordered = sorted(refs, key=lambda number: (least[number], _TOSS.random()))
    return [refs[number] for number in ordered]


def _sortable(value: Any) -> tuple[float, str]:
    """Numbers, places like (0,12) and transactions as numbers, the rest as text."""
    if isinstance(value, bytes | memoryview):
        return 0.0, bytes(value).hex()
    text = "" if value is None else str(value)
    parts = text.strip("()").split(",")
    if all(part.lstrip("-").isdigit() for part in parts) and text:
        return float(
            sum(int(part) * 10**6 ** (len(parts) - 1 - i) for i, part in enumerate(parts))
        ), ""
    return 0.0, text


def _equal(talks: Sequence[int], refs: Mapping[int, bytes]) -> Guess:
    """Whatever a talk's rows and a referral's rows both hold; else a toss."""
    held = defaultdict(set)
    for talk in talks:
        for value in _values("session_id", talk, "chat_counselsession"):
            held[value].add(talk)
    found: dict[int, bytes] = {}
    for number, ref in refs.items():
        for value in _values("referral_id", number, "triage_referral"):
            for talk in held.get(value, ()):
                found[talk] = ref
    left = [ref for ref in refs.values() if ref not in found.values()]
    _TOSS.shuffle(left)
    return {talk: found[talk] if talk in found else left.pop() for talk in talks}


def _values(owner: str, number: int, own_table: str) -> set[bytes | str]:
    """Every long value of the rows that belong to one talk or one referral."""
    found: set[bytes | str] = set()
    for model in apps.get_models():
        table = model._meta.db_table
        columns = {field.column for field in model._meta.fields}
        where = "id" if table == own_table else owner
        if where not in columns:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}" WHERE {where} = %s', [number])
            for row in cursor.fetchall():
                for value in row:
                    plain = bytes(value) if isinstance(value, memoryview) else value
                    if isinstance(plain, bytes | str) and len(plain) >= _LONG_ENOUGH:
                        found.add(plain)
    return found

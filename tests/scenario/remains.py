"""What a database holds: every row of every table, and what of it belongs to a talk."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg

OF_A_TALK: Final = (
    "chat_counselsession", "chat_seat", "chat_envelope", "chat_keypackage", "chat_step",
    "triage_place", "triage_tierstep",
)  # fmt: skip
BESIDE_IT: Final = {
    "counsel_staff", "counsel_login", "counsel_auditentry", "counsel_auditlink", "sqlite_sequence",
}  # fmt: skip
"""What may change too: that somebody was on duty just now, what staff did, without saying to which talk,
and how many rows SQLite has numbered."""

Rows = dict[str, list[tuple[Any, ...]]]
Look = Callable[[], Rows]


def in_sqlite(data: Path) -> Rows:
    """Every row of every table, the database's own included."""
    with sqlite3.connect(f"file:{data / 'counsel.sqlite3'}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for (name,) in names.fetchall()
        }


def in_postgres(url: str) -> Rows:
    """Every row of every table of ours."""
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: [
                tuple(map(_plain, row))
                for row in connection.execute(f'SELECT * FROM "{name}"'.encode()).fetchall()
            ]
            for (name,) in names.fetchall()
        }


def _plain(value: Any) -> bytes | str:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value)


def assert_one_tombstone(before: Rows, during: Rows, after: Rows) -> None:
    """Of the talk one row stays; it says the month and refers to nothing."""
    assert before.keys() == after.keys()
    fresh = {name: [row for row in after[name] if row not in before[name]] for name in after}
    fresh = {name: rows for name, rows in fresh.items() if rows}
    for name, rows in fresh.items():
        print(f"{name}: {rows}")
    ((number, month),) = fresh.pop("chat_tombstone")
    assert uuid.UUID(number).version == 4
    assert re.fullmatch(r"\d{4}-\d\d-01", month)
    assert fresh.keys() <= BESIDE_IT
    assert all(after[name] == before[name] == [] for name in OF_A_TALK)
    assert not _values(after) & traces(during)
    assert number not in _values(during)


def traces(during: Rows) -> set[bytes | str]:
    """Everything of the talk that is unlike anything else: ids, hashes, sealed words, its code."""
    values = [value for name in OF_A_TALK for row in during[name] for value in row]
    found = {value for value in values if isinstance(value, bytes) and len(value) >= 16}
    assert len(found) > 20
    (session,) = during["chat_counselsession"]
    return found | {value for value in session if re.fullmatch(r"[A-Z0-9]{4}", str(value))}


def _values(rows: Rows) -> set[Any]:
    return {value for table in rows.values() for row in table for value in row}

"""How the queue asks its database: what is asked all day long is planned once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from psycopg import Cursor


def ask(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def ask_again(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """As `ask`. PostgreSQL reads and plans the statement once on each connection, which for a dozen
    probes takes several times as long as making them; SQLite's driver keeps statements by itself.
    """
    if connection.vendor == "sqlite":
        return ask(sql, values)
    with (
        connection.cursor(),  # Django looks whether the line still stands
        connection.wrap_database_errors,
        Cursor(connection.connection) as cursor,
    ):
        cursor.execute(sql.encode(), values, prepare=True)
        return cursor.fetchall()


def instant(found: datetime | str) -> datetime:
    """SQLite gives what Django wrote there: UTC, without saying so."""
    at = found if isinstance(found, datetime) else datetime.fromisoformat(found)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def told(at: datetime) -> Any:
    """An instant, as this database is told it."""
    return connection.ops.adapt_datetimefield_value(at)

"""What databases are asked to refuse: changing the trail.

Triggers stop mistakes, and on PostgreSQL a server whose role does not own the tables; whoever owns a
database can take them away, which is what the chain and its checkpoints are for.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES: Final = ("counsel_auditentry", "counsel_auditlink")
_FORBIDDEN: Final = ("UPDATE", "DELETE", "TRUNCATE")

_REFUSE: Final = """
CREATE OR REPLACE FUNCTION counsel_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the trail is only added to'; END $$
"""


def put_up(connection: BaseDatabaseWrapper) -> None:
    """From here on this database adds to the trail and changes nothing in it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE)
            for table in TABLES:
                cursor.execute(
                    f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION counsel_audit_stays()"
                )
            return
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END"
                )


def take_down(connection: BaseDatabaseWrapper) -> None:
    """The other way, for going back to an older version."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_stays ON {table}")
                continue
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{verb}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS counsel_audit_stays")


def what_we_may(connection: BaseDatabaseWrapper) -> list[str]:
    """What this very role could do to the trail and should not, as `table: VERB`.

    Empty on SQLite, which knows no roles: there the file's owner can do anything.
    """
    if connection.vendor != "postgresql":
        return []
    asked = [(table, verb) for table in TABLES for verb in _FORBIDDEN]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(['has_table_privilege(%s, %s)'] * len(asked))}",
            [word for one in asked for word in one],
        )
        may = cursor.fetchone()
    return [f"{table}: {verb}" for (table, verb), yes in zip(asked, may, strict=True) if yes]


def grants(quoted: str) -> list[str]:
    """What the owner of the tables says so that a role can serve and not rewrite the trail.

    `quoted` is that role as SQL spells it.
    """
    return [
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
        *(f"REVOKE {', '.join(_FORBIDDEN)} ON {table} FROM {quoted}, PUBLIC" for table in TABLES),
    ]

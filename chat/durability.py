"""Acknowledged means on disk: what the database must promise before we promise anything."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

_HONEST = {"on", "local", "remote_write", "remote_apply"}
_FULL = 2


def check(connection: BaseDatabaseWrapper) -> None:
    """Ask this connection whether a commit waits for the disk.

    Raises `ImproperlyConfigured` if not: better no service than words that were never kept.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
            commit, fsync = cursor.fetchone()
            if commit not in _HONEST or fsync != "on":
                raise ImproperlyConfigured(
                    f"PostgreSQL says synchronous_commit={commit}, fsync={fsync}: use on for both."
                )
            return
        cursor.execute("PRAGMA synchronous")
        if cursor.fetchone()[0] < _FULL:
            raise ImproperlyConfigured("SQLite must run with PRAGMA synchronous=FULL.")

"""What erasing means, step by step. After it one row stays that refers to nothing.

SQLite overwrites freed pages (`secure_delete`) and gives the write-ahead log back to the system;
PostgreSQL frees rows for `VACUUM` to overwrite, which is said in `attacks.md`.
"""

from __future__ import annotations

import threading
import uuid
from datetime import datetime

from django.db import connection

from chat.carrying import ALONE
from chat.models import CounselSession, Envelope, KeyPackage, Seat, Step, Tombstone, Visit
from counsel.audit.trail import forget_case
from counsel.identity import CaseCode

_SHORT, _LONG = 500, 20_000
"""Milliseconds to wait for readers while flushing, and otherwise (as in the settings)."""
_owed = threading.Event()


def shred(session_id: int, now: datetime) -> None:
    """Delete every row of the session, inside the caller's transaction."""
    _shred_words(session_id)
    _shred_keys(session_id)
    _shred_history(session_id)
    _shred_visits(session_id)
    _shred_seats(session_id)
    _shred_name(session_id)
    _shred_session(session_id)
    _leave_tombstone(now)


def flush_to_disk() -> None:
    """After the commit: make SQLite overwrite its log, where a copy of the rows still lies.

    When a reader is in the way it stays owed, and the clock asks again.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with ALONE, connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={_SHORT}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = bool(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout={_LONG}")
    (_owed.set if busy else _owed.clear)()


def is_owed() -> bool:
    """Whether a reader was in the way and the log still has to be overwritten."""
    return _owed.is_set()


def flush_what_is_owed() -> None:
    """Ask again if a reader was in the way."""
    if is_owed():
        flush_to_disk()


def _shred_words(session_id: int) -> None:
    Envelope.objects.filter(session_id=session_id).delete()


def _shred_keys(session_id: int) -> None:
    KeyPackage.objects.filter(session_id=session_id).delete()


def _shred_history(session_id: int) -> None:
    Step.objects.filter(session_id=session_id).delete()


def _shred_visits(session_id: int) -> None:
    Visit.objects.filter(session_id=session_id).delete()


def _shred_seats(session_id: int) -> None:
    Seat.objects.filter(session_id=session_id).delete()


def _shred_name(session_id: int) -> None:
    """The staff's trail stays, and says no more which talk it was that they sat in."""
    for code in CounselSession.objects.filter(pk=session_id).values_list("case_code", flat=True):
        forget_case(CaseCode(code))


def _shred_session(session_id: int) -> None:
    CounselSession.objects.filter(pk=session_id).delete()


def _leave_tombstone(now: datetime) -> None:
    Tombstone.objects.create(id=uuid.uuid4(), month=now.date().replace(day=1))

"""SQLite's log is carried into the database beside the writing, not in the middle of it.

A commit is on disk once it is in the write-ahead log; its pages still have to be carried into the
database itself. Left alone, SQLite does that inside whichever commit fills a measure, and everybody whose
words are in it waits. Here a thread of its own carries them while the writer goes on. What is left over is
carried inside a commit after all, when the log is `environment.WAL_PAGES` long: then it is little, and
the log begins again at its front.
"""

from __future__ import annotations

import asyncio
import logging
from threading import Lock
from typing import Final

from django.db import Error as DatabaseError
from django.db import connection

from chat.lanes import CARRY
from chat.loops import PerLoop

log = logging.getLogger(__name__)

_EVERY: Final = 0.25
"""Seconds from a commit until it is carried: what comes meanwhile goes along."""

ALONE: Final = Lock()
"""Held by whoever carries: SQLite does not let a second one wait for the first, it turns them away."""


class Carrier:
    """At most one turn at a time, and none while nobody writes."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Something was committed."""
        if self._task is None and connection.vendor == "sqlite":
            self._task = asyncio.get_running_loop().create_task(self._turn())

    async def _turn(self) -> None:
        try:
            await asyncio.sleep(_EVERY)
            await CARRY(carry)
        except DatabaseError as error:
            log.error("the log was not carried on: %s", type(error).__name__)
        finally:
            self._task = None


def carry() -> None:
    """Carry what no reader still needs where it is. Waits for nobody, and only who erases waits for it."""
    with ALONE, connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


carrier: Final = PerLoop(Carrier)
"""This process's carrier."""

"""Threads with database connections of their own, so that the event loop never waits for a disk.

One lane writes: everything this process changes passes it one job at a time, which is what SQLite
wants and what makes group commit possible. A few lanes read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from chat import durability
from counsel import moment

P = ParamSpec("P")
T = TypeVar("T")


class Lane:
    """`await lane(function, *args)` runs it in a thread of this lane."""

    def __init__(self, name: str, threads: int) -> None:
        self._name = name
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None

    async def __call__(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `job` returns or raises. A broken connection is replaced and the job run again.

        So a job must bear being run twice: everything that writes here is a transaction, and
        doing it again finds it done.
        """
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix=self._name)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: _run(job, *args, **kwargs))

    def close(self) -> None:
        """Finish what was begun and let go of threads and connections."""
        if self._pool is not None:
            everyone = Barrier(self._threads)
            for _ in range(self._threads):
                self._pool.submit(_leave, everyone)
            self._pool.shutdown()
            self._pool = None


def _leave(everyone: Barrier) -> None:
    everyone.wait()  # each thread gets exactly one of these, so that each closes its own
    connections.close_all()


def _run(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    connection = connections["default"]
    try:
        if connection.connection is None:
            _meet(connection)
        return job(*args, **kwargs)
    except (OperationalError, InterfaceError):
        connection.close()
        _meet(connection)
        return job(*args, **kwargs)


def _meet(connection: BaseDatabaseWrapper) -> None:
    """What has to be known of a database before anything is promised."""
    durability.check(connection)
    moment.keep_to(connection)


WRITE: Final = Lane("write", 1)
READ: Final = Lane("read", 3)
CARRY: Final = Lane("carry", 1)
"""Carries SQLite's log into the database, see `carrying.py`."""

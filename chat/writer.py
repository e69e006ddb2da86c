"""Group commit: what many senders store at the same moment costs one wait for the disk.

While one batch is being committed the next one gathers. After the commit the rows go to those who
listen here, and then each sender hears what became of its draft.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from django.db import Error as DatabaseError

from chat import presence, relay, store
from chat.carrying import carrier
from chat.lanes import WRITE
from chat.loops import PerLoop
from chat.presence import Sighting
from chat.store import Appended, Draft
from counsel.errors import CounselError

log = logging.getLogger(__name__)

_BATCH: Final = 256
"""Drafts of one commit: 8 MB at the very worst, some milliseconds of locks as a rule."""

Settle = Callable[[int | CounselError], None]
"""Hears the place of a draft in the log, or why it has none."""


class Writer:
    """The queue in front of the one thread that writes."""

    def __init__(self) -> None:
        self._drafts: list[tuple[Draft, Settle]] = []
        self._sightings: list[Sighting] = []
        self._jobs: list[Callable[[], object]] = []
        self._task: asyncio.Task[None] | None = None

    def put(self, draft: Draft, settle: Settle) -> None:
        """Store this with the next commit. Drafts of one sender keep their order."""
        self._drafts.append((draft, settle))
        self._begin()

    def see(self, sighting: Sighting) -> None:
        """Write down that somebody is here, with the next commit."""
        self._sightings.append(sighting)
        self._begin()

    def later(self, job: Callable[[], object]) -> None:
        """Do this small thing in the writing thread when it is free. Nobody waits for it."""
        self._jobs.append(job)
        self._begin()

    def _begin(self) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._drafts or self._sightings or self._jobs:
                batch, self._drafts = self._drafts[:_BATCH], self._drafts[_BATCH:]
                sightings, self._sightings = self._sightings, []
                if batch:
                    await self._store(batch)
                if sightings:
                    await self._record(sightings)
                jobs, self._jobs = self._jobs, []
                for job in jobs:
                    await self._do(job)
        finally:
            self._task = None

    async def _store(self, batch: Sequence[tuple[Draft, Settle]]) -> None:
        try:
            done = await WRITE(store.append, [draft for draft, _ in batch])
        except DatabaseError as error:
            if len(batch) > 1:  # one draft must not take the others with it
                for one in batch:
                    await self._store([one])
                return
            log.error("storing failed: %s", type(error).__name__)
            done = Appended((CounselError(),), (), {})
        relay.hub().hand_over(done.rows, done.heads)
        carrier().soon()
        for (_, settle), verdict in zip(batch, done.verdicts, strict=True):
            settle(verdict)

    async def _record(self, sightings: Sequence[Sighting]) -> None:
        try:
            changed = await WRITE(presence.record, sightings)
        except DatabaseError as error:
            log.error("writing down who is here failed: %s", type(error).__name__)
            return
        if changed:
            relay.hub().announce(changed)

    async def _do(self, job: Callable[[], object]) -> None:
        try:
            await WRITE(job)
        except DatabaseError as error:
            log.error("a note was not written: %s", type(error).__name__)


writer: Final = PerLoop(Writer)
"""This process's writer."""

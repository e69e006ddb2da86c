"""Who left the building has no open socket: signed out, suspended, or idle for too long.

Once a second this asks for every staff socket of this process whether its login still stands.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, Protocol

from chat.lanes import READ
from chat.loops import PerLoop
from counsel import limits, signin

log = logging.getLogger(__name__)

_AT_ONCE: Final = 500
"""Logins one question names: SQLite takes no longer list everywhere."""


class Guarded(Protocol):
    """A connection that stands on a login."""

    def sign_out(self) -> None: ...


class Guard:
    """The list at the door."""

    def __init__(self) -> None:
        self._logins: dict[Guarded, tuple[int, str]] = {}
        self._task: asyncio.Task[None] | None = None

    def watch(self, guarded: Guarded, staff_id: int, session_key: str) -> None:
        """Tell this connection when its login ends."""
        self._logins[guarded] = (staff_id, session_key)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._walk())

    def forget(self, guarded: Guarded) -> None:
        """It is gone by itself."""
        self._logins.pop(guarded, None)

    async def _walk(self) -> None:
        try:
            while self._logins:
                await asyncio.sleep(limits.HEAR_EVERY.total_seconds())
                logins = set(self._logins.values())
                try:
                    alive = await READ(_alive, list(logins))
                except Exception as error:
                    log.error("asking for logins failed: %s", type(error).__name__)
                    continue
                for guarded, login in list(self._logins.items()):
                    if login in logins and login not in alive:
                        self.forget(guarded)
                        guarded.sign_out()
        finally:
            self._task = None


def _alive(logins: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    some = (logins[i : i + _AT_ONCE] for i in range(0, len(logins), _AT_ONCE))
    return set().union(*(signin.who_is_signed_in(page) for page in some))


guard: Final = PerLoop(Guard)
"""This process's guard."""

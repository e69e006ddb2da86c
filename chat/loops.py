"""One of a thing for each event loop: in production that is one for each process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Call it inside a loop to get that loop's own; it is made at the first call."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[asyncio.AbstractEventLoop, T] = {}

    def __call__(self) -> T:
        loop = asyncio.get_running_loop()
        if loop not in self._made:
            for old in [other for other in self._made if other.is_closed()]:
                del self._made[old]
            self._made[loop] = self._make()
        return self._made[loop]

    def everywhere(self) -> Iterator[tuple[asyncio.AbstractEventLoop, T]]:
        """Those of all open loops, for a thread that has something to tell them."""
        return ((loop, one) for loop, one in list(self._made.items()) if not loop.is_closed())

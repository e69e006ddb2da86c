"""What runs beside the sockets for the trail: it is linked, vouched for, and handed to another machine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from chat.lanes import READ, WRITE
from counsel import limits, moment, slowing
from counsel.audit import sealing
from counsel.audit.sealing import Sealer

log = logging.getLogger(__name__)

_EVERY: Final = limits.HEAR_EVERY.total_seconds()
_SELDOM: Final = 10.0
"""Seconds between two offers to the hook, and between two looks at failures to sign in."""


async def run() -> None:
    """Rounds until cancelled. One in each process does no harm. A hook that hangs delays no link."""
    sealer = Sealer()
    await asyncio.gather(
        _again_and_again(_EVERY, lambda: _seal(sealer)),
        _again_and_again(_SELDOM, _look_around),
        _again_and_again(_EVERY, _hand_over),
    )


async def _again_and_again(seconds: float, what: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await what()
        except Exception as error:
            log.error("the trail stumbled: %s", type(error).__name__)


async def _seal(sealer: Sealer) -> None:
    if await READ(sealer.is_behind):
        await WRITE(sealer.link)
    seq, hashed = await READ(sealing.head)
    await asyncio.to_thread(sealing.keep, seq, hashed, moment.now())


async def _look_around() -> None:
    await WRITE(slowing.tell_failures, moment.now())
    seq, _ = await READ(sealing.head)
    if await asyncio.to_thread(sealing.went_back, seq):
        log.error("the trail is shorter than its last checkpoint: see deploy/runbooks/audit.md")


async def _hand_over() -> None:
    if not await asyncio.to_thread(sealing.hand_over):
        await asyncio.sleep(_SELDOM)

"""What runs beside the sockets for the trail: it is linked, vouched for, and handed to another machine."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Final

from chat.lanes import READ, WRITE
from counsel import limits, slowing
from counsel.audit import sealing
from counsel.audit.sealing import Sealer

log = logging.getLogger(__name__)

_EVERY: Final = limits.HEAR_EVERY.total_seconds()
_HAND_OVER_EVERY: Final = 10
"""Rounds between two offers to the hook, and between two looks at failures to sign in."""


async def run() -> None:
    """A round a second until cancelled. One in each process does no harm."""
    sealer, rounds = Sealer(), 0
    while True:
        await asyncio.sleep(_EVERY)
        rounds += 1
        try:
            await _round(sealer, rounds % _HAND_OVER_EVERY == 0)
        except Exception as error:
            log.error("the trail stumbled: %s", type(error).__name__)


async def _round(sealer: Sealer, is_tenth: bool) -> None:
    now = datetime.now(UTC)
    if is_tenth:
        await WRITE(slowing.tell_failures, now)
    if await READ(sealer.is_behind):
        await WRITE(sealer.link)
    seq, hashed = await READ(sealing.head)
    kept = await asyncio.to_thread(sealing.keep, seq, hashed, now)
    if kept or is_tenth:
        await asyncio.to_thread(sealing.hand_over)

"""What a phone asks of the queue, and what it is told of it, as tests say and read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chat import wire
from counsel.framing import unpack_record
from counsel.places import INDUSTRIES
from triage.queue.tiers import Asked, Tier
from triage.queue.wire import Request, Standing, topic_bits, write_request


def request(
    tier: Tier = Tier.YELLOW,
    event: Asked = Asked.BEGIN,
    *,
    topics: Sequence[str] = ("wages",),
    language: str = "zh",
    industry: str = "",
    **more: Any,
) -> bytes:
    """What a phone asks of the queue."""
    place = INDUSTRIES.index(industry) + 1 if industry else 0
    bits = topic_bits(topics)
    said = Request(event=event, tier=tier, topics=bits, language=language, industry=place, **more)
    return write_request(said)


def told(news: wire.News, name: str) -> object:
    """One thing somebody is told: a field of the news or of their standing; `None` without one."""
    if hasattr(news, name):
        return getattr(news, name)
    return getattr(unpack_record(Standing, news.standing), name) if news.standing else None

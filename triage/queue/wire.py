"""What a phone asks of the queue, and what it is told of it. Pure; see `counsel/framing.py`.

Both travel inside chat's frames, which carry them unread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from counsel import limits
from counsel.errors import WireError
from counsel.framing import U8, U16, Fixed, Text, pack_record, unpack_record
from counsel.places import INDUSTRIES, is_region
from counsel.topics import TOPICS
from triage.queue.tiers import Asked, Now, Tier

REQUEST_VERSION: Final = 1
IN_PLANTS: Final = 1
"""Bit of `Request.exclusions`: nobody who works in a plant, wherever it is."""
UNKNOWN: Final = 255
"""Minutes nobody can tell."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """All that leaves a phone of what was answered, always in 64 bytes with zeros behind it.

    `version` is 1. `event`: 0 begin, 1 worse, 2 danger, 3 mistake, 4 changed. `tier`: 0 red to 3 green.
    `now` tells the reds apart: 1 now, 2 recent, else 0. `topics` has a bit for each topic in the order
    of the table, `industry` its place there from 1. `exclusions`, bit 0: nobody who works in a plant.
    `listener` is the person last talked with, to have the same again, or zeros. `told`, beside "worse",
    is one more than the tier that was told before it, so that a request that comes twice raises once; 0:
    not said.
    """

    version: U8 = REQUEST_VERSION
    event: U8
    tier: U8
    now: U8 = 0
    topics: U16 = 0
    language: Annotated[str, Text(8)]
    region: Annotated[str, Text(2)] = ""
    industry: U8 = 0
    exclusions: U8 = 0
    listener: Annotated[bytes, Fixed(16)] = bytes(16)
    told: U8 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody who waits is told of the queue.

    `ahead` are before them; it takes `low` to `high` minutes in most cases, 255 where nobody can
    tell. `nobody` is on duty who could take them; `closed`: nobody new comes in; `surge`: far more
    people than usual. `stage` of a red: 1 staff are called, 2 the supervisor too, 3 nobody came or
    nobody is there; else 0. `offered`: somebody is being asked right now.
    """

    ahead: U16 = 0
    low: U8 = UNKNOWN
    high: U8 = UNKNOWN
    nobody: U8 = 0
    closed: U8 = 0
    surge: U8 = 0
    stage: U8 = 0
    offered: U8 = 0


def write_request(request: Request) -> bytes:
    """The 64 bytes that leave the phone."""
    return pack_record(request, limits.REQUEST)


def read_request(data: bytes) -> Request:
    """What a phone asks. Raises `WireError` for anything that is in none of the tables."""
    request = unpack_record(Request, data)
    known = (
        request.version == REQUEST_VERSION
        and request.event in set(Asked)
        and request.tier in set(Tier)
        and request.now in set(Now)
        and (request.now == Now.NONE or request.tier == Tier.RED)
        and request.topics < 2 ** len(TOPICS)
        and request.topics.bit_count() <= limits.MAX_TOPICS
        and _LANGUAGE.fullmatch(request.language) is not None
        and is_region(request.region)
        and request.industry <= len(INDUSTRIES)
        and request.exclusions <= IN_PLANTS
        and request.told <= len(Tier)
    )
    if not known:
        raise WireError("a request the queue cannot read")
    return request


def write_standing(standing: Standing) -> bytes:
    """As chat carries it: always as long, so that its size tells nothing."""
    return pack_record(standing, limits.MAX_STANDING)


def topics_of(bits: int) -> tuple[str, ...]:
    """The codes these bits stand for."""
    return tuple(topic for place, topic in enumerate(TOPICS) if bits >> place & 1)


def topic_bits(topics: Sequence[str]) -> int:
    """Topics as the bits of a `Request`."""
    return sum(1 << TOPICS.index(topic) for topic in topics)


def industry_of(request: Request) -> str:
    """The code of the industry, or empty."""
    return INDUSTRIES[request.industry - 1] if request.industry else ""

"""Saying frames as anybody would, on a socket or by the long poll, and hearing what comes back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.test import AsyncClient

from chat import wire
from counsel.framing import Frame, Said, pack
from tests.people import BoardBrowser, Browser, browsing

SILENT: Final = (wire.Beat,)
"""Commands that are not answered when they are done."""


@dataclass(frozen=True)
class Heard:
    """The codes of a hello and of what was said behind it; empty where it was done.

    `refusals` are the frames of all refusals with their places, and `sizes` the lengths of the
    messages they came in: what somebody on the line could tell apart.
    """

    codes: tuple[str, ...]
    refusals: tuple[Said, ...]
    sizes: tuple[int, ...]

    @property
    def refused(self) -> set[str]:
        """The codes of what was said behind the hello, or of a hello that ended it."""
        if self.codes[0] == "signed-out":
            return {self.codes[0]}
        return set(self.codes[1:])


async def on_a_socket(
    cookie: str, frames: Sequence[Frame], *, kind: type[Browser] = Browser
) -> Heard:
    """Each frame in a message of its own, one after the other."""
    browser = kind(cookie)
    async with browsing(browser):
        codes = [await _say(browser, frame) for frame in frames]
        refusals = tuple(s for s in browser.heard if isinstance(s.frame, wire.Refused))
        return Heard(tuple(codes), refusals, tuple(browser.sizes))


async def on_the_board(cookie: str, frames: Sequence[Frame]) -> Heard:
    """The same on `/board`."""
    return await on_a_socket(cookie, frames, kind=BoardBrowser)


async def _say(browser: Browser, frame: Frame) -> str:
    if browser.close_code:
        return _code(browser, 0)
    correlation = browser.say(frame)
    last = browser.say(wire.Read(after=2**31)) if isinstance(frame, SILENT) else correlation
    await browser.until(lambda: bool(browser.close_code) or browser.has_answers({last}))
    return _code(browser, correlation)


def _code(browser: Browser, correlation: int) -> str:
    """The code of its refusal, or of the one that closed the socket before it was answered."""
    answers = [said.frame for said in browser.heard if said.correlation == correlation]
    if not answers and browser.close_code:
        answers = [said.frame for said in browser.heard if isinstance(said.frame, wire.Refused)]
    refusals = [frame.code for frame in answers if isinstance(frame, wire.Refused)]
    return refusals[-1] if refusals else ""


async def by_post(cookie: str, frames: Sequence[Frame]) -> Heard:
    """All of them in one request to `/chat/exchange`, with the token of our page."""
    client = AsyncClient(enforce_csrf_checks=True)
    secret = secrets.token_hex(16)
    client.cookies.load({settings.CSRF_COOKIE_NAME: secret})
    if cookie:
        client.cookies.load({settings.SESSION_COOKIE_NAME: cookie})
    header = settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-").lower()
    sent: dict[str, Any] = {"origin": settings.ORIGIN, header: secret}
    data = pack([Said(frame, 1 + at) for at, frame in enumerate(frames)])
    kind = "application/octet-stream"
    answer = await client.post("/chat/exchange", data, content_type=kind, headers=sent)
    heard = wire.WIRE.unpack(answer.content)
    refusals = tuple(said for said in heard if isinstance(said.frame, wire.Refused))
    answered = {said.correlation: said.frame for said in reversed(heard)}
    if answer.status_code != 200:
        answered = dict.fromkeys(range(1, 1 + len(frames)), heard[0].frame)
    found = (answered.get(1 + at) for at in range(len(frames)))
    codes = tuple(one.code if isinstance(one, wire.Refused) else "" for one in found)
    return Heard(codes, refusals, (len(answer.content),))

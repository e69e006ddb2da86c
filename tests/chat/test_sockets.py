"""The socket itself: whose page it is, what a message may be, and who does not read."""

from __future__ import annotations

import asyncio

import pytest
from django.conf import settings

from chat import sockets, wire
from chat.lanes import WRITE
from counsel import limits
from counsel.models import Login, Staff
from tests.people import APPS, BoardBrowser, Browser, Seeker, browsing, talking

stored = pytest.mark.django_db(transaction=True, available_apps=APPS)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to slow down."""
    monkeypatch.setattr(settings, "SEND_BURST", 1000, raising=False)


@pytest.mark.parametrize("browser", [Browser, BoardBrowser])
@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://localhost", "{ours}/", "{ours}.evil.example",
     "HTTP://LOCALHOST:8000", " {ours}"],
)  # fmt: skip
async def test_only_our_own_origin_gets_in(browser: type[Browser], origin: str) -> None:
    evil = browser(origin=origin.format(ours=settings.ORIGIN))
    if not origin:
        evil.scope["headers"] = []
    await evil.connect()
    assert (evil.accepted, evil.close_code) == (False, 4403)
    await evil.task


async def test_two_origins_are_none() -> None:
    evil = Browser()
    evil.scope["headers"] *= 2
    await evil.connect()
    assert not evil.accepted


@pytest.mark.parametrize("known", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("text", "bad-frame"),
        ("", "bad-frame"),
        (b"", "bad-size"),
        (bytes(383), "bad-size"),
        (bytes(65536), "bad-size"),
        (b"\0\3\xee\0\1" + bytes(379), "bad-frame"),
        (b"\xff" * 384, "bad-frame"),
    ],
    ids=["text", "no-text", "empty", "383", "65536", "kind", "noise"],
)
@stored
async def test_what_is_no_bundle_is_refused_and_closed(
    message: bytes | str, code: str, known: bool
) -> None:
    browser = Browser()
    async with browsing(browser):
        if known:
            await browser.ask(Seeker().start())
        browser.raw(message)
        await browser.until(lambda: browser.close_code == 4400)
        assert browser.all(wire.Refused)[-1].code == code


@stored
async def test_frames_of_servers_are_not_for_servers() -> None:
    browser = Browser()
    async with browsing(browser):
        browser.say(wire.Done())
        await browser.until(lambda: browser.close_code == 4400)
        assert browser.all(wire.Refused)[0].code == "bad-frame"


@stored
async def test_an_older_page_is_told_to_reload() -> None:
    browser = Browser()
    async with browsing(browser):
        browser.say(Seeker().start(version=limits.WIRE_VERSION + 1))
        await browser.until(lambda: bool(browser.close_code))
        assert browser.all(wire.Refused)[0].code == "version"


@stored
async def test_who_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "HELLO_WITHIN", 0.5)
    browser, sana = Browser(), Browser()
    async with browsing(browser, sana):
        await sana.ask(Seeker().start())
        await browser.until(lambda: browser.close_code == 4400)
        await asyncio.sleep(0.6)
        assert not sana.close_code


@stored
async def test_who_does_not_read_is_closed_and_nothing_grows(quick: None) -> None:
    async with talking() as talk:
        talk.phone.reading.clear()
        for _ in range(limits.UNSENT_FRAMES * 3):
            await talk.desk.ask(wire.Here(presence="here"))
            talk.desk.say(wire.Beat(sealed=b"x"))
        await talk.desk.ask(wire.Here(presence="here"))
        before = len(talk.phone.heard)
        talk.phone.reading.set()
        await talk.phone.until(lambda: talk.phone.close_code == 4408)
        assert len(talk.phone.heard) - before <= limits.MAX_FRAMES  # what was on its way already


@stored
async def test_rows_wait_in_the_log_for_a_slow_reader(quick: None) -> None:
    async with talking() as talk:
        talk.phone.reading.clear()
        for _ in range(limits.UNSENT_FRAMES * 2):
            await talk.desk.ask(talk.words())
        talk.phone.reading.set()
        await talk.phone.until(lambda: len(talk.phone.rows) == limits.UNSENT_FRAMES * 2 + 1)
        assert talk.phone.rows == list(range(1, limits.UNSENT_FRAMES * 2 + 2))
        assert not talk.phone.close_code


@stored
async def test_signing_out_closes_the_socket_within_two_seconds() -> None:
    async with talking() as talk:
        await WRITE(lambda: Login.objects.filter(staff=talk.carol.staff).delete())
        async with asyncio.timeout(2.2):
            await talk.desk.until(lambda: talk.desk.close_code == 4401)
        assert talk.desk.all(wire.Refused)[-1].code == "signed-out"
        assert not talk.phone.close_code


@stored
async def test_suspension_closes_the_socket_within_two_seconds() -> None:
    async with talking() as talk:
        await WRITE(lambda: Staff.objects.filter(pk=talk.carol.staff.pk).update(is_active=False))
        async with asyncio.timeout(2.2):
            await talk.desk.until(lambda: talk.desk.close_code == 4401)


@stored
async def test_small_frames_travel_together() -> None:
    async with talking() as talk:
        before = len(talk.phone.sizes)
        talk.phone.say(*[wire.Here(presence="here") for _ in range(5)])
        await talk.phone.hear(wire.Done, 5)
        assert talk.phone.sizes[before:] == [384]

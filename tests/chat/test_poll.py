"""The long poll means what the socket means."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import AsyncClient

from chat import wire
from chat.lanes import READ, WRITE
from chat.models import Envelope
from counsel import limits
from counsel.framing import Frame, Said, pack
from tests.people import APPS, Seeker, hire, talking

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=APPS),
    pytest.mark.urls("chat.urls"),
]


async def post(data: bytes, *, cookies: dict[str, str] | None = None, **headers: str) -> Any:
    """One POST from our own page."""
    client = AsyncClient(enforce_csrf_checks=True)
    client.cookies.load(cookies or {})
    sent = {"origin": settings.ORIGIN, "host": settings.ALLOWED_HOSTS[0]} | headers
    kind = "application/octet-stream"
    return await client.post("/chat/exchange", data, content_type=kind, headers=sent)


async def exchange(
    *frames: Frame, cookies: dict[str, str] | None = None, **headers: str
) -> list[Frame]:
    """The frames that come back for these."""
    said = [Said(frame, 1 + i) for i, frame in enumerate(frames)]
    answer = await post(pack(said), cookies=cookies, **headers)
    assert len(answer.content) in limits.SIZES
    assert answer["cache-control"] == "no-store"
    return [said.frame for said in wire.WIRE.unpack(answer.content)]


def rows(frames: list[Frame]) -> list[int]:
    """The places of the envelopes among these."""
    return [frame.seq for frame in frames if isinstance(frame, wire.Envelope)]


async def test_a_seeker_talks_by_post_alone() -> None:
    async with talking() as talk:
        await talk.phone.leave()
        send = talk.words()
        frames = await exchange(talk.sana.resume(), send)
        assert isinstance(frames[0], wire.Seated)
        assert sum(isinstance(frame, wire.News) for frame in frames) == 1
        assert rows(frames) == [1]
        assert frames.index(wire.Stored(seq=2)) > 1  # behind the row that is before it
        assert (await talk.desk.hear(wire.Envelope)).client_id == send.client_id
        again = await exchange(talk.sana.resume(after=2), send)
        assert wire.Stored(seq=2) in again
        assert await READ(Envelope.objects.count) == 2


async def test_with_a_command_the_answer_comes_at_once() -> None:
    async with talking() as talk:
        began = time.monotonic()
        frames = await exchange(talk.sana.resume(after=1), wire.Here(presence="here"))
        assert wire.Done() in frames
        assert time.monotonic() - began < 1


async def test_without_one_it_is_held_until_something_is_said() -> None:
    async with talking() as talk:
        poll = asyncio.ensure_future(exchange(talk.sana.resume(after=1)))
        await asyncio.sleep(0.4)
        assert not poll.done()
        await talk.desk.ask(talk.words())
        assert rows(await asyncio.wait_for(poll, 1)) == [2]


async def test_it_is_not_held_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    monkeypatch.setattr(limits, "POLL_FOR", timedelta(seconds=0.3))
    async with talking() as talk:
        began = time.monotonic()
        frames = await exchange(talk.sana.resume(after=1))
        assert [type(frame) for frame in frames] == [wire.Seated, wire.News]
        assert 0.3 <= time.monotonic() - began < 2


async def test_what_changed_between_two_polls_is_told_at_once() -> None:
    async with talking() as talk:
        known = (await exchange(talk.sana.resume(after=1), wire.Here(presence="here")))[-1]
        assert isinstance(known, wire.News)
        held = asyncio.ensure_future(exchange(talk.sana.resume(after=1), known))
        await asyncio.sleep(0.3)
        assert not held.done()
        held.cancel()
        await talk.desk.ask(wire.Here(presence="calling"))
        await talk.phone.hear_news(presence="calling")
        frames = await asyncio.wait_for(exchange(talk.sana.resume(after=1), known), 1)
        assert isinstance(frames[-1], wire.News)
        assert frames[-1].presence == "calling"


async def test_what_does_not_fit_is_asked_for_again() -> None:
    async with talking() as talk:
        for _ in range(4):
            await talk.desk.ask(talk.words(text=secrets.token_bytes(15_000)))
        seen: list[int] = []
        for _ in range(5):
            here = wire.Here(presence="here")
            seen += rows(await exchange(talk.sana.resume(after=max(seen, default=0)), here))
        assert seen == [1, 2, 3, 4, 5]


async def test_a_sent_word_behind_a_full_answer_is_stored_all_the_same() -> None:
    async with talking() as talk:
        for _ in range(4):
            await talk.desk.ask(talk.words(text=secrets.token_bytes(15_000)))
        send = talk.words()
        frames = await asyncio.wait_for(exchange(talk.sana.resume(), send), 3)
        assert wire.Stored(seq=6) not in frames
        assert wire.Stored(seq=6) in await exchange(talk.sana.resume(after=5), send)


async def test_staff_poll_with_cookie_and_token_and_never_with_the_cookie_alone() -> None:
    async with talking() as talk:
        cookies = {settings.SESSION_COOKIE_NAME: talk.carol.cookie}
        attend, here = talk.carol.attend(talk.ref), wire.Here(presence="here")
        refused = wire.Refused(code="signed-out", retry_after=0)
        assert refused in await exchange(attend, here, cookies=cookies)
        secret = secrets.token_hex(16)
        cookies[settings.CSRF_COOKIE_NAME] = secret
        assert refused in await exchange(attend, here, cookies=cookies)
        wrong = {"x-csrf-token": "x" * 32}
        assert refused in await exchange(attend, here, cookies=cookies, **wrong)
        header = settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-").lower()
        frames = await exchange(attend, here, cookies=cookies, **{header: secret})
        assert isinstance(frames[0], wire.Seated)
        assert rows(frames) == [1]


@pytest.mark.parametrize("origin", ["null", "https://evil.example", ""])
async def test_another_origin_is_refused(origin: str) -> None:
    answer = await post(pack([Said(Seeker().start(), 1)]), origin=origin)
    assert answer.status_code == 403
    assert wire.WIRE.unpack(answer.content)[0].frame == wire.Refused(code="origin", retry_after=0)


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", 413), (bytes(385), 413), (bytes(384), 400), (b"\xff" * 384, 400),
     (pack([Said(wire.End(), 1)]), 400), (pack([Said(wire.Done(), 1)]), 400)],
    ids=["empty", "size", "nothing", "noise", "no-hello", "servers"],
)  # fmt: skip
async def test_what_is_no_bundle_is_refused(data: bytes, status: int) -> None:
    answer = await post(data)
    assert answer.status_code == status
    assert isinstance(wire.WIRE.unpack(answer.content)[0].frame, wire.Refused)


async def test_a_body_longer_than_it_says_is_not_read() -> None:
    answer = await post(bytes(384), cookies=None, **{"content-length": "12"})
    assert answer.status_code == 413


async def test_get_gives_nothing() -> None:
    client = AsyncClient()
    answer = await client.get("/chat/exchange", headers={"origin": settings.ORIGIN})
    assert answer.status_code in {400, 405}


async def test_a_stranger_by_post_is_refused_and_erasing_again_is_done() -> None:
    frames = await exchange(Seeker().resume(), wire.Here(presence="here"), wire.Erase())
    refused = wire.Refused(code="no-seat", retry_after=0)
    assert frames == [refused, refused, wire.Done()]


async def test_polling_is_slowed_like_a_socket() -> None:
    async with talking() as talk:
        here = wire.Here(presence="here")
        frames: list[Frame] = []
        for _ in range(20):
            frames += await exchange(talk.sana.resume(after=1), here)
        assert any(isinstance(f, wire.Refused) and f.code == "slow-down" for f in frames)


async def test_nobody_listens_after_the_answer() -> None:
    async with talking() as talk:
        before = set(asyncio.all_tasks())
        for _ in range(3):
            await exchange(talk.sana.resume(after=1), wire.Here(presence="here"))
        await WRITE(hire, "dan")
        await asyncio.sleep(0.05)
        assert set(asyncio.all_tasks()) - before <= {asyncio.current_task()}

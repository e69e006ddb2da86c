"""Bad input, before and after sign-in: refused with a code or closed with one, and nothing else.

Mutations know the structure: valid bundles with bytes flipped, cut, doubled, lengths and counts
changed, frames of one socket on the other, fields swapped; and plain noise. Each case runs on a
real consumer; afterwards no task is left, no traceback was logged, and memory is as before.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import random
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chat import wire
from chat.lanes import WRITE
from counsel import errors, limits
from counsel.framing import Frame, Said, pack
from tests.chat.test_wire import bundles, shapes
from tests.people import APPS, BoardBrowser, Browser, Seeker, browsing, commit, hire, seal, talking
from triage import wire as board_wire
from triage.beside import wire as beside
from triage.handover import wire as handing

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=APPS),
    pytest.mark.one_database,
]

CODES = {error.code for error in errors.ERRORS}
CLOSES = {error.close for error in errors.ERRORS if error.close}
Mutate = Callable[[random.Random, bytearray], bytes]


def _flip(dice: random.Random, data: bytearray) -> bytes:
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(min(len(data), 200))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _length(dice: random.Random, data: bytearray) -> bytes:
    at = dice.choice([0, *range(1, 60)])
    data[at : at + 2] = dice.choice([0, 1, 2, 255, 256, 30_000, 65_535]).to_bytes(2, "big")
    return bytes(data)


def _cut(dice: random.Random, data: bytearray) -> bytes:
    return bytes(data[: dice.choice([0, 1, 383, len(data) - 1, dice.randrange(len(data))])])


def _grow(dice: random.Random, data: bytearray) -> bytes:
    return bytes(data) + dice.randbytes(dice.choice([1, 384, 66_000]))


def _resize(dice: random.Random, data: bytearray) -> bytes:
    return bytes(data).ljust(dice.choice(limits.SIZES), dice.choice([b"\0", b"\1"]))[:32768]


def _kind(dice: random.Random, data: bytearray) -> bytes:
    data[2] = dice.randrange(256)
    return bytes(data)


def _twice(dice: random.Random, data: bytearray) -> bytes:
    length = int.from_bytes(data[:2], "big") + 2
    return (bytes(data[:length]) * dice.randint(2, 20)).ljust(32768, b"\0")[:32768]


def _noise(dice: random.Random, data: bytearray) -> bytes:
    return dice.randbytes(dice.choice([*limits.SIZES, 0, 1, 500]))


def _as_it_is(dice: random.Random, data: bytearray) -> bytes:
    return bytes(data)


MUTATIONS: list[Mutate] = [
    _flip, _length, _cut, _grow, _resize, _kind, _twice, _noise, _as_it_is,
]  # fmt: skip


def _clients(talk_group: bytes, token: bytes) -> list[Frame]:
    """Valid commands of both sockets, as seeds."""
    sana = Seeker()
    return [
        sana.start(), sana.resume(), wire.Resume(version=limits.WIRE_VERSION, token=token, after=0),
        wire.Attend(version=limits.WIRE_VERSION, ref=bytes(16), after=0), wire.ClaimKey(),
        wire.End(), wire.Erase(), wire.Ask(request=bytes(64)),
        wire.Send(client_id=bytes(16), sealed=seal(talk_group)), wire.Read(after=0),
        wire.TopUp(key_packages=(b"\0\1\0\5x",), last_resort=b""), wire.Here(presence="here"),
        wire.Beat(sealed=b"x"), board_wire.Watch(version=limits.WIRE_VERSION), board_wire.Take(), wire.Done(),
        wire.OpenGroup(client_id=bytes(16), group_id=bytes(16), welcome=b"\0\1\0\3x",
                       statement=b""),
        wire.Shown(seq=1), wire.Change(client_id=bytes(16), sealed=commit(talk_group), visit=1,
                                       welcome=b"\0\1\0\3x", statement=b""),
        handing.ComeAfter(handover=1, identity=b"x", statement=b"", proof=bytes(64)),
        handing.OpenAfter(handover=1, client_id=bytes(16), group_id=bytes(16), welcome=b"\0\1\0\3x",
                          statement=b""),
        beside.AskIn(ref=bytes(16), group_id=talk_group, epoch=1, key_package=b"x", statement=b"",
                     proof=bytes(64)),
    ]  # fmt: skip


async def _poke(browser: Browser, data: bytes) -> None:
    """Send it; whatever comes of it is a frame of ours, a code of ours, or a close code of ours."""
    before = len(browser.all(wire.Refused))
    browser.raw(data)
    if not browser.close_code:
        browser.raw(pack([Said(wire.Here(presence="here"), 65535)]))
    await browser.until(
        lambda: bool(browser.close_code) or any(s.correlation == 65535 for s in browser.heard)
    )
    browser.heard = [said for said in browser.heard if said.correlation != 65535]
    for refused in browser.all(wire.Refused)[before:]:
        assert refused.code in CODES - {"internal"}
    assert browser.close_code in CLOSES | {0}


async def _many(browser: Callable[[], Browser], known: Frame | None, cases: list[bytes]) -> None:
    one: Browser | None = None
    try:
        for data in cases:
            if one is None or one.close_code:
                if one is not None:
                    await one.leave()
                one = browser()
                await one.connect()
                if known is not None:
                    await one.ask(known)
            await _poke(one, data)
    finally:
        if one is not None:
            await one.leave()


def _cases(seed: int, count: int, group: bytes, token: bytes) -> list[bytes]:
    dice = random.Random(seed)
    seeds = _clients(group, token)
    cases = []
    for _ in range(count):
        some = [
            Said(dice.choice(seeds), dice.randrange(1, 1000)) for _ in range(dice.randint(1, 3))
        ]
        cases.append(dice.choice(MUTATIONS)(dice, bytearray(pack(some))))
    return cases


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SEND_BURST", 1_000_000, raising=False)


async def _fuzz(count: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    lin = await WRITE(hire, "lin")
    async with talking() as talk:
        tasks = len(asyncio.all_tasks())
        sides: list[tuple[Callable[[], Browser], Frame | None]] = [
            (Browser, None),
            (Browser, Seeker().start()),
            (lambda: Browser(talk.carol.cookie), talk.carol.attend(talk.ref)),
            (BoardBrowser, None),
            (lambda: BoardBrowser(lin.cookie), board_wire.Watch(version=limits.WIRE_VERSION)),
        ]
        for seed, (browser, known) in enumerate(sides):
            cases = _cases(seed, count, talk.group_id, Seeker().token)
            if browser is BoardBrowser or isinstance(known, board_wire.Watch):
                await _many_boards(browser, known, cases)
            else:
                await _many(browser, known, cases)
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) <= tasks + 2  # the guard and the boards wind down by clock
        assert not talk.phone.close_code
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def _many_boards(
    browser: Callable[[], Browser], known: Frame | None, cases: list[bytes]
) -> None:
    for start in range(0, len(cases), 10):
        one = browser()
        async with browsing(one):
            if known is not None:
                await one.ask(known)
            for data in cases[start : start + 10]:
                one.raw(data)
            one.raw(b"")
            await one.until(lambda one=one: bool(one.close_code))
            assert one.close_code in CLOSES
            assert {refused.code for refused in one.all(wire.Refused)} <= CODES - {"internal"}


async def test_mutated_frames_are_refused_with_codes(caplog: pytest.LogCaptureFixture) -> None:
    await _fuzz(60, caplog)


@pytest.mark.soak
async def test_many_mutated_frames_leave_memory_as_it_was(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await _fuzz(300, caplog)
    gc.collect()
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    lin = await WRITE(hire, "dan")
    for seed in range(100, 110):
        cases = _cases(seed, 400, bytes(16), bytes(32))
        await _many(Browser, None, cases)
        await _many_boards(lambda: BoardBrowser(lin.cookie), None, cases)
    caplog.clear()
    gc.collect()
    assert process.memory_info().rss - before < 20 * 1024 * 1024


_ANY: st.SearchStrategy[Any] = bundles(wire.WIRE, 3)


@given(said=_ANY, signed_in=st.booleans())
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_frames_at_all_get_coded_answers(said: tuple[Said, ...], signed_in: bool) -> None:
    browser = Browser()
    async with browsing(browser):
        if signed_in:
            await browser.ask(Seeker().start())
        await _poke(browser, pack(said))


def test_the_seeds_cover_every_command() -> None:
    ours = {type(frame) for frame in _clients(bytes(16), bytes(32))}
    commands = {frame for frame in wire.WIRE.frames if frame.KIND < 0x40}
    assert commands <= ours
    assert shapes(wire.Send) is not None

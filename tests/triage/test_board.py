"""The board: who waits, my talks, taking the next person; and only for those who are signed in."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from chat import wire
from chat.lanes import READ, WRITE
from counsel import limits
from counsel.framing import Frame
from counsel.lifecycle import Role
from counsel.models import Login, Staff
from tests.chat.test_lifecycle import start
from tests.people import APPS, BoardBrowser, Browser, Seeker, browsing, hire
from triage import wire as board_wire
from triage.board import read_boards
from triage.queue.rows import Place
from triage.views import SIGN

stored = pytest.mark.django_db(transaction=True, available_apps=APPS)
WATCH = board_wire.Watch(version=limits.WIRE_VERSION)


@stored
async def test_a_person_who_comes_appears_and_disappears_when_taken() -> None:
    lin = await WRITE(hire, "lin")
    board, phone = BoardBrowser(lin.cookie), Browser()
    async with browsing(board, phone):
        assert await board.ask(WATCH) == wire.Done()
        assert (await board.hear(board_wire.Board)).waiting == 0
        seated = await phone.ask(Seeker().start(topics=("mood", "debt"), language="en"))
        assert isinstance(seated, wire.Seated)
        shown = await board.hear(board_wire.Board, 2)
        assert shown.rows == (
            board_wire.Waiting(
                case_code=seated.case_code, language="en", topics=("mood", "debt"), minutes=0,
                presence="here", returned=0,
            ),
        )  # fmt: skip
        taken = await board.ask(board_wire.Take())
        assert taken == board_wire.Taken(ref=seated.ref)
        await board.until(lambda: bool(board.all(board_wire.Board)[-1].mine))
        shown = board.all(board_wire.Board)[-1]
        assert (shown.waiting, shown.rows) == (0, ())
        assert [(mine.ref, mine.state) for mine in shown.mine] == [(seated.ref, "active")]


@stored
async def test_taking_from_nobody_is_refused() -> None:
    lin, sam = await WRITE(hire, "lin"), await WRITE(hire, "sam", Role.SUPERVISOR)
    board, supervisor = BoardBrowser(lin.cookie), BoardBrowser(sam.cookie)
    async with browsing(board, supervisor):
        refused = wire.Refused(code="nobody-waits", retry_after=0)
        assert await board.ask(board_wire.Take()) == refused
        await supervisor.ask(WATCH)
        assert await supervisor.ask(board_wire.Take()) == refused


@stored
@pytest.mark.parametrize("frame", [WATCH, board_wire.Take()])
@pytest.mark.parametrize("cookie", ["", "nonsense"])
async def test_nobody_sees_a_board_without_a_login(frame: Frame, cookie: str) -> None:
    board = BoardBrowser(cookie)
    async with browsing(board):
        assert await board.ask(frame) == wire.Refused(code="signed-out", retry_after=0)
        await board.until(lambda: board.close_code == 4401)


@stored
async def test_signing_out_closes_the_board_within_two_seconds() -> None:
    lin = await WRITE(hire, "lin")
    board = BoardBrowser(lin.cookie)
    async with browsing(board):
        await board.ask(WATCH)
        await WRITE(lambda: Login.objects.all().delete())
        await board.until(lambda: board.close_code == 4401)


@stored
async def test_an_open_board_is_being_on_duty() -> None:
    lin = await WRITE(hire, "lin")
    board = BoardBrowser(lin.cookie)
    async with browsing(board):
        await board.ask(WATCH)
        await board.hear(board_wire.Board)
        for _ in range(250):  # it is written behind the answer
            if (seen := await READ(lambda: Staff.objects.get().board_seen_at)) is not None:
                break
            await asyncio.sleep(0.02)
        assert seen is not None
        assert datetime.now(UTC) - seen < timedelta(seconds=5)


@pytest.mark.django_db
def test_beyond_the_rows_there_is_a_number() -> None:
    for _ in range(limits.BOARD_ROWS + 3):
        start()
    lin = hire("lin").staff.pk
    now = Place.objects.latest("pk").since
    shown = read_boards([lin], now)[lin].board
    assert len(shown.rows) == limits.BOARD_ROWS
    assert shown.waiting == limits.BOARD_ROWS + 3


@pytest.mark.django_db
@pytest.mark.urls("triage.urls")
def test_anybody_may_ask_how_it_is_now(settings: object) -> None:
    SIGN.wipe()
    answer = Client().get("/now.json", headers={"host": "localhost"})
    assert json.loads(answer.content) | {"build": ""} == {
        "mode": "demo", "open": True, "opens": "", "weekday": 0, "by": "", "listeners": 0, "build": "",
    }  # fmt: skip
    assert answer["cache-control"] == "no-store"
    settings.MODE = "live"  # type: ignore[attr-defined]
    SIGN.wipe()
    assert not json.loads(Client().get("/now.json", headers={"host": "localhost"}).content)["open"]
    assert Client().post("/now.json", headers={"host": "localhost"}).status_code in {403, 405}

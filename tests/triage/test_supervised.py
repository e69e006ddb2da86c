"""A supervisor gone for two minutes: nobody new comes in, and everybody who talks or waits is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from chat import clock, wire
from chat.clock import Ticked
from chat.lanes import WRITE
from counsel import limits
from counsel.lifecycle import Role
from counsel.models import Staff
from tests.people import APPS, BoardBrowser, Browser, Colleague, Seeker, browsing, hire, talking
from triage import shifts
from triage import wire as board_wire
from triage.judge import REHEARSAL
from triage.models import Shift
from triage.rota import Span

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)
WATCH = board_wire.Watch(version=limits.WIRE_VERSION)
GONE = limits.STAFF_GONE_AFTER + timedelta(seconds=1)


def _last_seen(ago: timedelta) -> None:
    at = datetime.now(UTC) - ago
    Staff.objects.filter(role=Role.SUPERVISOR.value).update(board_seen_at=at)


def _listener() -> Colleague:
    """A counsellor whose board is open."""
    carol = hire("carol")
    Staff.objects.filter(pk=carol.staff.pk).update(board_seen_at=datetime.now(UTC))
    return carol


async def test_everybody_is_told_when_the_supervisor_is_gone_and_when_they_are_back(
    settings: LazySettings,
) -> None:
    settings.MODE = REHEARSAL
    sam = await WRITE(hire, "sam", Role.SUPERVISOR)
    await WRITE(_last_seen, timedelta())
    late, waiting = Browser(), Browser()
    async with talking(await WRITE(_listener)) as talk, browsing(late, waiting):
        await waiting.ask(Seeker().start())
        for browser in (talk.phone, talk.desk, waiting):
            await browser.hear_news(supervised=1)
        await WRITE(_last_seen, GONE)
        for browser in (talk.phone, talk.desk, waiting):
            await browser.hear_news(supervised=0)
        refused = wire.Refused(code="door-closed", retry_after=0)
        assert await late.ask(Seeker().start()) == refused
        board = BoardBrowser(sam.cookie)
        async with browsing(
            board
        ):  # the laptop is opened again: its board speaks, and that is enough
            await board.ask(WATCH)
            for browser in (talk.phone, talk.desk, waiting):
                await browser.hear_news(supervised=1)
            assert isinstance(await late.ask(Seeker().start()), wire.Seated)


async def test_a_phone_that_asks_anew_is_told_at_once(settings: LazySettings) -> None:
    settings.MODE = REHEARSAL
    await WRITE(hire, "sam", Role.SUPERVISOR)
    await WRITE(_last_seen, timedelta())
    async with talking(await WRITE(_listener)) as talk:
        await WRITE(_last_seen, GONE)
        again = Browser()
        async with browsing(again):
            await again.ask(talk.sana.resume())
            first = await again.hear(wire.News)
            assert first.supervised == 0


async def test_in_a_demo_nobody_is_told_anything() -> None:
    async with talking() as talk:
        assert {news.supervised for news in talk.phone.all(wire.News)} == {1}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
async def test_a_board_is_for_those_on_duty_alone(role: Role) -> None:
    eve = BoardBrowser((await WRITE(hire, "eve", role)).cookie)
    async with browsing(eve):
        for frame in (WATCH, board_wire.Take()):
            assert await eve.ask(frame) == wire.Refused(code="no-seat", retry_after=0)
        assert not eve.all(board_wire.Board)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "pause"}, {"state": "debrief"}, {"ends_at": datetime(2020, 2, 1, tzinfo=UTC)},
    ],
)  # fmt: skip
async def test_who_is_not_ready_is_not_counted_as_listening(changed: dict[str, object]) -> None:
    lin = await WRITE(hire, "lin")
    board, phone = BoardBrowser(lin.cookie), Browser()
    async with browsing(board, phone):
        await board.ask(WATCH)
        await phone.ask(Seeker().start())
        await phone.hear_news(nobody=0)
        await WRITE(lambda: Shift.objects.update(**changed))
        await phone.hear_news(nobody=1)
        assert await board.ask(board_wire.Take()) == wire.Refused(code="off-duty", retry_after=0)


async def test_the_clock_of_the_service_ends_shifts() -> None:
    sam = (await WRITE(hire, "sam", Role.SUPERVISOR)).staff
    begins = datetime.now(UTC) - timedelta(hours=1)
    span = Span(begins, begins + timedelta(hours=2))
    await WRITE(lambda: shifts.plan(sam, role=Role.COUNSELLOR, spans=[span], places=2))
    assert await WRITE(clock.tick, datetime.now(UTC)) == Ticked(0, 0, shifts=2)
    assert await WRITE(clock.tick, datetime.now(UTC)) == Ticked(0, 0)

"""The doorbell may be lost, doubled or late; the log is read all the same, once and in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import hub as hubs
from chat import relay, sessions, tail, wire
from chat.access import Seat
from chat.hub import Hub
from chat.lanes import READ, WRITE
from chat.models import CounselSession
from chat.presence import Facts
from chat.store import Row
from chat.tail import Tail
from counsel.errors import CounselError
from counsel.framing import Frame
from counsel.identity import CaseCode, SessionRef
from counsel.lifecycle import Event, Role, State
from tests.chat.test_talk import store_as_another_process
from tests.people import APPS, Browser, browsing, hire, talking

stored = pytest.mark.django_db(transaction=True, available_apps=APPS)


@pytest.fixture
def no_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is connected to nobody."""
    monkeypatch.setattr(relay, "get_channel_layer", lambda: None)


@stored
async def test_words_stored_by_another_process_arrive_within_two_seconds(no_layer: None) -> None:
    async with talking() as talk:
        began = time.monotonic()
        for _ in range(3):
            await WRITE(store_as_another_process)
        await talk.phone.until(lambda: talk.phone.rows == [1, 2, 3, 4])
        assert time.monotonic() - began < 2


@stored
async def test_a_change_by_another_process_is_told_within_two_seconds(
    no_layer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking() as talk:
        monkeypatch.setattr(relay, "announce", lambda _: None)
        began = time.monotonic()
        session_id = await READ(lambda: CounselSession.objects.get().pk)
        now = datetime.now(UTC)
        await WRITE(sessions.advance, session_id, Event.END, role=Role.SEEKER, now=now)
        await talk.desk.hear_news(state="closed")
        assert time.monotonic() - began < 2


@stored
async def test_erasing_in_another_process_is_told_within_two_seconds(
    no_layer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking() as talk:
        monkeypatch.setattr(relay, "announce", lambda _: None)
        session_id = await READ(lambda: CounselSession.objects.get().pk)
        now = datetime.now(UTC)
        await WRITE(sessions.advance, session_id, Event.ERASE, role=Role.SEEKER, now=now)
        began = time.monotonic()
        await talk.desk.hear_news(state="erased")
        assert (await talk.desk.hear(wire.Refused)).code == "no-seat"
        assert time.monotonic() - began < 2


@stored
async def test_a_counsellor_whose_seat_ended_hears_it_and_no_word_more() -> None:
    async with talking() as talk:
        session_id = await READ(lambda: CounselSession.objects.get().pk)
        now = datetime.now(UTC)
        await WRITE(sessions.advance, session_id, Event.RETURN, role=Role.CLOCK, now=now)
        assert (await talk.desk.hear(wire.Refused)).code == "no-seat"
        await talk.phone.hear_news(state="waiting", presence="")
        lin, before = await WRITE(hire, "lin"), len(talk.desk.all(wire.Envelope))
        from triage.matching import take_next

        await WRITE(take_next, lin.staff.pk, datetime.now(UTC))
        desk = Browser(lin.cookie)
        async with browsing(desk):
            await desk.ask(lin.attend(talk.ref))
            talk.group_id = bytes(16)
            await desk.ask(talk.opening(talk.group_id))
            await talk.phone.ask(talk.words())
            await desk.hear(wire.Envelope)
            assert len(talk.desk.all(wire.Envelope)) == before
            refused = wire.Refused(code="no-seat", retry_after=0)
            assert await talk.desk.ask(talk.words()) == refused
            assert await talk.desk.ask(talk.carol.attend(talk.ref)) == refused


class _Ear:
    """A listener that counts."""

    def __init__(self) -> None:
        self.news = 0
        self.typing: list[bytes] = []
        self.erased = False

    def hear_row(self, row: Row) -> None: ...

    def hear_news(self, *said: object) -> None:
        self.news += 1

    def hear_typing(self, seat_id: int, sealed: bytes) -> None:
        self.typing.append(sealed)

    def hear_erased(self) -> None:
        self.erased = True


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(3):
        while not true():  # noqa: ASYNC110 (what is waited for has no bell of its own)
            await asyncio.sleep(0.01)


@stored
async def test_the_bell_reaches_another_hub_and_signs_of_typing_too() -> None:
    async with talking():
        session_id = await READ(lambda: CounselSession.objects.get().pk)
        near, far, ear = relay.hub(), Hub(relay.Doorbell), _Ear()
        far.listen(ear, session_id)
        await _until(lambda: ear.news)
        await asyncio.sleep(0.1)
        before, began = ear.news, time.monotonic()
        near.announce([session_id])
        near.pass_on(session_id, 1, b"types")
        await _until(lambda: ear.news > before and ear.typing == [b"types"])
        assert time.monotonic() - began < 0.5  # before anybody looked by themselves


@stored
async def test_a_broken_layer_is_said_in_the_log_and_nothing_else_breaks(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        async def new_channel(self) -> str:
            raise ConnectionError("secret")

        async def group_send(self, *said: object) -> None:
            raise ConnectionError("secret")

    monkeypatch.setattr(relay, "get_channel_layer", Broken)
    async with talking() as talk:
        await talk.phone.ask(talk.words())
        await talk.desk.hear(wire.Envelope)
    assert "ConnectionError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_look_from_before_somebody_came_is_not_told_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else who has just sat down is told by an older look that they have no seat."""
    release, looks = asyncio.Event(), list[int]()

    async def read(_job: object, *_said: object) -> Any:
        looks.append(len(looks))
        if len(looks) == 1:
            await release.wait()
        facts = Facts(State.ACTIVE, 0, 0, 0, len(looks), 0, ())
        return {1: facts}, [], None, True

    monkeypatch.setattr(hubs, "READ", read)
    one, early, late = Hub(relay.Doorbell), _Ear(), _Ear()
    one.listen(early, 1)
    await _until(lambda: looks)
    one.listen(late, 1)
    release.set()
    await _until(lambda: early.news == 2 and late.news == 1)
    assert len(looks) == 2


# --- handing over is the same as reading again ---------------------------------------------------


class _Out:
    """An outlet that is sometimes full."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.room = True

    def push(self, frame: Frame, correlation: int = 0) -> None:
        assert isinstance(frame, wire.Envelope | wire.Stored)
        self.shown.append(frame.seq)

    def refuse(self, error: CounselError, correlation: int = 0) -> None:
        raise AssertionError(error)

    def is_roomy(self) -> bool:
        return self.room

    async def roomy(self) -> bool:
        while not self.room:  # noqa: ASYNC110 (as the schedule says)
            await asyncio.sleep(0)
        return True


def _row(seq: int, seat_id: int) -> Row:
    client_id = seq.to_bytes(16, "big")
    return Row(1, seat_id, wire.Envelope(seq=seq, group=1, what="words", client_id=client_id,
                                         sealed=b"", statement=b""))  # fmt: skip


_ACTIONS = st.sampled_from(["mine", "told", "missed", "twice", "late", "full", "roomy", "breathe"])


@given(actions=st.lists(_ACTIONS, max_size=40), after=st.integers(0, 3))
@settings(max_examples=150)
def test_whatever_is_handed_over_the_log_is_shown_once_and_in_order(
    actions: list[str], after: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        shown, length = asyncio.run(_follow(actions, after, patch))
    assert shown == list(range(after + 1, length + 1))


async def _follow(actions: list[str], after: int, patch: Any) -> tuple[list[int], int]:
    log = [_row(seq, 2) for seq in range(1, 4)]
    out = _Out()
    seat = Seat(1, 1, Role.SEEKER, None, SessionRef(b""), CaseCode(""))

    async def read(_job: object, _session: int, place: int, limit: int) -> list[Row]:
        found = log[place : place + min(limit, 3)]
        await asyncio.sleep(0)
        return found

    class Place:
        def place(self, _session: int) -> int:
            return len(log)

    patch.setattr(tail, "READ", read)
    patch.setattr(tail, "hub", Place)
    one, late = Tail(out, seat, after), list[Row]()
    for action in actions:
        if action in {"mine", "told", "missed", "twice", "late"}:
            row = _row(len(log) + 1, 1 if action == "mine" else 2)
            if action == "mine":
                one.expect(row.frame.client_id, 7)
            log.append(row)
            heard = {"missed": 0, "late": 0, "twice": 2}.get(action, 1)
            late += [row] * (action == "late")
            for _ in range(heard):
                one.hear(row)
            if action == "mine":
                one.settle(row.frame.client_id, 7, row.frame.seq)
        elif action == "breathe":
            await asyncio.sleep(0)
        else:
            out.room = action == "roomy"
    for row in late:
        one.hear(row)
    out.room = True
    log.append(_row(len(log) + 1, 2))
    one.hear(log[-1])  # the next row that is heard brings everything that was not
    await one.caught_up()
    await one.settled()
    return out.shown, len(log)

"""Who is here: what each side says, what silence means, and how far the queue is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chat import presence, wire
from chat.lanes import READ, WRITE
from chat.models import CounselSession, Seat
from chat.presence import Facts, Sighting, Sitter
from counsel import limits
from counsel.lifecycle import Role, State
from tests.people import APPS, BoardBrowser, Browser, Seeker, browsing, hire, talking
from triage import wire as board_wire

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)
NOW = datetime(2026, 3, 14, 20, 15, tzinfo=UTC)


async def _silence(role: str, seconds: float) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds)
    await WRITE(lambda: Seat.objects.filter(role=role).update(seen_at=at))


async def test_what_one_side_says_of_itself_the_other_is_told() -> None:
    async with talking() as talk:
        await talk.desk.hear_news(presence="here")
        for word in ("calling", "hidden", "here"):
            assert await talk.phone.ask(wire.Here(presence=word)) == wire.Done()
            await talk.desk.hear_news(presence=word)
        await talk.desk.ask(wire.Here(presence="hidden"))
        await talk.phone.hear_news(presence="hidden")


@pytest.mark.parametrize("word", ["gone", "", "waving"])
async def test_nobody_says_of_themselves_that_they_are_gone(word: str) -> None:
    async with talking() as talk:
        answer = await talk.phone.ask(wire.Here(presence=word))
        assert answer == wire.Refused(code="bad-frame", retry_after=0)


async def test_silence_is_gone_and_speaking_is_here_again() -> None:
    async with talking() as talk:
        await talk.phone.ask(wire.Here(presence="hidden"))
        await talk.desk.hear_news(presence="hidden")
        await _silence("seeker", 599.2)
        session_id = await READ(lambda: CounselSession.objects.get().pk)
        from chat.relay import announce

        announce([session_id])
        await talk.desk.hear_news(presence="gone")  # found without anybody ringing
        await talk.phone.ask(wire.Here(presence="hidden"))
        await talk.desk.hear_news(presence="hidden")


@pytest.mark.parametrize(
    ("role", "word", "seconds", "told"),
    [
        (Role.SEEKER, "here", 39, "here"),
        (Role.SEEKER, "here", 40, "gone"),
        (Role.SEEKER, "hidden", 599, "hidden"),
        (Role.SEEKER, "hidden", 600, "gone"),
        (Role.COUNSELLOR, "hidden", 40, "gone"),
        (Role.SEEKER, "calling", 40, "calling"),
        (Role.SEEKER, "calling", 599, "calling"),
        (Role.SEEKER, "calling", 600, "gone"),
    ],
)
def test_calling_and_a_locked_screen_are_not_vanishing(
    role: Role, word: str, seconds: int, told: str
) -> None:
    now = datetime.now(UTC)
    sitter = Sitter(1, role, word, now - timedelta(seconds=seconds))
    assert sitter.presence_at(now) == told
    facts = Facts(State.WAITING, 0, 0, 0, 0, 0, (sitter,))
    assert (facts.falls_silent_at(now) is None) is (told == "gone")


async def test_a_heartbeat_that_changes_nothing_is_no_news() -> None:
    async with talking() as talk:
        await talk.desk.hear_news(presence="here")
        before = await READ(lambda: CounselSession.objects.get().news)
        for _ in range(3):
            await talk.phone.ask(wire.Here(presence="here"))
        seen = await READ(lambda: Seat.objects.get(role="seeker").seen_at)
        assert datetime.now(UTC) - seen < timedelta(seconds=2)
        assert await READ(lambda: CounselSession.objects.get().news) == before


async def test_coming_back_is_a_sign_of_life_and_not_a_word() -> None:
    async with talking() as talk:
        await talk.phone.ask(wire.Here(presence="hidden"))
        await talk.desk.hear_news(presence="hidden")
        tablet = Browser()
        async with browsing(tablet):
            await tablet.ask(talk.sana.resume(after=1))
            await tablet.ask(wire.Read(after=1))
        assert await READ(lambda: Seat.objects.get(role="seeker").presence) == "hidden"


async def test_a_closed_talk_keeps_the_day_only_whoever_still_says_here() -> None:
    async with talking() as talk:
        await talk.phone.ask(wire.End())
        await talk.phone.ask(wire.Here(presence="here"))
        await talk.desk.ask(wire.Here(presence="calling"))
        await WRITE(lambda: None)  # what was said before is written before
        for seen_at in await READ(lambda: list(Seat.objects.values_list("seen_at", flat=True))):
            assert (seen_at.hour, seen_at.minute, seen_at.second) == (0, 0, 0)


async def test_the_last_word_of_a_batch_counts() -> None:
    async with talking():
        seat = await READ(lambda: Seat.objects.get(role="seeker"))

        def see(word: str) -> Sighting:
            return Sighting(seat.session_id, seat.pk, word, datetime.now(UTC))

        changed = await WRITE(presence.record, [see("hidden"), see("calling"), see("")])
        assert changed == {seat.session_id}
        assert await READ(lambda: Seat.objects.get(role="seeker").presence) == "calling"


async def test_who_waits_hears_how_many_are_before_them_and_who_is_on_duty() -> None:
    phones, seekers = [Browser() for _ in range(3)], [Seeker() for _ in range(3)]
    lin = await WRITE(hire, "lin")
    board = BoardBrowser(lin.cookie)
    async with browsing(*phones, board):
        for place, (phone, seeker) in enumerate(zip(phones, seekers, strict=True)):
            await phone.ask(seeker.start())
            await phone.hear_news(state="waiting", ahead=place, nobody=1)
        await board.ask(board_wire.Watch(version=limits.WIRE_VERSION))
        await phones[2].hear_news(ahead=2, nobody=0)
        await board.ask(board_wire.Take())
        await phones[0].hear_news(state="active", standing=b"")
        await phones[1].hear_news(ahead=0)
        await phones[2].hear_news(ahead=1)


async def test_keys_left_are_told_so_that_the_phone_leaves_more() -> None:
    async with talking() as talk:
        await talk.phone.hear_news(keys_left=3)
        assert isinstance(await talk.desk.ask(wire.ClaimKey()), wire.Key)
        await talk.phone.hear_news(keys_left=2)
        from tests.people import key_package

        more = wire.TopUp(key_packages=(key_package(),), last_resort=b"")
        assert await talk.phone.ask(more) == wire.Done()
        await talk.phone.hear_news(keys_left=3)
        bad = wire.TopUp(key_packages=(key_package(), b"no key"), last_resort=b"")
        assert await talk.phone.ask(bad) == wire.Refused(code="bad-envelope", retry_after=0)

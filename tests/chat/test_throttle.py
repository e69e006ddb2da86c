"""Too fast is told to wait. Nothing is lost, nobody is thrown out."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from chat import sessions, wire
from chat.throttle import Bucket, sender_bucket
from counsel.errors import ThrottledError
from tests.people import APPS, Browser, Seeker, browsing, talking


def test_a_bucket_gives_its_burst_and_says_when_there_is_more() -> None:
    bucket = Bucket(3, 0.5)
    for _ in range(3):
        bucket.take()
    with pytest.raises(ThrottledError) as refusal:
        bucket.take()
    assert refusal.value.retry_after == 2


def test_a_person_may_send_thirty_at_once_and_two_a_second() -> None:
    bucket = sender_bucket()
    for _ in range(30):
        bucket.take()
    with pytest.raises(ThrottledError) as refusal:
        bucket.take()
    assert refusal.value.retry_after == 1


@pytest.mark.django_db(transaction=True, available_apps=APPS)
async def test_a_hundred_messages_at_once_are_slowed_and_none_is_lost(settings: Any) -> None:
    settings.SEND_PER_SECOND = 200.0  # a hundred times a person's speed, so that the test ends
    async with talking() as talk:
        waiting = {talk.phone.say(send): send for send in (talk.words() for _ in range(100))}
        slowed = 0
        while waiting:
            asked = set(waiting)
            await talk.phone.until(partial(talk.phone.has_answers, asked))
            answers = {s.correlation: s.frame for s in talk.phone.heard}
            refused = [s for c, s in waiting.items() if isinstance(answers[c], wire.Refused)]
            assert {f.code for f in talk.phone.all(wire.Refused)} <= {"slow-down"}
            slowed += len(refused)
            await asyncio.sleep(0.1)
            waiting = {talk.phone.say(send): send for send in refused}
        await talk.desk.until(lambda: len(talk.desk.rows) == 101)
        assert slowed > 0
        assert sorted(talk.phone.rows) == talk.desk.rows == list(range(1, 102))
        assert not talk.phone.close_code


@pytest.mark.django_db(transaction=True, available_apps=APPS)
async def test_a_flood_of_starts_is_slowed_and_those_inside_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bucket = Bucket(2, 1)
    monkeypatch.setattr(sessions, "_starts", lambda: bucket)
    browsers = [Browser() for _ in range(3)]
    seekers = [Seeker() for _ in range(3)]
    async with browsing(*browsers):
        answers = [await b.ask(s.start()) for b, s in zip(browsers, seekers, strict=True)]
        assert [type(a) for a in answers] == [wire.Seated, wire.Seated, wire.Refused]
        assert answers[2] == wire.Refused(code="slow-down", retry_after=1)
        assert isinstance(await browsers[0].ask(seekers[0].start()), wire.Seated)
        assert isinstance(await browsers[1].ask(seekers[1].resume()), wire.Seated)

"""Three seekers are referred on one day. Whoever holds the database does no better than a toss."""

from __future__ import annotations

import itertools
import math
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from chat import sessions
from chat.models import CounselSession, Envelope, Seat
from counsel import limits
from counsel.identity import Token, hash_token
from counsel.places import DESKS
from tests.asking import request
from tests.people import APPS, key_package
from tests.triage.referral.enemy import guesses
from triage.referral import mixing
from triage.referral.mailbox import Name, post
from triage.referral.mixing import POOL
from triage.referral.rows import Letter, Referral

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)

CHANCE = 1.0
"""Of three, whoever tosses is right about one; the spread of one run is 1 too."""
DEVIATIONS = 5.5
"""How far above it, in standard deviations, chance does not get in the life of this test."""

Draw = Callable[[bytes], Name]


def fresh(_token: bytes) -> Name:
    """What a phone does: nothing of the talk goes into it."""
    return Name(secrets.token_bytes(16), secrets.token_bytes(32))


def one_day(draw: Draw, *, together: bool) -> tuple[list[int], dict[int, bytes]]:
    """Three talks, one after the other, and from each a referral: the talks and the truth."""
    Referral.objects.all().delete()
    truth: dict[int, bytes] = {}
    for _ in range(3):
        token = secrets.token_bytes(32)
        seat = sessions.start_session(
            hash_token(Token(token)), request=request(), key_packages=(key_package(),),
            last_resort=key_package(), now=datetime.now(UTC),
        )  # fmt: skip
        session = CounselSession.objects.get(pk=seat.session_id)
        Envelope.objects.create(
            session=session, seq=session.last_seq + 1, group=1, what=Envelope.WORDS,
            client_id=secrets.token_bytes(16),
            seat=Seat.objects.get(session=session), sealed=secrets.token_bytes(900),
        )  # fmt: skip
        name = draw(token)
        letter = secrets.token_bytes(limits.LETTER)
        assert post(name, desk=secrets.choice(DESKS), number=1, sealed=letter) > 0
        truth[session.pk] = name.ref
        if not together:
            POOL.write(datetime.now(UTC))
    POOL.write(datetime.now(UTC))
    assert Referral.objects.count() == Letter.objects.count() == 3
    return list(truth), truth


def right(draw: Draw = fresh, *, runs: int) -> dict[str, float]:
    """How many of three Eve has right on average, by what she looked at."""
    hits: dict[str, int] = defaultdict(int)
    for run in range(runs):
        talks, truth = one_day(draw, together=run % 2 == 0)
        for name, guess in guesses(talks):
            hits[name] += sum(guess[talk] == truth[talk] for talk in talks)
    return {name: count / runs for name, count in hits.items()}


@pytest.mark.parametrize("runs", [30, pytest.param(150, marks=pytest.mark.soak)])
def test_eve_is_right_about_one_of_three_whatever_she_looks_at(runs: int) -> None:
    found = right(runs=runs)
    assert len(found) > 20
    assert max(found.values()) < CHANCE + DEVIATIONS / math.sqrt(runs), found


def test_eve_finds_all_of_them_where_rows_lie_as_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that mixes nothing: so she would notice."""
    monkeypatch.setattr(mixing, "_shuffle", lambda _day: None)
    monkeypatch.setattr(mixing._RANDOM, "shuffle", lambda _held: None)
    assert max(right(runs=6).values()) == 3


def test_eve_finds_all_of_them_where_rows_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that draws no ids and puts rows back one after the other."""
    numbers = itertools.count(1)
    monkeypatch.setattr(secrets, "randbits", lambda _bits: next(numbers))
    monkeypatch.setattr(mixing, "_shuffle", lambda _day: None)
    monkeypatch.setattr(mixing._RANDOM, "shuffle", lambda _held: None)
    assert right(runs=6)["triage_referral.id"] == 3


def test_eve_finds_all_of_them_where_a_phone_shows_its_talks_token() -> None:
    assert right(lambda token: Name(secrets.token_bytes(16), token), runs=4)["equal values"] == 3


@pytest.fixture(autouse=True)
def empty_pool() -> Iterator[None]:
    """Nothing waits from another test."""
    yield
    POOL._held.clear()

"""What a seeker takes back reaches no desk: not out of a pool, and not past a mixing that is under way."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from django.conf import settings
from django.test import Client

from counsel import limits
from counsel.errors import AccessError, ThrottledError
from counsel.identity import Token, hash_token
from counsel.statements import encode
from tests.counsel.staff_room import pad
from tests.race import READY, arena
from triage.referral import mailbox, mixing
from triage.referral.mailbox import Name
from triage.referral.mixing import POOL, Parcel, Pool
from triage.referral.rows import Letter, Referral

NOW: Final = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
DESK: Final = "legal-aid"


@pytest.fixture(autouse=True)
def empty_pool() -> Iterator[None]:
    yield
    POOL._held.clear()
    POOL._back.clear()


def draw() -> Name:
    return Name(secrets.token_bytes(16), secrets.token_bytes(32))


def letter() -> bytes:
    return secrets.token_bytes(limits.LETTER)


def hold(pool: Pool, name: Name) -> None:
    """The first letter of a phone, as another process holds it."""
    pool.put(Parcel(name.ref, hash_token(Token(name.token)), DESK, 1, letter()))


def take_back(name: Name) -> None:
    with pytest.raises(AccessError):  # as for one nobody drew; the phone takes that for closed
        mailbox.close(name)


@pytest.mark.django_db
def test_a_letter_that_waits_is_never_written_once_its_seeker_took_it_back() -> None:
    name = draw()
    mailbox.post(name, desk=DESK, number=1, sealed=letter())
    take_back(name)
    POOL.write(NOW)
    assert not Referral.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_it_goes_as_well_where_another_process_holds_it(first: str) -> None:
    name, theirs = draw(), Pool()
    hold(theirs, name)
    take_back(name)
    for pool in (theirs, POOL) if first == "theirs" else (POOL, theirs):
        pool.write(NOW)
    POOL.write(NOW)  # the next mixing
    assert not Referral.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_who_does_not_have_its_token_takes_nothing_back() -> None:
    name = draw()
    mailbox.post(name, desk=DESK, number=1, sealed=letter())
    take_back(Name(name.ref, secrets.token_bytes(32)))
    POOL.write(NOW)
    POOL.write(NOW)
    assert Referral.objects.count() == 1


@pytest.mark.django_db
def test_who_floods_it_with_things_to_take_back_makes_room_again_after_two_mixings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mixing, "TAKEN_BACK", 1)
    take_back(draw())
    for _ in range(2):
        with pytest.raises(ThrottledError):
            mailbox.close(draw())
        POOL.write(NOW)
    take_back(draw())


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["look", "close", "post", "steal"])
def test_a_refusal_is_as_long_as_any_other_answer(act: str) -> None:
    """Who watches the line sees no difference between a letter that waits, one that came and none."""
    name = draw()
    said = {
        "ref": encode(name.ref), "token": encode(name.token), "act": act, "desk": DESK, "after": 0,
        "number": 2, "letter": encode(letter()), "fill": "",
    }  # fmt: skip
    found = Client().post(
        "/api/referral", data=pad(said), content_type="application/json",
        headers={"origin": settings.ORIGIN},
    )  # fmt: skip
    assert found.status_code >= 400
    assert len(found.content) == limits.SIZES[3]


PUT = """
from tests.triage.referral.test_taking_back import *
for number in (1, 2):
    name = Name(bytes([number] * 16), bytes([number] * 32))
    mailbox.post(name, desk=DESK, number=1, sealed=letter())
POOL.write(NOW)
"""

AT_ONCE = (
    """
import time
from tests.triage.referral.test_taking_back import *
from triage.referral import answering, mixing
from counsel.models import Staff
from counsel.referrals import ReferralEvent
"""
    + READY
    + """
if sys.argv[1] == "mixes":
    slow = mixing.put_back
    def put_back(model, rows):
        time.sleep(0.5)
        slow(model, rows)
    mixing.put_back = put_back
    mixing.write_together([], NOW)
else:
    time.sleep(0.5)
    if sys.argv[1] == "takes back":
        mailbox.close(Name(bytes([1] * 16), bytes([1] * 32)))
    else:
        answering.act(
            Staff(desk=DESK), bytes([2] * 16), ReferralEvent.ACCEPT, number=2, sealed=letter(), now=NOW
        )
print("0")
"""
)

TELL = """
from triage.referral.rows import Referral
print(json.dumps({bytes(one.ref)[0]: one.state for one in Referral.objects.all()}))
"""


@pytest.mark.one_database
def test_what_is_taken_back_or_answered_while_letters_are_mixed_is_gone_or_answered() -> None:
    with arena("postgresql") as on:
        on.run(PUT)
        on.race(AT_ONCE, [["mixes"], ["takes back"], ["answers"]])
        assert json.loads(on.run(TELL).splitlines()[-1]) == {"2": "accepted"}

"""A phone and a desk exchange sealed letters; the server keeps their order and nothing else."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.test import Client

from counsel import demo, limits
from counsel.errors import (
    AccessError,
    CounselError,
    IllegalTransitionError,
    LostRaceError,
    ThrottledError,
    ValueRefusedError,
    WireError,
)
from counsel.keys import cards, demo_issuer
from counsel.models import Staff
from counsel.referrals import ReferralEvent, ReferralState
from counsel.statements import Kind, encode, public_key, sign_statement
from tests.counsel.staff_room import hire, pad
from triage.referral import answering, deadlines, mailbox
from triage.referral.mailbox import Name
from triage.referral.mixing import POOL
from triage.referral.rows import KEPT, DeskCount, Letter, Referral

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
DESK = "legal-aid"


def letter() -> bytes:
    """Sealed, for all the server knows."""
    return secrets.token_bytes(limits.LETTER)


def draw() -> Name:
    return Name(secrets.token_bytes(16), secrets.token_bytes(32))


def send(name: Name, number: int = 1, sealed: bytes = b"", desk: str = DESK) -> bytes:
    """A letter of a phone, written."""
    sealed = sealed or letter()
    assert mailbox.post(name, desk=desk, number=number, sealed=sealed) > 0
    POOL.write(NOW)
    assert mailbox.post(name, desk=desk, number=number, sealed=sealed) == 0
    return sealed


def fang(desk: str = DESK) -> Staff:
    """Who answers at a desk."""
    staff = hire("fang", "方", "desk").staff
    Staff.objects.filter(pk=staff.pk).update(desk=desk)
    staff.refresh_from_db()
    return staff


def act(staff: Staff, name: Name, event: ReferralEvent, number: int, day: int = 0) -> Referral:
    now = NOW + timedelta(days=day)
    return answering.act(staff, name.ref, event, number=number, sealed=letter(), now=now)


@pytest.fixture(autouse=True)
def empty_pool() -> Iterator[None]:
    yield
    POOL._held.clear()


# --- a phone ---------------------------------------------------------------------------------------


def test_a_letter_counts_as_kept_only_once_it_is_written() -> None:
    name, sealed = draw(), letter()
    assert mailbox.post(name, desk=DESK, number=1, sealed=sealed) > 0
    assert mailbox.post(name, desk=DESK, number=1, sealed=sealed) > 0
    with pytest.raises(AccessError):
        mailbox.look(name, 0)
    POOL._held.clear()  # the process was killed
    POOL.write(NOW)
    assert mailbox.post(name, desk=DESK, number=1, sealed=sealed) > 0, "so the phone sends it again"
    POOL.write(NOW)
    assert mailbox.post(name, desk=DESK, number=1, sealed=sealed) == 0
    assert mailbox.look(name, 0) == mailbox.Found("sent", 1, 1, sealed)
    assert Letter.objects.count() == 1


def test_letters_of_one_minute_are_written_at_the_next_mixing_and_not_before() -> None:
    name, sealed = draw(), letter()
    POOL.tick(NOW)
    mailbox.post(name, desk=DESK, number=1, sealed=sealed)
    POOL.tick(NOW + limits.MIX_EVERY - timedelta(seconds=1))
    assert not Letter.objects.exists()
    POOL.tick(NOW + limits.MIX_EVERY)
    assert Letter.objects.count() == 1


def test_what_is_kept_of_a_referral_says_the_day_and_no_more() -> None:
    send(draw())
    kept = Referral.objects.values().get()
    assert {name for name, value in kept.items() if isinstance(value, datetime)} == set()
    assert kept["day"].isoformat() == "2026-03-14"
    assert str(kept["due_on"]) == "2026-03-17"


def test_another_letter_at_a_place_that_is_taken_is_refused() -> None:
    name = draw()
    send(name)
    for number in (1, 3):
        with pytest.raises(LostRaceError):
            mailbox.post(name, desk=DESK, number=number, sealed=letter())


def test_a_token_nobody_drew_opens_reads_and_closes_nothing() -> None:
    name = draw()
    send(name)
    eve = Name(name.ref, secrets.token_bytes(32))
    for ask in (
        lambda: mailbox.look(eve, 0),
        lambda: mailbox.close(eve),
        lambda: mailbox.post(eve, desk=DESK, number=2, sealed=letter()),
        lambda: mailbox.look(draw(), 0),
        lambda: mailbox.post(draw(), desk=DESK, number=2, sealed=letter()),
    ):
        with pytest.raises(AccessError):
            ask()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"sealed": b"short"}, WireError),
        ({"sealed": bytes(limits.LETTER + 1)}, WireError),
        ({"desk": "police"}, ValueRefusedError),
    ],
)
def test_a_letter_of_another_size_or_to_no_desk_is_refused(
    change: dict[str, Any], refusal: type[CounselError]
) -> None:
    every: dict[str, Any] = {"desk": DESK, "number": 1, "sealed": letter()} | change
    with pytest.raises(refusal):
        mailbox.post(draw(), **every)


def test_a_flood_of_one_desk_leaves_room_for_the_others() -> None:
    for _ in range(limits.POOL_PER_DESK):
        mailbox.post(draw(), desk=DESK, number=1, sealed=letter())
    with pytest.raises(ThrottledError):
        mailbox.post(draw(), desk=DESK, number=1, sealed=letter())
    assert mailbox.post(draw(), desk="clinic", number=1, sealed=letter()) > 0


def test_a_referral_that_is_taken_back_leaves_no_row() -> None:
    name = draw()
    send(name)
    mailbox.close(name)
    assert not Referral.objects.exists()
    assert not Letter.objects.exists()


def test_every_exchange_is_as_long_as_every_other() -> None:
    """Posting, looking, nothing new, a letter: 8,192 bytes both ways."""
    name, sealed = draw(), encode(letter())
    base = {"ref": encode(name.ref), "token": encode(name.token), "desk": DESK, "after": 0}
    post = {**base, "act": "post", "number": 1, "letter": sealed, "fill": ""}
    assert exchange(post).json()["wait"] > 0
    POOL.write(NOW)
    look = {**base, "act": "look", "number": 0, "letter": "", "fill": "x" * 6000}
    answers = [exchange(post), exchange(look), exchange({**look, "after": 1})]
    assert [json.loads(one.content)["number"] for one in answers] == [0, 1, 0]
    assert {len(one.content) for one in answers} == {limits.SIZES[3]}
    assert {len(pad(one)) for one in (post, look)} == {limits.SIZES[3]}


def exchange(said: dict[str, Any]) -> Any:
    client = Client(enforce_csrf_checks=True)
    found = client.post(
        "/api/referral", data=pad(said), content_type="application/json",
        headers={"origin": settings.ORIGIN},
    )  # fmt: skip
    assert found.status_code == 200, found.content
    assert not found.cookies
    return found


# --- a desk ----------------------------------------------------------------------------------------


def test_from_sent_to_came() -> None:
    name, staff = draw(), fang()
    send(name)
    assert act(staff, name, ReferralEvent.SAY, 2).state == "sent", "a question accepts nothing"
    send(name, 3)
    assert act(staff, name, ReferralEvent.ACCEPT, 4).state == "accepted"
    appointed = act(staff, name, ReferralEvent.APPOINT, 5, day=1)
    assert (appointed.state, str(appointed.due_on)) == ("appointed", "2026-04-14")
    came = act(staff, name, ReferralEvent.COME, 6, day=5)
    assert (came.state, came.due_on, str(came.ended_on)) == ("came", None, "2026-03-19")
    assert mailbox.look(name, 5).state == "came"
    counted = dict(DeskCount.objects.values_list("event", "count"))
    assert counted == {"accept": 1, "come": 1}


def test_a_desk_cannot_do_what_the_table_does_not_say() -> None:
    name, staff = draw(), fang()
    send(name)
    for event in (ReferralEvent.COME, ReferralEvent.APPOINT, ReferralEvent.LAPSE):
        with pytest.raises(IllegalTransitionError):
            act(staff, name, event, 2)
    with pytest.raises(LostRaceError):
        act(staff, name, ReferralEvent.ACCEPT, 3)


def test_another_desk_sees_none_of_it() -> None:
    name, staff = draw(), fang("clinic")
    send(name)
    assert not answering.listed(staff).exists()
    with pytest.raises(AccessError):
        act(staff, name, ReferralEvent.ACCEPT, 2)


def test_a_silent_desk_is_silent_after_its_days_and_may_still_answer() -> None:
    name, staff = draw(), fang()
    send(name)
    day = NOW.date()
    deadlines.pass_days(day + timedelta(days=3), NOW)
    assert mailbox.look(name, 1).state == "sent"
    deadlines.pass_days(day + timedelta(days=4), NOW)
    assert mailbox.look(name, 1).state == "silent"
    assert act(staff, name, ReferralEvent.ACCEPT, 2, day=5).state == "accepted"
    deadlines.pass_days(day + timedelta(days=36), NOW)
    assert mailbox.look(name, 2).state == "unknown"
    deadlines.pass_days(day + timedelta(days=70), NOW)
    assert not Referral.objects.exists()


# --- whom letters are sealed to --------------------------------------------------------------------


def test_only_a_certified_browser_of_a_desk_is_sealed_to(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path_factory.mktemp("keys"))
    demo.draw()
    now = datetime.now(UTC)
    staff = Staff.objects.get(sign_in_name="fang")
    private = Ed25519PrivateKey.generate()
    card, _ = demo_issuer.certify(staff, public_key(private), now=now)
    print_ = bytes(card.fingerprint)
    day = now.date().isoformat()
    fields = {"certificate": encode(print_), "key": encode(secrets.token_bytes(32))}
    good = sign_statement(private, Kind.SEALING, day, day, fields)
    forged = sign_statement(Ed25519PrivateKey.generate(), Kind.SEALING, day, day, fields)
    with pytest.raises(ValueRefusedError):
        answering.keep_key(staff, print_, forged, now=now)
    with pytest.raises(AccessError):
        answering.keep_key(Staff.objects.get(sign_in_name="lin"), print_, good, now=now)
    assert answering.devices(now)[DESK] == []
    answering.keep_key(staff, print_, good, now=now)
    assert [bytes(one.statement) for one in answering.devices(now)[DESK]] == [good]
    cards.lose(staff, card, now=now)
    assert answering.devices(now)[DESK] == []


def test_every_state_a_row_can_be_in_is_one_of_the_table() -> None:
    assert set(KEPT) == set(ReferralState) - {
        ReferralState.PROPOSED, ReferralState.APPROVED, ReferralState.CLOSED,
    }  # fmt: skip

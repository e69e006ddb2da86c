"""A browser waits for a card, an issuer's browser gives it, and it can be taken back for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from counsel import colleagues, limits
from counsel.certificates import verify_identity
from counsel.errors import CounselError, IllegalTransitionError, ThrottledError
from counsel.keys import cards, ledger
from counsel.keys.log import issued, require_logged, revoked
from counsel.keys.models import DeviceCard, DeviceRequest
from counsel.keys.root import trusted_root
from counsel.statements import CertificateError, Refusal, decode, encode, first_statement
from tests.counsel.keys.office import ON_A_DEVICE, Office
from tests.counsel.staff_room import Browser, Person, hire, settle

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]


@pytest.fixture(autouse=True)
def quick(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def office(settings: LazySettings) -> Office:
    return Office(settings)


@pytest.fixture
def zhou() -> tuple[Person, Browser]:
    return settle("zhou", "周", "supervisor")


@pytest.fixture
def lin() -> tuple[Person, Browser]:
    return settle("lin", "林", "counsellor")


def waits(browser: Browser) -> tuple[bytes, dict[str, Any]]:
    """A key of this browser, and what it is told."""
    key = secrets.token_bytes(32)
    return key, browser.ask("certify", key=encode(key))[1]


def test_lin_waits_zhou_gives_and_lin_has_a_card_the_log_knows(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    key, told = waits(lin[1])
    assert told["state"] == "waiting"
    desk = office.draw(ON_A_DEVICE)
    office.admit(desk)
    (asks,) = zhou[1].ask("keys")[1]["waiting"]
    assert (asks["who"]["working_name"], asks["key"]) == ("林", encode(key))
    identity = office.identity(lin[0].staff, key, by=desk)
    size, head = office.head_over(issued(first_statement(identity)[1]), by=desk)
    given = {"id": asks["id"], "identity": encode(identity), "size": size, "head": encode(head)}
    assert zhou[1].ask("keys/give", **given) == (200, {})
    told = lin[1].ask("certify", key=encode(key))[1]
    assert (told["state"], told["statement"]) == ("certified", "")
    member = verify_identity(
        decode(told["identity"]), root=trusted_root(), leaf_key=key, now=office.now
    )
    require_logged(ledger.rows(), member)
    assert zhou[1].ask("keys")[1]["waiting"] == []
    assert zhou[1].ask("keys/give", **given)[0] == 404, "an answered request is none"


def _other_person(office: Office, lin: Person, key: bytes) -> bytes:
    return office.identity(lin.staff, key, person=encode(bytes(16)))


def _other_name(office: Office, lin: Person, key: bytes) -> bytes:
    return office.identity(lin.staff, key, name="周")


def _more_than_they_are(office: Office, lin: Person, key: bytes) -> bytes:
    return office.identity(lin.staff, key, role="supervisor")


def _other_key(office: Office, lin: Person, key: bytes) -> bytes:
    return office.identity(lin.staff, bytes(32))


def _not_in_the_log(office: Office, lin: Person, key: bytes) -> bytes:
    return office.identity(lin.staff, key, by=office.draw(ON_A_DEVICE))


@pytest.mark.parametrize(
    "made", [_other_person, _other_name, _more_than_they_are, _other_key, _not_in_the_log]
)
def test_what_no_client_would_take_is_not_given(
    office: Office,
    zhou: tuple[Person, Browser],
    lin: tuple[Person, Browser],
    made: Callable[[Office, Person, bytes], bytes],
) -> None:
    key, _ = waits(lin[1])
    identity = made(office, lin[0], key)
    size, head = office.head_over(issued(first_statement(identity)[1]))
    asked = {"identity": encode(identity), "size": size, "head": encode(head)}
    answer = zhou[1].ask("keys/give", id=DeviceRequest.objects.get().pk, **asked)
    assert answer == (400, {"code": "bad-value"})
    assert (DeviceCard.objects.count(), ledger.rows().size) == (0, 1)


def test_a_browser_on_line_gives_so_many_a_day_and_no_more(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    desk = office.draw(ON_A_DEVICE)
    office.admit(desk)
    for _ in range(ON_A_DEVICE.daily):
        office.give(zhou[0].staff, lin[0].staff, by=desk)
    with pytest.raises(ThrottledError):
        office.give(zhou[0].staff, lin[0].staff, by=desk)
    office.now += timedelta(days=1)
    office.give(zhou[0].staff, lin[0].staff, by=desk)


def test_a_second_device_is_a_card_of_its_own(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    first, second = (office.give(zhou[0].staff, lin[0].staff) for _ in range(2))
    told = lin[1].ask("keys/own")[1]["cards"]
    assert [row["card"] for row in told] == [
        encode(bytes(card.fingerprint)) for card in (second, first)
    ]


def test_only_so_many_browsers_of_one_person_wait(office: Office) -> None:
    lin = hire("lin").staff
    for _ in range(limits.DEVICES_WAITING):
        cards.ask(lin, secrets.token_bytes(32), now=office.now)
    with pytest.raises(ThrottledError):
        cards.ask(lin, secrets.token_bytes(32), now=office.now)


def test_a_key_belongs_to_one_person(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    card = office.give(zhou[0].staff, lin[0].staff)
    _, chen = settle("chen", "陈", "counsellor")
    assert chen.ask("certify", key=encode(bytes(card.key))) == (404, {"code": "no-seat"})


def test_a_card_near_its_end_is_kept_while_the_next_is_asked_for(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    card = office.give(zhou[0].staff, lin[0].staff)
    soon = office.now.date() + limits.DEVICE_RENEWED_WITHIN - timedelta(days=1)
    DeviceCard.objects.update(until=soon)
    told = lin[1].ask("certify", key=encode(bytes(card.key)))[1]
    assert told["state"] == "certified"
    assert bytes(DeviceRequest.objects.get().key) == bytes(card.key)


# --- taking back --------------------------------------------------------------------------------


def test_a_lost_laptop_gets_nothing_more_and_is_listed_until_it_is_revoked(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    card = office.give(zhou[0].staff, lin[0].staff)
    assert lin[1].ask("keys/lose", card=encode(bytes(card.fingerprint))) == (200, {})
    assert lin[1].ask("certify", key=encode(bytes(card.key)))[1]["state"] == "revoked"
    (row,) = zhou[1].ask("keys")[1]["cards"]
    assert (row["lost"], row["due"], row["revoked"]) == (True, True, False)
    size, head = office.head_over(revoked(card.place))
    said = {"card": row["card"], "size": size, "head": encode(head)}
    assert zhou[1].ask("keys/revoke", **said) == (200, {})
    member = verify_identity(
        bytes(card.identity), root=trusted_root(), leaf_key=bytes(card.key), now=office.now
    )
    with pytest.raises(CertificateError) as refused:
        require_logged(ledger.rows(), member)
    assert refused.value.code is Refusal.REVOKED
    (row,) = zhou[1].ask("keys")[1]["cards"]
    assert (row["due"], row["revoked"]) == (False, True)
    with pytest.raises(IllegalTransitionError):
        cards.ask(lin[0].staff, bytes(card.key), now=office.now)


@pytest.mark.parametrize("how", ["suspended", "another role"])
def test_the_cards_of_somebody_who_left_or_has_another_role_are_to_be_revoked(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser], how: str
) -> None:
    card = office.give(zhou[0].staff, lin[0].staff)
    wang, _ = settle("wang", "王", "administrator")
    if how == "suspended":
        colleagues.suspend(wang.staff, lin[0].staff.person)
    else:
        colleagues.change_role(wang.staff, lin[0].staff.person, "auditor")
    assert list(cards.to_revoke(wang.staff.organisation, office.now)) == [card]
    office.take_back(zhou[0].staff, card)
    assert not cards.to_revoke(wang.staff.organisation, office.now)


def test_whoever_was_given_back_their_role_has_their_card_again(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    card = office.give(zhou[0].staff, lin[0].staff)
    wang, _ = settle("wang", "王", "administrator")
    colleagues.suspend(wang.staff, lin[0].staff.person)
    colleagues.restore(wang.staff, lin[0].staff.person)
    lin[0].forget_used_codes()
    assert cards.held(lin[0].staff, bytes(card.key), office.now) == card


@pytest.mark.parametrize("role", ["supervisor", "administrator", "counsellor"])
def test_a_colleague_says_of_nobody_else_that_their_device_is_lost(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser], role: str
) -> None:
    card = office.give(zhou[0].staff, lin[0].staff)
    _, other = settle("other", "别人", role)
    answer = other.ask("keys/lose", card=encode(bytes(card.fingerprint)))
    assert answer[0] == (404 if role == "counsellor" else 200)
    card.refresh_from_db()
    assert (card.lost_at is None) is (role == "counsellor")


def test_taking_back_an_issuer_takes_back_what_it_gave(
    office: Office, zhou: tuple[Person, Browser], lin: tuple[Person, Browser]
) -> None:
    desk = office.draw(ON_A_DEVICE)
    place = office.admit(desk).place
    card = office.give(zhou[0].staff, lin[0].staff, by=desk)
    size, head = office.head_over(revoked(place))
    ledger.append([revoked(place)], size=size, head=head, now=office.now)
    cards.note_revoked({place: size}, by=None, now=office.now)
    assert lin[1].ask("certify", key=encode(bytes(card.key)))[1]["state"] == "revoked"
    with pytest.raises(CounselError):
        office.give(zhou[0].staff, lin[0].staff, by=desk)

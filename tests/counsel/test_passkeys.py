"""Passkeys: who gets in by one, what is refused, and that guesses at a name keep nobody out."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel import colleagues, limits
from counsel.models import Login, Passkey
from counsel.statements import encode
from tests.counsel.authenticator import Authenticator, flip
from tests.counsel.key_ring import FORGED, add_passkey, come_in
from tests.counsel.staff_room import Browser, Person, hire

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ORIGIN = "http://localhost:8000"


@pytest.fixture
def zhou() -> Person:
    return hire("zhou", "周", "supervisor")


@pytest.fixture
def desk(zhou: Person) -> Browser:
    """A browser Zhou is signed in on, a moment later."""
    browser = Browser()
    assert browser.sign_in(zhou)[0] == 200
    zhou.forget_used_codes()
    return browser


@pytest.fixture
def key(zhou: Person, desk: Browser) -> Authenticator:
    """Zhou's security key, registered."""
    key = Authenticator()
    assert add_passkey(desk, zhou, key) == (200, {})
    zhou.forget_used_codes()
    return key


# --- getting in ---------------------------------------------------------------------------------


def test_a_passkey_alone_signs_zhou_in(key: Authenticator, zhou: Person) -> None:
    browser = Browser()
    status, told = come_in(key, browser)
    assert (status, told["me"]["person"]) == (200, zhou.staff.person)
    assert browser.ask("me")[1]["factors"]["passkeys"] == 1
    assert Passkey.objects.get().used_at is not None


def test_what_a_browser_is_asked_names_nobody_and_wants_the_person_verified() -> None:
    options = Browser().ask("passkey/ask")[1]["options"]
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert options["allowCredentials"] == []
    assert len(options["challenge"]) == 43


def test_a_new_key_is_resident_verified_unattested_and_names_only_the_working_name(
    desk: Browser, zhou: Person
) -> None:
    options = desk.ask("me/passkeys/ask")[1]["options"]
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert (options["attestation"], options["rp"]["id"]) == ("none", "localhost")
    assert options["user"] == {"id": zhou.staff.person, "name": "周", "displayName": "周"}


def test_a_passkey_gets_in_while_guesses_keep_its_owner_waiting(
    key: Authenticator, zhou: Person
) -> None:
    for _ in range(limits.SIGN_IN_FAILURES):
        Browser().sign_in(zhou, password="wrong")
    assert Browser().sign_in(zhou)[1]["code"] == "slow-down"
    assert come_in(key)[0] == 200
    assert Browser().sign_in(zhou)[1]["code"] == "slow-down"


def test_coming_in_draws_a_new_key_and_ends_what_this_browser_had(
    key: Authenticator, desk: Browser
) -> None:
    before = desk.client.cookies["staff"].value
    assert come_in(key, desk)[0] == 200
    assert desk.client.cookies["staff"].value != before
    assert not Session.objects.filter(session_key=before).exists()
    assert not Login.objects.filter(session_key=before).exists()


def test_a_key_planted_in_a_browser_is_worth_nothing(key: Authenticator) -> None:
    thief, browser = Browser(), Browser()
    thief.ask("passkey/ask")
    planted = thief.client.cookies["staff"].value
    browser.client.cookies["staff"] = planted
    assert come_in(key, browser)[0] == 200
    assert browser.client.cookies["staff"].value != planted
    assert thief.ask("me")[0] == 401


def test_asking_signs_nobody_in_and_its_row_is_gone_after_five_minutes() -> None:
    browser = Browser()
    browser.ask("passkey/ask")
    assert browser.ask("me")[0] == 401
    (row,) = Session.objects.all()
    assert row.expire_date <= timezone.now() + limits.PASSKEY_WITHIN
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    Browser().ask("passkey/ask")
    assert not Session.objects.filter(pk=row.pk).exists()


def test_asking_on_a_browser_that_is_signed_in_ends_nothing(desk: Browser) -> None:
    before = Session.objects.get().expire_date
    desk.ask("passkey/ask")
    assert Session.objects.get().expire_date - before < timedelta(minutes=1)
    assert Session.objects.get().expire_date > timezone.now() + timedelta(hours=11)
    assert desk.ask("me")[0] == 200


# --- refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", FORGED)
def test_a_passkey_used_otherwise_is_refused(key: Authenticator, how: str) -> None:
    FORGED[how](key)
    assert come_in(key) == (403, {"code": "passkey"})


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_one_bit_changed_after_signing_is_refused(key: Authenticator, part: str) -> None:
    browser = Browser()
    credential = key.sign(browser.ask("passkey/ask")[1]["options"])
    credential["response"][part] = flip(credential["response"][part])
    assert browser.ask("passkey/sign-in", credential=credential) == (403, {"code": "passkey"})


def test_a_signature_passes_once(key: Authenticator) -> None:
    browser = Browser()
    credential = key.sign(browser.ask("passkey/ask")[1]["options"])
    assert browser.ask("passkey/sign-in", credential=credential)[0] == 200
    assert browser.ask("passkey/sign-in", credential=credential) == (403, {"code": "passkey"})
    assert browser.ask("me")[0] == 200


def test_a_challenge_is_good_for_one_answer_right_or_wrong(key: Authenticator) -> None:
    browser = Browser()
    options = browser.ask("passkey/ask")[1]["options"]
    right = key.sign(options)
    wrong = copy.deepcopy(right)
    wrong["response"]["signature"] = flip(wrong["response"]["signature"])
    assert browser.ask("passkey/sign-in", credential=wrong)[0] == 403
    assert browser.ask("passkey/sign-in", credential=right)[0] == 403


def test_a_signature_is_good_on_the_browser_that_was_asked(key: Authenticator) -> None:
    credential = key.sign(Browser().ask("passkey/ask")[1]["options"])
    other = Browser()
    other.ask("passkey/ask")
    assert other.ask("passkey/sign-in", credential=credential)[0] == 403
    assert Browser().ask("passkey/sign-in", credential=credential)[0] == 403


@pytest.mark.parametrize(("minutes", "status"), [(4.9, 200), (5.1, 403)])
def test_an_answer_is_good_for_five_minutes(
    key: Authenticator, minutes: float, status: int
) -> None:
    browser = Browser()
    options = browser.ask("passkey/ask")[1]["options"]
    row = Session.objects.get(session_key=browser.client.cookies["staff"].value)
    data = row.get_decoded()
    data["passkey_sign_in"][1] -= minutes * 60
    row.session_data = Session.objects.encode(data)
    row.save()
    answer = browser.ask("passkey/sign-in", credential=key.sign(options))
    assert answer[0] == status


def test_a_counter_that_does_not_go_on_is_a_copied_key(key: Authenticator) -> None:
    key.counts = True
    assert come_in(key)[0] == 200
    assert Passkey.objects.get().sign_count == 1
    key.counter = 0
    assert come_in(key) == (403, {"code": "passkey"})
    assert come_in(key)[0] == 200  # counted on to two by then


def test_somebody_suspended_does_not_get_in_by_passkey(key: Authenticator, zhou: Person) -> None:
    colleagues.deactivate(zhou.staff)
    assert come_in(key) == (403, {"code": "passkey"})


def test_a_key_nobody_registered_is_refused_the_same(key: Authenticator, zhou: Person) -> None:
    stranger = Authenticator(handle=zhou.staff.person)
    assert come_in(stranger) == (403, {"code": "passkey"})
    stranger.credential_id = key.credential_id  # somebody else's id, their own key
    assert come_in(stranger) == (403, {"code": "passkey"})


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": 1},
        {"id": "!", "response": {}},
        {"response": {"clientDataJSON": "e30"}},
        {"response": {"clientDataJSON": "W10"}},
        {"response": {"clientDataJSON": encode(b"[" * 20_000)}},
        {"response": []},
        {"id": "AAAA", "rawId": "AAAA", "type": "x", "response": {"clientDataJSON": "e30"}},
    ],
)
def test_what_is_no_credential_is_refused_the_same(
    key: Authenticator, desk: Browser, credential: dict[str, Any]
) -> None:
    browser = Browser()
    browser.ask("passkey/ask")
    assert browser.ask("passkey/sign-in", credential=credential) == (403, {"code": "passkey"})


def test_no_shape_of_a_part_is_a_failure_of_ours(key: Authenticator) -> None:
    browser = Browser()
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        values: tuple[object, ...] = (None, 1, "", "AA", [], {})
        for value in values:
            credential = key.sign(browser.ask("passkey/ask")[1]["options"])
            credential["response"][part] = value
            answer = browser.ask("passkey/sign-in", credential=credential)
            assert answer == (403, {"code": "passkey"})

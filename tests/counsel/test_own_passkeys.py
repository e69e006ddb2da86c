"""One's own passkeys: made, listed, removed, and what of a registration is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel import limits
from counsel.models import Login, Passkey, Staff
from tests.counsel.authenticator import ELIGIBLE, PRESENT, VERIFIED, Authenticator
from tests.counsel.key_ring import FORGED, Change, add_passkey, come_in, with_said
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


MADE_WRONGLY: dict[str, Change] = {
    name: FORGED[name]
    for name in FORGED
    if name not in {"the other ceremony", "no handle", "the handle of somebody else"}
} | {"the other ceremony": with_said(type="webauthn.get")}


@pytest.mark.parametrize("how", MADE_WRONGLY)
def test_a_key_made_otherwise_is_not_registered(desk: Browser, zhou: Person, how: str) -> None:
    key = Authenticator()
    MADE_WRONGLY[how](key)
    assert add_passkey(desk, zhou, key) == (403, {"code": "passkey"})
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    "attestation",
    [{"fmt": "packed"}, {"fmt": "none", "attStmt": {"sig": b"x"}}, {"fmt": "tpm"}, {"fmt": "x"}],
    ids=["packed", "none that says more", "tpm", "unknown"],
)
def test_an_attestation_nobody_asked_for_is_refused(
    desk: Browser, zhou: Person, attestation: dict[str, Any]
) -> None:
    assert add_passkey(desk, zhou, Authenticator(), **attestation) == (403, {"code": "passkey"})


def test_a_key_may_sign_for_itself_but_no_maker_for_it(desk: Browser, zhou: Person) -> None:
    for vouched, answer in ((False, 200), (True, 403)):
        key = Authenticator()
        options = desk.ask("me/passkeys/ask")[1]["options"]
        credential = key.vouch(options) if vouched else key.vouch_for_itself(options)
        said = {"credential": credential, "name": "手机", "code": zhou.code()}
        assert desk.ask("me/passkeys/add", **said)[0] == answer
        zhou.forget_used_codes()


def test_a_challenge_makes_one_key(desk: Browser, zhou: Person) -> None:
    options = desk.ask("me/passkeys/ask")[1]["options"]
    for answer in (200, 403):
        said = {"credential": Authenticator().make(options), "name": "手机", "code": zhou.code()}
        assert desk.ask("me/passkeys/add", **said)[0] == answer
        zhou.forget_used_codes()


def test_a_passkey_that_is_synced_is_one_too(desk: Browser, zhou: Person) -> None:
    key = Authenticator(flags=PRESENT | VERIFIED | ELIGIBLE | 0x10)
    assert add_passkey(desk, zhou, key)[0] == 200
    assert come_in(key)[0] == 200


def test_no_passkey_is_added_without_a_present_code(desk: Browser, zhou: Person) -> None:
    options = desk.ask("me/passkeys/ask")[1]["options"]
    credential = Authenticator().make(options)
    for code in ("", "000000"):
        said = {"credential": credential, "name": "手机", "code": code}
        assert desk.ask("me/passkeys/add", **said) == (403, {"code": "sign-in"})
    assert not Passkey.objects.exists()
    said = {"credential": credential, "name": "手机", "code": zhou.code()}
    assert desk.ask("me/passkeys/add", **said) == (200, {})  # a mistyped code costs no ceremony


def test_a_key_is_registered_once(desk: Browser, zhou: Person, key: Authenticator) -> None:
    options = desk.ask("me/passkeys/ask")[1]["options"]
    assert [known["id"] for known in options["excludeCredentials"]] == [key.id]
    chen = hire("chen", "陈")
    other = Browser()
    other.sign_in(chen)
    chen.forget_used_codes()
    assert add_passkey(other, chen, key) == (403, {"code": "passkey"})
    assert Passkey.objects.get().staff == zhou.staff


def test_what_was_made_for_one_person_is_not_registered_for_another(
    desk: Browser, zhou: Person
) -> None:
    other = Browser()
    other.sign_in(chen := hire("chen", "陈"))
    chen.forget_used_codes()
    credential = Authenticator().make(desk.ask("me/passkeys/ask")[1]["options"])
    other.ask("me/passkeys/ask")
    said = {"credential": credential, "name": "手机", "code": chen.code()}
    assert other.ask("me/passkeys/add", **said) == (403, {"code": "passkey"})


def test_nobody_has_more_than_eight(desk: Browser, zhou: Person) -> None:
    for _ in range(limits.PASSKEYS):
        assert add_passkey(desk, zhou, Authenticator())[0] == 200
        zhou.forget_used_codes()
    assert add_passkey(desk, zhou, Authenticator()) == (400, {"code": "bad-value"})
    assert Passkey.objects.count() == limits.PASSKEYS


@pytest.mark.parametrize("name", ["", "  ", "x" * 33, "a\u202eb"])
def test_a_passkey_has_a_name_one_can_see(desk: Browser, zhou: Person, name: str) -> None:
    credential = Authenticator().make(desk.ask("me/passkeys/ask")[1]["options"])
    said = {"credential": credential, "name": name, "code": zhou.code()}
    assert desk.ask("me/passkeys/add", **said) == (400, {"code": "bad-value"})


def test_a_passkey_is_listed_by_days_and_removed(
    desk: Browser, zhou: Person, key: Authenticator
) -> None:
    assert desk.ask("me")[1]["wants_passkey"] is False
    today = timezone.now().strftime("%Y-%m-%d")
    (row,) = desk.ask("me/passkeys")[1]["passkeys"]
    assert row == {"id": key.id, "name": "手机", "created": today, "used": None}
    said = {"id": key.id, "code": zhou.code()}
    assert desk.ask("me/passkeys/remove", **said | {"code": "000000"})[1]["code"] == "sign-in"
    assert desk.ask("me/passkeys/remove", **said) == (200, {})
    assert come_in(key) == (403, {"code": "passkey"})
    assert desk.ask("me")[1]["wants_passkey"] is True


def test_nobody_removes_the_passkey_of_somebody_else(key: Authenticator) -> None:
    other = Browser()
    other.sign_in(chen := hire("chen", "陈"))
    chen.forget_used_codes()
    said = {"id": key.id, "code": chen.code()}
    assert other.ask("me/passkeys/remove", **said) == (404, {"code": "no-seat"})
    assert Passkey.objects.exists()


def test_a_public_host_is_what_its_passkeys_are_bound_to(settings: Settings) -> None:
    from counsel import passkeys

    settings.ORIGIN = "https://talk.example.org:8443"
    assert passkeys.relying_party() == "talk.example.org"


def test_a_changed_factor_leaves_this_browser_and_ends_the_others(
    desk: Browser, zhou: Person
) -> None:
    other = Browser()
    assert other.sign_in(zhou)[0] == 200
    zhou.forget_used_codes()
    before = desk.client.cookies["staff"].value
    assert add_passkey(desk, zhou, Authenticator())[0] == 200
    assert desk.ask("me")[0] == 200
    assert other.ask("me")[0] == 401
    assert desk.client.cookies["staff"].value != before
    assert list(Login.objects.values_list("session_key", flat=True)) == [
        desk.client.cookies["staff"].value
    ]
    assert Staff.objects.get().logins.count() == 1

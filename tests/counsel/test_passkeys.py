"""Passkeys: who gets in by one, what is refused, and that guesses at a name keep nobody out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel import colleagues, limits
from counsel.models import Login, Passkey, Staff
from tests.counsel.authenticator import ELIGIBLE, PRESENT, VERIFIED, Authenticator, flip
from tests.counsel.staff_room import Browser, Person, hire

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
Change = Callable[[Authenticator], object]


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
    assert add(desk, zhou, key) == (200, {})
    zhou.forget_used_codes()
    return key


def add(
    desk: Browser, person: Person, key: Authenticator, **changed: Any
) -> tuple[int, dict[str, Any]]:
    """Register this key; `changed` is what the attestation says otherwise."""
    options = desk.ask("me/passkeys/ask")[1]["options"]
    said = {"credential": key.make(options, **changed), "name": "手机", "code": person.code()}
    return desk.ask("me/passkeys/add", **said)


def come_in(key: Authenticator, browser: Browser | None = None) -> tuple[int, dict[str, Any]]:
    """Sign in by this key on a browser of one's own."""
    browser = browser or Browser()
    options = browser.ask("passkey/ask")[1]["options"]
    return browser.ask("passkey/sign-in", credential=key.sign(options))


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


def with_said(**said: Any) -> Change:
    return lambda key: key.said.update(said)


def with_field(name: str, value: Any) -> Change:
    return lambda key: setattr(key, name, value)


FORGED: dict[str, Change] = {
    "another origin": with_field("origin", "https://evil.example"),
    "another port": with_field("origin", "http://localhost:8001"),
    "another relying party": with_field("party", "evil.example"),
    "nobody there": with_field("flags", VERIFIED),
    "nobody verified": with_field("flags", PRESENT),
    "backed up though it cannot be": with_field("flags", PRESENT | VERIFIED | 0x10),
    "in a frame of another site": with_said(crossOrigin=True),
    "under another site": with_said(topOrigin="https://evil.example"),
    "a frame said oddly": with_said(crossOrigin="false"),
    "another challenge": with_said(challenge="A" * 43),
    "no challenge": with_said(challenge=""),
    "the other ceremony": with_said(type="webauthn.create"),
    "no handle": with_field("handle", ""),
    "the handle of somebody else": with_field("handle", "A" * 22),
}


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


# --- one's own passkeys -------------------------------------------------------------------------


MADE_WRONGLY: dict[str, Change] = {
    name: FORGED[name]
    for name in FORGED
    if name not in {"the other ceremony", "no handle", "the handle of somebody else"}
} | {"the other ceremony": with_said(type="webauthn.get")}


@pytest.mark.parametrize("how", MADE_WRONGLY)
def test_a_key_made_otherwise_is_not_registered(desk: Browser, zhou: Person, how: str) -> None:
    key = Authenticator()
    MADE_WRONGLY[how](key)
    assert add(desk, zhou, key) == (403, {"code": "passkey"})
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    "attestation",
    [{"fmt": "packed"}, {"fmt": "none", "attStmt": {"sig": b"x"}}, {"fmt": "tpm"}, {"fmt": "x"}],
    ids=["packed", "none that says more", "tpm", "unknown"],
)
def test_an_attestation_nobody_asked_for_is_refused(
    desk: Browser, zhou: Person, attestation: dict[str, Any]
) -> None:
    assert add(desk, zhou, Authenticator(), **attestation) == (403, {"code": "passkey"})


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
    assert add(desk, zhou, key)[0] == 200
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
    assert add(other, chen, key) == (403, {"code": "passkey"})
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
        assert add(desk, zhou, Authenticator())[0] == 200
        zhou.forget_used_codes()
    assert add(desk, zhou, Authenticator()) == (400, {"code": "bad-value"})
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
    assert add(desk, zhou, Authenticator())[0] == 200
    assert desk.ask("me")[0] == 200
    assert other.ask("me")[0] == 401
    assert desk.client.cookies["staff"].value != before
    assert list(Login.objects.values_list("session_key", flat=True)) == [
        desk.client.cookies["staff"].value
    ]
    assert Staff.objects.get().logins.count() == 1

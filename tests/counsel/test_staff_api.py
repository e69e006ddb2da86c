"""The questions of the staff door, asked as pages ask them and as nobody should."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from counsel import colleagues, limits, signin, staff_urls, views
from counsel.models import Login
from counsel.statements import encode
from tests.counsel.staff_room import PASSWORD, Browser, Person, hire, pad, wrong

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
    pytest.mark.urls("counsel.staff_urls"),
]
QUESTIONS = ("csrf", "sign-in", "sign-out", "me", "certify")
ALL = tuple(staff_urls.QUESTIONS)
KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def own_data(settings: Settings, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA = tmp_path


@pytest.fixture
def lin() -> Person:
    return hire("lin.w")


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def inside(lin: Person) -> Browser:
    """A browser Lin is signed in on."""
    browser = Browser()
    assert browser.sign_in(lin)[0] == 200
    return browser


def me_of(person: Person) -> dict[str, str]:
    return {"working_name": "林", "role": "counsellor", "person": person.staff.person}


def test_lin_signs_in_looks_who_she_is_and_leaves(lin: Person, browser: Browser) -> None:
    assert browser.ask("me") == (401, {"code": "signed-out"})
    assert browser.sign_in(lin) == (200, {"me": me_of(lin)})
    status, told = browser.ask("me")
    assert (status, told["me"], told["mode"]) == (200, me_of(lin), "demo")
    assert browser.ask("sign-out") == (200, {})
    assert browser.ask("me") == (401, {"code": "signed-out"})
    assert browser.ask("sign-out") == (200, {})


def test_no_answer_carries_more_of_lin_than_seekers_see(inside: Browser, lin: Person) -> None:
    told = json.dumps(inside.ask("me")[1])
    assert lin.name not in told
    assert PASSWORD not in told


@pytest.mark.parametrize("what", ["name", "password", "code"])
def test_whatever_is_wrong_the_answer_is_the_same_to_the_byte(
    lin: Person, browser: Browser, what: str
) -> None:
    changed = wrong(lin.code()) if what == "code" else "wrong"
    assert browser.sign_in(lin, **{what: changed}) == (403, {"code": "sign-in"})


def test_a_name_that_waits_is_told_how_long(lin: Person, browser: Browser) -> None:
    for _ in range(limits.SIGN_IN_FAILURES):
        browser.sign_in(lin, password="wrong")
    status, told = browser.sign_in(lin)
    assert (status, told["code"]) == (429, "slow-down")
    assert 0 < told["retry_after"] <= 61


def test_a_code_opens_one_door_only(lin: Person, browser: Browser) -> None:
    code = lin.code()
    assert browser.sign_in(lin, code=code)[0] == 200
    assert Browser().sign_in(lin, code=code) == (403, {"code": "sign-in"})


def test_signing_in_draws_a_new_key_and_ends_the_old_login(lin: Person, inside: Browser) -> None:
    name = django_settings.SESSION_COOKIE_NAME
    before = inside.client.cookies[name].value
    lin.forget_used_codes()
    assert inside.sign_in(lin)[0] == 200
    after = inside.client.cookies[name].value
    assert after != before
    assert not Login.objects.filter(session_key=before).exists()


def test_a_key_planted_beforehand_is_worth_nothing(lin: Person, browser: Browser) -> None:
    planted = "a" * 32
    name = django_settings.SESSION_COOKIE_NAME
    browser.client.cookies[name] = planted
    assert browser.sign_in(lin)[0] == 200
    assert browser.client.cookies[name].value != planted
    thief = Browser()
    thief.client.cookies[name] = planted
    assert thief.ask("me")[0] == 401


def test_idle_and_old_logins_are_over_and_asking_keeps_one_alive(
    inside: Browser, lin: Person
) -> None:
    Login.objects.update(seen_at=timezone.now() - timedelta(minutes=29))
    assert inside.ask("me")[0] == 200
    assert Login.objects.get().seen_at > timezone.now() - timedelta(minutes=1)
    Login.objects.update(seen_at=timezone.now() - timedelta(minutes=30))
    assert inside.ask("me")[0] == 401
    Login.objects.update(seen_at=timezone.now(), signed_in_at=timezone.now() - timedelta(hours=12))
    assert inside.ask("me")[0] == 401


def test_deactivated_in_the_middle(inside: Browser, lin: Person) -> None:
    colleagues.deactivate(lin.staff)
    assert inside.ask("me") == (401, {"code": "signed-out"})
    assert inside.ask("certify", key=encode(KEY)) == (401, {"code": "signed-out"})


# --- cookies --------------------------------------------------------------------------------------


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(inside: Browser) -> None:
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        cookie = inside.client.cookies[name]
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Strict"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_behind_https_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    said = (
        "from counsel import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    )
    environment = os.environ | {"ORIGIN": "https://talk.localhost", "DATA": str(tmp_path)}
    out = subprocess.run(
        [sys.executable, "-c", said], env=environment, capture_output=True, text=True, check=True
    )
    assert out.stdout.split() == ["__Host-staff", "__Host-csrf", "True", "True"]


def test_asking_for_a_token_signs_nobody_in_and_leaves_no_row(browser: Browser) -> None:
    browser.post("csrf", pad({}))
    assert set(browser.client.cookies) == {django_settings.CSRF_COOKIE_NAME}
    assert not Login.objects.exists()


# --- who may ask ----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "origin",
    ["", "null", "http://localhost", "https://localhost:8000", "http://localhost:8000/",
     "http://localhost:80000", "http://evil.localhost:8000", "HTTP://LOCALHOST:8000"],
)  # fmt: skip
def test_only_our_own_pages_may_ask(
    inside: Browser, settings: Settings, question: str, origin: str
) -> None:
    settings.ORIGIN = "http://localhost:8000"
    token = json.loads(inside.post("csrf", pad({}), origin=settings.ORIGIN).content)["csrf"]
    response = inside.post(question, pad({}), token=token, origin=origin)
    assert (response.status_code, json.loads(response.content)) == (403, {"code": "origin"})


@pytest.mark.parametrize("question", [name for name in QUESTIONS if name != "csrf"])
def test_nothing_is_asked_without_the_token(inside: Browser, question: str) -> None:
    for token in ("", "x", "a" * 64):
        response = inside.post(question, pad({}), token=token)
        assert (response.status_code, json.loads(response.content)) == (403, {"code": "origin"})
    assert Login.objects.exists()


@pytest.mark.parametrize("question", QUESTIONS)
def test_looking_is_not_asking(inside: Browser, question: str) -> None:
    for method in ("get", "head", "options"):
        headers = {"origin": inside.origin}
        response = getattr(inside.client, method)(f"/api/{question}", headers=headers)
        assert response.status_code == 400
        assert len(response.content) in {*limits.SIZES, 0 if method == "head" else limits.SIZES[0]}


def test_no_question_is_asked_from_elsewhere_without_the_token_or_by_looking(
    inside: Browser,
) -> None:
    token = json.loads(inside.post("csrf", pad({})).content)["csrf"]
    for question in ALL:
        for origin in ("", "https://evil.example"):
            assert inside.post(question, pad({}), token=token, origin=origin).status_code == 403
        if question != "csrf":
            assert inside.post(question, pad({})).status_code == 403
        headers = {"origin": inside.origin}
        assert inside.client.get(f"/api/{question}", headers=headers).status_code == 400


def test_a_stranger_learns_of_no_question_but_those_for_strangers(browser: Browser) -> None:
    open_ones = {
        "csrf", "sign-in", "sign-out", "passkey/ask", "passkey/sign-in",
        "join/look", "join/code", "join/finish",
    }  # fmt: skip
    for question in ALL:
        status, told = browser.ask(question)
        if question not in open_ones:
            assert (status, told) == (401, {"code": "signed-out"})


# --- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 383, 385, 1023, 4096, 32769, 70000])
def test_a_body_of_another_size_is_refused_unread(browser: Browser, length: int) -> None:
    response = browser.post("csrf", b"{}".ljust(length)[:length])
    assert (response.status_code, json.loads(response.content)) == (413, {"code": "bad-size"})


@pytest.mark.parametrize("size", limits.SIZES)
def test_a_body_of_each_of_our_sizes_is_read(browser: Browser, size: int) -> None:
    assert browser.post("csrf", b"{}".ljust(size)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff", b"{}{}", b'"x"', b"[" * 380, b'{"a":"\xed\xa0\x80"}'],
)
def test_what_is_no_object_is_refused_with_a_code(browser: Browser, body: bytes) -> None:
    response = browser.post("csrf", body.ljust(384))
    assert (response.status_code, json.loads(response.content)) == (400, {"code": "bad-frame"})


@pytest.mark.parametrize(
    "changed",
    [{"name": 1}, {"password": None}, {"code": ["1"]}, {"name": {}}, {"code": 123456},
     {"name": "\ud800"}, {"password": "\udfff"}, {"password": "x" * 257}],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_a_code(
    browser: Browser, lin: Person, changed: dict[str, object]
) -> None:
    said = {"name": "lin", "password": PASSWORD, "code": lin.code(), **changed}
    assert browser.ask("sign-in", **said) == (400, {"code": "bad-frame"})


def test_a_cookie_that_is_no_key_is_nobodys_and_asks_no_database() -> None:
    """A zero in it would be an exception of PostgreSQL's."""
    name = django_settings.SESSION_COOKIE_NAME
    for said in (r'"\000\000\000\000\000\000\000\000"', "x" * 33, "X" * 32):
        strange = Browser()
        strange.client.cookies.load(f"{name}={said}")
        with CaptureQueriesContext(connection) as asked:
            assert strange.post("me", pad({})).status_code in {401, 403}
        assert not asked.captured_queries
        scope = {"headers": [(b"cookie", f"{name}={said}".encode())]}
        assert signin.session_key_from_scope(scope) == ""


def test_a_form_is_refused_with_a_code(browser: Browser) -> None:
    browser.post("csrf", pad({}))
    response = browser.client.post(
        "/api/sign-in", {"name": "lin"}, headers={"origin": browser.origin}
    )
    assert response.status_code in {400, 403, 413}
    assert len(response.content) in limits.SIZES


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        st.binary(max_size=384),
        st.dictionaries(
            st.sampled_from(
                ["name", "password", "code", "key", "token", "credential", "person", "id"]
            ),
            st.one_of(st.none(), st.integers(), st.text(max_size=40), st.lists(st.integers())),
        ).map(lambda data: json.dumps(data).encode()[:384]),
    ),
    question=st.sampled_from(ALL),
)
def test_any_bytes_get_a_code_and_no_failure(inside: Browser, body: bytes, question: str) -> None:
    token = json.loads(inside.post("csrf", pad({})).content)["csrf"]
    response = inside.post(question, body.ljust(384), token=token)
    assert response.status_code < 500


def test_a_failure_of_ours_is_a_code_too(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(views, "get_token", fail)
    response = browser.post("csrf", pad({}))
    assert (response.status_code, json.loads(response.content)) == (500, {"code": "internal"})


def test_a_plain_client_without_any_header_gets_a_padded_refusal(client: Client) -> None:
    response = client.post("/api/me", data=pad({}), content_type="application/json")
    assert len(response.content) in limits.SIZES
    assert response.status_code == 403


def test_every_question_is_in_the_protocol() -> None:
    protocol = Path(__file__).parents[2] / "counsel" / "docs" / "protocol-staff.md"
    told = protocol.read_text(encoding="utf-8")
    assert [
        question for question in ALL if f"`{question}`" not in told and question != "csrf"
    ] == []
    assert "`/api/csrf {}`" in told

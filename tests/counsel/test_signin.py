"""Who gets in, who does not, and what those who do not can learn: nothing."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel import colleagues, limits, signin
from counsel.errors import SignedOutError, SignInError, ThrottledError
from counsel.models import Login, SlowedName, Staff
from tests.counsel.staff_room import PASSWORD, Browser, Person, fresh_request, hire, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
NOW = timezone.now()
SCRYPT = "django.contrib.auth.hashers.ScryptPasswordHasher"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        SCRYPT,
    ]


@pytest.fixture
def lin() -> Person:
    return hire()


def attempt(
    name: str, password: str = "wrong", code: str = "000000", at: timedelta = timedelta()
) -> str:
    """The code of the refusal, or `in`."""
    try:
        signin.sign_in(fresh_request(), name=name, password=password, code=code, now=NOW + at)
    except (SignInError, ThrottledError) as error:
        return error.code
    return "in"


# --- getting in ---------------------------------------------------------------------------------


def test_name_password_and_code_let_lin_in(lin: Person) -> None:
    assert attempt("lin", PASSWORD, lin.code()) == "in"


@pytest.mark.parametrize("spelling", ["LIN", " lin ", "ｌｉｎ", "Lin"])
def test_the_name_may_be_spelled_as_phones_spell_it(lin: Person, spelling: str) -> None:
    assert attempt(spelling, PASSWORD, lin.code()) == "in"


@pytest.mark.parametrize("missing", ["password", "code", "both", "name"])
def test_one_part_wrong_and_nobody_gets_in(lin: Person, missing: str) -> None:
    name = "nobody" if missing == "name" else "lin"
    password = "wrong" if missing in {"password", "both"} else PASSWORD
    code = wrong(lin.code()) if missing in {"code", "both"} else lin.code()
    assert attempt(name, password, code) == "sign-in"


@pytest.mark.parametrize("code", ["", "x", "-1", "0" * 300, "\0", "１２", "9" * 5000])
def test_what_is_no_code_is_a_wrong_code(lin: Person, code: str) -> None:
    assert attempt("lin", PASSWORD, code) == "sign-in"


@pytest.mark.parametrize("name", ["", "\0", "x" * 5000, "lin\0", "' or 1=1 --"])
def test_what_is_no_name_is_an_unknown_name(lin: Person, name: str) -> None:
    assert attempt(name, PASSWORD, lin.code()) == "sign-in"


def test_a_code_passes_once(lin: Person) -> None:
    code = lin.code()
    assert attempt("lin", PASSWORD, code) == "in"
    assert attempt("lin", PASSWORD, code) == "sign-in"


def test_after_a_code_no_older_one_passes(lin: Person) -> None:
    assert attempt("lin", PASSWORD, lin.code()) == "in"
    assert attempt("lin", PASSWORD, lin.code(steps=-1)) == "sign-in"


def test_a_wrong_code_does_not_block_the_right_one_that_follows(lin: Person) -> None:
    assert attempt("lin", PASSWORD, wrong(lin.code())) == "sign-in"
    assert attempt("lin", PASSWORD, lin.code()) == "in"


def test_somebody_deactivated_does_not_get_in(lin: Person) -> None:
    colleagues.deactivate(lin.staff)
    assert attempt("lin", PASSWORD, lin.code()) == "sign-in"


def test_a_device_that_was_not_confirmed_does_not_count(lin: Person) -> None:
    lin.device.confirmed = False
    lin.device.save()
    assert attempt("lin", PASSWORD, lin.code()) == "sign-in"


def test_nobody_gets_in_with_the_code_of_somebody_else(lin: Person) -> None:
    chen = hire("chen", "陈")
    assert attempt("lin", PASSWORD, chen.code()) == "sign-in"


# --- what a stranger learns -----------------------------------------------------------------------


def statements(name: str, password: str = "wrong") -> list[str]:
    """What the database was asked, values and names of savepoints taken out."""
    with CaptureQueriesContext(connection) as asked:
        attempt(name, password)
    return [re.sub(r"X?'[^']*'(::\w+)?|\b\d+\b|\"s\d+_x\d+\"", "?", q["sql"]) for q in asked]


def test_the_database_is_asked_the_same_of_names_that_exist_and_of_others(lin: Person) -> None:
    attempt("lin")
    attempt("nobody")  # the first time a name is tried looks the same too, but for the row's id
    assert statements("lin") == statements("nobody")
    assert len(statements("lin")) > 5


def test_a_right_password_without_a_code_costs_one_row_more_and_says_nothing(lin: Person) -> None:
    attempt("lin")
    attempt("nobody")
    guessed = statements("lin", PASSWORD)
    assert statements("nobody") == [q for q in guessed if not q.startswith('UPDATE "otp_totp')]
    assert len(guessed) == len(statements("nobody")) + 1


def test_a_name_that_does_not_exist_takes_as_long(lin: Person, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [SCRYPT]
    lin.staff.set_password(PASSWORD)
    lin.staff.save()
    took: dict[str, float] = {}
    for round_ in range(3):
        for name in ("lin", "nobody"):
            began = time.thread_time()
            assert attempt(name) == "sign-in"
            spent = time.thread_time() - began
            took[name] = spent if round_ == 0 else min(spent, took[name])
    assert 0.6 < took["lin"] / took["nobody"] < 1.6


@pytest.mark.parametrize("name", ["lin", "nobody"])
def test_after_five_failures_a_name_waits_whether_it_exists_or_not(lin: Person, name: str) -> None:
    verdicts = [attempt(name) for _ in range(limits.SIGN_IN_FAILURES + 2)]
    assert verdicts == ["sign-in"] * limits.SIGN_IN_FAILURES + ["slow-down"] * 2
    with pytest.raises(ThrottledError) as refused:
        signin.sign_in(fresh_request(), name=name, password="x", code="", now=NOW)
    assert refused.value.retry_after == limits.SIGN_IN_WAIT.seconds + 1


def test_while_a_name_waits_the_right_password_and_code_wait_too(lin: Person) -> None:
    for _ in range(limits.SIGN_IN_FAILURES):
        attempt("lin")
    assert attempt("lin", PASSWORD, lin.code()) == "slow-down"
    assert attempt("lin", PASSWORD, lin.code(), at=limits.SIGN_IN_WAIT) == "in"


def test_nobody_else_waits(lin: Person) -> None:
    for _ in range(limits.SIGN_IN_FAILURES):
        attempt("nobody")
    assert attempt("lin", PASSWORD, lin.code()) == "in"


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(lin: Person) -> None:
    for _ in range(limits.SIGN_IN_FAILURES):
        attempt("lin")
    at, waits = timedelta(), []
    for _ in range(6):
        row = SlowedName.objects.get()
        assert row.wait_until is not None
        waits.append((row.wait_until - NOW - at) // timedelta(minutes=1))
        at = row.wait_until - NOW
        assert attempt("lin", at=at) == "sign-in"
    assert waits == [1, 2, 4, 8, 15, 15]


def test_failures_are_forgotten_by_signing_in(lin: Person) -> None:
    for _ in range(limits.SIGN_IN_FAILURES - 1):
        attempt("lin")
    assert attempt("lin", PASSWORD, lin.code()) == "in"
    assert [attempt("lin") for _ in range(4)] == ["sign-in"] * 4


def test_failures_are_forgotten_after_a_quiet_hour_and_their_rows_go(lin: Person) -> None:
    for _ in range(limits.SIGN_IN_FAILURES):
        attempt("nobody")
    later = limits.SIGN_IN_FORGIVEN_AFTER + timedelta(seconds=1)
    assert attempt("lin", at=later) == "sign-in"
    assert SlowedName.objects.count() == 1  # Lin's; that of nobody is gone
    assert [attempt("nobody", at=later) for _ in range(4)] == ["sign-in"] * 4


def test_no_typed_name_is_written_down(lin: Person) -> None:
    attempt("my secret password")
    (row,) = SlowedName.objects.values()
    assert set(row) == {"id", "name_hash", "failures", "recorded", "failed_at", "wait_until"}
    assert b"secret" not in bytes(row["name_hash"])


# --- staying in -----------------------------------------------------------------------------------


@pytest.fixture
def browser(lin: Person) -> Browser:
    """A browser Lin is signed in on."""
    browser = Browser()
    assert browser.sign_in(lin)[0] == 200
    return browser


def test_a_socket_knows_lin_by_the_cookie_of_its_handshake(lin: Person, browser: Browser) -> None:
    assert signin.staff_from_scope(browser.scope()) == lin.staff


@pytest.mark.parametrize("cookie", ["", "staff=", "staff=" + "a" * 32, "csrf=x", ";;=;", "staff=é"])
def test_a_socket_without_a_login_is_nobodys(browser: Browser, cookie: str) -> None:
    for headers in ([], [(b"cookie", cookie.encode())]):
        with pytest.raises(SignedOutError):
            signin.staff_from_scope({"type": "websocket", "headers": headers})


def test_half_an_hour_without_a_person_ends_the_login(browser: Browser, lin: Person) -> None:
    key = signin.session_key_from_scope(browser.scope())
    seen = Login.objects.get().seen_at
    before, after = seen + timedelta(minutes=29, seconds=59), seen + timedelta(minutes=30)
    assert signin.still_signed_in(lin.staff.pk, key, now=before)
    assert signin.staff_from_scope(browser.scope(), now=before) == lin.staff
    assert not signin.still_signed_in(lin.staff.pk, key, now=after)
    with pytest.raises(SignedOutError):
        signin.staff_from_scope(browser.scope(), now=after)


def test_looking_whether_lin_is_still_there_keeps_nobody_signed_in(
    browser: Browser, lin: Person
) -> None:
    key = signin.session_key_from_scope(browser.scope())
    seen = Login.objects.get().seen_at
    for minute in range(30):
        assert signin.still_signed_in(lin.staff.pk, key, now=seen + timedelta(minutes=minute))
        signin.staff_from_scope(browser.scope(), now=seen + timedelta(minutes=minute))
    assert Login.objects.get().seen_at == seen


def test_a_person_who_does_something_stays_but_twelve_hours_are_the_end(
    browser: Browser, lin: Person
) -> None:
    key = signin.session_key_from_scope(browser.scope())
    began = Login.objects.get().signed_in_at
    for minutes in range(0, 12 * 60, 20):
        at = began + timedelta(minutes=minutes)
        assert signin.still_signed_in(lin.staff.pk, key, now=at)
        signin.keep_signed_in(key, now=at)
    signin.keep_signed_in(key, now=began + timedelta(hours=11, minutes=59))
    assert not signin.still_signed_in(lin.staff.pk, key, now=began + timedelta(hours=12))


def test_doing_something_wakes_no_login_that_is_over(browser: Browser, lin: Person) -> None:
    key = signin.session_key_from_scope(browser.scope())
    late = Login.objects.get().seen_at + timedelta(minutes=31)
    signin.keep_signed_in(key, now=late)
    assert not signin.still_signed_in(lin.staff.pk, key, now=late)


@pytest.mark.parametrize("way", ["sign-out", "deactivated", "ended", "signed in again"])
def test_a_login_that_ends_is_over_at_once(browser: Browser, lin: Person, way: str) -> None:
    scope = browser.scope()
    key = signin.session_key_from_scope(scope)
    assert signin.still_signed_in(lin.staff.pk, key)
    if way == "sign-out":
        assert browser.ask("sign-out") == (200, {})
    elif way == "deactivated":
        colleagues.deactivate(lin.staff)
    elif way == "ended":
        signin.end_logins(lin.staff)
    else:
        lin.forget_used_codes()
        assert browser.sign_in(lin)[0] == 200
    assert not signin.still_signed_in(lin.staff.pk, key)
    with pytest.raises(SignedOutError):
        signin.staff_from_scope(scope)
    assert not Session.objects.filter(session_key=key).exists()


def test_deactivated_by_a_bare_change_of_the_row_counts_too(browser: Browser, lin: Person) -> None:
    key = signin.session_key_from_scope(browser.scope())
    Staff.objects.filter(pk=lin.staff.pk).update(is_active=False)
    assert not signin.still_signed_in(lin.staff.pk, key)
    with pytest.raises(SignedOutError):
        signin.staff_from_scope(browser.scope())


def test_a_changed_password_ends_the_logins_made_with_the_old_one(
    browser: Browser, lin: Person
) -> None:
    lin.staff.set_password("another long night")
    lin.staff.save()
    with pytest.raises(SignedOutError):
        signin.staff_from_scope(browser.scope())


def test_a_login_is_of_one_person_only(browser: Browser, lin: Person) -> None:
    chen = hire("chen", "陈")
    key = signin.session_key_from_scope(browser.scope())
    assert not signin.still_signed_in(chen.staff.pk, key)


def test_whether_lin_is_still_there_is_one_question(browser: Browser, lin: Person) -> None:
    key = signin.session_key_from_scope(browser.scope())
    with CaptureQueriesContext(connection) as asked:
        signin.still_signed_in(lin.staff.pk, key)
    assert len(asked) == 1


def test_rows_of_logins_that_are_over_go(browser: Browser) -> None:
    signin.forget_stale(timezone.now() + timedelta(hours=13))
    assert not Login.objects.exists()
    assert not Session.objects.exists()


def test_a_login_holds_nothing_but_who_on_the_staff(browser: Browser) -> None:
    (row,) = Session.objects.all()
    assert set(row.get_decoded()) == {
        "_auth_user_id",
        "_auth_user_backend",
        "_auth_user_hash",
        "otp_device_id",
        "_session_expiry",
    }

"""What a person proves themselves with: recovery codes that pass once, passwords, and their changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from pytest_django.fixtures import Settings

from counsel import limits, signin, slowing
from counsel.errors import SignedOutError, WeakPasswordError
from counsel.factors import LETTERS, check_password_rules, draw_recovery
from counsel.models import Login, SlowedName, Staff
from tests.counsel.staff_room import PASSWORD, Browser, Person, hire, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def lin() -> Person:
    return hire()


@pytest.fixture
def codes(lin: Person) -> list[str]:
    """Lin's recovery codes, as they were shown once."""
    return draw_recovery(lin.staff)


@pytest.fixture
def desk(lin: Person) -> Browser:
    """A browser Lin is signed in on, a moment later."""
    browser = Browser()
    assert browser.sign_in(lin)[0] == 200
    lin.forget_used_codes()
    return browser


# --- recovery codes -----------------------------------------------------------------------------


def test_a_recovery_code_signs_lin_in_once(lin: Person, codes: list[str]) -> None:
    browser = Browser()
    assert browser.sign_in(lin, code=codes[3])[0] == 200
    assert browser.ask("me")[1]["factors"]["recovery"] == limits.RECOVERY_CODES - 1
    assert Browser().sign_in(lin, code=codes[3]) == (403, {"code": "sign-in"})
    assert Browser().sign_in(lin, code=codes[4])[0] == 200


def test_a_recovery_code_alone_or_with_another_password_is_worth_nothing(
    lin: Person, codes: list[str]
) -> None:
    assert Browser().sign_in(lin, code=codes[0], password="wrong") == (403, {"code": "sign-in"})
    assert StaticToken.objects.count() == limits.RECOVERY_CODES  # and it is not used up by that


@pytest.mark.parametrize(
    "typed", [str.upper, lambda code: code.replace("-", " "), lambda code: code.replace("-", ""),
              lambda code: f"  {code}\n", lambda code: code.translate(
                  {ord(c): ord(c) + 0xFEE0 for c in LETTERS})],
)  # fmt: skip
def test_a_recovery_code_may_be_typed_as_people_type(
    lin: Person, codes: list[str], typed: Callable[[str], str]
) -> None:
    assert Browser().sign_in(lin, code=typed(codes[0]))[0] == 200


def test_nobody_gets_in_with_the_recovery_code_of_somebody_else(
    lin: Person, codes: list[str]
) -> None:
    chen = hire("chen", "陈")
    draw_recovery(chen.staff)
    assert Browser().sign_in(chen, code=codes[0]) == (403, {"code": "sign-in"})
    (token,) = StaticToken.objects.filter(device__user=lin.staff)[:1]
    token.device = StaticDevice.objects.get(user=chen.staff)  # nor by moving its row
    token.save()
    for code in codes:
        SlowedName.objects.all().delete()
        assert Browser().sign_in(chen, code=code)[0] == 403


def test_the_table_holds_nothing_a_code_could_be_read_from(codes: list[str]) -> None:
    kept = list(StaticToken.objects.values_list("token", flat=True))
    assert len(set(kept)) == limits.RECOVERY_CODES
    for code in codes:
        assert re.fullmatch(rf"[{LETTERS}]{{4}}(-[{LETTERS}]{{4}}){{2}}", code)
        assert not any(part in token for token in kept for part in code.split("-"))


def test_with_another_secret_of_the_site_the_table_says_nothing(
    lin: Person, codes: list[str], settings: Settings
) -> None:
    settings.SECRET_KEY = "x" * 50
    assert Browser().sign_in(lin, code=codes[0]) == (403, {"code": "sign-in"})


def test_ten_fresh_codes_end_the_old_ones(lin: Person, codes: list[str], desk: Browser) -> None:
    status, told = desk.ask("me/recovery", code=codes[0])
    assert (status, len(set(told["recovery"]))) == (200, limits.RECOVERY_CODES)
    assert Browser().sign_in(lin, code=codes[1])[0] == 403
    assert Browser().sign_in(lin, code=told["recovery"][0])[0] == 200


def test_guesses_at_recovery_codes_are_slowed_like_all_others(
    lin: Person, codes: list[str]
) -> None:
    verdicts = [Browser().sign_in(lin, code="cccc-cccc-cccc")[0] for _ in range(6)]
    assert verdicts == [403] * limits.SIGN_IN_FAILURES + [429]
    assert Browser().sign_in(lin, code=codes[0])[0] == 429


def statements(name: str, password: str = "wrong") -> list[str]:
    """What the database was asked about a recovery code; values and savepoints taken out."""
    said = {"name": name, "password": password, "code": "cccc-cccc-cccc"}
    browser = Browser()
    browser.ask("csrf")
    with CaptureQueriesContext(connection) as asked:
        browser.ask("sign-in", **said)
    return [re.sub(r"X?'[^']*'(::\w+)?|\b\d+\b|\"s\d+_x\d+\"", "?", q["sql"]) for q in asked]


def test_the_database_is_asked_the_same_of_names_that_exist_and_of_others(
    lin: Person, codes: list[str]
) -> None:
    statements("lin")
    statements("nobody")
    assert statements("lin") == statements("nobody")
    assert len(statements("lin")) > 5


def test_a_right_password_shows_nothing_but_what_is_looked_up_behind_it(
    lin: Person, codes: list[str]
) -> None:
    statements("lin")
    statements("nobody")
    guessed, unknown = statements("lin", PASSWORD), statements("nobody")
    behind = [q for q in guessed if "statictoken" in q or q.startswith('UPDATE "otp_static')]
    assert unknown == [q for q in guessed if q not in behind]
    assert len(behind) == 2


# --- a code where the person has to be there ----------------------------------------------------


ASKED: dict[str, dict[str, object]] = {
    "me/password": {"old": PASSWORD, "password": "ein anderer langer Tag"},
    "me/recovery": {},
    "me/passkeys/add": {"credential": {}, "name": "x"},
    "me/passkeys/remove": {"id": "AAAA"},
}


@pytest.mark.parametrize("question", ASKED)
def test_a_stolen_browser_guesses_no_faster_than_a_stranger(
    lin: Person, desk: Browser, question: str
) -> None:
    said = ASKED[question] | {"code": wrong(lin.code())}
    verdicts = [desk.ask(question, **said)[1]["code"] for _ in range(6)]
    assert verdicts == ["sign-in"] * limits.SIGN_IN_FAILURES + ["slow-down"]
    assert desk.ask(question, **said | {"code": lin.code()})[1]["code"] == "slow-down"


def test_a_code_used_at_the_door_is_no_proof_afterwards(lin: Person, desk: Browser) -> None:
    code = lin.code()
    assert Browser().sign_in(lin, code=code)[0] == 200
    assert desk.ask("me/recovery", code=code) == (403, {"code": "sign-in"})


# --- passwords ----------------------------------------------------------------------------------


def test_another_password_takes_the_old_one_and_a_code(lin: Person, desk: Browser) -> None:
    said: dict[str, Any] = {
        "old": PASSWORD,
        "password": "ein anderer langer Tag",
        "code": lin.code(),
    }
    assert desk.ask("me/password", **said | {"old": "wrong"}) == (403, {"code": "sign-in"})
    assert desk.ask("me/password", **said | {"code": "1"}) == (403, {"code": "sign-in"})
    assert desk.ask("me/password", **said) == (200, {})
    lin.forget_used_codes()
    assert Browser().sign_in(lin)[0] == 403
    assert Browser().sign_in(lin, password="ein anderer langer Tag")[0] == 200


def test_a_weak_password_uses_up_no_code(lin: Person, desk: Browser) -> None:
    said = {"old": PASSWORD, "password": "linlinlinlin", "code": lin.code()}
    assert desk.ask("me/password", **said) == (400, {"code": "weak-password"})
    assert desk.ask("me/password", **said | {"password": "genug lang und fremd"})[0] == 200


@pytest.mark.parametrize(
    "password",
    ["", "short", "eleven char", "123456789987654321", "passwordpassword", "PasswordPassword",
     "lin.w林lin.w林lin.w", "lin.w lin.w lin.w 1", "ＬＩＮ．Ｗlin.w ab", "aaaaaaaaaaaaaaaa", "abababababab"],
)  # fmt: skip
def test_what_others_would_guess_is_no_password(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_password_rules(password, "lin.w", "林")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "今天晚上的月亮很圆我们都在",
        "lin.w geht heute spazieren",
        "x9" * 3 + "Ab-_.!",
    ],
)
def test_a_sentence_is_a_password(password: str) -> None:
    check_password_rules(password, "lin.w", "林")


# --- every other login ends ---------------------------------------------------------------------


def changes(lin: Person) -> dict[str, dict[str, object]]:
    fresh: dict[str, object] = {
        "old": PASSWORD,
        "password": "ein anderer langer Tag",
        "code": lin.code(),
    }
    return {"me/password": fresh, "me/recovery": {"code": lin.code()}, "me/logins/end": {}}


@pytest.mark.parametrize("question", ["me/password", "me/recovery", "me/logins/end"])
def test_a_change_ends_every_other_login_and_keeps_this_one(
    lin: Person, desk: Browser, question: str
) -> None:
    other = Browser()
    assert other.sign_in(lin)[0] == 200
    lin.forget_used_codes()
    assert [row["mine"] for row in desk.ask("me/logins")[1]["logins"]] == [False, True]
    before = desk.scope()
    assert desk.ask(question, **changes(lin)[question])[0] == 200
    assert desk.ask("me")[0] == 200
    assert other.ask("me")[0] == 401
    with pytest.raises(SignedOutError):
        signin.staff_from_scope(other.scope())
    assert signin.staff_from_scope(desk.scope()) == lin.staff
    assert Login.objects.count() == 1
    if question != "me/logins/end":  # nothing new is known of the person there
        with pytest.raises(SignedOutError):
            signin.staff_from_scope(before)


def test_a_renewed_login_is_no_longer_than_the_old_one(lin: Person, desk: Browser) -> None:
    began = timezone.now() - timedelta(hours=11, minutes=59)
    Login.objects.update(signed_in_at=began)
    assert desk.ask("me/recovery", code=lin.code())[0] == 200
    assert Login.objects.get().signed_in_at == began


def test_logins_are_told_to_the_minute_and_without_their_keys(desk: Browser) -> None:
    (row,) = desk.ask("me/logins")[1]["logins"]
    assert set(row) == {"signed_in", "seen", "mine"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", row["seen"])
    assert desk.client.cookies["staff"].value not in json.dumps(row)


@pytest.mark.parametrize("question", ["me/password", "me/recovery"])
def test_what_was_begun_before_a_reset_is_not_written_after_it(
    lin: Person, desk: Browser, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove = slowing.prove_present if question == "me/recovery" else slowing.prove
    name = prove.__name__

    def prove_and_be_reset(*args: Any, **said: Any) -> Any:
        found = prove(*args, **said)
        signin.end_logins(lin.staff)
        return found

    monkeypatch.setattr(slowing, name, prove_and_be_reset)
    kept = Staff.objects.get().password
    said = {"old": PASSWORD, "password": "tomorrow the river will rise", "code": lin.code()}
    if question == "me/recovery":
        said = {"code": lin.code()}
    assert desk.ask(question, **said) == (401, {"code": "signed-out"})
    assert Staff.objects.get().password == kept
    assert not StaticToken.objects.exists()


# --- who one is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "wants"),
    [("counsellor", False), ("supervisor", True), ("administrator", True), ("auditor", False)],
)
def test_supervisors_and_administrators_are_asked_for_a_passkey(role: str, *, wants: bool) -> None:
    desk = Browser()
    desk.sign_in(hire("one", "一", role))
    told = desk.ask("me")[1]
    assert told["wants_passkey"] is wants
    assert told["cleared"] is False


def test_somebody_says_where_they_work_beside_this(lin: Person, desk: Browser) -> None:
    places = {"region": "44", "industry": "electronics", "in_plant": True}
    assert desk.ask("me/places", **places) == (200, {})
    assert desk.ask("me")[1]["places"] == places
    assert desk.ask("me/places", **places | {"in_plant": 1})[1]["code"] == "bad-frame"


@pytest.mark.parametrize(
    "wrong_one", [{"region": "99"}, {"industry": "espionage"}, {"region": "440305"}]
)
def test_where_one_works_is_a_coarse_code(
    lin: Person, desk: Browser, wrong_one: dict[str, str]
) -> None:
    places = {"region": "", "industry": "", "in_plant": False}
    assert desk.ask("me/places", **places | wrong_one) == (400, {"code": "bad-value"})
    assert desk.ask("me")[1]["places"] == places


@pytest.mark.parametrize(
    "lifted", [{"region": ""}, {"region": "31"}, {"industry": ""}, {"in_plant": False}]
)
def test_what_keeps_people_apart_is_not_lifted_by_the_one_it_is_about(
    lin: Person, desk: Browser, lifted: dict[str, Any]
) -> None:
    Staff.objects.update(region="44", in_plant=True)
    places = {"region": "44", "industry": "electronics", "in_plant": True}
    assert desk.ask("me/places", **places) == (200, {})
    assert desk.ask("me/places", **places | lifted) == (409, {"code": "needs-two"})
    assert desk.ask("me")[1]["places"] == places

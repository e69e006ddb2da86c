"""Links: how somebody comes to work here, and how a lost factor comes back by two people."""

from __future__ import annotations

import time
from base64 import b32decode
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from counsel import colleagues, limits
from counsel.factors import draw_recovery
from counsel.models import Invitation, Login, Organisation, Staff, home
from tests.counsel.authenticator import Authenticator
from tests.counsel.staff_room import PASSWORD, Browser, Person, hire
from tests.counsel.test_passkeys import add, come_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
USED = (404, {"code": "invitation"})


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ORIGIN = "http://localhost:8000"


def someone(name: str, working_name: str, role: str) -> tuple[Person, Browser]:
    """Somebody who joined long ago, and a browser they are signed in on."""
    person, browser = hire(name, working_name, role), Browser()
    Staff.objects.update(joined_at=timezone.now() - limits.TRUSTED_AFTER)
    assert browser.sign_in(person)[0] == 200
    person.forget_used_codes()
    return person, browser


@pytest.fixture
def wang() -> Browser:
    """The administrator's browser."""
    return someone("wang", "王", "administrator")[1]


@pytest.fixture
def zhou() -> Browser:
    """The supervisor's browser."""
    return someone("zhou", "周", "supervisor")[1]


@pytest.fixture
def lin() -> Person:
    """Who will lose her phone."""
    person = someone("lin", "林", "counsellor")[0]
    draw_recovery(person.staff)
    return person


@pytest.fixture
def token(wang: Browser) -> str:
    """A link for one counsellor 陈."""
    status, told = wang.ask("people/invite", working_name="陈", role="counsellor")
    assert status == 200
    return str(told["token"])


def app_code(browser: Browser, token: str, *, steps: int = 0) -> str:
    """What an app shows that has read the picture of this link."""
    secret = browser.ask("join/code", token=token)[1]["secret"]
    totp = TOTP(b32decode(secret))
    totp.time = time.time() + 30 * steps
    return str(totp.token()).zfill(6)


def finish(browser: Browser, token: str, **changed: str) -> tuple[int, dict[str, Any]]:
    """Everything the page asks for, and the app's code."""
    said = {"token": token, "sign_in_name": "chen", "password": PASSWORD, **changed}
    if "code" not in said:
        said["code"] = app_code(browser, token)
    return browser.ask("join/finish", **said)


# --- joining ------------------------------------------------------------------------------------


def test_chen_joins_by_the_link_and_nobody_else_knows_how_they_sign_in(
    wang: Browser, token: str
) -> None:
    Organisation.objects.update(name="市总工会")
    browser = Browser()
    assert browser.ask("join/look", token=token) == (
        200,
        {"kind": "join", "working_name": "陈", "role": "counsellor", "organisation": "市总工会"},
    )
    status, told = finish(browser, token)
    assert (status, told["me"]["working_name"], len(told["recovery"])) == (200, "陈", 10)
    assert browser.ask("me")[1]["me"] == told["me"]
    assert browser.ask("me")[1]["cleared"] is False
    chen = Person(
        Staff.objects.get(sign_in_name="chen"), TOTPDevice.objects.get(user__working_name="陈")
    )
    assert Browser().sign_in(chen) == (403, {"code": "sign-in"})  # the app's code was used to join
    chen.forget_used_codes()
    assert Browser().sign_in(chen)[0] == 200
    assert "chen" not in str(wang.ask("people"))


def test_a_link_passes_once(token: str) -> None:
    browser = Browser()
    code = app_code(browser, token)
    assert finish(browser, token)[0] == 200
    for question in ("join/look", "join/code"):
        assert Browser().ask(question, token=token) == USED
    assert finish(Browser(), token, sign_in_name="other", code=code) == USED
    assert Staff.objects.filter(working_name="陈").count() == 1


@pytest.mark.parametrize("how", ["withdrawn", "too old", "its asker suspended"])
def test_a_link_that_does_not_count_any_more_looks_like_one_that_never_did(
    wang: Browser, token: str, how: str
) -> None:
    link = Invitation.objects.get()
    code = app_code(Browser(), token)
    if how == "withdrawn":
        assert wang.ask("people/withdraw", id=link.pk) == (200, {})
        assert wang.ask("people/withdraw", id=link.pk) == (404, {"code": "no-seat"})
    elif how == "too old":
        Invitation.objects.update(expires_at=timezone.now())
    else:
        colleagues.deactivate(Staff.objects.get())
    for bad in (token, "A" * 43, "", "!", token[:-1]):
        for question in ("join/look", "join/code"):
            assert Browser().ask(question, token=bad) == USED
        assert finish(Browser(), bad, code=code) == USED


def test_a_link_is_good_for_three_days_and_kept_as_a_hash(token: str) -> None:
    link = Invitation.objects.get()
    assert timedelta(hours=71) < link.expires_at - timezone.now() <= limits.INVITED_FOR
    assert token.encode() not in bytes(link.token_hash or b"")


def test_the_picture_is_the_same_until_the_link_is_used(token: str) -> None:
    first, second = (Browser().ask("join/code", token=token)[1] for _ in range(2))
    assert first == second
    assert first["secret"] in first["uri"]
    assert first["uri"].startswith("otpauth://totp/counsel%3A%E9%99%88?")
    rows = first["picture"]
    assert len(rows) > 20
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"code": "000000"}, (403, "sign-in")),
        ({"code": ""}, (403, "sign-in")),
        ({"password": "short"}, (400, "weak-password")),
        ({"password": "chenchenchen chen"}, (400, "weak-password")),
        ({"sign_in_name": ""}, (400, "bad-value")),
        ({"sign_in_name": "a\nb"}, (400, "bad-value")),
        ({"sign_in_name": "x" * 65}, (400, "bad-value")),
        ({"sign_in_name": " ＷＡＮＧ "}, (409, "name-taken")),
    ],
)
def test_what_does_not_fit_is_said_and_the_link_stays_good(
    token: str, changed: dict[str, str], answer: tuple[int, str]
) -> None:
    browser = Browser()
    status, told = finish(browser, token, **changed)
    assert (status, told) == (answer[0], {"code": answer[1]})
    assert browser.ask("me")[0] == 401
    assert finish(browser, token)[0] == 200


def test_a_link_without_its_picture_read_is_no_way_in(token: str) -> None:
    assert finish(Browser(), token, code="000000")[0] == 403
    assert Staff.objects.count() == 1


def test_whoever_was_signed_in_on_this_browser_is_not_any_more(wang: Browser, token: str) -> None:
    before = wang.client.cookies["staff"].value
    assert finish(wang, token)[0] == 200
    assert wang.ask("me")[1]["me"]["working_name"] == "陈"
    assert not Login.objects.filter(session_key=before).exists()


@pytest.mark.parametrize("name", ["陈", " 陈 ", "王"])
def test_one_working_name_one_person_invited_or_here(wang: Browser, token: str, name: str) -> None:
    said = {"working_name": name, "role": "auditor"}
    assert wang.ask("people/invite", **said) == (409, {"code": "name-taken"})


@pytest.mark.parametrize(
    "changed",
    [{"working_name": ""}, {"working_name": "a\u202eb"}, {"role": "seeker"}, {"role": "clock"}],
)
def test_nobody_is_invited_without_a_name_or_as_something_else(
    wang: Browser, changed: dict[str, str]
) -> None:
    said = {"working_name": "陈", "role": "counsellor"} | changed
    assert wang.ask("people/invite", **said) == (400, {"code": "bad-value"})


def test_links_that_are_open_are_counted(wang: Browser) -> None:
    later = timezone.now() + limits.INVITED_FOR
    Invitation.objects.bulk_create(
        Invitation(
            kind="join", organisation=home(), working_name=f"n{number}", role="auditor",
            expires_at=later,
        )
        for number in range(limits.INVITATIONS - 1)
    )  # fmt: skip
    said = {"working_name": "the last", "role": "counsellor"}
    assert wang.ask("people/invite", **said)[0] == 200
    said["working_name"] = "one more"
    assert wang.ask("people/invite", **said)[1]["code"] == "slow-down"
    Invitation.objects.filter(working_name="n3").update(expires_at=timezone.now())
    assert wang.ask("people/invite", **said)[0] == 200
    assert len(wang.ask("people")[1]["invitations"]) == limits.INVITATIONS


# --- a lost factor ------------------------------------------------------------------------------


def reset(first: Browser, second: Browser, about: Person) -> str:
    """The link that two people make."""
    status, told = first.ask("people/reset/ask", person=about.staff.person)
    assert status == 200
    status, told = second.ask("people/reset/agree", id=told["id"])
    assert status == 200
    return str(told["token"])


def test_two_people_give_lin_fresh_factors_and_the_old_ones_are_worth_nothing(
    wang: Browser, zhou: Browser, lin: Person
) -> None:
    old, key = Browser(), Authenticator()
    assert old.sign_in(lin)[0] == 200
    lin.forget_used_codes()
    assert add(old, lin, key)[0] == 200
    recovery = draw_recovery(lin.staff)
    token = reset(zhou, wang, lin)
    browser = Browser()
    assert browser.ask("join/look", token=token)[1]["kind"] == "reset"
    assert old.ask("me")[0] == 200  # nothing has happened yet
    fresh = "ein ganz anderer Abend"
    code = app_code(browser, token)
    status, told = finish(browser, token, sign_in_name="", password=fresh)
    assert (status, told["me"]["person"]) == (200, lin.staff.person)
    assert old.ask("me")[0] == 401
    assert come_in(key)[0] == 403
    lin.forget_used_codes()
    assert Browser().sign_in(lin)[0] == 403  # the old password and the old app
    assert Browser().sign_in(lin, password=fresh)[0] == 403  # the old app
    assert Browser().sign_in(lin, password=fresh, code=recovery[0])[0] == 403
    TOTPDevice.objects.update(last_t=-1)
    assert Browser().sign_in(lin, password=fresh, code=code)[0] == 200
    kept = Staff.objects.get(pk=lin.staff.pk)
    assert (kept.sign_in_name, kept.working_name, kept.role) == ("lin", "林", "counsellor")
    assert kept.joined_at == lin.staff.joined_at or kept.joined_at < timezone.now() - timedelta(
        hours=23
    )


def test_one_person_alone_resets_nobody(wang: Browser, zhou: Browser, lin: Person) -> None:
    asked = wang.ask("people/reset/ask", person=lin.staff.person)[1]["id"]
    assert wang.ask("people/reset/agree", id=asked) == (409, {"code": "needs-two"})
    assert wang.ask("people/reset/ask", person=lin.staff.person)[1]["id"] == asked
    assert wang.ask("people/reset/agree", id=asked) == (409, {"code": "needs-two"})
    assert zhou.ask("people/reset/agree", id=asked)[0] == 200
    assert zhou.ask("people/reset/agree", id=asked) == (409, {"code": "too-late"})


def test_asking_where_somebody_else_has_asked_makes_nobody_both(
    wang: Browser, zhou: Browser, lin: Person
) -> None:
    asked = wang.ask("people/reset/ask", person=lin.staff.person)[1]["id"]
    assert zhou.ask("people/reset/ask", person=lin.staff.person)[1]["id"] == asked
    assert wang.ask("people/reset/agree", id=asked)[1]["code"] == "needs-two"


def test_neither_of_the_two_is_the_one_it_is_about(wang: Browser, zhou: Browser) -> None:
    own = Staff.objects.get(sign_in_name="wang").person
    assert wang.ask("people/reset/ask", person=own) == (409, {"code": "needs-two"})
    asked = zhou.ask("people/reset/ask", person=own)[1]["id"]
    assert wang.ask("people/reset/agree", id=asked) == (409, {"code": "needs-two"})


@pytest.mark.parametrize("young", ["wang", "zhou"])
def test_who_joined_today_is_no_second_person(
    wang: Browser, zhou: Browser, lin: Person, young: str
) -> None:
    now = timezone.now()
    asked = wang.ask("people/reset/ask", person=lin.staff.person)[1]["id"]
    Staff.objects.filter(sign_in_name=young).update(joined_at=now - timedelta(hours=23))
    assert zhou.ask("people/reset/agree", id=asked) == (409, {"code": "needs-two"})
    who = wang if young == "wang" else zhou
    Invitation.objects.all().delete()
    assert who.ask("people/reset/ask", person=lin.staff.person) == (409, {"code": "needs-two"})


@pytest.mark.parametrize("gone", ["suspended", "counsellor now"])
def test_the_first_of_the_two_still_has_to_be_one(
    wang: Browser, zhou: Browser, lin: Person, gone: str
) -> None:
    asked = zhou.ask("people/reset/ask", person=lin.staff.person)[1]["id"]
    other = someone("li", "李", "supervisor")[1]
    first = Staff.objects.get(sign_in_name="zhou").person
    if gone == "suspended":
        assert wang.ask("people/suspend", person=first)[0] == 200
        assert other.ask("people/reset/agree", id=asked) == (404, {"code": "no-seat"})
    else:
        assert wang.ask("people/role", person=first, role="counsellor")[0] == 200
        assert other.ask("people/reset/agree", id=asked) == (409, {"code": "needs-two"})


def test_nothing_is_agreed_to_that_was_not_asked_or_long_ago(
    wang: Browser, zhou: Browser, lin: Person, token: str
) -> None:
    asked = wang.ask("people/reset/ask", person=lin.staff.person)[1]["id"]
    joining = Invitation.objects.get(kind="join").pk
    for number in (asked + 100, joining, 0):
        assert zhou.ask("people/reset/agree", id=number) == (404, {"code": "no-seat"})
    Invitation.objects.update(expires_at=timezone.now())
    assert zhou.ask("people/reset/agree", id=asked) == (404, {"code": "no-seat"})


def test_a_link_nobody_received_is_asked_for_anew(
    wang: Browser, zhou: Browser, lin: Person
) -> None:
    lost = reset(wang, zhou, lin)
    again = reset(zhou, wang, lin)
    assert Browser().ask("join/look", token=lost) == USED
    assert Browser().ask("join/look", token=again)[0] == 200


def test_a_reset_of_somebody_suspended_is_worth_nothing(
    wang: Browser, zhou: Browser, lin: Person
) -> None:
    token = reset(wang, zhou, lin)
    Staff.objects.filter(pk=lin.staff.pk).update(is_active=False)
    assert Browser().ask("join/look", token=token) == USED
    said = {"person": lin.staff.person}
    assert wang.ask("people/reset/ask", **said) == (404, {"code": "no-seat"})


def test_people_of_another_organisation_are_nobody_here(
    wang: Browser, zhou: Browser, lin: Person
) -> None:
    other = Organisation.objects.create(name="another")
    Staff.objects.filter(pk=lin.staff.pk).update(organisation=other)
    assert home() != other
    assert wang.ask("people/reset/ask", person=lin.staff.person)[1]["code"] == "no-seat"
    link = Invitation.objects.create(
        kind="reset", organisation=other, staff=lin.staff, working_name="林", role="counsellor",
        expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    assert zhou.ask("people/reset/agree", id=link.pk)[1]["code"] == "no-seat"
    assert wang.ask("people/withdraw", id=link.pk)[1]["code"] == "no-seat"

"""A lost factor comes back by two people, neither of them the one it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from counsel.factors import draw_recovery
from counsel.models import Invitation, Login, Organisation, Staff, home
from tests.counsel.authenticator import Authenticator
from tests.counsel.key_ring import add_passkey, come_in
from tests.counsel.staff_room import (
    Browser,
    Person,
    app_code,
    finish_joining,
    settle,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
USED = (404, {"code": "invitation"})


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ORIGIN = "http://localhost:8000"


@pytest.fixture
def wang() -> Browser:
    """The administrator's browser."""
    return settle("wang", "王", "administrator")[1]


@pytest.fixture
def zhou() -> Browser:
    """The supervisor's browser."""
    return settle("zhou", "周", "supervisor")[1]


@pytest.fixture
def lin() -> Person:
    """Who will lose her phone."""
    return settle("lin", "林", "counsellor")[0]


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
    assert add_passkey(old, lin, key)[0] == 200
    recovery = draw_recovery(lin.staff)
    token = reset(zhou, wang, lin)
    browser = Browser()
    assert browser.ask("join/look", token=token)[1]["kind"] == "reset"
    assert old.ask("me")[0] == 200  # nothing has happened yet
    fresh = "ein ganz anderer Abend"
    code = app_code(browser, token)
    status, told = finish_joining(browser, token, sign_in_name="", password=fresh)
    assert (status, told["me"]["person"]) == (200, lin.staff.person)
    assert old.ask("me")[0] == 401
    here = browser.client.cookies["staff"].value  # sockets ask for the row alone
    assert [login.session_key for login in Login.objects.filter(staff=lin.staff)] == [here]
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
    other = settle("li", "李", "supervisor")[1]
    first = Staff.objects.get(sign_in_name="zhou").person
    if gone == "suspended":
        assert wang.ask("people/suspend", person=first)[0] == 200
    else:
        assert wang.ask("people/role", person=first, role="counsellor")[0] == 200
    assert other.ask("people/reset/agree", id=asked) == (404, {"code": "no-seat"})
    assert other.ask("people/reset/ask", person=lin.staff.person)[0] == 200  # begins anew at once


def test_nothing_is_agreed_to_that_was_not_asked_or_long_ago(
    wang: Browser, zhou: Browser, lin: Person
) -> None:
    assert wang.ask("people/invite", working_name="陈", role="counsellor")[0] == 200
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

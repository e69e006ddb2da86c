"""Links: how somebody comes to work here, and how a lost factor comes back by two people."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from counsel import colleagues, limits
from counsel.models import Invitation, Login, Organisation, Staff, home
from counsel.statements import decode
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


@pytest.fixture
def token(wang: Browser) -> str:
    """A link for one counsellor 陈."""
    status, told = wang.ask("people/invite", working_name="陈", role="counsellor")
    assert status == 200
    return str(told["token"])


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
    status, told = finish_joining(browser, token)
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
    assert finish_joining(browser, token)[0] == 200
    for question in ("join/look", "join/code"):
        assert Browser().ask(question, token=token) == USED
    assert finish_joining(Browser(), token, sign_in_name="other", code=code) == USED
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
        assert finish_joining(Browser(), bad, code=code) == USED


def test_a_link_is_good_for_three_days_and_kept_as_a_hash(token: str) -> None:
    link = Invitation.objects.get()
    assert timedelta(hours=71) < link.expires_at - timezone.now() <= limits.INVITED_FOR
    assert bytes(link.token_hash or b"") == sha256(decode(token)).digest()


def test_whoever_sent_the_link_has_not_seen_the_secret_that_is_used(
    wang: Browser, token: str
) -> None:
    seen = app_code(wang, token)
    holder = Browser()
    assert finish_joining(holder, token, code=seen) == (403, {"code": "sign-in"})
    assert holder.ask("join/code", token=token)[1] != wang.ask("join/code", token=token)[1]
    assert finish_joining(holder, token, code=seen) == (403, {"code": "sign-in"})
    assert finish_joining(holder, token)[0] == 200


def test_another_link_has_another_secret_in_the_same_browser(wang: Browser, token: str) -> None:
    holder = Browser()
    other = str(wang.ask("people/invite", working_name="何", role="counsellor")[1]["token"])
    code = app_code(holder, token)
    assert finish_joining(holder, other, sign_in_name="he", code=code)[0] == 403


def test_the_picture_is_the_same_in_one_browser(token: str) -> None:
    holder = Browser()
    first, second = (holder.ask("join/code", token=token)[1] for _ in range(2))
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
    status, told = finish_joining(browser, token, **changed)
    assert (status, told) == (answer[0], {"code": answer[1]})
    assert browser.ask("me")[0] == 401
    assert finish_joining(browser, token)[0] == 200


def test_a_link_without_its_picture_read_is_no_way_in(token: str) -> None:
    assert finish_joining(Browser(), token, code="000000")[0] == 403
    assert Staff.objects.count() == 1


def test_whoever_was_signed_in_on_this_browser_is_not_any_more(wang: Browser, token: str) -> None:
    before = wang.client.cookies["staff"].value
    assert finish_joining(wang, token)[0] == 200
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

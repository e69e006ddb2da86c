"""What the organisation says of itself, and the numbers it answers for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel import limits, organisations
from counsel.models import Hotline, Organisation, home
from tests.counsel.staff_room import Browser, hire

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
SAID = {"name": "某市总工会", "level": "市级", "zone": "Asia/Urumqi", "languages": ["zh"]}
LINE = {"number": "0755-8888 1234", "name": "本市心理援助热线", "hours": "每天8点到22点"}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def sit_down(name: str, role: str) -> Browser:
    """A browser of somebody of this role."""
    browser = Browser()
    assert browser.sign_in(hire(name, name, role))[0] == 200
    return browser


@pytest.fixture
def wang() -> Browser:
    """The administrator's."""
    return sit_down("wang", "administrator")


def numbers(browser: Browser) -> dict[str, dict[str, Any]]:
    """Every number as the page shows it."""
    return {row["number"]: row for row in browser.ask("organisation")[1]["hotlines"]}


def test_an_organisation_says_who_it_is(wang: Browser) -> None:
    assert wang.ask("organisation")[1]["zone"] == "Asia/Shanghai"
    assert wang.ask("organisation/change", **SAID) == (200, {})
    told = wang.ask("organisation")[1]
    assert {name: told[name] for name in SAID} == SAID
    assert home().zone == "Asia/Urumqi"


@pytest.mark.parametrize(
    "changed",
    [
        {"zone": "Mars/Base"}, {"zone": ""}, {"zone": "../../etc/passwd"}, {"zone": "/etc/passwd"},
        {"zone": "Asia"}, {"languages": []}, {"languages": ["zh", "zh"]},
        {"languages": ["xx"]}, {"name": "x" * 65}, {"level": "a\u202eb"}, {"name": "a\nb"},
    ],
)  # fmt: skip
def test_what_cannot_be_used_changes_nothing(wang: Browser, changed: dict[str, Any]) -> None:
    assert wang.ask("organisation/change", **SAID | changed) == (400, {"code": "bad-value"})
    assert home().name == ""


def test_every_language_there_is_can_be_spoken() -> None:
    assert organisations.LANGUAGES == ("en", "zh")


def test_the_national_numbers_are_always_listed_first(wang: Browser) -> None:
    assert list(numbers(wang)) == ["120", "110", "12356", "12351", "12338", "12355"]
    assert numbers(wang)["120"] == {
        "number": "120", "name": "", "hours": "", "national": True, "called": None,
        "called_by": None,
    }  # fmt: skip
    assert wang.ask("hotlines/remove", number="120") == (404, {"code": "no-seat"})
    assert wang.ask("hotlines/called", number="120") == (200, {})
    assert wang.ask("hotlines/remove", number="120") == (404, {"code": "no-seat"})
    assert wang.ask("hotlines/add", **LINE | {"number": "120"}) == (409, {"code": "name-taken"})


def test_a_number_of_ones_own_comes_and_goes(wang: Browser) -> None:
    assert wang.ask("hotlines/add", **LINE) == (200, {})
    row = numbers(wang)[LINE["number"]]
    assert {name: row[name] for name in LINE} == LINE
    assert row["national"] is False
    assert wang.ask("hotlines/add", **LINE) == (409, {"code": "name-taken"})
    assert wang.ask("hotlines/remove", number=LINE["number"]) == (200, {})
    assert wang.ask("hotlines/remove", number=LINE["number"]) == (404, {"code": "no-seat"})


@pytest.mark.parametrize(
    "changed",
    [
        {"number": ""}, {"number": "call me"}, {"number": "1" * 21}, {"number": "-1"},
        {"number": "12\u0663"}, {"name": ""}, {"name": "x" * 33}, {"hours": ""}, {"hours": "x" * 65},
    ],
)  # fmt: skip
def test_a_number_that_helps_nobody_is_not_listed(wang: Browser, changed: dict[str, str]) -> None:
    assert wang.ask("hotlines/add", **LINE | changed) == (400, {"code": "bad-value"})


def test_numbers_are_counted(wang: Browser) -> None:
    rows = [LINE | {"number": f"1{number:04}"} for number in range(limits.HOTLINES)]
    Hotline.objects.bulk_create(Hotline(organisation=home(), **row) for row in rows[1:])
    assert wang.ask("hotlines/add", **rows[0])[0] == 200
    assert wang.ask("hotlines/add", **LINE)[1]["code"] == "slow-down"
    assert len(numbers(wang)) == limits.HOTLINES + 6


@pytest.mark.parametrize("number", ["120", LINE["number"]])
def test_who_rang_a_number_and_was_answered_is_kept(wang: Browser, number: str) -> None:
    wang.ask("hotlines/add", **LINE)
    zhou = sit_down("zhou", "supervisor")
    assert zhou.ask("hotlines/called", number=number) == (200, {})
    row = numbers(wang)[number]
    assert row["called_by"]["working_name"] == "zhou"
    assert row["called"][:13] == timezone.now().strftime("%Y-%m-%dT%H")
    Hotline.objects.update(called_at=timezone.now() - timedelta(days=31))
    assert wang.ask("hotlines/called", number=number) == (200, {})
    assert numbers(wang)[number]["called_by"]["working_name"] == "wang"
    assert Hotline.objects.filter(number=number).count() == 1
    assert next(iter(numbers(wang))) == "120"


def test_only_listed_numbers_can_have_been_rung(wang: Browser) -> None:
    assert wang.ask("hotlines/called", number="999") == (404, {"code": "no-seat"})
    other = Organisation.objects.create()
    Hotline.objects.create(organisation=other, **LINE)
    assert wang.ask("hotlines/called", number=LINE["number"]) == (404, {"code": "no-seat"})
    assert wang.ask("hotlines/remove", number=LINE["number"]) == (404, {"code": "no-seat"})
    assert LINE["number"] not in numbers(wang)


def test_a_counsellor_reads_it_and_changes_nothing() -> None:
    lin = sit_down("lin", "counsellor")
    assert lin.ask("organisation")[0] == 200
    asked: dict[str, dict[str, Any]] = {
        "organisation/change": SAID, "hotlines/add": LINE, "hotlines/remove": LINE,
        "hotlines/called": {"number": "120"},
    }  # fmt: skip
    for question, said in asked.items():
        assert lin.ask(question, **said) == (404, {"code": "no-seat"})

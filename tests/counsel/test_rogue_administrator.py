"""What an administrator who means ill can do alone, and what not: docs/attacks.md in deeds.

Not all of it is prevented. What is not is said there, and held here so that nobody says otherwise.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel.keys.models import DeviceRequest
from counsel.models import Staff
from counsel.statements import encode
from tests.counsel.staff_room import Browser, Person, finish_joining, settle

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
DONE: tuple[int, dict[str, Any]] = (200, {})
NO_SEAT = (404, {"code": "no-seat"})
NEEDS_TWO = (409, {"code": "needs-two"})


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def wang() -> Browser:
    """Means ill, and has been here for long."""
    return settle("wang", "王", "administrator")[1]


@pytest.fixture
def lin() -> tuple[Person, Browser]:
    """A counsellor who knows nothing of this."""
    return settle("lin", "林", "counsellor")


def make_up(wang: Browser, name: str, role: str) -> tuple[str, Browser]:
    """Somebody who does not exist, joined by the link that was meant for a person."""
    status, told = wang.ask("people/invite", working_name=name, role=role)
    assert status == 200
    browser = Browser()
    status, joined = finish_joining(browser, told["token"], sign_in_name=name)
    assert status == 200
    return str(joined["me"]["person"]), browser


def ask_reset(first: Browser, second: Browser, about: Person) -> tuple[int, dict[str, Any]]:
    """Both halves of a reset."""
    status, told = first.ask("people/reset/ask", person=about.staff.person)
    return second.ask("people/reset/agree", id=told["id"]) if status == 200 else (status, told)


def test_in_that_role_they_meet_nobody_certify_nobody_and_wait_for_a_card_themselves(
    wang: Browser,
) -> None:
    """The card an administrator may have is from two people offline, and sits in no talk."""
    key = encode(bytes(32))
    assert wang.ask("certify", key=key)[1]["state"] == "waiting"
    request = DeviceRequest.objects.get()
    signed = {"identity": "AA", "size": 0, "head": "AA"}
    assert wang.ask("keys/give", id=request.pk, **signed) == NO_SEAT
    assert wang.ask("keys/issuer", key=key) == NO_SEAT
    person = wang.ask("me")[1]["me"]["person"]
    assert wang.ask("people/clear", person=person) == NO_SEAT


def test_with_people_they_made_up_they_can_clear_one_of_them(wang: Browser) -> None:
    """So those could be given somebody new, where their devices are certified."""
    _, supervisor = make_up(wang, "puppet", "supervisor")
    counsellor, _ = make_up(wang, "shadow", "counsellor")
    assert supervisor.ask("people/clear", person=counsellor) == DONE
    assert Staff.objects.get(person=counsellor).cleared_at is not None


def test_alone_they_come_in_as_nobody_else(wang: Browser, lin: tuple[Person, Browser]) -> None:
    assert ask_reset(wang, wang, lin[0]) == NEEDS_TWO
    _, puppet = make_up(wang, "puppet", "supervisor")
    for first, second in ((wang, puppet), (puppet, wang)):
        assert ask_reset(first, second, lin[0]) == NEEDS_TWO
    assert lin[1].ask("me")[0] == 200


def test_with_somebody_made_up_a_day_ago_they_can_and_lin_finds_out(
    wang: Browser, lin: tuple[Person, Browser]
) -> None:
    person, puppet = make_up(wang, "puppet", "supervisor")
    day = timedelta(days=1)
    Staff.objects.filter(person=person).update(joined_at=timezone.now() - day)
    status, told = ask_reset(puppet, wang, lin[0])
    assert status == 200
    thief = Browser()
    assert finish_joining(thief, told["token"], sign_in_name="")[0] == 200
    assert thief.ask("me")[1]["me"]["working_name"] == "林"
    assert lin[1].ask("me") == (401, {"code": "signed-out"})


def test_they_cannot_be_the_last_and_only_one_or_go_unseen(
    wang: Browser, lin: tuple[Person, Browser]
) -> None:
    own = wang.ask("me")[1]["me"]["person"]
    assert wang.ask("people/suspend", person=own) == NEEDS_TWO
    assert wang.ask("people/role", person=own, role="supervisor") == NEEDS_TWO
    assert wang.ask("people/role", person=lin[0].staff.person, role="auditor") == DONE
    assert lin[1].ask("me") == (401, {"code": "signed-out"})

"""A certificate for a staff browser's key: from a demo root on a server, from a person elsewhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test.client import ClientHandler
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel import limits
from counsel.certificates import verify_duty, verify_identity, verify_root
from counsel.demo import org_root
from counsel.keys import ledger
from counsel.keys.models import DeviceRequest
from counsel.statements import decode, encode
from tests.counsel.staff_room import Browser, Person, hire

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
KEY = bytes(range(32))
WAITS = {"state": "waiting", "identity": "", "statement": "", "until": ""}


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


def test_with_a_demo_root_lin_is_certified_and_on_duty(inside: Browser, lin: Person) -> None:
    call_command("demo", verbosity=0)
    status, told = inside.ask("certify", key=encode(KEY))
    assert status == 200
    now = timezone.now()
    root = verify_root(decode(org_root()), host="localhost", now=now)
    member = verify_identity(decode(told["identity"]), root=root, leaf_key=KEY, now=now)
    assert (member.name, member.role, member.person, member.demo) == (
        "林",
        "counsellor",
        lin.staff.person,
        True,
    )
    until = verify_duty(decode(told["statement"]), root=root, member=member, now=now).last
    assert timedelta(hours=4) < until - now <= limits.DUTY_AT_MOST
    assert len(decode(told["statement"])) < limits.MAX_STATEMENTS / 3


@pytest.mark.parametrize(
    "changed",
    [{"MODE": "live"}, {"ORIGIN": "https://talk.example.org"}, {"ORG_ROOT": "AAAA"}],
    ids=["live", "public", "other root"],
)
def test_elsewhere_the_server_certifies_nobody(
    inside: Browser, settings: Settings, changed: dict[str, str]
) -> None:
    call_command("demo", verbosity=0)
    for name, value in changed.items():
        setattr(settings, name, value)
    settings.CSRF_TRUSTED_ORIGINS = [settings.ORIGIN]
    inside.client.handler = ClientHandler(enforce_csrf_checks=True)  # it remembers the origin
    inside.origin = settings.ORIGIN
    assert inside.ask("certify", key=encode(KEY)) == (200, WAITS)
    assert DeviceRequest.objects.get().staff.working_name == "林"


def test_without_a_demo_root_the_server_certifies_nobody(inside: Browser) -> None:
    assert inside.ask("certify", key=encode(KEY)) == (200, WAITS)


def test_a_browser_that_comes_again_keeps_its_card_and_gets_a_fresh_duty(inside: Browser) -> None:
    call_command("demo", verbosity=0)
    first, again = (inside.ask("certify", key=encode(KEY))[1] for _ in range(2))
    assert first["identity"] == again["identity"]
    assert ledger.rows().size == 2, "the issuer and one card"


@pytest.mark.parametrize("key", ["", "AAAA", encode(bytes(31)), encode(bytes(33)), "!" * 43])
def test_only_a_key_is_certified(inside: Browser, key: str) -> None:
    call_command("demo", verbosity=0)
    assert inside.ask("certify", key=key) == (400, {"code": "bad-frame"})


def test_nobody_is_certified_without_a_login(browser: Browser) -> None:
    call_command("demo", verbosity=0)
    assert browser.ask("certify", key=encode(KEY)) == (401, {"code": "signed-out"})

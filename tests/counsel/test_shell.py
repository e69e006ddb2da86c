"""People from the shell: the first administrator's link, and what is left when nobody else can."""

from __future__ import annotations

import io
import sys
from argparse import _SubParsersAction
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, find_commands, load_command_class
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from counsel.audit.models import AuditEntry
from counsel.audit.trail import SHELL
from counsel.enrolment import enrol, look
from counsel.errors import ValueRefusedError
from counsel.models import Staff
from counsel.signin import sign_in
from counsel.statements import decode
from tests.counsel.rights.recorded import NOT_RECORDED_THERE, ON_THE_MACHINE
from tests.counsel.staff_room import Person, fresh_request, hire

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA = tmp_path


def run(*arguments: str, **options: Any) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_somebody_is_added_from_the_shell_and_can_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a sentence is fine\n"))
    said = run(
        "people", "add", "--working-name", "王", "--sign-in-name", "Wang", "--role", "supervisor"
    )
    url = next(line for line in said.splitlines() if line.startswith("otpauth://totp/counsel"))
    device = TOTPDevice.objects.get()
    assert device.config_url == url
    assert said.count("\n") > 20  # the picture
    device_code = _code_of(device)
    staff = sign_in(
        fresh_request(),
        name="wang",
        password="a sentence is fine",
        code=device_code,
        now=timezone.now(),
    )
    assert (staff.working_name, staff.role, staff.demo) == ("王", "supervisor", False)
    assert run("people", "list").split() == ["wang", "王", "supervisor"]


def _code_of(device: TOTPDevice) -> str:
    return Person(device.user, device).code()


def test_the_first_administrator_is_invited_from_the_shell() -> None:
    said = run("people", "invite", "--working-name", "王", "--role", "administrator")
    address, _, token = said.splitlines()[-1].partition("#join=")
    assert address.endswith("/zh/staff/")
    link = look(decode(token), now=timezone.now())
    assert (link.working_name, link.role, link.asked_by) == ("王", "administrator", None)
    with pytest.raises(CommandError, match="invited"):
        run("people", "invite", "--working-name", "王", "--role", "auditor")


def test_somebody_is_let_go_from_the_shell() -> None:
    lin = hire()
    run("people", "off", "LIN")
    assert not Staff.objects.get(pk=lin.staff.pk).is_active
    assert "off" in run("people", "list")
    with pytest.raises(CommandError, match="Nobody"):
        run("people", "off", "wang")


def test_a_short_password_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="12 characters"):
        run("people", "add", "--working-name", "王", "--sign-in-name", "w", "--role", "counsellor")
    assert not Staff.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"sign_in_name": "LIN"}, "already"),
        ({"working_name": " 林 "}, "already"),
        ({"working_name": "a\u202eb"}, "can see"),
        ({"working_name": ""}, "can see"),
        ({"working_name": "x" * 33}, "can see"),
        ({"sign_in_name": "\n"}, "can see"),
        ({"role": "seeker"}, "roles"),
        ({"role": "clock"}, "roles"),
    ],
)
def test_names_are_one_persons_and_visible(changed: dict[str, str], sentence: str) -> None:
    hire("lin", "林")
    asked = {"sign_in_name": "w", "working_name": "王", "role": "counsellor"} | changed
    with pytest.raises(ValueRefusedError, match=sentence):
        enrol(
            sign_in_name=asked["sign_in_name"],
            working_name=asked["working_name"],
            role=asked["role"],
            password="x",
        )


# --- what the trail has of it -----------------------------------------------------------------------


def verbs() -> set[str]:
    """Every command of ours, with each of its verbs."""
    found = set[str]()
    for app in ("counsel", "chat", "triage"):
        folder = Path(apps.get_app_config(app).path) / "management"
        for name in find_commands(str(folder)):
            parser = load_command_class(app, name).create_parser("manage.py", name)
            below = [one for one in parser._actions if isinstance(one, _SubParsersAction)]
            found |= {f"{name} {verb}" for one in below for verb in one.choices} or {name}
    return found


def test_every_command_of_ours_is_recorded_or_somebody_has_said_why_not() -> None:
    assert sorted([*ON_THE_MACHINE, *NOT_RECORDED_THERE]) == sorted(verbs())


def test_what_is_done_to_people_on_the_machine_is_in_the_trail_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a sentence is fine\n"))
    who = ("--working-name", "王", "--role", "supervisor")
    done = (
        ("people", "invite", *who),
        ("people", "add", "--working-name", "林", "--role", "counsellor", "--sign-in-name", "lin"),
        ("people", "list"),
        ("people", "off", "lin"),
    )
    for command in done:
        before = AuditEntry.objects.count()
        run(*command)
        entry = AuditEntry.objects.latest("pk")
        expected = ON_THE_MACHINE[" ".join(command[:2])]
        assert (entry.what, entry.by, entry.role) == (expected, "", SHELL)
        assert AuditEntry.objects.count() == before + 1

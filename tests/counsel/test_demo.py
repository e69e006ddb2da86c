"""A demo is drawn once, says that it is one, and stays away from real people."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from counsel import demo, limits
from counsel.certificates import verify_root
from counsel.models import Login, Staff
from counsel.signin import sign_in
from counsel.statements import CertificateError, Refusal, decode
from tests.counsel.staff_room import fresh_request, hire
from triage.models import Shift, ShiftStep

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA = tmp_path / "data"
    return tmp_path / "data" / "demo"


def drawn(data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((data / "drawn.json").read_text())
    return found


def empty() -> None:
    """As if nobody had ever been here."""
    ShiftStep.objects.all().delete()
    Shift.objects.all().delete()
    Staff.objects.all().delete()


def run(*arguments: str, **options: Any) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_seven_people_are_there_and_marked(data: Path) -> None:
    run("demo")
    people = Staff.objects.order_by("sign_in_name").values_list("working_name", "role", "demo")
    assert list(people) == [
        ("陈 Chen", "counsellor", True),
        ("方 Fang", "desk", True),
        ("郭 Guo", "desk", True),
        ("林 Lin", "counsellor", True),
        ("孙 Sun", "auditor", True),
        ("王 Wang", "administrator", True),
        ("周 Zhou", "supervisor", True),
    ]
    assert drawn(data)["demo"] is True


def test_the_terminal_says_what_each_of_them_is_here_for() -> None:
    run("demo")
    for language, roles in (
        ("zh", ("倾听员", "倾听员", "督导", "管理员", "核查员", "窗口", "窗口")),
        (
            "en",
            (
                "counsellor", "counsellor", "supervisor", "administrator", "auditor", "desk", "desk",
            ),
        ),
    ):  # fmt: skip
        rows = demo.sign_in_hint(language).splitlines()[1:-1]
        assert [row.rstrip(")").split(",")[-1].strip() for row in rows] == list(roles)


def test_only_the_owner_may_read_what_was_drawn(data: Path) -> None:
    run("demo")
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert {file.name for file in data.iterdir()} == {"drawn.json", "org_root", "lock"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in data.iterdir()} == {0o600}


def test_the_second_time_changes_nothing(data: Path) -> None:
    run("demo")
    before = (data / "drawn.json").read_bytes(), list(Staff.objects.order_by("pk").values())
    run("demo")
    assert before == (
        (data / "drawn.json").read_bytes(),
        list(Staff.objects.order_by("pk").values()),
    )


def test_two_sites_share_no_key_and_no_password(settings: Settings, data: Path) -> None:
    run("demo")
    first = drawn(data)
    empty()
    settings.DATA = data.parent.parent / "other"
    run("demo")
    second = drawn(settings.DATA / "demo")
    for name in ("root", "issuer"):
        assert first[name] != second[name]
    secrets = [
        {p[key] for p in site["staff"] for key in ("password", "totp")} for site in (first, second)
    ]
    assert len(secrets[0] | secrets[1]) == 28


def test_everything_can_be_tried_at_once(data: Path) -> None:
    run("demo")
    day_ago = timezone.now() - limits.TRUSTED_AFTER
    assert Staff.objects.filter(cleared_at__lt=day_ago, joined_at__lt=day_ago).count() == 7


def test_an_older_demo_learns_who_came_later_and_keeps_the_others(data: Path) -> None:
    run("demo")
    before = drawn(data)
    older = before | {
        "staff": [p for p in before["staff"] if p["role"] in ("counsellor", "supervisor")]
    }
    (data / "drawn.json").write_text(json.dumps(older))
    Staff.objects.filter(sign_in_name__in=["wang", "sun", "fang", "guo"]).delete()
    run("demo")
    after = drawn(data)
    assert after["staff"][:3] == before["staff"][:3]
    assert [person["sign_in_name"] for person in after["staff"][3:]] == [
        "wang", "sun", "fang", "guo",
    ]  # fmt: skip
    assert after["root"] == before["root"]
    assert Staff.objects.count() == 7


def test_an_emptied_database_gets_the_same_people_again(data: Path) -> None:
    run("demo")
    before = drawn(data)
    empty()
    run("demo")
    assert drawn(data) == before
    assert Staff.objects.count() == 7


def test_a_lost_folder_draws_new_secrets_for_the_same_people(data: Path) -> None:
    run("demo")
    lin = Staff.objects.get(sign_in_name="lin")
    Login.objects.create(
        staff=lin, session_key="k", signed_in_at=timezone.now(), seen_at=timezone.now()
    )
    (data / "drawn.json").unlink()
    run("demo")
    again = Staff.objects.get(sign_in_name="lin")
    assert (again.pk, again.person) == (lin.pk, lin.person)
    assert again.password != lin.password
    assert not Login.objects.exists()


def test_what_is_printed_lets_everybody_in(data: Path) -> None:
    run("demo")
    for person in drawn(data)["staff"]:
        name = person["sign_in_name"]
        staff = sign_in(
            fresh_request(),
            name=name,
            password=person["password"],
            code=demo.current_code(name).digits,
            now=timezone.now(),
        )
        assert staff.working_name == person["working_name"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_hint_names_the_page_the_people_and_the_way_to_a_code(
    data: Path, language: str
) -> None:
    said = run("demo", "--hint", language)
    assert f"http://localhost:8000/{language}/staff/" in said
    for person in drawn(data)["staff"]:
        assert person["sign_in_name"] in said
        assert person["password"] in said
        assert person["working_name"] in said
    # Without the folder's name `make code` would answer for the people of another one.
    assert f"make code DATA={data.parent}\n" in said


def test_the_hint_of_the_usual_folder_is_short(settings: Settings) -> None:
    run("demo")
    settings.BASE = settings.DATA.parent
    settings.DATA = settings.DATA.rename(settings.BASE / ".data")
    assert run("demo", "--hint", "en").endswith("  code: make code\n")


def test_a_page_under_a_public_name_refuses_the_demo_root() -> None:
    run("demo")
    root = verify_root(decode(demo.org_root()), host="localhost", now=timezone.now())
    assert root.demo
    with pytest.raises(CertificateError) as refused:
        verify_root(decode(demo.org_root()), host="talk.example.org", now=timezone.now())
    assert refused.value.code is Refusal.DEMO


# --- where it refuses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "origin", "fine"),
    [
        ("demo", "http://localhost:8000", True),
        ("rehearsal", "http://127.0.0.1:8000", True),
        ("demo", "http://[::1]:8000", True),
        ("demo", "https://demo.localhost", True),
        ("live", "http://localhost:8000", False),
        ("demo", "https://talk.example.org", False),
        ("rehearsal", "https://talk.example.org", False),
        ("demo", "http://192.168.1.5:8000", False),
        ("demo", "https://localhost.example.org", False),
    ],
)
def test_a_demo_is_drawn_on_ones_own_machine_only(
    settings: Settings, data: Path, mode: str, origin: str, fine: bool
) -> None:
    settings.MODE, settings.ORIGIN = mode, origin
    if fine:
        run("demo")
        return
    for command in ("demo", "demo_code"):
        with pytest.raises(CommandError, match=r"MODE=live|ORIGIN="):
            run(command)
    assert not data.exists()
    assert not Staff.objects.exists()


def test_a_real_person_of_that_name_is_left_alone() -> None:
    lin = hire("lin", "林")
    with pytest.raises(CommandError, match="real member"):
        run("demo")
    again = Staff.objects.get(sign_in_name="lin")
    assert (again.password, again.demo) == (lin.staff.password, False)


def test_a_real_person_s_code_is_not_shown() -> None:
    hire("mei", "梅")
    with pytest.raises(CommandError, match="nobody of the demo"):
        run("demo_code", "mei")


# --- codes --------------------------------------------------------------------------------------------


def test_codes_come_with_the_seconds_they_have_left() -> None:
    run("demo")
    at = 1_800_000_007.4
    code = demo.current_code("lin", at=at)
    assert code.seconds_left == 23
    assert code.digits.isdigit()
    assert len(code.digits) == 6
    assert demo.current_code("lin", at=at + 23).digits != code.digits


def test_a_used_code_says_wait(data: Path) -> None:
    run("demo")
    assert "还有" in run("demo_code", "lin")
    TOTPDevice.objects.update(last_t=2**40)
    said = run("demo_code", "lin")
    assert "用过了" in said
    assert demo.current_code("lin").digits not in said


def test_without_a_name_everybodys_code_is_shown() -> None:
    run("demo")
    assert [line.split()[0] for line in run("demo_code").splitlines()] == [
        "lin", "chen", "zhou", "wang", "sun", "fang", "guo",
    ]  # fmt: skip
    assert run("demo_code", "lin", "--plain").strip().isdigit()


def test_two_starts_at_once_draw_one_root(tmp_path: Path) -> None:
    script = (
        "import django, time; django.setup(); from counsel import demo; draw = demo._draw_all;"
        "demo._draw_all = lambda: time.sleep(0.5) or draw();"  # long enough for all to look
        "demo._ensure_person = lambda person: None; demo.draw(); print(demo.org_root())"
    )
    environment = {"DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "counsel.settings"}
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert len({start.communicate()[0] for start in starts}) == 1
    assert [start.returncode for start in starts] == [0, 0, 0]


def test_two_of_the_demo_sit_at_desks_and_nobody_else_does(data: Path) -> None:
    run("demo")
    desks = dict(Staff.objects.exclude(desk="").values_list("sign_in_name", "desk"))
    assert desks == {"fang": "legal-aid", "guo": "hardship"}


def test_where_no_demo_was_drawn_yet_one_sentence_says_so(settings: Settings) -> None:
    with pytest.raises(CommandError, match=f"in {settings.DATA}; `make run`"):
        run("demo_code")

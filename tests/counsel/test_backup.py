"""The backup of deploy/README.md holds nobody's talk, and comes back whole."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from django.apps import apps

from tests import requisites
from tests.counsel.serving import ROOT, environment, manage, manage_all

README: Final = (ROOT / "deploy/README.md").read_text(encoding="utf-8")
KEPT: Final = {
    # staff, and how they come in and are called
    "counsel_staff", "counsel_invitation", "counsel_passkey", "counsel_slowedname", "counsel_signature",
    "otp_totp_totpdevice", "otp_static_staticdevice", "otp_static_statictoken", "triage_receiver",
    "auth_group", "auth_permission", "django_content_type",
    # the organisation, its rota, its directory, its stories
    "counsel_organisation", "counsel_hotline", "triage_shift", "triage_shiftstep", "triage_handsof",
    "triage_directoryrow", "triage_testcall", "triage_edition", "triage_story",
    # cards and the log
    "counsel_stafflog", "counsel_logrow", "counsel_issuercard", "counsel_devicerequest",
    "counsel_devicecard", "counsel_dutyrequest", "counsel_dutycard", "triage_deskkey",
    # the trail, and counts that refer to nobody
    "counsel_auditentry", "counsel_auditlink", "triage_deskcount",
}  # fmt: skip
"""Tables whose rows a backup may hold. Whoever makes a table decides here, by hand, which it is."""

FILL: Final = """
from counsel.lifecycle import Role
from tests.chat.test_lifecycle import start
from tests.people import hire
from triage.queue.tiers import Asked, Tier
hire("sam", Role.SUPERVISOR)
start(tier=Tier.RED, event=Asked.DANGER)
"""
LOOK: Final = """
from django.apps import apps
print(*(model._meta.db_table for model in apps.get_models() if model.objects.exists()))
"""


def typed(program: str) -> list[str]:
    """The documented command, without who runs it and where its file lies."""
    (found,) = re.findall(
        rf"^runuser -u postgres -- ({program} (?:[^\n]*\\\n)*[^\n]*?) [<>] ", README, re.M
    )
    return shlex.split(found.replace("\\\n", " "))


def left_out() -> list[re.Pattern[str]]:
    """Which tables' rows the backup leaves out: patterns as `psql` reads them."""
    said = [word.split("=", 1)[1] for word in typed("pg_dump") if word.startswith("--exclude")]
    return [re.compile(pattern.replace("*", ".*")) for pattern in said]


def is_kept(table: str) -> bool:
    return not any(pattern.fullmatch(table) for pattern in left_out())


def test_the_backup_holds_what_was_decided_and_no_other_table() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    joined = {table for table in tables if table.startswith(("auth_group_", "counsel_staff_"))}
    assert {table for table in tables if is_kept(table)} == KEPT | joined


def test_nothing_in_the_backup_refers_to_what_is_left_out() -> None:
    # Its constraint could not be made when the backup is put back.
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model and is_kept(model._meta.db_table):
                assert is_kept(field.related_model._meta.db_table), field


def filled(env: dict[str, str], *, first: str = "") -> set[str]:
    """Tables with a row in them, after these lines of Python."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{first}\n{LOOK}"],
        cwd=ROOT, env=env | {"DJANGO_SETTINGS_MODULE": "counsel.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


@pytest.mark.soak
def test_a_backup_made_while_somebody_is_in_danger_comes_back_whole(tmp_path: Path) -> None:
    with requisites.postgres() as database:
        server, programs = database.rsplit("/", 1)[0], requisites.postgres_programs()
        for name in ("counsel", "again"):
            made = [f"{programs}/psql", "--quiet", "--command", f"CREATE DATABASE {name}", database]
            subprocess.run(made, check=True)
        env = environment(tmp_path / "data", tmp_path / "static")
        old, new = ({**env, "DATABASE_URL": f"{server}/{name}"} for name in ("counsel", "again"))
        manage_all(old, "migrate")
        before = filled(old, first=FILL)
        assert before > {
            "chat_counselsession",
            "triage_place",
            "triage_escalation",
            "counsel_staff",
        }
        program, *options, _ = typed("pg_dump")
        dump = [f"{programs}/{program}", *options, f"--dbname={old['DATABASE_URL']}"]
        kept = subprocess.run(dump, capture_output=True, check=True).stdout
        restore = [f"{programs}/{typed('pg_restore')[0]}", f"--dbname={new['DATABASE_URL']}"]
        back = subprocess.run(restore, input=kept, capture_output=True, check=False)
        assert (back.returncode, back.stderr) == (0, b"")
        assert manage(new, "migrate", "--check").returncode == 0
        assert filled(new) == {table for table in before if is_kept(table)}

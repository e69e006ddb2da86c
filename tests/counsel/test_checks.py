"""What must be true before anybody is let in, and what is said when it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core import checks
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from counsel.checks import (
    database_is_current,
    database_is_honest,
    folder_is_ours,
    pages_are_built,
)
from counsel.management.commands.build_pages import build_pages
from counsel.models import Staff, home
from tests.counsel.serving import ROOT, draw_root, environment, lay_out_assets, manage


def ids(found: list[checks.CheckMessage]) -> list[str | None]:
    assert all(one.hint for one in found), "each says what to do"
    return [one.id for one in found]


def test_a_data_folder_others_can_read(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    tmp_path.chmod(0o700)
    assert ids(folder_is_ours()) == []
    for mode in (0o750, 0o701, 0o777):
        tmp_path.chmod(mode)
        assert ids(folder_is_ours()) == ["counsel.E001"]


def test_pages_that_are_absent_altered_or_of_another_root(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ORG_ROOT = root = draw_root(demo=False)
    settings.STATIC = tmp_path / "static"
    assert ids(pages_are_built()) == ["counsel.E002"]
    build_pages(ROOT, lay_out_assets(settings.STATIC), root)
    assert ids(pages_are_built()) == []
    settings.ORG_ROOT = draw_root(demo=False)
    assert ids(pages_are_built()) == ["counsel.E002"]
    settings.ORG_ROOT = root
    (settings.STATIC / "pages/zh/index.html").write_text("other words")
    assert ids(pages_are_built()) == ["counsel.E002"]


@pytest.mark.django_db
def test_the_database_of_the_tests_is_ready() -> None:
    assert ids(database_is_honest(databases=["default"])) == []
    assert ids(database_is_current(databases=["default"])) == []
    assert ids(database_is_honest()) == ids(database_is_current()) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_wait_for_its_disk() -> None:
    careless, honest = (
        ("SET synchronous_commit=off", "RESET synchronous_commit")
        if connection.vendor == "postgresql"
        else ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL")
    )
    with connection.cursor() as cursor:
        cursor.execute(careless)
        assert ids(database_is_honest(databases=["default"])) == ["counsel.E003"]
        cursor.execute(honest)
    assert ids(database_is_honest(databases=["default"])) == []


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", tmp_path, DATABASE_URL="postgres://u:hidden@127.0.0.1:1/d")
    done = manage(env, "serve")
    assert done.returncode == 1
    assert "counsel.E004" in done.stderr
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_a_database_that_a_later_version_has_changed() -> None:
    MigrationRecorder(connection).record_applied("chat", "9999_of_tomorrow")
    assert ids(database_is_current(databases=["default"])) == ["counsel.E007"]


@pytest.mark.django_db
def test_demo_people_on_a_public_site(settings: Settings) -> None:
    Staff.objects.create(
        organisation=home(),
        sign_in_name="lin",
        working_name="林",
        role="counsellor",
        person="x",
        demo=True,
    )
    assert ids(database_is_current(databases=["default"])) == []
    settings.ORIGIN = "https://talk.example"
    assert ids(database_is_current(databases=["default"])) == ["counsel.E006"]


def test_an_older_database_stops_the_start_but_not_its_migration(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", tmp_path / "static")
    done = manage(env, "check", "--deploy", "--database", "default")
    assert "counsel.E005" in done.stderr
    assert manage(env, "migrate").returncode == 0
    done = manage(env, "check", "--deploy", "--database", "default")
    assert "counsel.E005" not in done.stderr


def test_a_production_is_clean_by_djangos_own_list(tmp_path: Path) -> None:
    root = draw_root(demo=False)
    static = lay_out_assets(tmp_path / "static")
    build_pages(ROOT, static, root)
    public = {"ORIGIN": "https://talk.example", "ORG_ROOT": root, "MODE": "rehearsal"}
    env = environment(tmp_path / "data", static, **public)
    assert manage(env, "migrate").returncode == 0
    arguments = ("check", "--deploy", "--fail-level", "WARNING", "--database", "default")
    done = manage(env, *arguments)
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout
    shutil.rmtree(static)
    assert "counsel.E002" in manage(env, *arguments).stderr

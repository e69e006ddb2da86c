"""The production that deploy/ describes is clean, and whatever is unsafe about it is said or refused."""

from __future__ import annotations

import ast
import json
import re
import secrets
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.core import checks
from django.db import connection
from pytest_django import Settings

from counsel import checks as ours
from counsel.environment import IDS
from counsel.management.commands.build_pages import build_pages
from counsel.models import Organisation, home
from tests import requisites
from tests.counsel.serving import ROOT, draw_root, environment, lay_out_assets, manage

EXAMPLE: Final = (ROOT / "deploy/env.example").read_text(encoding="utf-8")
README: Final = (ROOT / "deploy/README.md").read_text(encoding="utf-8")
SETTINGS: Final = (ROOT / "counsel/settings.py").read_text(encoding="utf-8")
PUBLIC: Final = "https://talk.example.org"
REAL, DEMO = draw_root(demo=False), draw_root(demo=True)


def documented() -> dict[str, str]:
    """The settings of deploy/env.example that are not commented out."""
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def documented_check() -> list[str]:
    """The words of the check deploy/README.md has one run, behind `manage.py`."""
    (command,) = re.findall(r"manage\.py (check [^']*--fail-level [^']*)'", README)
    return shlex.split(command)


# --- the documented production --------------------------------------------------------------------


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """deploy/env.example as an operator fills it in, with a PostgreSQL of its own and built pages."""
    folder = tmp_path_factory.mktemp("deploy")
    static = lay_out_assets(folder / "static")
    build_pages(ROOT, static, REAL)
    with requisites.postgres() as database:
        filled = documented() | {
            "ORG_ROOT": REAL,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "DATABASE_URL": database,
        }
        del filled["DATA"]
        (folder / "data").mkdir(mode=0o700)
        env = environment(folder / "data", static, **filled)
        done = manage(env, "migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        yield env


def test_the_documented_production_is_clean_and_nothing_is_silenced(
    production: dict[str, str],
) -> None:
    done = manage(production, *documented_check())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"
    assert "SILENCED" not in SETTINGS


def test_what_is_unsafe_about_it_fails_that_check(production: dict[str, str]) -> None:
    """End to end, once; what each says is in the table below."""
    unsafe = {"HOST": "0.0.0.0", "REDIS_URL": "redis://10.0.0.2/0"}
    Path(production["DATA"]).chmod(0o755)
    done = manage({**production, **unsafe}, *documented_check())
    Path(production["DATA"]).chmod(0o700)
    assert done.returncode == 1
    found = set(re.findall(r"\(counsel\.(\w+)\)", done.stderr))
    assert found == {"E001", "W010", "W012"}, done.stderr
    assert done.stderr.count("HINT:") == 3


# --- what refuses to start ------------------------------------------------------------------------

REFUSED: Final[tuple[tuple[str, dict[str, str], str], ...]] = (
    ("MODE", {"MODE": "production"}, "use one of demo, rehearsal, live"),
    ("MODE", {"MODE": "demo"}, "MODE=rehearsal"),
    ("MODE", {"MODE": "live", "ORIGIN": "http://localhost:8000"}, "use an https:// origin"),
    ("DATA", {"DATA": __file__}, "name a folder"),
    ("STATIC", {"STATIC": __file__}, "name a folder"),
    ("PORT", {"PORT": "http"}, "use a port between 1 and 65535"),
    ("PORT", {"PORT": "0"}, "use a port between 1 and 65535"),
    ("HOST", {"HOST": "talk.example.org/x"}, "use an address of this machine"),
    ("ORIGIN", {"ORIGIN": "http://talk.example.org"}, "use https://talk.example.org"),
    ("ORIGIN", {"ORIGIN": "https://talk.example.org/"}, "write it as browsers do"),
    ("ORIGIN", {"ORIGIN": "*"}, "use https://host"),
    ("ORG_ROOT", {"ORG_ROOT": ""}, "set ORG_ROOT to your organisation's own root"),
    ("ORG_ROOT", {"ORG_ROOT": DEMO}, "set ORG_ROOT to your organisation's own root"),
    ("ORG_ROOT", {"ORG_ROOT": DEMO, "MODE": "live"}, "set ORG_ROOT"),
    ("ORG_ROOT", {"ORG_ROOT": "no root"}, "take the line the ceremony printed"),
    ("SECRET_KEY", {"SECRET_KEY": "short"}, "use 50 random characters or more"),
    ("SECRET_KEY", {"SECRET_KEY": "a" * 64}, "use 50 random characters or more"),
    ("DATABASE_URL", {"DATABASE_URL": "mysql://u:hidden@h/d"}, "use postgres://"),
    ("DATABASE_URL", {"DATABASE_URL": "postgres://u:hidden@h:x/d"}, "use postgres://"),
    ("DATABASE_URL",
     {"DATABASE_URL": "postgres://u:hidden@h/d?options=-csynchronous_commit=off"}, "are known"),
    ("REDIS_URL", {"REDIS_URL": "http://redis"}, "use redis://"),
    ("SILENT_AFTER", {"SILENT_AFTER": "soon"}, "use seconds between"),
    ("SILENT_AFTER", {"SILENT_AFTER": "86400"}, "use 30 to 600"),
    ("SILENT_AFTER", {"SILENT_AFTER": "1"}, "use 30 to 600"),
    ("AUDIT_KEY_FILE", {"AUDIT_KEY_FILE": "/"}, "name a file"),
    ("AUDIT_CHECKPOINTS", {"AUDIT_CHECKPOINTS": "/nowhere/checkpoints"}, "make the folder /nowhere"),
    ("AUDIT_HOOK", {"AUDIT_HOOK": "/nowhere"}, "name a file that can be run"),
    ("AUDIT_HOOK", {"AUDIT_HOOK": "{key}"}, "name a file that can be run"),
    ("PAGE_PUSH_KEY_FILE", {"PAGE_PUSH_KEY_FILE": "/"}, "name a file"),
    ("PAGE_PUSH_HOSTS", {"PAGE_PUSH_HOSTS": "https://push.example.org"}, "use host,host"),
    ("PAGE_PUSH_HOSTS", {"PAGE_PUSH_HOSTS": ".org"}, "use host,host"),
    ("MIX_EVERY", {"MIX_EVERY": "60"}, "use 300 or more"),
    ("RED_SLOTS", {"RED_SLOTS": "all"}, "use a number between"),
    ("PAGE_MAIL", {"PAGE_MAIL": "mailto://u:hidden@mail.example.org?from=a@b.org"}, "use mailtos://"),
    ("PAGE_MAIL", {"PAGE_MAIL": "smtps://u:hidden@mail.example.org"}, "use mailtos://user"),
    ("PAGE_GATEWAY", {"PAGE_GATEWAY": "http://u:hidden@gate.example.org"}, "use https://host/path"),
    ("UNSAFE_BENCH_KEY_FILE", {"UNSAFE_BENCH_KEY_FILE": "{key}"}, "unset it"),
    ("UNSAFE_BENCH_KEY_FILE", {"UNSAFE_BENCH_KEY_FILE": "/nowhere"}, "no file with a key"),
)  # fmt: skip

START: Final = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
for more in json.loads(sys.stdin.read()):
    kept = dict(os.environ)
    os.environ.update(more)
    sys.modules.pop("counsel.settings", None)
    try:
        importlib.import_module("counsel.settings")
        print(json.dumps(""))
    except ImproperlyConfigured as error:
        print(json.dumps(str(error)))
    os.environ.clear()
    os.environ.update(kept)
"""


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a start says to each row, in one process: the settings are read anew each time."""
    folder = tmp_path_factory.mktemp("refused")
    (folder / "key").write_text("k" * 43)
    (folder / "key").chmod(0o600)
    filled = documented() | {"ORG_ROOT": REAL, "SECRET_KEY": secrets.token_urlsafe(64)}
    env = environment(
        folder / "data", folder / "static", **{**filled, "DATA": str(folder / "data")}
    )
    rows = [{n: v.format(key=folder / "key") for n, v in more.items()} for _, more, _ in REFUSED]
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=env, input=json.dumps([{}, *rows]),
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_documented_settings_start(sentences: list[str]) -> None:
    assert sentences[0] == ""
    assert len(sentences) == len(REFUSED) + 1


@pytest.mark.parametrize("row", range(len(REFUSED)))
def test_an_unsafe_setting_refuses_with_its_id_and_what_to_write(
    row: int, sentences: list[str]
) -> None:
    name, changed, hint = REFUSED[row]
    said = sentences[row + 1]
    assert said.endswith(f"({IDS[name]})"), (changed, said)
    assert hint in said
    assert "\n" not in said
    assert "hidden" not in said


def test_every_setting_has_a_row_that_refuses() -> None:
    assert {name for name, _, _ in REFUSED} == set(IDS)


# --- what fails the check -------------------------------------------------------------------------

Look = Callable[..., list[checks.CheckMessage]]
SAID: Final[tuple[tuple[str, Look, dict[str, Any]], ...]] = (
    ("W008", ours.staff_door_is_shut, {"UNSAFE_BENCH_KEY": "k" * 43}),
    ("W010", ours.only_the_proxy_reaches_us, {"HOST": "0.0.0.0", "SECURE": True}),
    ("W010", ours.only_the_proxy_reaches_us, {"HOST": "::", "SECURE": True}),
    ("W011", ours.lines_to_other_machines_are_sealed, {"HOST_OF_DATABASE": "10.0.0.2"}),
    ("W011", ours.lines_to_other_machines_are_sealed,
     {"HOST_OF_DATABASE": "db.example", "SSLMODE": "require"}),
    ("W012", ours.lines_to_other_machines_are_sealed, {"REDIS_URL": "redis://10.0.0.2/0"}),
    ("E002", ours.pages_are_built, {"STATIC": Path("/nowhere")}),
    ("E016", ours.trail_is_signed, {"AUDIT_KEY_FILE": Path(__file__)}),  # anybody reads it
    ("E017", ours.trail_is_signed, {"AUDIT_KEY_FILE": Path("/nowhere")}),
)  # fmt: skip
CLEAN: Final[tuple[tuple[Look, dict[str, Any]], ...]] = (
    (ours.only_the_proxy_reaches_us, {"HOST": "10.0.0.1", "SECURE": True}),
    (ours.only_the_proxy_reaches_us, {"HOST": "0.0.0.0", "SECURE": False}),
    (ours.lines_to_other_machines_are_sealed, {"HOST_OF_DATABASE": "/var/run/postgresql"}),
    (ours.lines_to_other_machines_are_sealed, {"HOST_OF_DATABASE": "127.0.0.1"}),
    (ours.lines_to_other_machines_are_sealed,
     {"HOST_OF_DATABASE": "db.example", "SSLMODE": "verify-full"}),
    (ours.lines_to_other_machines_are_sealed, {"REDIS_URL": "rediss://u:p@10.0.0.2/0"}),
    (ours.lines_to_other_machines_are_sealed, {"REDIS_URL": "redis://[::1]/0"}),
)  # fmt: skip


def put(settings: Settings, changed: dict[str, Any]) -> None:
    """These settings; two of them lie inside the database's own."""
    database = dict(settings.DATABASES["default"], HOST="", OPTIONS={})
    for name, value in changed.items():
        if name == "HOST_OF_DATABASE":
            database["HOST"] = value
        elif name == "SSLMODE":
            database["OPTIONS"] = {"sslmode": value}
        else:
            setattr(settings, name, value)
    settings.DATABASES = {"default": database}


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(("number", "look", "changed"), SAID)
def test_an_unsafe_choice_is_said_with_an_id_and_a_hint(
    number: str, look: Look, changed: dict[str, Any], settings: Settings
) -> None:
    put(settings, changed)
    (found,) = look()
    assert found.id == f"counsel.{number}"
    assert found.hint
    assert found.is_serious(checks.WARNING)


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(("look", "changed"), CLEAN)
def test_a_safe_choice_is_not(look: Look, changed: dict[str, Any], settings: Settings) -> None:
    put(settings, changed)
    assert look() == []


@pytest.mark.django_db
def test_an_organisation_in_a_zone_or_a_language_nobody_knows_here() -> None:
    look = ours.organisations_make_sense
    home()
    assert look(databases=["default"]) == look() == []
    Organisation.objects.update(zone="Mars/Olympus", languages=["zh", "tlh"])
    found = look(databases=["default"])
    assert [one.id for one in found] == ["counsel.E013", "counsel.E014"]
    assert all(one.hint for one in found)
    assert connection.is_usable()


# --- what is written about settings ----------------------------------------------------------------


def names_read() -> set[str]:
    """Every name counsel/settings.py asks the environment for."""
    found = set()
    for node in ast.walk(ast.parse(SETTINGS)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "environment"
            and isinstance(node.args[0], ast.Constant)
        ):
            found.add(str(node.args[0].value))
    return found


def test_every_setting_is_explained_with_its_default_here_and_in_deploy() -> None:
    head = SETTINGS.split('"""')[1]
    table = dict(re.findall(r"^\| `([A-Z_]+)` +\| (.+?) +\|", head, re.MULTILINE))
    beside = set(re.findall(r"`([A-Z_]+)`, by default not set", head))
    assert set(table) | beside == names_read() == set(IDS)
    said = dict(re.findall(r"^(?:# )?([A-Z_]+)=(\S*)", EXAMPLE, re.MULTILINE))
    assert set(said) == names_read()
    for name in set(said) - set(documented()) - beside:
        assert said[name] in table[name], f"{name}: {said[name]} is not the default {table[name]}"


def test_nothing_else_looks_into_the_environment() -> None:
    """A setting nobody has explained would be read somewhere else."""
    for folder in ("counsel", "chat", "triage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            where = path.relative_to(ROOT).as_posix()
            lines = [line for line in text.splitlines() if re.search(r"os\.environ\b|getenv", line)]
            lines = [line for line in lines if "DJANGO_SETTINGS_MODULE" not in line]
            assert not lines or where == "counsel/environment.py", (where, lines)
    scripts = [ROOT / "build.mjs", ROOT / "gates.mjs"]
    for path in scripts:
        read = set(re.findall(r"process\.env\.([A-Z_]+)", path.read_text(encoding="utf-8")))
        assert read - {"NODE_ENV"} <= names_read(), path
    proxy = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    assert set(re.findall(r"\{\$([A-Z_]+)", proxy)) <= names_read()


def test_the_proxy_is_given_the_address_and_no_secret() -> None:
    unit = (ROOT / "deploy/systemd/caddy.conf").read_text(encoding="utf-8")
    taken = set(" ".join(re.findall(r"^UnsetEnvironment=(.*)$", unit, re.MULTILINE)).split())
    assert names_read() - taken == {"ORIGIN"}

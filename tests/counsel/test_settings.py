"""What stands in the environment: right, or a sentence that says what to do instead."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from counsel import environment
from manage import in_one_sentence
from tests.counsel.serving import ROOT, draw_root, manage
from tests.counsel.serving import environment as only_ours

SAY = """
import json, django
from django.conf import settings
names = ("MODE", "ORIGIN", "PORT", "SECURE", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
         "SECURE_HSTS_SECONDS", "DEBUG", "ALLOWED_HOSTS")
print(json.dumps({name: getattr(settings, name) for name in names}
      | {"engine": settings.DATABASES["default"]["ENGINE"],
         "layer": settings.CHANNEL_LAYERS["default"]["BACKEND"],
         "silent": settings.SILENT_COUNSELLOR_AFTER.total_seconds()}))
"""


def read(tmp_path: Path, **more: str) -> dict[str, Any]:
    """The settings a process gets from this environment."""
    env = only_ours(tmp_path / "data", tmp_path / "static", **more)
    env["DJANGO_SETTINGS_MODULE"] = "counsel.settings"
    command = [sys.executable, "-c", SAY]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_with_nothing_set_it_is_a_demo_on_this_machine(tmp_path: Path) -> None:
    assert read(tmp_path) == {
        "MODE": "demo", "ORIGIN": "http://localhost:8000", "PORT": 8000, "SECURE": False,
        "SESSION_COOKIE_NAME": "staff", "SESSION_COOKIE_SECURE": False, "SECURE_HSTS_SECONDS": 0,
        "DEBUG": False, "ALLOWED_HOSTS": ["localhost"],
        "engine": "django.db.backends.sqlite3", "layer": "channels.layers.InMemoryChannelLayer",
        "silent": 180.0,
    }  # fmt: skip
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_https_is_production(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        MODE="rehearsal",
        ORIGIN="https://talk.example.org",
        ORG_ROOT=draw_root(demo=False),
        DATABASE_URL="postgres://u:p@db:5432/counsel",
        REDIS_URL="redis://redis:6379/0",
        SILENT_AFTER="30",
    )
    assert found["SECURE"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_NAME"] == "__Host-staff"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["engine"].endswith("postgresql")
    assert found["layer"].endswith("RedisPubSubChannelLayer")
    assert found["silent"] == 30


def test_an_unsafe_setting_refuses_to_start_in_one_sentence(tmp_path: Path) -> None:
    """Each of them, and what it says, is in test_deploy.py; this is how a person meets one."""
    for settings, said in (
        ({"MODE": "production"}, "use one of demo, rehearsal, live"),
        ({"ORIGIN": "https://talk.example.org"}, "ORG_ROOT is not set"),
    ):
        env = only_ours(tmp_path / "data", tmp_path / "static", **settings)
        done = manage(env, "check")
        assert done.returncode == 1, settings
        assert said in done.stderr, (settings, done.stderr)
        assert done.stderr.count("\n") == 1, done.stderr


def test_a_disk_that_takes_nothing_is_said_in_one_sentence(tmp_path: Path) -> None:
    env = only_ours(tmp_path, tmp_path / "static", DATA="/sys/counsel")
    done = manage(env, "check")
    assert done.returncode == 1
    assert "/sys/counsel: " in done.stderr
    assert "make run DATA=/path/to/folder" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    full = OSError(errno.ENOSPC, "No space left on device", "/data/secret")
    for fault in (full, OperationalError("database or disk is full")):
        assert in_one_sentence(fault).count("Make room") == 1
    # Anything else is a fault of ours and shows where it happened.
    assert in_one_sentence(OSError(errno.ECONNRESET, "Connection reset")) == ""
    assert in_one_sentence(OperationalError("no such table: chat_envelope")) == ""


@pytest.mark.parametrize(
    "value",
    [
        "localhost:8000", "ftp://localhost", "https://", "https://host/", "https://host/path",
        "https://Host.example", "https://user@host", "https://host:443", "http://host:80",
        "https://host?x", "https://host#x", "https://ho st", "https://host:99999", "null", "*",
    ],
)  # fmt: skip
def test_an_origin_is_spelled_as_browsers_spell_it(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORIGIN", value)
    with pytest.raises(ImproperlyConfigured, match="ORIGIN"):
        environment.origin("ORIGIN", "")


@pytest.mark.parametrize(
    "value",
    ["http://localhost:8000", "http://[::1]:8000", "http://a.localhost", "https://host:8443"],
)
def test_an_origin_may_be_local_or_secure(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORIGIN", value)
    assert environment.origin("ORIGIN", "") == value


def test_a_root_with_another_signature_is_no_root() -> None:
    root = draw_root(demo=False)
    assert not environment.read_root(root).demo
    for altered in (root[:-4] + ("AAAA" if root[-4:] != "AAAA" else "BBBB"), root[:-1], f"{root}="):
        with pytest.raises(ImproperlyConfigured, match="ORG_ROOT"):
            environment.read_root(altered)


def test_a_database_address_is_read_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("URL", "postgresql://me:p%40ss@db.example:5433/na%20me?sslmode=verify-full")
    found = environment.database("URL", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("me", "p@ss", "db.example")
    assert (found["PORT"], found["NAME"]) == ("5433", "na me")
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    monkeypatch.setenv("URL", "postgresql://postgres@/counsel?host=/var/run/postgresql")
    assert environment.database("URL", tmp_path)["HOST"] == "/var/run/postgresql"


@pytest.mark.parametrize(
    "value",
    ["mysql://u:hidden@h/d", "postgres://u:hidden@h", "postgres://u:hidden@h:x/d",
     "postgres://u:hidden@h/d?options=-csynchronous_commit=off"],
)  # fmt: skip
def test_a_wrong_database_address_is_refused_without_its_password(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("URL", value)
    with pytest.raises(ImproperlyConfigured, match="URL") as raised:
        environment.database("URL", tmp_path)
    assert "hidden" not in str(raised.value)


@pytest.mark.parametrize("value", ["http://redis", "redis", "redis://h:x/0"])
def test_a_wrong_redis_address_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("URL", value)
    with pytest.raises(ImproperlyConfigured, match="URL"):
        environment.redis("URL")


@pytest.mark.parametrize("value", ["0", "-1", "soon", "1e3", "86401", "１２"])
def test_seconds_are_seconds(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTER", value)
    with pytest.raises(ImproperlyConfigured, match="AFTER"):
        environment.seconds("AFTER", timedelta(1))


def test_two_first_starts_draw_one_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each saw no secret and draws one; whoever writes second takes the first one's."""
    path = tmp_path / "data" / "secret"
    monkeypatch.setattr(Path, "exists", lambda self: False)
    first = environment.secret("NOT_SET", path)
    assert environment.secret("NOT_SET", path) == first == path.read_text()
    assert len(first) > 80
    assert [found.name for found in path.parent.iterdir()] == ["secret"]

"""The way past sign-in for measurements: shut everywhere but in a demo on the loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import clear_url_caches, include, path
from pytest_django.fixtures import Settings

from counsel import staff_urls, views
from counsel.checks import staff_door_is_shut
from counsel.environment import unsafe_key
from counsel.models import Staff
from tests.counsel.serving import ROOT, draw_root, environment
from tests.counsel.staff_room import Browser, hire

KEY = "k" * 43
DOOR = "unsafe-bench-sign-in"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o600)
    return file


START = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
said = []
for more in json.loads(sys.argv[1]):
    os.environ.update(more)
    try:
        sys.modules.pop("counsel.settings", None)
        importlib.import_module("counsel.settings")
        said.append("started")
    except ImproperlyConfigured as error:
        said.append(str(error))
    for name in more:
        del os.environ[name]
print(json.dumps(said))
"""


def start_with(folder: Path, key: Path, settings: list[dict[str, str]]) -> list[str]:
    """What a process says that starts with the key and these settings, one after the other."""
    env = environment(folder / "data", folder / "static", UNSAFE_BENCH_KEY_FILE=str(key))
    command = [sys.executable, "-c", START, json.dumps(settings)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.fixture
def door(settings: Settings) -> None:
    """The addresses of a process that was given the key."""
    settings.UNSAFE_BENCH_KEY = KEY
    urls = ModuleType("urls_with_the_door")
    urls.urlpatterns = [  # type: ignore[attr-defined]
        path("", include("counsel.urls")),
        path(f"api/{DOOR}", views.unsafe_bench_sign_in),
    ]
    sys.modules[urls.__name__] = urls
    settings.ROOT_URLCONF = urls.__name__
    clear_url_caches()


# --- where it is refused --------------------------------------------------------------------------


def test_production_does_not_start_with_a_key(tmp_path: Path, key_file: Path) -> None:
    real, public = draw_root(demo=False), "https://talk.example.org"
    refused: list[dict[str, str]] = [
        {"MODE": "live", "ORIGIN": public, "ORG_ROOT": real},
        {"MODE": "rehearsal", "ORIGIN": public, "ORG_ROOT": real},
        {"ORIGIN": "https://localhost", "ORG_ROOT": real},
        {"ORG_ROOT": real},
        {"MODE": "rehearsal"},
        {"HOST": "0.0.0.0"},
        {"HOST": "192.168.1.2"},
        {"ORIGIN": "http://a.localhost:8000"},
    ]
    said = start_with(tmp_path, key_file, refused)
    for more, sentence in zip(refused, said, strict=True):
        assert sentence.startswith("UNSAFE_BENCH_KEY_FILE opens the staff door"), (more, sentence)
        assert KEY not in sentence
    assert start_with(tmp_path, key_file, [{}, {"HOST": "::1"}]) == ["started", "started"]


def test_a_process_with_a_key_says_so(settings: Settings) -> None:
    settings.UNSAFE_BENCH_KEY = KEY
    warned = staff_door_is_shut()
    assert [one.id for one in warned] == ["counsel.W008"]
    assert KEY not in f"{warned[0]}"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o700, 0o400])
def test_a_key_others_can_read_is_refused(
    mode: int, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_FILE", str(key_file))
    assert unsafe_key("KEY_FILE") == KEY
    key_file.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        unsafe_key("KEY_FILE")


def test_a_key_that_is_short_or_absent_is_refused(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unsafe_key("KEY_FILE") == ""
    monkeypatch.setenv("KEY_FILE", str(key_file))
    key_file.write_text("short")
    with pytest.raises(ImproperlyConfigured, match="32 random"):
        unsafe_key("KEY_FILE")
    key_file.unlink()
    with pytest.raises(ImproperlyConfigured, match="no file"):
        unsafe_key("KEY_FILE")


@pytest.mark.django_db
def test_without_a_key_there_is_no_such_door(settings: Settings) -> None:
    assert django_settings.UNSAFE_BENCH_KEY == ""
    assert not [one for one in staff_urls.urlpatterns if "unsafe" in str(one.pattern)]
    assert staff_door_is_shut() == []
    assert Browser().ask(DOOR, key="", name="one") == (404, {"code": "no-seat"})
    assert not hasattr(settings, "SEND_BURST")


# --- who comes in by it -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("door")
def test_the_right_key_is_a_login_like_any_other() -> None:
    browser = Browser()
    status, said = browser.ask(DOOR, key=KEY, name="one")
    assert (status, said["me"]["working_name"]) == (200, "bench one")
    assert browser.ask("me")[0] == 200
    again = Browser().ask(DOOR, key=KEY, name="one")[1]
    assert again == said, "the same person on another browser"


@pytest.mark.django_db
@pytest.mark.usefixtures("door")
def test_another_key_is_no_login(settings: Settings) -> None:
    browser = Browser()
    for key in ("", "k", KEY[:-1], KEY + "k", KEY.upper()):
        assert browser.ask(DOOR, key=key, name="one") == (403, {"code": "sign-in"})
    settings.UNSAFE_BENCH_KEY = ""
    assert browser.ask(DOOR, key="", name="one") == (403, {"code": "sign-in"}), (
        "even if somebody left the door in"
    )
    assert browser.ask("me")[0] == 401
    assert not Staff.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("door")
def test_nobody_real_comes_in_by_a_key() -> None:
    lin = hire("lin").staff
    status, said = Browser().ask(DOOR, key=KEY, name="lin")
    assert status == 200
    assert said["me"]["person"] != lin.person
    made_up = Staff.objects.get(sign_in_name="bench lin")
    assert made_up.demo, "the check that keeps demo people out of production knows it"
    assert not made_up.has_usable_password()

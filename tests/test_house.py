"""The rules of the house that are about files and words: sizes, names, locks, licences, texts."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from counsel.errors import ERRORS

ROOT: Final = Path(__file__).resolve().parent.parent
LANGUAGES: Final = ("zh", "en")
FOLDERS: Final = {".ci", "chat", "counsel", "deploy", "templates", "tests", "triage"}
LONGEST: Final = 350
CODE: Final = {".py", ".ts", ".tsx", ".mjs", ".css", ".html"}
NOT_WRITTEN_BY_HAND: Final = {
    f"counsel/client/{name}.ts" for name in ("contract", "staffContract", "referralContract")
}
NOBODYS_NAMES: Final = {"services", "utils", "util", "helpers", "managers", "signals", "misc"}
AGPL_SHA256: Final = "8486a10c4393cee1c25392769ddd3b2d6c242d6ec7928e1414efff7dfb2f07ef"
"""Of LICENSE: the text of the AGPL 3.0 as the FSF gives it."""

# Put together here so that this file does not find itself.
UNFINISHED: Final = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X")))
HIDDEN_TESTS: Final = re.compile(r"mark\.(skip|xfail)|\b(test|it|describe)\.(skip|todo|only)\(")
OUTSIDE: Final = re.compile(
    r"/(work|root|home/\w+)/|\.\./shared|pypi\.org|npmjs|(google|baidu|cloudflare|jsdelivr|unpkg)\w*\."
    r"|sentry|analytics|telemetry",
    re.IGNORECASE,
)
"""This machine, or somebody else's: nothing that runs for a person may name either."""
ON_SCREEN: Final = {
    "zh": re.compile(r"会话|用户|系统异常|错误|红色|患者|请您知悉|[!!]"),
    "en": re.compile(r"\b(user|session|error|patient|red)s?\b|!", re.IGNORECASE),
}
ACCEPTED: Final = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software|Unlicense|ZPL|Zope|LGPL|MPL|TCL", re.IGNORECASE
)
"""Licences of Python packages the server may stand on: none forbids the AGPL-3.0-or-later."""


def tracked() -> list[str]:
    """What git knows, as paths from the root; new files that are not ignored too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [path for path in listed.split("\0") if path and (ROOT / path).is_file()]


def code() -> Iterator[tuple[str, str]]:
    """Every file of code with its content."""
    for path in tracked():
        if Path(path).suffix in CODE and path not in NOT_WRITTEN_BY_HAND:
            yield path, (ROOT / path).read_text(encoding="utf-8")


def catalogue(language: str) -> dict[str, str]:
    """The sentences of one language by their dotted path."""
    nested = json.loads((ROOT / "counsel/locale" / f"{language}.json").read_text(encoding="utf-8"))
    return dict(_flat(nested, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{path}.{index}")
    else:
        yield path, str(value)


# --- files ------------------------------------------------------------------------------------


def test_the_top_level_holds_the_agreed_folders_and_files() -> None:
    assert {path.split("/")[0] for path in tracked() if "/" in path} <= FOLDERS


def test_no_file_is_too_long_to_read() -> None:
    # A style sheet is a list that nobody reads through; everything else is.
    read = ((path, text.count("\n")) for path, text in code() if not path.endswith(".css"))
    long = {path: lines for path, lines in read if lines > LONGEST}
    assert not long, "a file this long wants a better noun"


def test_modules_are_named_for_what_they_know() -> None:
    assert not [path for path, _ in code() if Path(path).stem.lower() in NOBODYS_NAMES]


def test_nothing_is_left_unfinished_and_no_test_is_hidden() -> None:
    for path, text in code():
        assert not UNFINISHED.search(text), path
        assert path.startswith("tests/test_house") or not HIDDEN_TESTS.search(text), path


def test_no_test_waits_inside_a_page_that_forbids_it() -> None:
    # Such a wait asks by `eval`: it passes only where its first look succeeds, by chance.
    for path, text in code():
        assert path == "tests/test_house.py" or "wait_for_function(" not in text, path


def test_what_runs_for_people_names_no_other_machine() -> None:
    for path, text in code():
        if not path.startswith("tests/"):
            assert not OUTSIDE.search(text), f"{path}: {OUTSIDE.search(text)}"


# --- texts ------------------------------------------------------------------------------------


def test_the_languages_have_the_same_sentences() -> None:
    first, *others = (set(catalogue(language)) for language in LANGUAGES)
    for other in others:
        assert first ^ other == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence(language: str) -> None:
    sentences = catalogue(language)
    codes = [f"errors.{error.code}" for error in ERRORS]
    refusals = (ROOT / "counsel/client/refusal.ts").read_text(encoding="utf-8")
    listed = re.search(r"REFUSALS = \[(.*?)\]", refusals, re.DOTALL)
    assert listed
    codes += [f"refusals.{code}" for code in re.findall(r'"([a-z-]+)"', listed[1])]
    assert [code for code in codes if not sentences.get(code, "").strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_on_screen_are_ours(language: str) -> None:
    bad = {
        path: text for path, text in catalogue(language).items() if ON_SCREEN[language].search(text)
    }
    assert bad == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_holes_in_a_sentence_are_the_same_in_every_language(language: str) -> None:
    first = catalogue(LANGUAGES[0])
    for path, text in catalogue(language).items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", first[path])), path


# --- locks and licences -------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_python_locks_hold_exact_versions_with_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|^-|^\./|@ ", text, re.MULTILINE)
    for requirement in text.replace("\\\n", " ").splitlines():
        assert re.match(r"[a-z0-9][a-z0-9.-]*==\S+ .*--hash=sha256:[0-9a-f]{64}", requirement)


def test_client_packages_are_exact_and_locked_without_addresses() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    assert asked["ts-mls"] == locked["node_modules/ts-mls"]["version"] == "1.6.4"
    for path, package in locked.items():
        assert "resolved" not in package, path
        assert not path or package["integrity"].startswith("sha512-"), path


def test_the_licence_is_the_agpl_and_everything_says_so() -> None:
    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == AGPL_SHA256
    for path in ("package.json", "pyproject.toml"):
        assert "AGPL-3.0-or-later" in (ROOT / path).read_text(encoding="utf-8"), path
    # One licence for all: no file says its own.
    header = "SPDX-License" + "-Identifier"
    assert not [path for path, text in code() if header in text]


def test_every_python_package_of_the_service_has_an_accepted_licence() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for package in re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE):
        try:
            about = importlib.metadata.metadata(package)
        except importlib.metadata.PackageNotFoundError:
            continue  # its marker is for another Python
        said = list(about.get_all("License-Expression") or [])
        said += [line[:60] for line in about.get_all("License") or []]
        said += [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
        assert ACCEPTED.search(" ".join(said)), f"{package}: {said}"

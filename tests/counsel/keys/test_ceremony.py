"""Two people, an offline machine: what they may issue, and what one of them alone cannot."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management.base import CommandError

from counsel.certificates import verify_identity, verify_issuer
from counsel.errors import ValueRefusedError
from counsel.keys import ceremony as verbs
from counsel.keys import codes
from counsel.keys.box import Box
from counsel.keys.lockbox import Passphrases, check_passphrases
from counsel.keys.log import open_log, require_logged
from counsel.statements import decode, encode, public_key
from tests.counsel.keys.rehearsal import BOTH, SUN, WANG, begun, ceremony

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "codes.json").read_text()
)


def browser(role: str = "supervisor", what: str = codes.DEVICE) -> codes.Request:
    key = public_key(Ed25519PrivateKey.generate())
    return codes.Request(what, key, f"person of a {role}", role, "周")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return begun(tmp_path / "ceremony")


def test_the_keys_open_only_with_both_passphrases_and_for_their_owner_only(folder: Path) -> None:
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    pem = (folder / "root.pem").read_bytes()
    assert load_pem_private_key(pem, f"{SUN} {WANG}".encode())
    for alone in (SUN, WANG, f"{WANG} {SUN}"):
        with pytest.raises(ValueError, match="password"):
            load_pem_private_key(pem, alone.encode())
    with pytest.raises(CommandError, match="do not open"):
        ceremony(folder, "head", both=Passphrases(SUN, SUN + " again"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SUN, SUN),
        (SUN, SUN.upper()),
        (SUN, f"and {SUN}"),
        (SUN, "too short, this"),
        ("aaaa aaaa aaaa aaaa aaaa", WANG),
        (SUN, f" {WANG}"),
        ("", WANG),
    ],
)
def test_weak_or_equal_passphrases_are_refused(tmp_path: Path, first: str, second: str) -> None:
    with pytest.raises(ValueRefusedError):
        check_passphrases(Passphrases(first, second))
    with pytest.raises(CommandError):
        ceremony(tmp_path / "c", "root", "--name", "x", both=Passphrases(first, second))
    assert not (tmp_path / "c").exists()


def test_a_root_is_drawn_once_and_is_no_demo(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"root\.pem"):
        ceremony(folder, "root", "--name", "another")
    with pytest.raises(CommandError, match=r"issuer\.pem"):
        ceremony(folder, "issuer", "--offline", "another")
    assert not Box(folder).root().demo
    assert Box(folder).root().name == "示例工会"


@pytest.mark.parametrize("role", ["counsellor", "supervisor", "administrator"])
def test_a_browser_is_certified_by_its_request_and_every_client_would_believe_it(
    folder: Path, role: str
) -> None:
    request = browser(role)
    said = ceremony(folder, "device", "--request", codes.write_request(request))
    assert any(codes.digits_of_key(request.key) in line for line in said)
    identity = codes.read_answer(said[said.index("The answer code:") + 1])
    root, now = Box(folder).root(), datetime.now(UTC)
    member = verify_identity(identity, root=root, leaf_key=request.key, now=now)
    assert (member.role, member.person, member.name) == (role, request.person, "周")
    log = open_log((folder / "staff-log.bin").read_bytes(), root=root)
    require_logged(log.rows, member)
    bundle = Box(folder).bundle()
    assert identity in bundle.identities
    assert bundle.log == (folder / "staff-log.bin").read_bytes()


def test_a_supervisors_browser_becomes_an_issuer_of_counsellors_and_of_nobody_else(
    folder: Path,
) -> None:
    request = browser(what=codes.ISSUER)
    said = ceremony(folder, "issuer", "--request", codes.write_request(request))
    answer = codes.read_answer(said[said.index("The answer code:") + 1])
    issuer = verify_issuer(answer, root=Box(folder).root())
    assert (issuer.offline, issuer.key) == (False, request.key)
    assert issuer.roles == {"counsellor"}
    assert issuer.duties == {"counsellor", "supervisor"}
    assert answer in Box(folder).bundle().issuers


@pytest.mark.parametrize(
    ("verb", "request_"),
    [
        ("issuer", browser("counsellor", codes.ISSUER)),
        ("issuer", browser("administrator", codes.ISSUER)),
        ("issuer", browser("supervisor", codes.DEVICE)),
        ("device", browser("supervisor", codes.ISSUER)),
        ("device", browser("auditor")),
    ],
)
def test_nobody_gets_what_their_role_does_not_have(
    folder: Path, verb: str, request_: codes.Request
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(CommandError):
        ceremony(folder, verb, "--request", codes.write_request(request_))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_is_revoked_by_its_answer_code_holds_no_longer(folder: Path) -> None:
    request = browser()
    said = ceremony(folder, "device", "--request", codes.write_request(request))
    answer = said[said.index("The answer code:") + 1]
    ceremony(folder, "revoke", "--answer", answer)
    assert Box(folder).rows().revoked == {1}
    for place in ("1", "2", "7"):
        with pytest.raises(CommandError, match="no certificate that holds"):
            ceremony(folder, "revoke", "--row", place)
    with pytest.raises(CommandError, match="certificate-revoked"):
        ceremony(folder, "revoke", "--row", "0")  # the issuer whose signature would say so


def test_the_next_offline_issuer_takes_the_lost_one_back(folder: Path) -> None:
    (folder / "issuer.pem").unlink()
    ceremony(folder, "issuer", "--offline", "the other safe")
    ceremony(folder, "revoke", "--row", "0")
    assert Box(folder).rows().revoked == {0}


def test_the_servers_log_is_taken_along_only_if_it_goes_on_where_ours_ends(
    folder: Path, tmp_path: Path
) -> None:
    old = (folder / "staff-log.bin").read_bytes()
    ceremony(folder, "device", "--request", codes.write_request(browser()))
    newer, stick = (folder / "staff-log.bin").read_bytes(), tmp_path / "stick.bin"
    stick.write_bytes(old)
    with pytest.raises(CommandError, match="log-behind"):
        ceremony(folder, "log", str(stick))
    (folder / "staff-log.bin").write_bytes(old)
    stick.write_bytes(newer)
    assert ceremony(folder, "log", str(stick)) == ["The log here has 2 rows now."]
    stick.write_bytes((begun(tmp_path / "other") / "staff-log.bin").read_bytes())
    with pytest.raises(CommandError, match="not to be believed"):
        ceremony(folder, "log", str(stick))


def test_a_machine_whose_clock_fell_back_signs_nothing(folder: Path) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(ValueRefusedError, match="clock"):
        verbs.sign_head(Box(folder), BOTH, now=yesterday)


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_a_request_is_written_as_the_browser_writes_it(case: dict[str, Any]) -> None:
    request = codes.read_request(case["code"])
    told = {"what": request.what, "person": request.person, "role": request.role}
    assert told | {"name": request.name, "key": encode(request.key)} == case["request"]
    assert codes.digits_of_key(request.key) == case["digits"]
    assert codes.read_request(codes.write_request(request)) == request


def test_a_line_that_was_not_copied_whole_is_no_code() -> None:
    code = codes.write_request(browser())
    another = encode(decode(code).replace("周".encode(), "吴".encode()))
    for slip in (
        another,
        code[:-1],
        code[1:],
        code.replace(code[9], "A" if code[9] != "A" else "B"),
        "",
    ):
        with pytest.raises(ValueRefusedError):
            codes.read_request(slip)
    assert codes.read_request(f"{code[:40]}\n  {code[40:]} ")

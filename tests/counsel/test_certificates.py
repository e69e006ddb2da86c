"""Nobody becomes staff without the organisation's word. The vectors are the browser's too."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from counsel.certificates import is_local, verify_duty, verify_identity, verify_root
from counsel.keys.issuing import Holder, Powers, make_device, make_duty, make_issuer
from counsel.keys.log import open_log, require_logged, require_logged_duty
from counsel.statements import CertificateError, Refusal, decode, encode, public_key

VECTORS = Path(__file__).parents[1] / "vectors"
FILE: dict[str, Any] = json.loads((VECTORS / "statements.json").read_text())
CASES: list[dict[str, Any]] = FILE["cases"]


def judge(case: dict[str, Any]) -> dict[str, Any]:
    """What our verifier says: a member, or the code of its refusal."""
    now = None
    if case["now"] is not None:
        now = datetime.strptime(case["now"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    try:
        root = verify_root(decode(case["root"]), host=case["host"], now=now)
        rows = open_log(decode(case["log"] or FILE["log"]), root=root).rows
        member = verify_identity(
            decode(case["identity"]), root=root, leaf_key=decode(case["leaf_key"]), now=now
        )
        if now is not None:
            require_logged(rows, member)
        until = None
        if case["duty"] is not None:
            duty = verify_duty(decode(case["duty"]), root=root, member=member, now=now)
            until = duty.last
            if now is not None:
                require_logged_duty(rows, duty)
    except CertificateError as error:
        return {"verdict": error.code.value}
    return {
        "verdict": "ok",
        "member": {
            "person": member.person,
            "role": member.role,
            "name": member.name,
            "demo": member.demo,
            "duty_until": until and until.strftime("%Y-%m-%dT%H:%MZ"),
        },
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_chain_is_believed_or_refused_for_the_right_reason(case: dict[str, Any]) -> None:
    expected = {key: case[key] for key in ("verdict", "member") if key in case}
    assert judge(case) == expected


def test_every_reason_for_refusal_is_among_the_vectors() -> None:
    assert {case["verdict"] for case in CASES} == {"ok"} | {code.value for code in Refusal}


def test_the_vectors_are_fresh() -> None:
    render: Callable[[], str] = runpy.run_path(str(VECTORS / "make_statements.py"))["render"]
    assert (VECTORS / "statements.json").read_text() == render()


def test_only_the_readers_own_machine_is_local() -> None:
    assert {host: is_local(host) for host in FILE["hosts"]} == FILE["hosts"]


@settings(max_examples=150)
@given(st.data())
def test_a_changed_bit_anywhere_is_refused(data: st.DataObject) -> None:
    case = CASES[0]
    part = data.draw(st.sampled_from(["root", "identity", "duty", "leaf_key", "log"]))
    whole = bytearray(decode(case[part] or FILE[part]))
    at = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[at // 8] ^= 1 << at % 8
    assert judge({**case, part: encode(bytes(whole))})["verdict"] != "ok"


@settings(max_examples=150)
@given(st.binary(max_size=400), st.binary(max_size=400))
def test_random_bytes_are_refused_with_a_code(identity: bytes, duty: bytes) -> None:
    case = {**CASES[0], "identity": encode(identity)}
    assert judge(case)["verdict"] in {Refusal.UNREADABLE, Refusal.FORGED}
    case = {**CASES[0], "duty": encode(duty)}
    assert judge(case)["verdict"] in {Refusal.UNREADABLE, Refusal.FORGED}


@settings(max_examples=150)
@given(st.binary(min_size=1, max_size=600), st.booleans())
def test_a_random_log_is_refused_with_a_code(noise: bytes, begins_well: bool) -> None:
    begun = decode(FILE["log"])[:-40] if begins_well else b""
    case = {**CASES[0], "log": encode(begun + noise)}
    assert judge(case)["verdict"] != "ok"


def test_a_server_whose_clock_is_right_counts_no_duty_before_it_begins() -> None:
    """A browser cannot tell that from a slow clock of its own, and goes by what was signed."""
    assert judge({**CASES[0], "now": "2026-03-10T19:44Z"})["verdict"] == Refusal.OFF_DUTY


def test_nothing_is_made_that_would_be_refused_as_too_long() -> None:
    issuer = Ed25519PrivateKey.generate()
    first = date(2026, 1, 1)
    lin, key = Holder("p", "counsellor", "林"), public_key(issuer)
    with pytest.raises(ValueError, match="90 days"):
        make_device(issuer, holder=lin, key=key, first=first, last=first + timedelta(days=91))
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    shift = {"from_at": noon, "until_at": noon + timedelta(hours=5)}
    with pytest.raises(ValueError, match="one shift"):
        make_duty(issuer, device=b"x", size=0, head=bytes(32), **shift)


@pytest.mark.parametrize("roles", [("supervisor",), ("counsellor", "administrator")])
def test_a_device_on_line_is_never_made_an_issuer_of_more_than_counsellors(
    roles: tuple[str, ...],
) -> None:
    root = Ed25519PrivateKey.generate()
    powers = Powers(roles, ("counsellor",), daily=10, name="周", offline=False)
    days = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    with pytest.raises(ValueError, match="offline"):
        make_issuer(root, key=public_key(root), powers=powers, **days)


@pytest.mark.parametrize("text", ["a", "ab=", "a b", "+/+/", "AB"])
def test_base64url_has_one_right_spelling(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64url|spelling|padded|characters"):
        decode(text)

"""What a ceremony gives to the server: the log, and the statements its rows stand for. Pure.

A text file, JSON: {"bundle": 1, "root", "log", "issuers": [...], "identities": [...]}, everything in
base64url. There is nothing secret in it, and nothing in it is believed unchecked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from counsel.errors import ValueRefusedError
from counsel.statements import decode, encode


@dataclass(frozen=True, slots=True)
class Bundle:
    """`root` is the root statement, `log` a whole log file (`keys/log.py`), `issuers` issuer
    statements, `identities` issuer statement and device statement each."""

    root: bytes
    log: bytes
    issuers: tuple[bytes, ...] = ()
    identities: tuple[bytes, ...] = ()


def write_bundle(bundle: Bundle) -> str:
    """The file's text."""
    whole = {
        "bundle": 1,
        "root": encode(bundle.root),
        "log": encode(bundle.log),
        "issuers": [encode(one) for one in bundle.issuers],
        "identities": [encode(one) for one in bundle.identities],
    }
    return json.dumps(whole, indent=1) + "\n"


def read_bundle(text: str) -> Bundle:
    """Raises `ValueRefusedError` for anything else."""
    try:
        whole: Any = json.loads(text)
        if whole["bundle"] != 1:
            raise ValueError("another version")
        issuers, identities = (tuple(map(decode, whole[n])) for n in ("issuers", "identities"))
        return Bundle(decode(whole["root"]), decode(whole["log"]), issuers, identities)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueRefusedError(f"This is no bundle of a ceremony: {error}.") from error

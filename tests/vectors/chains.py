"""The cast of `statements.json`: whose keys, whose certificates, and one changed at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel.keys.issuing import Powers, make_issuer, make_root
from counsel.keys.log import chain_over, issued
from counsel.statements import (
    CertificateError,
    Kind,
    encode,
    first_statement,
    public_key,
    sign_statement,
)

NOW = "2026-03-10T20:30Z"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
QUARTER = (date(2026, 2, 1), date(2026, 5, 2))
ACTORS = ("root", "demo-root", "issuer", "desk", "lin", "zhou", "mallory")


def seed(name: str) -> bytes:
    """The private key of an actor, as its 32-byte seed."""
    return hashlib.sha256(b"counsel test vector: " + name.encode()).digest()


def private(name: str) -> Ed25519PrivateKey:
    """The same as a key that signs."""
    return Ed25519PrivateKey.from_private_bytes(seed(name))


def public(name: str) -> bytes:
    """The 32 bytes others know an actor by."""
    return public_key(private(name))


def device(signer: str, **changed: object) -> bytes:
    """Lin's device statement with some fields changed, signed by anybody."""
    fields: dict[str, object] = {
        "person": "AAAAAAAAAAAAAAAAAAAAAA",
        "role": "counsellor",
        "name": "林",
        "key": encode(public("lin")),
        "issuer": encode(public(signer)),
        "salt": encode(b"salt of Lin     "),
    }
    days = [day.isoformat() for day in QUARTER]
    first, last = str(changed.pop("first", days[0])), str(changed.pop("last", days[1]))
    return sign_statement(private(signer), Kind.DEVICE, first, last, fields | changed)


def issuer(signer: str, **changed: object) -> bytes:
    """The offline issuer's statement with some fields changed, signed by anybody."""
    fields: dict[str, object] = {
        "key": encode(public("issuer")),
        "roles": ["counsellor", "supervisor"],
        "duties": ["counsellor", "supervisor"],
        "daily": 40,
        "name": "保险柜",
        "offline": True,
        "root": encode(public(signer)),
    }
    days = [day.isoformat() for day in YEAR]
    first, last = str(changed.pop("first", days[0])), str(changed.pop("last", days[1]))
    return sign_statement(private(signer), Kind.ISSUER, first, last, fields | changed)


def duty(signer: str, first: str, last: str, **changed: object) -> bytes:
    """A duty statement for Lin's device with some fields changed, signed by anybody."""
    known = chain_over(public("root"), ROWS)
    fields: dict[str, object] = {
        "certificate": encode(hashlib.sha256(LIN).digest()),
        "issuer": encode(public(signer)),
        "size": len(known) - 1,
        "head": encode(known[-1]),
    }
    return sign_statement(private(signer), Kind.DUTY, first, last, fields | changed)


def log_file(rows: bytes, *, by: bytes = b"", root: str = "root", **changed: object) -> bytes:
    """A log, its head signed by the offline issuer an hour before `NOW`, some fields changed."""
    signer = str(changed.pop("signer", "issuer"))
    known = chain_over(public(root), rows)
    fields: dict[str, object] = {
        "size": len(known) - 1,
        "hash": encode(known[-1]),
        "issuer": encode(public(signer)),
    }
    first = str(changed.pop("first", "2026-03-10T19:30Z"))
    last = str(changed.pop("last", first))
    head = sign_statement(private(signer), Kind.HEAD, first, last, fields | changed)
    return (by or ISSUER) + head + rows


def flip(data: bytes, at: int) -> bytes:
    """One bit changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


ROOT = make_root(private("root"), name="工会", demo=False, first=YEAR[0], last=YEAR[1])
DEMO_ROOT = make_root(private("demo-root"), name="演练", demo=True, first=YEAR[0], last=YEAR[1])
DAYS = {"first": YEAR[0], "last": YEAR[1]}
BOTH = ("counsellor", "supervisor")
EVERY = (*BOTH, "administrator")
ISSUER = make_issuer(
    private("root"), key=public("issuer"), powers=Powers(EVERY, BOTH, 40, "保险柜", True), **DAYS
)
DESK = make_issuer(
    private("root"),
    key=public("desk"),
    powers=Powers(("counsellor",), BOTH, 10, "周", False),
    **DAYS,
)
LIN = device("issuer")
ZHOU = device(
    "issuer",
    person="BBBBBBBBBBBBBBBBBBBBBA",
    role="supervisor",
    name="周",
    key=encode(public("zhou")),
    salt=encode(b"salt of Zhou    "),
)
ROWS = b"".join(issued(one) for one in (ISSUER, DESK, LIN, ZHOU))
SHIFT = ("2026-03-10T19:45Z", "2026-03-11T00:15Z")
DUTY = duty("issuer", *SHIFT)


def log_with(identity: bytes) -> bytes:
    """The log in which whatever this identity holds was issued, after all that is there anyway."""
    rows = ROWS
    try:
        statements = first_statement(identity)
    except CertificateError:
        statements = (b"", b"")
    for statement in statements:
        rows += b"" if issued(statement) in rows or not statement else issued(statement)
    return log_file(rows)


@dataclass(frozen=True)
class Case:
    """One chain and what a verifier has to say about it."""

    name: str
    verdict: str = "ok"
    root: bytes = ROOT
    host: str = "talk.example.org"
    identity: bytes = ISSUER + LIN
    leaf_key: bytes = public("lin")
    duty: bytes | None = ISSUER + DUTY
    log: bytes | None = None
    now: str | None = NOW
    person: str = "AAAAAAAAAAAAAAAAAAAAAA"
    role: str = "counsellor"
    called: str = "林"

    def as_json(self) -> dict[str, object]:
        """The row of the file. `log` null is the file's own."""
        log = self.log or log_with(self.identity)
        row: dict[str, object] = {
            "name": self.name,
            "root": encode(self.root),
            "host": self.host,
            "identity": encode(self.identity),
            "leaf_key": encode(self.leaf_key),
            "duty": None if self.duty is None else encode(self.duty),
            "log": None if log == log_file(ROWS) else encode(log),
            "now": self.now,
            "verdict": self.verdict,
        }
        if self.verdict == "ok":
            row["member"] = {
                "person": self.person,
                "role": self.role,
                "name": self.called,
                "demo": self.root == DEMO_ROOT,
                "duty_until": None if self.duty is None else SHIFT[1],
            }
        return row

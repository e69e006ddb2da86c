"""The cast of `statements.json`: whose keys, whose certificates, and one changed at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel.certificates import make_device, make_duty, make_issuer, make_root
from counsel.statements import Kind, encode, public_key, sign_statement

NOW = "2026-03-10T20:30Z"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
QUARTER = (date(2026, 2, 1), date(2026, 5, 2))
SHIFT = (datetime(2026, 3, 10, 19, 45, tzinfo=UTC), datetime(2026, 3, 11, 0, 15, tzinfo=UTC))
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


ROOT = make_root(private("root"), name="工会", demo=False, first=YEAR[0], last=YEAR[1])
DEMO_ROOT = make_root(private("demo-root"), name="演练", demo=True, first=YEAR[0], last=YEAR[1])
ISSUER = make_issuer(
    private("root"),
    key=public("issuer"),
    roles=["counsellor", "supervisor"],
    first=YEAR[0],
    last=YEAR[1],
)
DESK = make_issuer(
    private("root"), key=public("desk"), roles=["counsellor"], first=YEAR[0], last=YEAR[1]
)
LIN = make_device(
    private("issuer"),
    person="AAAAAAAAAAAAAAAAAAAAAA",
    role="counsellor",
    name="林",
    key=public("lin"),
    first=QUARTER[0],
    last=QUARTER[1],
)
ZHOU = make_device(
    private("issuer"),
    person="BBBBBBBBBBBBBBBBBBBBBA",
    role="supervisor",
    name="周",
    key=public("zhou"),
    first=QUARTER[0],
    last=QUARTER[1],
)
DUTY = make_duty(private("issuer"), device=LIN, from_at=SHIFT[0], until_at=SHIFT[1])


@dataclass(frozen=True)
class Case:
    """One chain and what a verifier has to say about it."""

    name: str
    verdict: str = "ok"
    root: bytes = ROOT
    host: str = "talk.example.org"
    identity: bytes = ISSUER + LIN
    leaf_key: bytes = public("lin")
    duty: bytes | None = DUTY
    now: str | None = NOW
    person: str = "AAAAAAAAAAAAAAAAAAAAAA"
    role: str = "counsellor"
    called: str = "林"

    def as_json(self) -> dict[str, object]:
        """The row of the file."""
        row: dict[str, object] = {
            "name": self.name,
            "root": encode(self.root),
            "host": self.host,
            "identity": encode(self.identity),
            "leaf_key": encode(self.leaf_key),
            "duty": None if self.duty is None else encode(self.duty),
            "now": self.now,
            "verdict": self.verdict,
        }
        if self.verdict == "ok":
            row["member"] = {
                "person": self.person,
                "role": self.role,
                "name": self.called,
                "demo": self.root == DEMO_ROOT,
                "duty_until": None if self.duty is None else SHIFT[1].strftime("%Y-%m-%dT%H:%MZ"),
            }
        return row


def device(signer: str, **changed: object) -> bytes:
    """Lin's device statement with some fields changed, signed by anybody."""
    fields: dict[str, object] = {
        "person": "AAAAAAAAAAAAAAAAAAAAAA",
        "role": "counsellor",
        "name": "林",
        "key": encode(public("lin")),
        "issuer": encode(public(signer)),
    }
    days = [day.isoformat() for day in QUARTER]
    first, last = str(changed.pop("first", days[0])), str(changed.pop("last", days[1]))
    return sign_statement(private(signer), Kind.DEVICE, first, last, fields | changed)


def issuer(signer: str, **changed: object) -> bytes:
    """The issuer statement with some fields changed, signed by anybody."""
    fields: dict[str, object] = {
        "key": encode(public("issuer")),
        "roles": ["counsellor", "supervisor"],
        "root": encode(public(signer)),
    }
    days = [day.isoformat() for day in YEAR]
    first, last = str(changed.pop("first", days[0])), str(changed.pop("last", days[1]))
    return sign_statement(private(signer), Kind.ISSUER, first, last, fields | changed)


def duty(signer: str, first: str, last: str, **changed: object) -> bytes:
    """A duty statement for Lin's device with some fields changed, signed by anybody."""
    fields: dict[str, object] = {
        "certificate": encode(hashlib.sha256(LIN).digest()),
        "issuer": encode(public(signer)),
    }
    return sign_statement(private(signer), Kind.DUTY, first, last, fields | changed)


def flip(data: bytes, at: int) -> bytes:
    """One bit changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

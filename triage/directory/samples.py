"""What a directory begins with: the national lines, and in a demo a province of samples, signed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel import demo
from counsel.keys import demo_issuer
from counsel.keys.issuing import make_directory
from counsel.models import Organisation, home
from counsel.statements import decode
from triage.directory import book, editions
from triage.directory.models import DirectoryRow
from triage.directory.nesting import Row, Rows, read_json

_HERE: Final = Path(__file__).resolve().parent
_REGION: Final = "44"
"""The province the samples pretend to lie in."""


def national() -> Rows:
    """Lines that hold for the whole country. Their hours are set locally, so none are claimed."""
    return read_json(json.loads((_HERE / "national.json").read_text(encoding="utf-8")))


def samples() -> Rows:
    """Services nobody runs. Every one says so, and dials a line that exists."""
    return read_json(json.loads((_HERE / "samples.json").read_text(encoding="utf-8")))


def draw(now: datetime) -> None:
    """The demo's directory: once. Samples count as vouched for on the day they are drawn."""
    ours = home()
    if DirectoryRow.objects.filter(organisation=ours).exists() or not demo_issuer.certifies():
        return
    today = now.date().isoformat()
    book.take_in(ours, [*national(), *samples()])
    named = DirectoryRow.objects.filter(organisation=ours, table="services")
    book.take_in(ours, [
        Row("services", one.identifier, {"id": one.identifier, "assured_date": today})
        for one in named
    ])  # fmt: skip
    _sign(ours, now)


def _sign(ours: Organisation, now: datetime) -> None:
    edition = editions.draft(ours, _REGION, now=now)
    digest, drawn = bytes(edition.digest), demo.drawn()
    issuer = Ed25519PrivateKey.from_private_bytes(decode(drawn["issuer"]))
    said = make_directory(issuer, region=_REGION, version=edition.version, digest=digest, at=now)
    statement = decode(drawn["issuer_statement"]) + said
    editions.publish(ours, digest, statement, by=None, now=now)

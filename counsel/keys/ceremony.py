"""The ceremony: what only two people together issue, on a machine that is on no network.

`manage.py ceremony` is its edge: it asks, and says what was done. The files are `keys/box.py`; nothing
here needs a database. Everything raises `ValueRefusedError` with a sentence for the two people.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel import limits
from counsel.certificates import IN_TALKS, ONLINE_ROLES, Root
from counsel.errors import ValueRefusedError
from counsel.keys import codes
from counsel.keys.box import Box, Fresh
from counsel.keys.issuing import Holder, Powers, make_device, make_issuer, make_root
from counsel.keys.lockbox import Passphrases, check_passphrases
from counsel.keys.log import Rows, issued, revoked
from counsel.statements import CertificateError, commitment_of, first_statement, public_key

ROOT_FOR: Final = timedelta(days=3650)
"""How long a root holds: another one means new pages on every phone at once."""
OFFLINE_FOR: Final = timedelta(days=3 * 365)
"""How long the offline issuer holds: a term of office."""
ONLINE_FOR: Final = timedelta(days=365)
"""How long a supervisor's browser may issue before two people look at it again."""
OFFLINE_DAILY: Final = 100
ONLINE_DAILY: Final = 20
"""Certificates a day: an induction evening, and not a stolen laptop's whole night."""
_TALKS: Final = tuple(sorted(IN_TALKS))
_EVERY: Final = (*_TALKS, "administrator", "desk")


def draw_root(box: Box, both: Passphrases, *, name: str, now: datetime) -> Root:
    """A root of ten years for an organisation of this name."""
    check_passphrases(both)
    if not name.strip():
        raise ValueRefusedError("The root carries the organisation's name.")
    private, first = Ed25519PrivateKey.generate(), now.astimezone(UTC).date()
    box.lock("root.pem", private, both)
    box.keep_root(make_root(private, name=name, demo=False, first=first, last=first + ROOT_FOR))
    return box.root()


def draw_offline_issuer(box: Box, both: Passphrases, *, name: str, now: datetime) -> Rows:
    """The issuer that lies in the safe: certifies every role, puts people on duty, signs the log."""
    root, private = box.open_root_key(both), Ed25519PrivateKey.generate()
    powers = Powers(_EVERY, _TALKS, OFFLINE_DAILY, name, offline=True)
    statement = _issuer(root, public_key(private), powers, OFFLINE_FOR, now)
    box.lock("issuer.pem", private, both)
    return box.add(Fresh((issued(statement),), issuers=(statement,)), private, now=now)


def admit_issuer(box: Box, both: Passphrases, *, request: codes.Request, now: datetime) -> bytes:
    """A supervisor's browser may certify counsellors and put people on duty, for a year.

    Gives the issuer statement.
    """
    if request.what != codes.ISSUER or request.role != "supervisor":
        raise ValueRefusedError("Only a supervisor's browser may ask to be an issuer.")
    root, offline = box.open_root_key(both), box.open_issuer_key(both)
    powers = Powers(tuple(ONLINE_ROLES), _TALKS, ONLINE_DAILY, request.name, offline=False)
    statement = _issuer(root, request.key, powers, ONLINE_FOR, now)
    box.add(Fresh((issued(statement),), issuers=(statement,)), offline, now=now)
    return statement


def _issuer(
    root: Ed25519PrivateKey, key: bytes, powers: Powers, holds: timedelta, now: datetime
) -> bytes:
    first = now.astimezone(UTC).date()
    return make_issuer(root, key=key, powers=powers, first=first, last=first + holds)


def certify_device(box: Box, both: Passphrases, *, request: codes.Request, now: datetime) -> bytes:
    """The offline issuer certifies a browser for ninety days, whatever the role of its person.

    Gives the identity: issuer statement, device statement.
    """
    if request.what != codes.DEVICE or request.role not in _EVERY:
        raise ValueRefusedError(f"No browser is certified for this ({request.role}).")
    offline, first = box.open_issuer_key(both), now.astimezone(UTC).date()
    holder = Holder(request.person, request.role, request.name, request.desk)
    last = first + limits.DEVICE_CERTIFIED_FOR
    statement = make_device(offline, holder=holder, key=request.key, first=first, last=last)
    identity = box.own_statement(offline) + statement
    box.add(Fresh((issued(statement),), identities=(identity,)), offline, now=now)
    return identity


def revoke(box: Box, both: Passphrases, *, place: int, now: datetime) -> Rows:
    """What row `place` of the log stands for holds no longer."""
    rows = box.rows()
    if place not in rows.places.values() or place in rows.revoked:
        raise ValueRefusedError(f"Row {place} of the log is no certificate that holds.")
    return box.add(Fresh((revoked(place),)), box.open_issuer_key(both), now=now)


def place_of(box: Box, answer: bytes) -> int:
    """Which row stands for what an answer code gave: an issuer, or an identity's device."""
    try:
        statement, more = first_statement(answer)
    except CertificateError as error:
        raise ValueRefusedError(str(error)) from error
    place = box.rows().places.get(commitment_of(more or statement))
    if place is None:
        raise ValueRefusedError("The log knows nothing of this code.")
    return place


def sign_head(box: Box, both: Passphrases, *, now: datetime) -> Rows:
    """The same log under today's date."""
    return box.add(Fresh(), box.open_issuer_key(both), now=now)

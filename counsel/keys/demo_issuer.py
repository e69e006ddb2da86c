"""The issuer of a demo: certifies every browser by itself, because its key lies on the server.

That is why its root says that it is a demo, and why no page under a public name believes it. The log
is a real one all the same: every card is a row of it, under a signed head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from counsel import demo, limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import name_key, record
from counsel.certificates import verify_identity, verify_issuer
from counsel.errors import IllegalTransitionError, LostRaceError
from counsel.keys import cards, ledger
from counsel.keys.issuing import Holder, Powers, make_device, make_duty, make_head, make_issuer
from counsel.keys.log import Log, issued
from counsel.keys.models import DeviceCard, IssuerCard
from counsel.keys.root import trusted_root
from counsel.lifecycle import Role
from counsel.models import Staff
from counsel.statements import decode, first_statement

_ISSUED_BEFORE: Final = timedelta(days=1)
"""A demo certificate begins a day ago, because clocks and zones differ."""
_TRIES: Final = 20
"""Browsers that come at the same instant append one after the other."""
_ISSUER_FOR: Final = timedelta(days=365)
_ON_A_DEVICE: Final = ("counsellor",), ("counsellor", "supervisor"), 40
"""What a supervisor's browser may do: roles it certifies, roles it puts on duty, cards a day."""

T = TypeVar("T")


def certifies() -> bool:
    """Whether the pages trust the demo's root, so that nobody has to certify."""
    try:
        demo.refuse_unless_demo()
        return settings.ORG_ROOT in {"", demo.drawn()["root_statement"]}
    except demo.DemoError:
        return False


def begin(now: datetime) -> None:
    """The log begins with the demo's issuer; where it has begun, nothing happens."""
    statement = decode(demo.drawn()["issuer_statement"])
    key = verify_issuer(statement, root=trusted_root()).key
    if not IssuerCard.objects.filter(key=key).exists():
        _in_turn(lambda: _admit(statement, now))


def certify(staff: Staff, key: bytes, *, now: datetime) -> tuple[DeviceCard, bytes]:
    """The card of this person's browser, a new one only if need be, and a fresh duty statement.

    Raises `IllegalTransitionError` where pages trust another root: there a person certifies.
    """
    if not certifies():
        raise IllegalTransitionError("the pages trust another root than the demo's")
    begin(now)
    card = _good(staff, key, now) or _in_turn(lambda: _give(staff, key, now))
    if staff.role == Role.DESK:
        return card, b""  # a desk is on no duty: its letters wait
    rows, from_at = ledger.rows(), now - limits.DUTY_BEFORE
    statement = first_statement(bytes(card.identity))[1]
    duty = make_duty(
        _issuer(), device=statement, size=rows.size, head=rows.head,
        from_at=from_at, until_at=from_at + limits.DUTY_AT_MOST,
    )  # fmt: skip
    return card, decode(demo.drawn()["issuer_statement"]) + duty


def admit_issuer(staff: Staff, key: bytes, *, now: datetime) -> IssuerCard:
    """What a ceremony does elsewhere: the demo's root lets a supervisor's browser issue."""
    if not certifies():
        raise IllegalTransitionError("the pages trust another root than the demo's")
    begin(now)
    roles, duties, daily = _ON_A_DEVICE
    powers = Powers(roles=roles, duties=duties, daily=daily, name=staff.working_name, offline=False)
    first = _first_day(now)
    statement = make_issuer(
        _private("root"), key=key, powers=powers, first=first, last=first + _ISSUER_FOR
    )
    return _in_turn(lambda: _admit(statement, now))


def _good(staff: Staff, key: bytes, now: datetime) -> DeviceCard | None:
    """A card that counts and holds for a while."""
    card = cards.held(staff, key, now)
    good = card is not None and cards.counts(card) and not cards.is_due(card, now)
    return card if good else None


def _admit(statement: bytes, now: datetime) -> IssuerCard:
    """Its row, unless another process has just written it."""
    found = verify_issuer(statement, root=trusted_root())
    if there := IssuerCard.objects.filter(key=found.key).first():
        return there
    log = _append([issued(statement)], now)
    record(Kind.ISSUER_IMPORTED, by=None, thing=name_key(found.key), now=now)
    return IssuerCard.objects.create(
        key=found.key, statement=statement, name=found.name, offline=found.offline,
        place=log.rows.places[found.commitment], until=found.last.date(),
    )  # fmt: skip


def _give(staff: Staff, key: bytes, now: datetime) -> DeviceCard:
    if there := _good(staff, key, now):
        return there
    first = _first_day(now)
    device = make_device(
        _issuer(), holder=Holder(staff.person, staff.role, staff.working_name, staff.desk), key=key,
        first=first, last=first + limits.DEVICE_CERTIFIED_FOR,
    )  # fmt: skip
    identity = decode(demo.drawn()["issuer_statement"]) + device
    log = _append([issued(device)], now)
    member = verify_identity(identity, root=trusted_root(), leaf_key=key, now=now)
    return cards.keep(identity, member, staff, by=None, log=log, now=now)


def _append(rows: Sequence[bytes], now: datetime) -> Log:
    chain = ledger.rows()
    head = chain.head
    for row in rows:
        head = hashlib.sha256(head + row).digest()
    signed = make_head(_issuer(), size=chain.size + len(rows), head=head, at=now)
    whole = decode(demo.drawn()["issuer_statement"]) + signed
    return ledger.append(rows, size=chain.size, head=whole, now=now)


def _in_turn(write: Callable[[], T]) -> T:
    """Read anew and tried again, as long as somebody else appends first."""
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return write()
        except LostRaceError:
            continue
    raise LostRaceError("too many at once")


def _first_day(now: datetime) -> Any:
    return (now.astimezone(UTC) - _ISSUED_BEFORE).date()


def _issuer() -> Ed25519PrivateKey:
    return _private("issuer")


def _private(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(decode(demo.drawn()[name]))

"""An organisation with a root of its own, whose issuers sign as a ceremony and a browser would."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.utils import timezone

from counsel import demo, limits
from counsel.certificates import verify_issuer
from counsel.keys import cards, ledger
from counsel.keys.issuing import (
    Holder,
    Powers,
    make_device,
    make_directory,
    make_duty,
    make_head,
    make_issuer,
    make_root,
)
from counsel.keys.log import issued, revoked
from counsel.keys.models import DeviceCard, IssuerCard
from counsel.keys.root import trusted_root
from counsel.models import Staff
from counsel.statements import decode, encode, first_statement, public_key
from triage.directory.models import Edition

EVERYBODY: Final = ("counsellor", "supervisor", "administrator")
STANDING: Final = ("counsellor", "supervisor")
OFFLINE: Final = Powers(EVERYBODY, STANDING, daily=1000, name="safe", offline=True)
ON_A_DEVICE: Final = Powers(("counsellor",), STANDING, daily=3, name="周", offline=False)


@dataclass
class Signer:
    """An issuing key and the root's word about it."""

    private: Ed25519PrivateKey
    statement: bytes


@dataclass
class Office:
    """Trusted by these settings instead of a demo; its offline issuer is in the log already."""

    settings: LazySettings
    root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        first = self.now.date() - timedelta(days=30)
        self.days = {"first": first, "last": first + timedelta(days=700)}
        root = make_root(self.root, name="union", demo=False, **self.days)
        self.settings.ORG_ROOT, self.settings.MODE = encode(root), "rehearsal"
        self.safe = self.draw(OFFLINE)
        self.admit(self.safe)

    def draw(self, powers: Powers) -> Signer:
        """An issuing key, and the root's word; not in the log yet."""
        private = Ed25519PrivateKey.generate()
        key = public_key(private)
        return Signer(private, make_issuer(self.root, key=key, powers=powers, **self.days))

    def admit(self, signer: Signer) -> IssuerCard:
        """Its row in the log, and ours; as a bundle of the ceremony is imported."""
        size, head = self.head_over(issued(signer.statement), by=signer)
        log = ledger.append([issued(signer.statement)], size=size, head=head, now=self.now)
        found = verify_issuer(signer.statement, root=trusted_root())
        return IssuerCard.objects.create(
            key=found.key, statement=signer.statement, name=found.name, offline=found.offline,
            place=log.rows.places[found.commitment], until=found.last.date(),
        )  # fmt: skip

    def head_over(
        self, *rows: bytes, by: Signer | None = None, at: datetime | None = None
    ) -> tuple[int, bytes]:
        """How many rows there are, and a head over them and these behind them."""
        there, signer = ledger.rows(), by or self.safe
        chain = there.head
        for row in rows:
            chain = hashlib.sha256(chain + row).digest()
        size = there.size + len(rows)
        head = make_head(signer.private, size=size, head=chain, at=at or self.now)
        return there.size, signer.statement + head

    def identity(
        self, staff: Staff, key: bytes, *, by: Signer | None = None, days: int = 89, **changed: str
    ) -> bytes:
        """What an issuer states about this person's browser."""
        signer = by or self.safe
        said = {"person": staff.person, "role": staff.role, "name": staff.working_name, **changed}
        first = self.now.date() - timedelta(days=1)
        device = make_device(
            signer.private, holder=Holder(**said), key=key, first=first,
            last=first + timedelta(days=days),
        )  # fmt: skip
        return signer.statement + device

    def give(self, actor: Staff, staff: Staff, *, by: Signer | None = None) -> DeviceCard:
        """A browser of this person asked, and an issuer gave it a card."""
        key = secrets.token_bytes(32)
        request = cards.ask(staff, key, now=self.now)
        identity = self.identity(staff, key, by=by)
        size, head = self.head_over(issued(first_statement(identity)[1]), by=by)
        return cards.certify(
            actor, request.pk, identity=identity, size=size, head=head, now=self.now
        )

    def take_back(self, actor: Staff, card: DeviceCard) -> None:
        """An issuer revokes it."""
        size, head = self.head_over(revoked(card.place))
        cards.revoke(actor, [bytes(card.fingerprint)], size=size, head=head, now=self.now)

    def directory(self, edition: Edition, *, by: Signer | None = None, **changed: Any) -> bytes:
        """What an issuer states about a packed directory, or about one a little different."""
        signer = by or self.safe
        said: dict[str, Any] = {"region": edition.region, "version": edition.version}
        said |= {"at": self.now, "digest": bytes(edition.digest), **changed}
        return signer.statement + make_directory(signer.private, **said)

    def duty(
        self, card: DeviceCard, *, by: Signer | None = None, until_at: datetime | None = None
    ) -> bytes:
        """What an issuer states about this card's shift."""
        signer, rows = by or self.safe, ledger.rows()
        from_at = self.now - limits.DUTY_BEFORE
        duty = make_duty(
            signer.private, device=first_statement(bytes(card.identity))[1], size=rows.size,
            head=rows.head, from_at=from_at, until_at=until_at or from_at + limits.DUTY_AT_MOST,
        )  # fmt: skip
        return signer.statement + duty

    @classmethod
    def at_a_desk(cls, signer: Signer) -> Office:
        """The same hands with this issuer, wherever it was admitted."""
        office = object.__new__(cls)
        office.safe, office.now = signer, timezone.now()
        return office

    @classmethod
    def of_the_demo(cls) -> Office:
        """In a demo the only issuer's key lies on the server."""
        drawn = demo.drawn()
        private = Ed25519PrivateKey.from_private_bytes(decode(drawn["issuer"]))
        return cls.at_a_desk(Signer(private, decode(drawn["issuer_statement"])))

    def forked(self, card: DeviceCard) -> bytes:
        """A duty statement whose signer was shown another log of the same length."""
        from_at = self.now - limits.DUTY_BEFORE
        duty = make_duty(
            self.safe.private, device=first_statement(bytes(card.identity))[1],
            size=ledger.rows().size, head=bytes(32), from_at=from_at,
            until_at=from_at + limits.DUTY_AT_MOST,
        )  # fmt: skip
        return self.safe.statement + duty

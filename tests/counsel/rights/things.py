"""What a question can name, in every standing to whoever asks. Made where it is asked about."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from counsel.keys import cards, demo_issuer
from counsel.keys.models import DutyRequest
from counsel.lifecycle import Role, ShiftState
from counsel.models import Hotline, Invitation, Organisation, Passkey, Staff
from counsel.organisations import NATIONAL
from counsel.statements import Kind, encode, public_key, sign_statement
from tests.counsel.authenticator import Authenticator
from tests.counsel.keys.office import Office
from tests.counsel.rights import looked_in_on, told_stories
from tests.counsel.rights.cast import MARK, World
from tests.counsel.rights.passed_on import mail, referral, told
from triage.directory import book, editions
from triage.directory.models import Edition
from triage.directory.nesting import Row, read_json
from triage.models import STANDING, Escalation, Receiver, Shift


def colleague(world: World, role: str, standing: str) -> str:
    """A person."""
    found = {
        "own": world.seen_by(role),
        "other": world.chief.staff if role not in world.askers else world.mate.staff,
        "deleted": world.gone.staff,
        "elsewhere": world.outsider.staff,
    }
    return found[standing].person


def shift(world: World, role: str, standing: str) -> int:
    """A shift, by its number. It begins now, so that one can check in for it."""
    asks = world.seen_by(role)
    own_role = asks.role if asks.role in STANDING else Role.COUNSELLOR.value
    other_role = next(one.value for one in STANDING if one.value != own_role)
    held_by = {"own": asks, "other": world.chief.staff, "offered": world.chief.staff}
    now = timezone.now()
    return Shift.objects.create(
        organisation=world.elsewhere if standing == "elsewhere" else asks.organisation,
        role=other_role if standing == "post" else own_role,
        starts_at=now,
        ends_at=now + timedelta(hours=2),
        state={"deleted": "cancelled"}.get(standing, "taken" if standing in held_by else "open"),
        staff=held_by.get(standing),
        cover_wanted=standing == "offered",
    ).pk


def duty(world: World, role: str, standing: str) -> None:
    """That whoever asks is checked in, or not."""
    state = {"on": ShiftState.ON, "paused": ShiftState.PAUSE}.get(standing)
    asks, now = world.seen_by(role), timezone.now()
    if state is not None:
        Shift.objects.create(
            organisation=asks.organisation,
            role=asks.role if asks.role in STANDING else Role.COUNSELLOR.value,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=1),
            state=state.value,
            staff=asks,
            checked_in_at=now,
        )


def _invite(organisation: Organisation, by: Staff, **more: Any) -> Invitation:
    every: dict[str, Any] = {
        "kind": Invitation.JOIN,
        "organisation": organisation,
        "token_hash": secrets.token_bytes(32),
        "working_name": f"New {secrets.token_hex(3)}",
        "role": Role.COUNSELLOR.value,
        "asked_by": by,
        "expires_at": timezone.now() + timedelta(days=1),
    }
    return Invitation.objects.create(**every | more)


def _withdrawn(made: Invitation) -> int:
    number = made.pk
    made.delete()
    return number


def invitation(world: World, role: str, standing: str) -> int:
    """A link that was asked for, by its number."""
    asks = world.seen_by(role)
    by = asks if standing in {"own", "deleted"} else world.chief.staff
    where = world.elsewhere if standing == "elsewhere" else asks.organisation
    made = _invite(where, by)
    return _withdrawn(made) if standing == "deleted" else made.pk


def reset(world: World, role: str, standing: str) -> int:
    """A reset that was asked for, by its number."""
    asks = world.seen_by(role)
    by = asks if standing == "own" else world.chief.staff
    about = {"mine": asks, "elsewhere": world.outsider.staff}.get(standing, world.mate.staff)
    made = _invite(
        about.organisation, by, kind=Invitation.RESET, token_hash=None, staff=about,
        working_name=about.working_name,
    )  # fmt: skip
    return _withdrawn(made) if standing == "deleted" else made.pk


def link(world: World, role: str, standing: str) -> str:
    """The token of a link."""
    token = secrets.token_bytes(32)
    if standing == "guessed":
        return encode(token)
    age = timedelta(days=-1) if standing == "old" else timedelta(days=1)
    made = _invite(
        world.mate.staff.organisation, world.chief.staff, token_hash=sha256(token).digest(),
        expires_at=timezone.now() + age,
    )  # fmt: skip
    if standing == "deleted":
        made.delete()
    return encode(token)


def _register(staff: Staff, device: Authenticator) -> Passkey:
    device.handle = staff.person
    return Passkey.objects.create(
        staff=staff,
        credential_id=device.credential_id,
        public_key=cbor2.dumps(device.public_key()),
        name=MARK if staff.organisation.name == MARK else "phone",
        created_at=timezone.now(),
    )


def passkey(world: World, role: str, standing: str) -> str:
    """A passkey as its owner names it: the credential id."""
    asks = world.seen_by(role)
    whose = {"other": world.chief.staff, "elsewhere": world.outsider.staff}.get(standing, asks)
    device = Authenticator()
    made = _register(whose, device)
    if standing == "deleted":
        made.delete()
    return device.id


def device(world: World, role: str, standing: str) -> Authenticator:
    """A device in somebody's hand, that signs what it is asked."""
    asks, held = world.seen_by(role), Authenticator()
    if standing == "other":
        theirs = Authenticator()
        _register(world.chief.staff, theirs)
        held.credential_id, held.handle = theirs.credential_id, theirs.handle
    elif role in world.askers:
        made = _register(asks, held)
        if standing == "deleted":
            made.delete()
    return held


def hotline(world: World, role: str, standing: str) -> str:
    """A number."""
    if standing == "national":
        return NATIONAL[0]
    number = "0755 8888 9999"
    asks = world.seen_by(role)
    made = Hotline.objects.create(
        organisation=world.elsewhere if standing == "elsewhere" else asks.organisation,
        number=number, name=MARK if standing == "elsewhere" else "Night line", hours="20-24",
    )  # fmt: skip
    if standing == "deleted":
        made.delete()
    return number


def card(world: World, role: str, standing: str) -> str:
    """A card, by its fingerprint."""
    if standing == "deleted":
        return encode(secrets.token_bytes(32))
    asks = world.seen_by(role)
    whose = {"other": world.chief.staff, "elsewhere": world.outsider.staff}.get(standing, asks)
    if whose.role == Role.AUDITOR:
        whose = world.mate.staff
    private = Ed25519PrivateKey.generate()
    given, _ = demo_issuer.certify(whose, public_key(private), now=timezone.now())
    KEYS[bytes(given.fingerprint)] = private
    return encode(bytes(given.fingerprint))


def request(world: World, role: str, standing: str) -> int:
    """A browser that waits for a card, by its number."""
    asks = world.seen_by(role)
    whose = {"other": world.mate.staff, "elsewhere": world.outsider.staff}.get(standing, asks)
    made = cards.ask(whose, secrets.token_bytes(32), now=timezone.now())
    number = made.pk
    if standing == "deleted":
        made.delete()
    return number


def past(world: World, role: str, standing: str) -> int:
    """Danger that is over, by its number; or goes on, or never was."""
    if standing == "guessed":
        return 10_000_000
    now = timezone.now()
    state = {"deleted": "lost", "old": "erased"}.get(standing, "closed")
    return Escalation.objects.create(
        state=state, kind="now", step=1, raised_at=now, base_at=now, due_at=now
    ).pk


def receiver(world: World, role: str, standing: str, *, lead: bool = False) -> int:
    """A way to reach somebody, by its number."""
    asks = world.seen_by(role)
    whose = {"other": world.chief.staff, "elsewhere": world.outsider.staff}.get(standing, asks)
    made = Receiver.objects.create(
        organisation=whose.organisation,
        staff=None if lead and standing != "other" else whose,
        channel="wecom",
        address=secrets.token_hex(8),
        added_at=timezone.now(),
    )
    number = made.pk
    if standing == "deleted":
        made.delete()
    return number


def lead(world: World, role: str, standing: str) -> int:
    """A way to reach the lead, by its number."""
    return receiver(world, role, standing, lead=True)


def wait(world: World, role: str, standing: str) -> int:
    """Somebody who waits to be on duty, by the number of their request."""
    now = timezone.now()
    who = world.outsider.staff if standing == "elsewhere" else world.mate.staff
    given, _ = demo_issuer.certify(who, secrets.token_bytes(32), now=now)
    Shift.objects.create(
        organisation=who.organisation, role=who.role, staff=who, starts_at=now,
        ends_at=now + timedelta(hours=1), state="done" if standing == "deleted" else "on",
    )  # fmt: skip
    until = now + timedelta(hours=1)
    return DutyRequest.objects.create(card=given, asked_at=now, until_at=until).pk


def service(world: World, role: str, standing: str) -> str:
    """A service of the directory."""
    asks = world.seen_by(role)
    where = world.elsewhere if standing == "elsewhere" else asks.organisation
    name = MARK if standing == "elsewhere" else "legal aid"
    book.take_in(where, read_json({"id": "s1", "name": name, "status": "active", "region": "44"}))
    if standing == "deleted":
        book.drop(where, Row("services", "s1", {}))
    return "s1"


def draft(world: World, role: str, standing: str) -> Edition:
    """A packed directory that could be signed."""
    where = world.elsewhere if standing == "elsewhere" else world.seen_by(role).organisation
    made, office = editions.draft(where, "44", now=timezone.now()), Office.of_the_demo()
    if standing == "old":
        digest, now = bytes(made.digest), timezone.now()
        editions.publish(where, digest, office.directory(made), by=None, now=now)
    if standing == "deleted":
        Edition.objects.filter(pk=made.pk).delete()
    return made


def edition(world: World, role: str, standing: str) -> str:
    """A file of the directory, by its name."""
    made = draft(world, role, "old" if standing == "own" else standing)
    return "44" if standing in {"own", "unsigned"} else bytes(made.digest).hex()


KEYS: Final[dict[bytes, Ed25519PrivateKey]] = {}
"""The private keys of the cards made here, by fingerprint."""


def sealing_of(fingerprint: bytes) -> bytes:
    """What the browser of a card states about letters to it; one nobody was given has its own key."""
    private = KEYS.get(fingerprint) or Ed25519PrivateKey.generate()
    day = timezone.now().date().isoformat()
    fields = {"certificate": encode(fingerprint), "key": encode(secrets.token_bytes(32))}
    return sign_statement(private, Kind.SEALING, day, day, fields)


def nothing(world: World, role: str, standing: str) -> None:
    """Nothing is named."""


THINGS: Final[dict[str, Callable[[World, str, str], Any]]] = {
    "nothing": nothing,
    "colleague": colleague,
    "shift": shift,
    "duty": duty,
    "invitation": invitation,
    "reset": reset,
    "link": link,
    "passkey": passkey,
    "device": device,
    "hotline": hotline,
    "card": card,
    "request": request,
    "wait": wait,
    "service": service,
    "draft": draft,
    "edition": edition,
    "past": past,
    "receiver": receiver,
    "lead": lead,
    "my-talk": looked_in_on.my_talk,
    "followup": looked_in_on.followup,
    "referral": referral,
    "mailbox": mail,
    "story": told_stories.story,
    "said": told,
}

"""How somebody comes to work here: by a link that works once, and a password only they know.

An administrator names the working name and the role; name to sign in with, password and app are the
new person's own and are seen by nobody else. A lost factor comes back by such a link too, but that one
takes two people (`counsel/resets.py`).
"""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b32encode
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsel import limits, moment
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import (
    AccessError,
    InvitationError,
    NameTakenError,
    ThrottledError,
    ValueRefusedError,
)
from counsel.factors import check_password_rules, draw_recovery, set_app
from counsel.lifecycle import Role
from counsel.models import STAFF_ROLES, Invitation, Organisation, Staff, home
from counsel.places import DESKS
from counsel.signin import end_logins
from counsel.slowing import fold_name, hash_password
from counsel.statements import encode

_SHOWN: Final = "joining"
"""Where a browser's session keeps the secret it was shown, and for which link."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Who has come in, and the codes for the evening their phone is gone."""

    staff: Staff
    recovery: list[str]


# --- names --------------------------------------------------------------------------------------


def spell_working_name(name: str) -> str:
    """The one spelling of a working name. Raises `ValueRefusedError`."""
    return _visible("working", unicodedata.normalize("NFKC", name).strip(), 32)


def spell_sign_in_name(name: str) -> str:
    """The one spelling of a name to sign in with. Raises `ValueRefusedError`."""
    return _visible("sign-in", fold_name(name), 64)


def _visible(what: str, name: str, longest: int) -> str:
    if not name or len(name) > longest or not name.isprintable():
        raise ValueRefusedError(f"A {what} name has 1 to {longest} characters one can see.")
    return name


def check_role(role: str, desk: str = "") -> str:
    """One of the roles a person can be given; with `desk` that of a back office, and only with it.

    Raises `ValueRefusedError`.
    """
    if role not in STAFF_ROLES:
        raise ValueRefusedError(f"Use one of the roles {', '.join(STAFF_ROLES)}.")
    if (role == Role.DESK) != (desk in DESKS) or (desk and desk not in DESKS):
        raise ValueRefusedError(f"A desk, and nobody else, is one of {', '.join(DESKS)}.")
    return role


def lock(organisation: Organisation) -> None:
    """One change of its people at a time: who is the last of a role, whose name is whose."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def lock_for(actor: Staff) -> None:
    """The same, for somebody who is still who they were when they asked. Raises `AccessError`.

    Whoever is being suspended at this instant waits here, and decides nothing afterwards.
    """
    lock(actor.organisation)
    if not Staff.objects.filter(pk=actor.pk, role=actor.role, is_active=True).exists():
        raise AccessError("not any more")


# --- people -------------------------------------------------------------------------------------


@transaction.atomic
def enrol(
    *,
    sign_in_name: str,
    working_name: str,
    role: str,
    password: str,
    desk: str = "",
    demo: bool = False,
) -> tuple[Staff, TOTPDevice]:
    """A new member of staff and the device that shows their codes, without a link: from the shell.

    Raises `ValueRefusedError`, in a sentence for whoever typed it.
    """
    organisation = home()
    lock(organisation)
    staff = _person(organisation, sign_in_name, working_name, role, desk)
    staff.demo = demo
    staff.set_password(password)
    staff.save()
    record(Kind.ADDED, by=None, about=staff, now=moment.now())
    return staff, TOTPDevice.objects.create(user=staff, name="totp", confirmed=True)


def _person(
    organisation: Organisation, sign_in_name: str, working_name: str, role: str, desk: str
) -> Staff:
    """Somebody new, unsaved, under names nobody else has."""
    sign_in_name, working_name = spell_sign_in_name(sign_in_name), spell_working_name(working_name)
    taken = Q(sign_in_name=sign_in_name)
    taken |= Q(organisation=organisation, working_name__iexact=working_name)
    if Staff.objects.filter(taken).exists():
        raise NameTakenError("Somebody already has one of these names.")
    return Staff(
        organisation=organisation,
        sign_in_name=sign_in_name,
        working_name=working_name,
        role=check_role(role, desk),
        desk=desk,
        person=encode(secrets.token_bytes(16)),
    )


# --- links --------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    organisation: Organisation,
    *,
    working_name: str,
    role: str,
    asked_by: Staff | None,
    now: datetime,
    desk: str = "",
) -> str:
    """The token of a link that lets one new person join. It is kept as a hash: shown once.

    Raises `ValueRefusedError`, `NameTakenError`; `ThrottledError` when too many are open;
    `AccessError` when who asks is not who they were.
    """
    if asked_by is None:
        lock(organisation)
    else:
        lock_for(asked_by)
    forget_old(now)
    working_name, role = spell_working_name(working_name), check_role(role, desk)
    named = {"organisation": organisation, "working_name__iexact": working_name}
    invited = Invitation.objects.filter(kind=Invitation.JOIN, **named)
    if invited.exists() or Staff.objects.filter(**named).exists():
        raise NameTakenError("Somebody already has this name, or is invited under it.")
    refuse_too_many(organisation)
    token = secrets.token_bytes(32)
    Invitation.objects.create(
        kind=Invitation.JOIN,
        organisation=organisation,
        token_hash=hash_token(token),
        working_name=working_name,
        role=role,
        desk=desk,
        asked_by=asked_by,
        expires_at=now + limits.INVITED_FOR,
    )
    record(Kind.INVITED, by=asked_by, thing=role, now=now)
    return encode(token)


def refuse_too_many(organisation: Organisation) -> None:
    """All that are open are listed on one page. Raises `ThrottledError`."""
    if Invitation.objects.filter(organisation=organisation).count() >= limits.INVITATIONS:
        raise ThrottledError("many links are open", retry_after=60)


def withdraw(organisation: Organisation, link: int) -> None:
    """This link is worth nothing any more. Raises `AccessError`."""
    if not Invitation.objects.filter(organisation=organisation, pk=link).delete()[0]:
        raise AccessError("no such link")


def forget_old(now: datetime) -> None:
    """Rows of links that are too old go."""
    Invitation.objects.filter(expires_at__lte=now).delete()


def look(token: bytes, *, now: datetime, locked: bool = False) -> Invitation:
    """What a link is for. Raises `InvitationError`: used, withdrawn, too old or never there."""
    links = Invitation.objects.select_related("organisation", "staff")
    if locked:
        links = links.select_for_update(of=("self",))
    link = links.filter(token_hash=hash_token(token), expires_at__gt=now).first()
    if link is None or (link.staff is not None and not link.staff.is_active):
        raise InvitationError("no such link")
    return link


def show_app(kept: MutableMapping[str, Any], token: bytes, *, now: datetime) -> tuple[str, str]:
    """Secret (base32, as apps take it) and address for the app of whoever holds this link.

    The same each time in one browser, whose session `kept` is, so that a page loaded twice is one app;
    another in each other browser, so that whoever sent the link has not seen it. Raises `InvitationError`.
    """
    link = look(token, now=now)
    key = _shown(kept, token) or secrets.token_hex(20)
    kept[_SHOWN] = [encode(hash_token(token)), key]
    secret = b32encode(bytes.fromhex(key)).decode()
    issuer = settings.OTP_TOTP_ISSUER
    query = urlencode({"secret": secret, "issuer": issuer, "digits": 6, "period": 30})
    return secret, f"otpauth://totp/{quote(f'{issuer}:{link.working_name}')}?{query}"


def _shown(kept: MutableMapping[str, Any], token: bytes) -> str:
    """The secret (hex) this browser was shown for this link, empty when it was shown none."""
    link, key = kept.get(_SHOWN) or ("", "")
    return str(key) if link == encode(hash_token(token)) else ""


def finish(
    kept: MutableMapping[str, Any],
    token: bytes,
    *,
    sign_in_name: str,
    password: str,
    code: str,
    now: datetime,
) -> Joined:
    """The link is used: a new person, or fresh factors for the one it is about.

    Raises `InvitationError`, `WeakPasswordError`, `ValueRefusedError`, `NameTakenError`, and
    `SignInError` when the code is not the app's; the link is still good then.
    """
    link = look(token, now=now)
    name = link.staff.sign_in_name if link.staff else spell_sign_in_name(sign_in_name)
    check_password_rules(password, name, link.working_name)
    hashed = Staff()
    hash_password(hashed, password)  # outside the transaction: it takes a tenth of a second
    try:
        with transaction.atomic():
            lock(link.organisation)
            link = look(token, now=now, locked=True)
            kind = Kind.JOINED if link.staff is None else Kind.FACTORS_RESET
            if (staff := link.staff) is None:
                names = name, link.working_name
                staff = _person(link.organisation, *names, link.role, link.desk)
                staff.joined_at = now
            else:
                Staff.objects.select_for_update().get(pk=staff.pk)  # what they change now waits
                end_logins(staff)
                staff.passkeys.all().delete()
            staff.password = hashed.password
            staff.save()
            set_app(staff, _shown(kept, token) or secrets.token_hex(20), code)
            recovery = draw_recovery(staff)
            link.delete()
            record(kind, by=staff, now=now)
    except IntegrityError as error:  # another organisation's people sign in here too
        raise NameTakenError("taken a moment ago") from error
    return Joined(staff, recovery)


def hash_token(token: bytes) -> bytes:
    """What the table holds of a link."""
    return sha256(token).digest()  # 32 random bytes: nothing to guess, nothing to slow

"""Passkeys: a key on the person's own device, unlocked by them, that signs a challenge of ours.

The device is one factor and what unlocks it (a face, a finger, a PIN) the other: user verification is
required, so a passkey alone signs in, and does so while guesses at its owner's name are slowed. The
ceremony is WebAuthn Level 2, 7.1 and 7.2; `webauthn` checks type, challenge, origin, relying party,
presence, verification, signature and counter. What it leaves to us is here: that a challenge is this
browser's, young and used once; that the page was nobody's frame; that the credential is one of ours
and the handle in it that of its owner; and that a key is registered once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from counsel import limits
from counsel.errors import AccessError, PasskeyError, ValueRefusedError
from counsel.models import Login, Passkey, Staff
from counsel.signin import begin_login, forget_stale, key_of
from counsel.statements import decode, encode

_SIGNING_IN: Final = "passkey_sign_in"
_ADDING: Final = "passkey_add"
_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,  # Windows Hello with an older TPM
]
_FORMATS: Final = (AttestationFormat.NONE, AttestationFormat.PACKED)
"""We ask for no attestation; a key may sign for itself instead, which says nothing of its maker."""

V = TypeVar("V")


def relying_party() -> str:
    """What a passkey is bound to: the host of our one origin."""
    return urlsplit(settings.ORIGIN).hostname or ""


# --- signing in ---------------------------------------------------------------------------------


def ask_sign_in(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """What the browser is asked to sign, for any passkey it finds: no name is said."""
    forget_stale(now)
    options = generate_authentication_options(
        rp_id=relying_party(),
        challenge=_draw_challenge(request, _SIGNING_IN, now),
        timeout=_milliseconds(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    if not Login.objects.filter(session_key=key_of(request.session)).exists():
        request.session.set_expiry(limits.PASSKEY_WITHIN)
    return dict(options_to_json_dict(options))


def sign_in(request: HttpRequest, credential: dict[str, Any], *, now: datetime) -> Staff:
    """Whose passkey signed; this browser is theirs from here. Raises `PasskeyError`, saying nothing."""
    challenge = _take_challenge(request, _SIGNING_IN, now)
    _refuse_foreign_page(credential)
    with transaction.atomic():
        found = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("staff")
            .filter(credential_id=_octets(credential.get("id")), staff__is_active=True)
            .first()
        )
        if found is None or _handle(credential) != found.staff.person:
            raise PasskeyError("nobody's")
        verified = _verified(
            lambda: verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=relying_party(),
                expected_origin=settings.ORIGIN,
                credential_public_key=bytes(found.public_key),
                credential_current_sign_count=found.sign_count,
                require_user_verification=True,
            )
        )
        found.sign_count, found.used_at = verified.new_sign_count, now
        found.save(update_fields=["sign_count", "used_at"])
    begin_login(request, found.staff, now=now)
    return found.staff


# --- one's own passkeys -------------------------------------------------------------------------


def ask_new(request: HttpRequest, staff: Staff, *, now: datetime) -> dict[str, Any]:
    """What the browser is asked to make: a key that names its owner, unlocked by them each time."""
    owned = [PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in owned_by(staff)]
    options = generate_registration_options(
        rp_id=relying_party(),
        rp_name=relying_party(),
        user_id=decode(staff.person),
        user_name=staff.working_name,
        challenge=_draw_challenge(request, _ADDING, now),
        timeout=_milliseconds(),
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=owned,
        supported_pub_key_algs=_ALGORITHMS,
    )
    return dict(options_to_json_dict(options))


def add(
    request: HttpRequest, staff: Staff, credential: dict[str, Any], *, name: str, now: datetime
) -> Passkey:
    """One more passkey. Raises `PasskeyError`; `ValueRefusedError` past the eighth or for its name."""
    name = name.strip()
    if not name or len(name) > 32 or not name.isprintable():
        raise ValueRefusedError("a name of 1 to 32 characters one can see")
    challenge = _take_challenge(request, _ADDING, now)
    _refuse_foreign_page(credential)
    verified = _verified(
        lambda: verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=relying_party(),
            expected_origin=settings.ORIGIN,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    )
    if verified.fmt not in _FORMATS or len(verified.credential_id) > 1023:
        raise PasskeyError("not what was asked for")
    try:
        with transaction.atomic():
            Staff.objects.select_for_update().get(pk=staff.pk)  # two at once are not nine
            if owned_by(staff).count() >= limits.PASSKEYS:
                raise ValueRefusedError(f"{limits.PASSKEYS} passkeys at the most")
            return Passkey.objects.create(
                staff=staff,
                credential_id=verified.credential_id,
                public_key=verified.credential_public_key,
                sign_count=verified.sign_count,
                name=name,
                created_at=now,
            )
    except IntegrityError as error:
        raise PasskeyError("registered already") from error


def remove(staff: Staff, credential_id: bytes) -> None:
    """This passkey signs nobody in any more. Raises `AccessError` when it is none of theirs."""
    if not owned_by(staff).filter(credential_id=credential_id).delete()[0]:
        raise AccessError("none of theirs")


def owned_by(staff: Staff) -> Any:
    """Their passkeys, the oldest first."""
    return Passkey.objects.filter(staff=staff).order_by("pk")


# --- challenges ---------------------------------------------------------------------------------


def _draw_challenge(request: HttpRequest, what: str, now: datetime) -> bytes:
    """32 bytes that this browser's session keeps; asking again voids what was asked before."""
    challenge = token_bytes(32)
    request.session[what] = [encode(challenge), now.timestamp()]
    return challenge


def _take_challenge(request: HttpRequest, what: str, now: datetime) -> bytes:
    """What this browser was asked, once: the row is read and emptied under its lock."""
    with transaction.atomic():
        row = (
            Session.objects.select_for_update()
            .filter(session_key=key_of(request.session) or "-")
            .first()
        )
        kept = row.get_decoded() if row is not None else {}
        challenge, asked_at = kept.pop(what, None) or ("", 0.0)
        if row is not None and challenge:
            row.session_data = request.session.encode(kept)
            row.save(update_fields=["session_data"])
    request.session.pop(what, None)  # else the end of this request would write it back
    if not 0 <= now.timestamp() - asked_at < limits.PASSKEY_WITHIN.total_seconds():
        raise PasskeyError("nothing was asked, or long ago")
    return decode(challenge)


def _milliseconds() -> int:
    return round(limits.PASSKEY_WITHIN.total_seconds() * 1000)


# --- what the library leaves to us --------------------------------------------------------------


def _verified(verify: Callable[[], V]) -> V:
    """Its verdict. Whatever a stranger's bytes make it raise is a refusal and nothing else."""
    try:
        return verify()
    except Exception as error:
        raise PasskeyError(type(error).__name__) from error


def _refuse_foreign_page(credential: dict[str, Any]) -> None:
    """The ceremony ran on our page itself and not in a frame of somebody's (Level 2, 7.2, 5.8.1)."""
    try:
        said = json.loads(decode(credential["response"]["clientDataJSON"]))
        foreign = said.get("crossOrigin", False) is not False or "topOrigin" in said
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise PasskeyError("not client data") from error
    if foreign:
        raise PasskeyError("in somebody's frame")


def _handle(credential: dict[str, Any]) -> str:
    """The person a found passkey says it is of: the handle we gave it when it was made."""
    said = credential["response"].get("userHandle")
    return said if isinstance(said, str) else ""


def _octets(said: object) -> bytes:
    try:
        return decode(said) if isinstance(said, str) else b""
    except ValueError:
        return b""

"""What a person proves themselves with beside a passkey: a password, a code, a recovery code.

A code of an app passes once (RFC 6238), a recovery code too. The library reads, compares and saves
without a lock; the row lock here makes that one step, so that of two posts of one code at one
instant one passes. (SQLite: the immediate transaction is the lock.)
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from base64 import urlsafe_b64encode
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsel import limits
from counsel.errors import SignInError, WeakPasswordError
from counsel.models import Staff

LETTERS: Final = "cdfghjkmnpqrtvwxy34679"
"""No letters or digits that look alike, and no vowels: what is copied off a screen or a paper."""

_RECOVERY: Final = re.compile(rf"[{LETTERS}]{{12}}")
"""Twelve of 22 letters: 53 bits, and never the shape of an app's code."""

_common: Final = CommonPasswordValidator()


# --- passwords ----------------------------------------------------------------------------------


def check_password_rules(password: str, *names: str) -> None:
    """Long, not on the list of the common ones, and more than one's own names.

    Raises `WeakPasswordError`.
    """
    folded = rest = _fold(password)
    for name in filter(None, map(_fold, names)):
        rest = rest.replace(name, "")
    if folded in (folded * 2)[1:-1]:
        raise WeakPasswordError("the same over and over")
    try:
        _common.validate(password)
    except ValidationError as error:
        raise WeakPasswordError("one of the common ones") from error
    if len(password) < limits.PASSWORD_LEAST:
        raise WeakPasswordError(f"Use {limits.PASSWORD_LEAST} characters or more.")
    if len(rest) < limits.PASSWORD_BESIDE_NAMES or len(set(rest)) < limits.PASSWORD_VARIETY:
        raise WeakPasswordError("hardly more than one's own names, or one key held down")


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# --- codes --------------------------------------------------------------------------------------


def check_code(staff: Staff | None, code: str) -> Device | None:
    """The device that knows this code, once. The same work for nobody as for somebody.

    Which kind of code it is, is told by its looks alone, never by whose it is.
    """
    spelled = _spell_recovery(code)
    with transaction.atomic():
        kind, token = (TOTPDevice, code) if spelled is None else (StaticDevice, spelled)
        device = (
            kind.objects.select_for_update()
            .filter(user_id=staff.pk if staff else 0, confirmed=True)
            .first()
        )
        if device is None:
            return None
        if spelled is not None and staff is not None:
            token = _keep_recovery(staff, spelled)
        return device if device.verify_token(token) else None


def set_app(staff: Staff, key: str, code: str) -> TOTPDevice:
    """The app that holds this secret (hex) is this person's from now on; an older one is not.

    Raises `SignInError` when `code` is not what it shows: call it in a transaction.
    """
    TOTPDevice.objects.filter(user=staff).delete()
    device = TOTPDevice(user=staff, name="totp", key=key, confirmed=True)
    device.save()
    if not device.verify_token(code):
        raise SignInError("not the code of this secret")
    return device


@transaction.atomic
def draw_recovery(staff: Staff) -> list[str]:
    """Fresh recovery codes, to be shown once. The older ones are worth nothing any more."""
    StaticDevice.objects.filter(user=staff).delete()
    device = StaticDevice.objects.create(user=staff, name="recovery", confirmed=True)
    codes = [
        "".join(secrets.choice(LETTERS) for _ in range(12)) for _ in range(limits.RECOVERY_CODES)
    ]
    kept = [StaticToken(device=device, token=_keep_recovery(staff, code)) for code in codes]
    StaticToken.objects.bulk_create(kept)
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def recovery_left(staff: Staff) -> int:
    """How many recovery codes are unused."""
    return int(StaticToken.objects.filter(device__user=staff).count())


def _spell_recovery(code: str) -> str | None:
    """The letters of a recovery code however it was typed; None for anything else."""
    if len(code) > 64:
        return None
    spelled = _fold(code).replace("-", "")
    return spelled if _RECOVERY.fullmatch(spelled) else None


def _keep_recovery(staff: Staff, spelled: str) -> str:
    """What the table holds of a recovery code: 96 bits of a keyed hash, bound to its person."""
    keyed = salted_hmac("counsel.recovery", f"{staff.person} {spelled}", algorithm="sha256")
    return urlsafe_b64encode(keyed.digest()[:12]).decode()

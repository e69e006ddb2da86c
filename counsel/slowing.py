"""Guessing takes time: a name under which things failed has to wait, whether it exists or not.

What a stranger can learn here is nothing. A name that exists and one that does not get the same
words, the same status, the same work (one slow hash, the same rows read and written) and are
slowed alike. The name is slowed, never an address: we do not have addresses. So the trail hears of
failures only later, from the clock, or when somebody comes in after them.
"""

from __future__ import annotations

import threading
import unicodedata
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django_otp.models import Device

from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import SignInError, ThrottledError
from counsel.factors import check_code
from counsel.models import SlowedName, Staff

_hashing: Final = threading.BoundedSemaphore(limits.SIGN_IN_AT_ONCE)


def fold_name(name: str) -> str:
    """The one spelling of a sign-in name: NFKC, folded, without spaces around it."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return folded.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL takes no zero


def prove(*, name: str, password: str, code: str, now: datetime) -> tuple[Staff, Device]:
    """Whose name, password and code these are, and the device that knew the code.

    Raises `SignInError` without saying what did not fit, `ThrottledError` while the name waits.
    """
    name = fold_name(name)
    _refuse_while_slowed(_hash_name(name), now)
    claimed = _claimed_by(name, password)  # outside the transaction: it takes a tenth of a second
    return _prove(name, claimed, code, now)


def prove_present(staff: Staff, code: str, *, now: datetime) -> Device:
    """That the person is at the keyboard and not only their browser: a code, counted once.

    Failures count with those at the door: a stolen browser guesses no faster than a stranger.
    Raises `SignInError`, `ThrottledError`.
    """
    return _prove(staff.sign_in_name, staff, code, now)[1]


def hash_password(staff: Staff, password: str) -> None:
    """Set it, unsaved, when there is room to hash. Raises `ThrottledError`."""
    _take_turn()
    try:
        staff.set_password(password)
    finally:
        _hashing.release()


def _prove(name: str, claimed: Staff | None, code: str, now: datetime) -> tuple[Staff, Device]:
    device = _judge(_hash_name(name), claimed, code, now)
    if claimed is None or device is None:
        raise SignInError("no")
    return claimed, device


def _judge(name_hash: bytes, claimed: Staff | None, code: str, now: datetime) -> Device | None:
    """One verdict at a time per name, so that a volley of guesses counts as what it is."""
    with transaction.atomic():
        slowed = _lock_name(name_hash, now)
        _refuse_slowed(slowed, now)
        device = check_code(claimed, code)
        if claimed is not None and device is not None:
            _tell(slowed, claimed, now)
            slowed.failures, slowed.recorded, slowed.wait_until = 0, 0, None
        else:
            slowed.failures = min(slowed.failures + 1, 99)
            slowed.failed_at = now
            slowed.wait_until = _wait_until(slowed.failures, now)
        slowed.save()
        return device


def tell_failures(now: datetime) -> None:
    """Failures under names that exist go into the trail; each is counted there once."""
    untold = SlowedName.objects.filter(failures__gt=F("recorded"))
    if not untold.exists():
        return
    people = {_hash_name(staff.sign_in_name): staff for staff in Staff.objects.all()}
    for name_hash in list(untold.values_list("name_hash", flat=True)):
        with transaction.atomic():
            slowed = untold.select_for_update().filter(name_hash=name_hash).first()
            if slowed is not None:
                _tell(slowed, people.get(bytes(name_hash)), now)
                slowed.recorded = slowed.failures
                slowed.save(update_fields=["recorded"])


def _tell(slowed: SlowedName, staff: Staff | None, now: datetime) -> None:
    """What the trail has not heard yet, about whoever has that name; of a name nobody has, nothing."""
    if staff is not None and slowed.failures > slowed.recorded:
        count = str(slowed.failures - slowed.recorded)
        record(Kind.SIGN_IN_FAILED, by=None, about=staff, thing=count, now=now)


def _lock_name(name_hash: bytes, now: datetime) -> SlowedName:
    """This name's row, made if need be, locked until the transaction ends by the upsert itself."""
    SlowedName.objects.bulk_create(
        [SlowedName(name_hash=name_hash, failed_at=now)],
        update_conflicts=True,
        unique_fields=["name_hash"],
        update_fields=["name_hash"],
    )
    return SlowedName.objects.get(name_hash=name_hash)


def _wait_until(failures: int, now: datetime) -> datetime | None:
    beyond = failures - limits.SIGN_IN_FAILURES
    if beyond < 0:
        return None
    return now + min(limits.SIGN_IN_WAIT * (1 << min(beyond, 8)), limits.SIGN_IN_WAIT_AT_MOST)


def _refuse_while_slowed(name_hash: bytes, now: datetime) -> None:
    _refuse_slowed(SlowedName.objects.filter(name_hash=name_hash).first(), now)


def _refuse_slowed(slowed: SlowedName | None, now: datetime) -> None:
    if slowed is not None and slowed.wait_until is not None and now < slowed.wait_until:
        left = (slowed.wait_until - now).total_seconds()
        raise ThrottledError("this name has to wait", retry_after=int(left) + 1)


def _claimed_by(name: str, password: str) -> Staff | None:
    """Whose name and password this is. One slow hash whether or not anybody has that name."""
    staff = Staff.objects.filter(sign_in_name=name).first()
    _take_turn()
    try:
        if staff is None:
            Staff().set_password(password)
            return None
        fits = staff.check_password(password)
    finally:
        _hashing.release()
    return staff if fits and staff.is_active else None


def _take_turn() -> None:
    if not _hashing.acquire(timeout=limits.SIGN_IN_QUEUE_FOR.total_seconds()):
        raise ThrottledError("many sign in at once", retry_after=5)


def _hash_name(name: str) -> bytes:
    return salted_hmac("counsel.signin.name", name, algorithm="sha256").digest()


def forget_quiet_names(now: datetime) -> None:
    """Rows of names left in peace go."""
    quiet = SlowedName.objects.filter(failed_at__lt=now - limits.SIGN_IN_FORGIVEN_AFTER)
    if not quiet.exists():
        return
    with transaction.atomic():  # skip what a sign-in holds: two of these never wait for each other
        locked = quiet.select_for_update(skip_locked=True)
        SlowedName.objects.filter(pk__in=list(locked.values_list("pk", flat=True))).delete()

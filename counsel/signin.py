"""Staff at the door: name, password, code; and for how long that counts.

What a stranger can learn here is nothing. A name that exists and one that does not get the same
words, the same status, the same work (one slow hash, the same rows read and written) and are
slowed alike. The name is slowed, never an address: we do not have addresses.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user, login
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import login as remember_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsel import limits
from counsel.errors import SignedOutError, SignInError, ThrottledError
from counsel.models import STAFF_ROLES, Login, SlowedName, Staff, home
from counsel.statements import encode

_SEEN_EVERY: Final = timedelta(minutes=1)
_hashing = threading.BoundedSemaphore(limits.SIGN_IN_AT_ONCE)


def fold_name(name: str) -> str:
    """The one spelling of a sign-in name: NFKC, folded, without spaces around it."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return folded.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL takes no zero


# --- people -----------------------------------------------------------------------------------


@transaction.atomic
def enrol(
    *, sign_in_name: str, working_name: str, role: str, password: str, demo: bool = False
) -> tuple[Staff, TOTPDevice]:
    """A new member of staff and the device that shows their codes.

    Raises `ValueError`, in a sentence for whoever typed it.
    """
    sign_in_name = fold_name(sign_in_name)
    working_name = unicodedata.normalize("NFKC", working_name).strip()
    for what, name, longest in (("sign-in", sign_in_name, 64), ("working", working_name, 32)):
        if not name or len(name) > longest or not name.isprintable():
            raise ValueError(f"A {what} name has 1 to {longest} characters one can see.")
    if role not in STAFF_ROLES:
        raise ValueError(f"Use one of the roles {', '.join(STAFF_ROLES)}.")
    taken = Q(sign_in_name=sign_in_name) | Q(organisation=home(), working_name__iexact=working_name)
    if Staff.objects.filter(taken).exists():
        raise ValueError("Somebody already has one of these names.")
    staff = Staff(
        organisation=home(),
        sign_in_name=sign_in_name,
        working_name=working_name,
        role=role,
        person=encode(secrets.token_bytes(16)),
        demo=demo,
    )
    staff.set_password(password)
    staff.save()
    return staff, TOTPDevice.objects.create(user=staff, name="totp", confirmed=True)


def deactivate(staff: Staff) -> None:
    """This person is out: no new login, and open sockets close when they next ask, within 2 s."""
    Staff.objects.filter(pk=staff.pk).update(is_active=False)
    end_logins(staff)


def end_logins(staff: Staff) -> None:
    """End every login of this person: after a changed password, a changed factor, a departure."""
    keys = list(Login.objects.filter(staff=staff).values_list("session_key", flat=True))
    Login.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(session_key__in=keys).delete()


# --- signing in ---------------------------------------------------------------------------------


def sign_in(request: HttpRequest, *, name: str, password: str, code: str, now: datetime) -> Staff:
    """Password and code, or nothing. A fresh session key; whatever this browser had is gone.

    Raises `SignInError` without saying what did not fit, `ThrottledError` while the name waits.
    """
    name = fold_name(name)
    name_hash = _hash_name(name)
    _refuse_while_slowed(SlowedName.objects.filter(name_hash=name_hash).first(), now)
    claimed = _claimed_by(name, password)  # outside the transaction: it takes a tenth of a second
    forget_stale(now)
    device = _judge(name_hash, claimed, code, now)
    if claimed is None or device is None:
        raise SignInError("no")
    begin_login(request, claimed, now=now)
    remember_device(request, device)
    return claimed


def begin_login(request: HttpRequest, staff: Staff, *, now: datetime) -> None:
    """They have proven who they are: from here this browser is theirs."""
    sign_out(request)
    login(request, staff)
    request.session.set_expiry(limits.STAFF_SIGNED_IN_AT_MOST)
    Login.objects.create(
        staff=staff, session_key=_key_of(request.session), signed_in_at=now, seen_at=now
    )


def sign_out(request: HttpRequest) -> None:
    """End the login of this browser, if there is one."""
    if key := request.session.session_key:
        Login.objects.filter(session_key=key).delete()
    request.session.flush()


def check_code(staff: Staff | None, code: str) -> TOTPDevice | None:
    """The device that shows this code now, once. The same work for nobody as for somebody.

    The library reads, compares and saves; the row lock makes that one step, so that of two posts
    of one code at one instant one passes. (SQLite: the immediate transaction is the lock.)
    """
    with transaction.atomic():
        device = (
            TOTPDevice.objects.select_for_update()
            .filter(user_id=staff.pk if staff else 0, confirmed=True)
            .first()
        )
        return device if device is not None and device.verify_token(code) else None


def _judge(name_hash: bytes, claimed: Staff | None, code: str, now: datetime) -> TOTPDevice | None:
    """One verdict at a time per name, so that a volley of guesses counts as what it is."""
    with transaction.atomic():
        slowed = _lock_name(name_hash, now)
        _refuse_while_slowed(slowed, now)
        device = check_code(claimed, code)
        if device is not None:
            slowed.failures, slowed.wait_until = 0, None
        else:
            slowed.failures = min(slowed.failures + 1, 99)
            slowed.failed_at = now
            slowed.wait_until = _wait_until(slowed.failures, now)
        slowed.save()
        return device


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


def _refuse_while_slowed(slowed: SlowedName | None, now: datetime) -> None:
    if slowed is not None and slowed.wait_until is not None and now < slowed.wait_until:
        left = (slowed.wait_until - now).total_seconds()
        raise ThrottledError("this name has to wait", retry_after=int(left) + 1)


def _claimed_by(name: str, password: str) -> Staff | None:
    """Whose name and password this is. One slow hash whether or not anybody has that name."""
    staff = Staff.objects.filter(sign_in_name=name).first()
    if not _hashing.acquire(timeout=limits.SIGN_IN_QUEUE_FOR.total_seconds()):
        raise ThrottledError("many sign in at once", retry_after=5)
    try:
        if staff is None:
            Staff().set_password(password)
            return None
        fits = staff.check_password(password)
    finally:
        _hashing.release()
    return staff if fits and staff.is_active else None


def _hash_name(name: str) -> bytes:
    return salted_hmac("counsel.signin.name", name, algorithm="sha256").digest()


# --- staying signed in --------------------------------------------------------------------------


def signed_in(request: HttpRequest, *, now: datetime) -> Staff:
    """Who sends this request, and that they are still there. Raises `SignedOutError`."""
    staff = _staff_of(request.session, now)
    keep_signed_in(_key_of(request.session), now=now)
    return staff


def session_key_from_scope(scope: Mapping[str, Any]) -> str:
    """The session key in the cookie of a handshake, empty without one. It proves nothing yet."""
    for name, value in scope.get("headers", ()):
        if name == b"cookie":
            cookies = parse_cookie(value.decode("latin-1"))
            return cookies.get(settings.SESSION_COOKIE_NAME, "")
    return ""


def staff_from_scope(scope: Mapping[str, Any], *, now: datetime | None = None) -> Staff:
    """Who opens this socket, by the cookie of its handshake; nothing of it is written.

    Synchronous: it asks the database. Raises `SignedOutError`.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return _staff_of(store(session_key_from_scope(scope)), now or timezone.now())


def still_signed_in(staff_id: int, session_key: str, *, now: datetime | None = None) -> bool:
    """Whether that login still counts: one indexed look, meant to be asked every second."""
    alive = _alive(now or timezone.now())
    return Login.objects.filter(alive, staff_id=staff_id, session_key=session_key).exists()


def keep_signed_in(session_key: str, *, now: datetime | None = None) -> None:
    """A person did something on this login: the half-hour begins again.

    For what people do, not for what pages do by themselves: a heartbeat keeps nobody signed in.
    Writes once a minute at the most; never wakes a login that is over.
    """
    now = now or timezone.now()
    stale = Login.objects.filter(
        _alive(now), session_key=session_key, seen_at__lt=now - _SEEN_EVERY
    )
    if (found := stale.first()) is not None:
        Login.objects.filter(pk=found.pk).update(seen_at=now)


def forget_stale(now: datetime) -> None:
    """Rows of logins that are over and of names left in peace go."""
    keys = list(Login.objects.exclude(_alive(now)).values_list("session_key", flat=True))
    Login.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(Q(session_key__in=keys) | Q(expire_date__lt=now)).delete()
    quiet = SlowedName.objects.filter(failed_at__lt=now - limits.SIGN_IN_FORGIVEN_AFTER)
    if not quiet.exists():
        return
    with transaction.atomic():  # skip what a sign-in holds: two of these never wait for each other
        locked = quiet.select_for_update(skip_locked=True)
        SlowedName.objects.filter(pk__in=list(locked.values_list("pk", flat=True))).delete()


def _alive(now: datetime) -> Q:
    return Q(
        staff__is_active=True,
        seen_at__gt=now - limits.STAFF_IDLE_AFTER,
        signed_in_at__gt=now - limits.STAFF_SIGNED_IN_AT_MOST,
    )


def _key_of(session: SessionBase) -> str:
    return session.session_key or ""


def _staff_of(session: SessionBase, now: datetime) -> Staff:
    """Django's own checks (signature, backend, unchanged password), then ours."""
    request = HttpRequest()
    request.session = session
    staff = get_user(request)
    if isinstance(staff, AnonymousUser):
        raise SignedOutError("nobody")
    if not still_signed_in(staff.pk, _key_of(session), now=now):
        raise SignedOutError("over")
    return staff

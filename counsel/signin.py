"""Staff at the door: name, password, code; and for how long that counts.

A login is a row (`models.Login`) beside Django's own. What failing costs is in `counsel/slowing.py`,
the other way in, which is never slowed, in `counsel/passkeys.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user, login, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django_otp import login as remember_device

from counsel import limits, moment, slowing
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import SignedOutError
from counsel.models import Login, Staff
from counsel.session_store import is_session_key

_SEEN_EVERY: Final = timedelta(minutes=1)


# --- signing in ---------------------------------------------------------------------------------


def sign_in(request: HttpRequest, *, name: str, password: str, code: str, now: datetime) -> Staff:
    """Password and code, or nothing. A fresh session key; whatever this browser had is gone.

    Raises `SignInError` without saying what did not fit, `ThrottledError` while the name waits.
    """
    forget_stale(now)
    staff, device = slowing.prove(name=name, password=password, code=code, now=now)
    begin_login(request, staff, now=now)
    remember_device(request, device)
    return staff


def begin_login(request: HttpRequest, staff: Staff, *, now: datetime) -> None:
    """They have proven who they are: from here this browser is theirs."""
    sign_out(request, now=now)
    login(request, staff)
    request.session.set_expiry(limits.STAFF_SIGNED_IN_AT_MOST)
    with transaction.atomic():
        Login.objects.create(
            staff=staff, session_key=key_of(request.session), signed_in_at=now, seen_at=now
        )
        record(Kind.SIGNED_IN, by=staff, now=now)


def renew_login(request: HttpRequest, staff: Staff) -> None:
    """A password or a factor of theirs has changed: this browser goes on under a fresh key.

    Every other login of this person is over, and so are the sockets opened under the old key.
    """
    old = key_of(request.session)
    end_logins(staff, but=old)
    # Looked up only now, it would be held against the new password and refused.
    request.user = staff
    update_session_auth_hash(request, staff)
    Login.objects.filter(session_key=old).update(session_key=key_of(request.session))


def hold(request: HttpRequest, staff: Staff) -> None:
    """Lock this person's row and see that the login that asks still counts: a reset ends all of them,
    and what was begun before it must not be written after it. Raises `SignedOutError`.
    """
    Staff.objects.select_for_update().get(pk=staff.pk)
    if not still_signed_in(staff.pk, key_of(request.session)):
        raise SignedOutError("over")


def sign_out(request: HttpRequest, *, now: datetime) -> None:
    """End the login of this browser, if there is one."""
    with transaction.atomic():
        here = Login.objects.filter(session_key=key_of(request.session) or "-")
        for row in here.select_related("staff"):
            if here.filter(pk=row.pk).delete()[0]:
                record(Kind.SIGNED_OUT, by=row.staff, now=now)
    request.session.flush()


def end_logins(staff: Staff, *, but: str = "") -> None:
    """End every login of this person, or every one but that of one session key."""
    logins = Login.objects.filter(staff=staff).exclude(session_key=but)
    keys = list(logins.values_list("session_key", flat=True))
    Login.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(session_key__in=keys).delete()


# --- staying signed in --------------------------------------------------------------------------


def signed_in(request: HttpRequest, *, now: datetime, looks: bool = False) -> Staff:
    """Who sends this request, and that they are still there. Raises `SignedOutError`.

    `looks`: the page does by itself what no person asked for, and the half-hour runs on.
    """
    staff = _staff_of(request.session, now)
    if not looks:
        keep_signed_in(key_of(request.session), now=now)
    return staff


def session_key_from_scope(scope: Mapping[str, Any]) -> str:
    """The session key in the cookie of a handshake, empty without one. It proves nothing yet."""
    for name, value in scope.get("headers", ()):
        if name == b"cookie":
            said = parse_cookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
            return said if is_session_key(said) else ""
    return ""


def staff_from_scope(scope: Mapping[str, Any], *, now: datetime | None = None) -> Staff:
    """Who opens this socket, by the cookie of its handshake; nothing of it is written.

    Synchronous: it asks the database. Raises `SignedOutError`.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return _staff_of(store(session_key_from_scope(scope)), now or moment.now())


def still_signed_in(staff_id: int, session_key: str, *, now: datetime | None = None) -> bool:
    """Whether that login still counts."""
    return bool(who_is_signed_in({(staff_id, session_key)}, now=now))


def who_is_signed_in(
    logins: Collection[tuple[int, str]], *, now: datetime | None = None
) -> set[tuple[int, str]]:
    """Those of these logins that still count: one indexed look for all, meant to be asked every second."""
    keys = {session_key for _, session_key in logins}
    alive = Login.objects.filter(_alive(now or moment.now()), session_key__in=keys)
    return set(alive.values_list("staff_id", "session_key")) & set(logins)


def keep_signed_in(session_key: str, *, now: datetime | None = None) -> None:
    """A person did something on this login: the half-hour begins again.

    For what people do, not for what pages do by themselves: a heartbeat keeps nobody signed in.
    Writes once a minute at the most; never wakes a login that is over.
    """
    now = now or moment.now()
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
    slowing.forget_quiet_names(now)


def _alive(now: datetime) -> Q:
    return Q(
        staff__is_active=True,
        seen_at__gt=now - limits.STAFF_IDLE_AFTER,
        signed_in_at__gt=now - limits.STAFF_SIGNED_IN_AT_MOST,
    )


def key_of(session: SessionBase) -> str:
    """The key of a session, empty before it has one."""
    return session.session_key or ""


def _staff_of(session: SessionBase, now: datetime) -> Staff:
    """Django's own checks (signature, backend, unchanged password), then ours."""
    request = HttpRequest()
    request.session = session
    staff = get_user(request)
    if isinstance(staff, AnonymousUser):
        raise SignedOutError("nobody")
    if not still_signed_in(staff.pk, key_of(session), now=now):
        raise SignedOutError("over")
    return staff

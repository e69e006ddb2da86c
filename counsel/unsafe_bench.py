"""The way past sign-in for measurements, so that they need neither passwords nor one code a minute.

`tests/bench` draws a key, gives it to the server in a file and signs in as many counsellors as it
has rooms for. From there on everything is as for anybody: the login, its cookie, its end. Settings
refuse the key everywhere but in a demo on the loopback; without one this door is not even there.
"""

from __future__ import annotations

from datetime import datetime
from secrets import compare_digest, token_bytes

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from counsel.errors import SignInError
from counsel.lifecycle import Role
from counsel.models import Staff, home
from counsel.signin import begin_login
from counsel.slowing import fold_name
from counsel.statements import encode


def sign_in(request: HttpRequest, *, key: str, name: str, now: datetime) -> Staff:
    """A counsellor of that name, made if there is none. Raises `SignInError`.

    Real people and those of the demo, who have passwords, do not come in here.
    """
    if not settings.UNSAFE_BENCH_KEY:
        raise SignInError("there is no such door")
    if not compare_digest(key.encode(), settings.UNSAFE_BENCH_KEY.encode()):
        raise SignInError("another key")
    name = f"bench {fold_name(name)}"[:32]
    made_up = {
        "organisation": home(),
        "working_name": name,
        "role": Role.COUNSELLOR.value,
        "person": encode(token_bytes(16)),
        "password": make_password(None),  # nothing fits
        "cleared_at": now,
    }
    staff, _ = Staff.objects.get_or_create(sign_in_name=name, demo=True, defaults=made_up)
    begin_login(request, staff, now=now)
    return staff

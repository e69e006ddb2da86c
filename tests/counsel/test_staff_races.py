"""Two processes do one thing at one instant, on each database: one of them did it.

Between looking and writing each waits a tenth of a second, so that without a lock both would have
looked before either has written. One pair of processes runs all rounds, meeting before each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.race import READY, arena

COMMON = """
import json, sys, time
from pathlib import Path
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
import django; django.setup()
from datetime import timedelta
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from counsel import colleagues, enrolment, factors, passkeys, resets
from counsel.errors import CounselError, SignInError
from counsel.models import Invitation, Passkey, Staff, home
from counsel.statements import decode
from tests.counsel.authenticator import Authenticator
from tests.counsel.staff_room import PASSWORD, fresh_request, hire
"""
SET_UP = (
    COMMON
    + """
long_ago = timezone.now() - timedelta(days=9)
people = {n: hire(n, n, r).staff for n, r in (
    ("lin", "counsellor"), ("ma", "administrator"), ("wang", "administrator"),
    ("zhou", "supervisor"), ("li", "supervisor"),
)}
Staff.objects.update(joined_at=long_ago)
for one in people.values():
    one.refresh_from_db()
now = timezone.now()
token = enrolment.invite(home(), working_name="new", role="counsellor", asked_by=None, now=now)
kept = {}
enrolment.show_app(kept, decode(token), now=now)
asked = resets.ask_reset(people["ma"], people["lin"].person, now=now)
recovery = factors.draw_recovery(people["lin"])
# One browser with one challenge, answered by one signature, posted twice.
request, key = fresh_request(), Authenticator(origin=settings.ORIGIN)
key.make(passkeys.ask_new(request, people["zhou"], now=now))
import cbor2
Passkey.objects.create(
    staff=people["zhou"], credential_id=key.credential_id, name="k", created_at=now,
    public_key=cbor2.dumps(key.public_key()),
)
signed = key.sign(passkeys.ask_sign_in(request, now=now))
request.session.save()
# Seven passkeys and two challenges for one more each.
for number in range(7):
    Passkey.objects.create(
        staff=people["li"], credential_id=bytes([number]) * 16, name="k", created_at=now,
        public_key=b"k",
    )
made = []
for _ in range(2):
    own = fresh_request()
    options = passkeys.ask_new(own, people["li"], now=now)
    own.session.save()
    credential = Authenticator(origin=settings.ORIGIN).make(options)
    made.append([own.session.session_key, credential])
print(json.dumps({
    "token": token, "kept": kept, "asked": asked,
    "recovery": recovery[0], "session": request.session.session_key, "signed": signed,
    "made": made,
}))
"""
)
RUN = (
    COMMON
    + """
me, folder, told = int(sys.argv[1]), Path(settings.DATA), json.loads(sys.argv[2])

def slow(owner, name):
    quick = getattr(owner, name)
    def slowly(*args, **more):
        found = quick(*args, **more)
        time.sleep(0.1)
        return found
    setattr(owner, name, slowly)

def slow_before(owner, name):
    quick = getattr(owner, name)
    def slowly(*args, **more):
        time.sleep(0.1)
        return quick(*args, **more)
    setattr(owner, name, slowly)

slow_before(StaticToken, "delete")
slow_before(Passkey.objects, "create")
slow(enrolment, "_person")
slow(resets, "find")
slow(resets, "_refuse_unless_second")
slow(colleagues, "find")
slow(passkeys, "key_of")
slow(Session, "get_decoded")

def person(name):
    return Staff.objects.get(sign_in_name=name)

def browser(session_key):
    request = fresh_request()
    request.session = SessionStore(session_key)
    request.session.get("x")  # read, as the middleware and the views before would have
    return request

def recovery():
    if factors.check_code(person("lin"), told["recovery"]) is None:
        raise SignInError("no")

def join():
    totp = TOTP(bytes.fromhex(told["kept"]["joining"][1]))
    totp.time = time.time()
    code = str(totp.token()).zfill(6)
    return enrolment.finish(
        told["kept"], decode(told["token"]), sign_in_name="new%d" % me, password=PASSWORD, code=code,
        now=timezone.now(),
    )

def agree():
    return resets.agree_reset(person(("zhou", "li")[me]), told["asked"], now=timezone.now())

def suspend():
    mine, other = person(("ma", "wang")[me]), person(("wang", "ma")[me])
    return colleagues.suspend(mine, other.person) or True

def passkey():
    return passkeys.sign_in(browser(told["session"]), told["signed"], now=timezone.now())

def eighth():
    session_key, credential = told["made"][me]
    return passkeys.add(
        browser(session_key), person("li"), credential, name="k", now=timezone.now()
    )

def meet(round_):
    (folder / f"{round_}-{me}").touch()
    while not (folder / f"{round_}-{1 - me}").exists():
        time.sleep(0.002)

"""
    + READY
    + """
outcomes = {}
for round_ in (recovery, join, agree, suspend, passkey, eighth):
    meet(round_.__name__)
    try:
        round_()
        outcomes[round_.__name__] = "done"
    except CounselError as error:
        outcomes[round_.__name__] = error.code
meet("afterwards")
outcomes["left"] = [
    StaticToken.objects.filter(device__user__sign_in_name="lin").count(),
    Staff.objects.filter(working_name="new").count(),
    Staff.objects.filter(role="administrator", is_active=True).count(),
    Passkey.objects.filter(staff__sign_in_name="li").count(),
]
print(json.dumps(outcomes))
"""
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def raced(request: pytest.FixtureRequest) -> Iterator[list[dict[str, Any]]]:
    """What came of all rounds for either process, run once on this database."""
    with arena(request.param) as found:
        told = found.run(SET_UP).splitlines()[-1]
        yield found.race(RUN, [(0, told), (1, told)])


@pytest.mark.parametrize(
    ("what", "late"),
    [
        ("recovery", "sign-in"),  # one recovery code
        ("join", "invitation"),  # one link, two names
        ("agree", "too-late"),  # one reset, two who agree
        ("suspend", "no-seat"),  # two administrators, each other
        ("passkey", "passkey"),  # one signature
        ("eighth", "bad-value"),  # one place left for a passkey
    ],
)
def test_of_two_at_one_instant_one_did_it(
    raced: list[dict[str, Any]], what: str, late: str
) -> None:
    assert Counter(outcome[what] for outcome in raced) == {"done": 1, late: 1}


def test_what_was_done_was_done_once(raced: list[dict[str, Any]]) -> None:
    codes, joined, administrators, passkeys = 9, 1, 1, 8
    for outcome in raced:
        assert outcome["left"] == [codes, joined, administrators, passkeys]

"""What each question is sent with: a body that would do, if whoever asks may."""

from __future__ import annotations

import time
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django_otp.oath import TOTP

from counsel import limits
from counsel.keys.log import issued, revoked
from counsel.keys.models import DeviceCard, DeviceRequest, DutyRequest
from counsel.management.access import table
from counsel.statements import decode, encode, first_statement
from tests.counsel.authenticator import Authenticator
from tests.counsel.keys.office import Office
from tests.counsel.rights.cast import World
from tests.counsel.rights.things import THINGS, sealing_of
from tests.counsel.staff_room import PASSWORD
from triage.directory.editing import ANSWERS, PLACE, TEXTS
from triage.directory.models import Edition

NOT_JSON: Final = {"chat/exchange"}
"""Asked in frames: its commands have rows of their own."""

Said = dict[str, Any]
Makes = Callable[[World, str, Any], Said]
"""From the world, the role that asks, and the thing it names."""

WHERE: Final = {"region": "44", "industry": "", "in_plant": False}


def body(world: World, question: str, role: str, standing: str) -> Callable[[], Said]:
    """What this role says about a thing of this standing, which is put there as it is said."""

    def say() -> Said:
        thing = THINGS[table().questions[question].kind](world, role, standing)
        return SAID[question](world, role, thing)

    return say


def _code(world: World, role: str) -> str:
    """What the app of whoever asks shows now."""
    asks = world.asker(role)
    return asks.code() if asks is not None else "000000"


def _sign_in(world: World, role: str, _: Any) -> Said:
    name = world.seen_by(role).sign_in_name
    return {"name": name, "password": PASSWORD, "code": _code(world, role)}


def _show(world: World, role: str, device: Authenticator) -> Said:
    options = world.browsers[role].read("api/passkey/ask")["options"]
    return {"credential": device.sign(options)}


def _make(world: World, role: str, _: Any) -> Said:
    code = _code(world, role)
    answer = world.browsers[role].read("api/me/passkeys/ask")
    if "options" not in answer:
        return {"credential": {}, "name": "phone", "code": code}
    return {"credential": Authenticator().make(answer["options"]), "name": "phone", "code": code}


def _join(world: World, role: str, token: str) -> Said:
    secret = world.browsers[role].read("api/join/code", token=token).get("secret")
    code = "000000"
    if secret is not None:
        totp = TOTP(b32decode(secret))
        totp.time = time.time()
        code = str(totp.token()).zfill(6)
    return {"token": token, "sign_in_name": "new.one", "password": PASSWORD, "code": code}


def _plan(*_: Any) -> Said:
    day = (timezone.now() + timedelta(days=3)).date()
    hours = {"starts": f"{day}T20:00", "ends": f"{day}T22:00"}
    return {"role": "counsellor", "places": 2, "weeks": 1, **hours}


def _always(**said: Any) -> Makes:
    return lambda *_: dict(said)


def _named(field: str, **said: Any) -> Makes:
    return lambda world, role, thing: {field: thing, **said}


def _proven(**said: Any) -> Makes:
    return lambda world, role, _: {"code": _code(world, role), **said}


def _headed(*rows: bytes) -> Said:
    size, head = Office.of_the_demo().head_over(*rows)
    return {"size": size, "head": encode(head)}


def _give(world: World, role: str, number: int) -> Said:
    asks = DeviceRequest.objects.filter(pk=number).first()
    key = bytes(32) if asks is None else bytes(asks.key)
    whose = world.mate.staff if asks is None else asks.staff
    identity = Office.of_the_demo().identity(whose, key)
    row = issued(first_statement(identity)[1])
    return {"id": number, "identity": encode(identity), **_headed(row)}


def _revoke(world: World, role: str, card: str) -> Said:
    found = DeviceCard.objects.filter(fingerprint=decode(card)).first()
    return {"card": card, **_headed(revoked(found.place if found else 0))}


def _put_on(world: World, role: str, number: int) -> Said:
    card = DutyRequest.objects.get(pk=number).card
    return {"id": number, "statement": encode(Office.of_the_demo().duty(card))}


def _seal_here(world: World, role: str, card: str) -> Said:
    """What the browser of this card would state, signed by a key that is really its own."""
    return {"card": card, "statement": encode(sealing_of(decode(card)))}


def _publish(world: World, role: str, draft: Edition) -> Said:
    statement = Office.of_the_demo().directory(draft)
    return {"digest": encode(bytes(draft.digest)), "statement": encode(statement)}


_SERVICE: Final = {
    **dict.fromkeys((*TEXTS, *ANSWERS, *PLACE), ""), "name": "Aid", "organisation": "Union",
    "kind": "legal-aid", "region": "44", "status": "active", "in_plant": False, "minutes": 0,
    "phones": [{"id": "", "number": "12348", "description": ""}],
    "hours": [{"id": "", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00",
               "description": ""}],
}  # fmt: skip
LOOK: Final = {
    "act": "look", "desk": "legal-aid", "number": 0, "letter": "", "after": 0, "fill": "",
}  # fmt: skip
_LINE: Final = {"number": "0755 1234 5678", "name": "Line", "hours": "20-24"}
_EVENING: Final = {"from": "20:00", "to": "21:00", "people": 1}
_ANY: Final = {"before": 0, "what": "", "case": "", "day": ""}
_SAYS: Final = {"name": "Union", "level": "city", "zone": "Asia/Shanghai", "languages": ["zh"]}

SAID: Final[dict[str, Makes]] = {
    "now.json": _always(),
    "staff-log.bin": _always(),
    "api/csrf": _always(),
    "api/sign-in": _sign_in,
    "api/sign-out": _always(),
    "api/passkey/ask": _always(),
    "api/passkey/sign-in": _show,
    "api/join/look": _named("token"),
    "api/join/code": _named("token"),
    "api/join/finish": _join,
    "api/me": _always(),
    "api/me/password": _proven(old=PASSWORD, password="noch eine lange Nacht"),
    "api/me/recovery": _proven(),
    "api/me/passkeys": _always(),
    "api/me/passkeys/ask": _always(),
    "api/me/passkeys/add": _make,
    "api/me/passkeys/remove": lambda world, role, thing: {"id": thing, "code": _code(world, role)},
    "api/me/places": _always(**WHERE),
    "api/me/logins": _always(),
    "api/me/logins/end": _always(),
    "desks.json": _always(),
    "stories.json": _always(),
    "api/referral": lambda world, role, thing: {**LOOK, **thing},
    "api/coming": _named("code", act="go", minutes=20),
    "api/desk": _always(),
    "api/desk/read": _named("ref", after=0),
    "api/desk/act": _named("ref", event="accept", number=2, letter=encode(bytes(limits.LETTER))),
    "api/desk/key": _seal_here,
    "api/desk/behalf": _always(desk="hardship"),
    "api/desk/counts": _always(),
    "api/certify": _always(key=encode(bytes(range(32)))),
    "api/keys/own": _always(),
    "api/keys/lose": _named("card"),
    "api/keys": _always(),
    "api/keys/issuer": _always(key=encode(bytes(range(1, 33)))),
    "api/keys/give": _give,
    "api/keys/refuse": _named("id"),
    "api/keys/revoke": _revoke,
    "api/keys/date": lambda *_: _headed(),
    "api/duty/statement": _named("card"),
    "api/duty/waiting": _always(),
    "api/duty/put-on": _put_on,
    "api/people": _named("after"),
    "api/people/invite": _always(working_name="Somebody New", role="counsellor", desk=""),
    "api/people/withdraw": _named("id"),
    "api/people/suspend": _named("person"),
    "api/people/restore": _named("person"),
    "api/people/role": _named("person", role="auditor"),
    "api/people/mark": _named("person", **WHERE),
    "api/people/clear": _named("person"),
    "api/people/unclear": _named("person"),
    "api/people/reset/ask": _named("person"),
    "api/people/reset/agree": _named("id"),
    "api/me/told": _always(),
    "api/audit": _named("person", **_ANY),
    "api/audit/export": _named("person", **_ANY),
    "api/audit/verdict": _always(),
    "api/organisation": _always(),
    "api/organisation/change": _always(**_SAYS),
    "api/hotlines/add": _always(**_LINE),
    "api/hotlines/remove": _named("number"),
    "api/hotlines/called": _named("number"),
    "api/rota": lambda *_: {"from": timezone.now().date().isoformat(), "days": 14},
    "api/rota/plan": _plan,
    "api/rota/cancel": _named("shift"),
    "api/rota/sign-up": _named("shift"),
    "api/rota/give-back": _named("shift"),
    "api/rota/ask-cover": _named("shift"),
    "api/rota/cover": _named("shift"),
    "api/staffing": _always(lines=[_EVENING], more=[], tenths=20, each=1, supervisors=1),
    "api/duty": _always(),
    "api/duty/check-in": _named("shift"),
    "api/duty/pause": _always(),
    "api/duty/debrief": _always(),
    "api/duty/resume": _always(),
    "api/duty/check-out": _always(),
    "api/duty/page-seen": _always(),
    "directory/<slug:name>.bin": _named("name"),
    "api/directory": _always(),
    "api/directory/list": _always(region="", words="", after=0),
    "api/directory/service": _named("id"),
    "api/directory/save": _named("id", **_SERVICE),
    "api/directory/assure": _named("id"),
    "api/directory/called": _named("id", answered=True),
    "api/directory/draft": _always(region="44"),
    "api/directory/publish": _publish,
    "api/gate": _always(),
    "api/pages": _always(),
    "api/pages/add": _always(channel="wecom", address="0123456789abcdef"),
    "api/pages/remove": _named("id"),
    "api/reviews": _always(),
    "api/reviews/one": _named("id"),
    "api/reviews/learn": _named("id", learned=["late"]),
    "api/stories": _always(),
    "api/stories/one": _named("id"),
    "api/stories/write": _always(language="zh", title="夜里接到的", text="后来好多了。"),
    "api/stories/judge": _named("id", event="publish"),
    "api/stories/withdraw": _named("id"),
    "api/follow-ups": _always(),
    "api/follow-ups/asked": _named("case", wanted=True, days=3),
    "api/follow-ups/say": _named("id", outcome="unwanted"),
    "api/follow-ups/hand": lambda world, role, thing: {
        "id": thing,
        "person": world.mate.staff.person,
    },
    "api/lead": _always(),
    "api/lead/add": _always(channel="wecom", address="0123456789abcdef"),
    "api/lead/remove": _named("id"),
    "api/gate/sign": _always(what="texts", signer="Dr. Wang"),
}
"""For each question what it is sent with. A field that is read and not sent fails a test."""

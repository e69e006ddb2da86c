"""A root, an issuer and seven people to try the service with. Never on a site with real talks.

`manage.py demo` draws them into `DATA/demo`, readable by their owner only:

    drawn.json   seeds of root and issuer, their statements, names, passwords and code secrets
    org_root     the root statement in base64url: what the client build compiles in

The root says in its own statement that it is a demo, so a page under a public name refuses it.
Everything here refuses in mode `live`, and under an `ORIGIN` that is not this machine.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsel import moment
from counsel.certificates import is_local, verify_issuer, verify_root
from counsel.enrolment import enrol
from counsel.errors import ValueRefusedError
from counsel.factors import LETTERS
from counsel.keys.issuing import Powers, make_issuer, make_root
from counsel.lifecycle import Role
from counsel.models import Staff
from counsel.signin import end_logins
from counsel.statements import CertificateError, decode, encode, public_key

_CAST: Final = (
    ("lin", "林 Lin", Role.COUNSELLOR),
    ("chen", "陈 Chen", Role.COUNSELLOR),
    ("zhou", "周 Zhou", Role.SUPERVISOR),
    ("wang", "王 Wang", Role.ADMINISTRATOR),
    ("sun", "孙 Sun", Role.AUDITOR),
    ("fang", "方 Fang", Role.DESK),
    ("guo", "郭 Guo", Role.DESK),
)
_IN_TALKS: Final = (Role.COUNSELLOR.value, Role.SUPERVISOR.value)
_CERTIFIED: Final = (*_IN_TALKS, Role.ADMINISTRATOR.value, Role.DESK.value)
_DESKS: Final = {"fang": "legal-aid", "guo": "hardship"}
"""Where the demo's desk people sit: two, so that one can send somebody to the other."""
_POWERS: Final = Powers(_CERTIFIED, _IN_TALKS, daily=1000, name="演练 demo", offline=True)
_ROOT_YEARS: Final = timedelta(days=3650)
_ISSUED_BEFORE: Final = timedelta(days=1)
"""A demo certificate begins a day ago, because clocks and zones differ."""
_HERE_FOR: Final = timedelta(days=30)
"""How long demo people have been here and cleared, so that everything can be tried at once."""


class DemoError(Exception):
    """This is no place for a demo; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Code:
    """What an authenticator app of a demo person would show. `used` ones pass no second time."""

    digits: str
    seconds_left: int
    used: bool


def refuse_unless_demo() -> None:
    """Raises `DemoError` in mode live and under an origin others can reach."""
    if settings.MODE not in {"demo", "rehearsal"}:
        raise DemoError(f"MODE={settings.MODE}: demo people and demo keys are for practice only.")
    host = urlsplit(settings.ORIGIN).hostname or ""
    if not is_local(f"[{host}]" if ":" in host else host):
        raise DemoError(f"ORIGIN={settings.ORIGIN}: a demo root is refused under a public name.")


def draw() -> None:
    """Root, issuer and people, if they are not there yet; the second time changes nothing."""
    refuse_unless_demo()
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone():
        if not _drawn_path().exists():
            _write(_drawn_path(), json.dumps(_draw_all(), ensure_ascii=False, indent=1))
        found = drawn()
        if _bring_up_to_date(found):
            _write(_drawn_path(), json.dumps(found, ensure_ascii=False, indent=1))
        _write(_folder() / "org_root", found["root_statement"])
        for person in found["staff"]:
            _ensure_person(person)


def org_root() -> str:
    """The demo root's statement in base64url. Raises `DemoError` when none was drawn."""
    return str(drawn()["root_statement"])


_IN_CHINESE: Final = {
    Role.COUNSELLOR: "倾听员",
    Role.SUPERVISOR: "督导",
    Role.ADMINISTRATOR: "管理员",
    Role.AUDITOR: "核查员",
    Role.DESK: "窗口",
}


def sign_in_hint(language: str) -> str:
    """Where staff sign in and how, for a terminal. `language` is `zh` or `en`."""
    zh = language == "zh"
    rows = []
    for person in drawn()["staff"]:
        role = _IN_CHINESE[Role(person["role"])] if zh else person["role"]
        name, password = person["sign_in_name"], person["password"]
        rows.append(
            f"  名字 {name:<5} 密码 {password}  ({person['working_name']},{role})"
            if zh
            else f"  name {name:<5} password {password}  ({person['working_name']}, {role})"
        )
    head = "值班的人从这里进(演练):" if zh else "Staff come in here (demo):"
    tail = f"  {'动态码' if zh else 'code'}: make code{_elsewhere()}"
    return "\n".join([f"{head} {settings.ORIGIN}/{'zh' if zh else 'en'}/staff/", *rows, tail])


def _elsewhere() -> str:
    # Another folder has other people: without its name `make code` would show somebody else's codes.
    at_home = settings.DATA == settings.BASE / ".data"
    return "" if at_home else f" DATA={shlex.quote(str(settings.DATA))}"


def current_code(name: str, *, at: float | None = None) -> Code:
    """The code of a demo person at a Unix time. Raises `DemoError` for anybody else."""
    refuse_unless_demo()
    device = TOTPDevice.objects.filter(
        user__in=Staff.objects.filter(sign_in_name=name, demo=True)
    ).first()
    if device is None:
        raise DemoError(f"{name} is nobody of the demo; `manage.py demo` draws them.")
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() if at is None else at
    left = device.step - (int(totp.time) - device.t0) % device.step
    return Code(str(totp.token()).zfill(device.digits), left, device.last_t >= totp.t())


def names() -> tuple[str, ...]:
    """The sign-in names of the demo people."""
    return tuple(name for name, _, _ in _CAST)


# --- drawing ------------------------------------------------------------------------------------


def _bring_up_to_date(found: dict[str, Any]) -> bool:
    """An older demo knew fewer people, and an issuer that could do less: whether that was so."""
    root, issuer = _private(found["root"]), _private(found["issuer"])
    old = False
    try:
        known = verify_root(decode(found["root_statement"]), host="localhost", now=None)
        certified = verify_issuer(decode(found["issuer_statement"]), root=known).roles
    except CertificateError:
        found["issuer_statement"] = _sign_issuer(root, issuer, _days())
        old, certified = True, frozenset(_CERTIFIED)
    there = {person["sign_in_name"] for person in found["staff"]}
    # An issuer stands in the log as it is: nobody comes whom it may not certify.
    late = [one for one in _CAST if one[0] not in there and _fits(one[2], certified)]
    found["staff"] += [_draw_person(*one) for one in late]
    return old or bool(late)


def _fits(role: Role, certified: frozenset[str]) -> bool:
    return role is not Role.DESK or role in certified


def _days() -> dict[str, date]:
    first = moment.now().date() - _ISSUED_BEFORE
    return {"first": first, "last": first + _ROOT_YEARS}


def _sign_issuer(root: Ed25519PrivateKey, issuer: Ed25519PrivateKey, days: dict[str, date]) -> str:
    return encode(make_issuer(root, key=public_key(issuer), powers=_POWERS, **days))


def _draw_all() -> dict[str, Any]:
    root, issuer = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    days = _days()
    return {
        "demo": True,
        "root": encode(root.private_bytes_raw()),
        "issuer": encode(issuer.private_bytes_raw()),
        "root_statement": encode(make_root(root, name="演练 demo", demo=True, **days)),
        "issuer_statement": _sign_issuer(root, issuer, days),
        "staff": [_draw_person(*one) for one in _CAST],
    }


def _draw_person(name: str, working_name: str, role: Role) -> dict[str, str]:
    return {
        "sign_in_name": name,
        "working_name": working_name,
        "role": role.value,
        "password": "-".join(_draw_word() for _ in range(3)),
        "totp": secrets.token_hex(20),
    }


def _draw_word() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(4))


@transaction.atomic
def _ensure_person(person: dict[str, str]) -> None:
    """The row of a demo person says what the file says. The code secret tells whether it does."""
    staff = Staff.objects.filter(sign_in_name=person["sign_in_name"]).first()
    if staff is None:
        fields = ("sign_in_name", "working_name", "role", "password")
        try:
            desk = _DESKS.get(person["sign_in_name"], "")
            staff, device = enrol(**{name: person[name] for name in fields}, desk=desk, demo=True)
            long_ago = moment.now() - _HERE_FOR
            staff.joined_at = staff.cleared_at = long_ago
            staff.save()
        except ValueRefusedError as error:
            raise DemoError(f"{person['working_name']}: {error}") from error
    elif not staff.demo:
        raise DemoError(f"{person['sign_in_name']} is a real member of staff here.")
    else:
        device = TOTPDevice.objects.get_or_create(user=staff, defaults={"name": "totp"})[0]
        if device.key == person["totp"]:
            return
        staff.set_password(person["password"])
        staff.save()
        end_logins(staff)
    device.key, device.confirmed = person["totp"], True
    device.save()


def _private(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(decode(seed))


# --- files --------------------------------------------------------------------------------------


def _folder() -> Path:
    return Path(settings.DATA) / "demo"


def _drawn_path() -> Path:
    return _folder() / "drawn.json"


def drawn() -> dict[str, Any]:
    """What `drawn.json` says. Raises `DemoError` when none was drawn."""
    try:
        found: dict[str, Any] = json.loads(_drawn_path().read_text())
    except FileNotFoundError as error:
        raise DemoError(f"No demo was drawn in {settings.DATA}; `make run` does it.") from error
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """Two starts at once draw one root, not two."""
    with os.fdopen(os.open(_folder() / "lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only from the first byte."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)

"""Writing into the trail: inside the transaction of the act, so that both happened or neither."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from counsel.audit.kinds import Kind, Noun, noun_of
from counsel.audit.models import AuditCase, AuditEntry
from counsel.identity import CaseCode
from counsel.models import Staff, home
from counsel.statements import encode

SHELL: Final = "shell"
"""The role of whoever works on the machine itself, where nobody signs in."""
_LOOK_AGAIN_AFTER: Final = timedelta(hours=1)
_LONGEST: Final = 64

_written: ContextVar[list[Kind] | None] = ContextVar("written", default=None)


def record(
    kind: Kind,
    *,
    by: Staff | None,
    now: datetime,
    about: Staff | None = None,
    thing: str = "",
) -> None:
    """This person did this. Call it inside the transaction of what they did.

    `by` None: from the shell, or nobody we know. `about`: the colleague it was done to. `thing`: what
    else it was done to, of the noun `kinds.NOUNS` names: never words somebody typed. Raises
    `ValueError` where kind and thing do not belong together.
    """
    if noun_of(kind) is Noun.CASE:
        raise ValueError("a talk has no name here: record_case")
    _write(kind, by=by, about=about, thing=thing, at=now.replace(second=0, microsecond=0))


def record_case(kind: Kind, *, by: Staff, case_code: CaseCode, now: datetime) -> None:
    """This person did this to a talk; of the instant only the day is kept, on the calendar of their
    organisation.
    """
    if noun_of(kind) is not Noun.CASE:
        raise ValueError(f"{kind} is about no talk")
    today = now.astimezone(ZoneInfo(by.organisation.zone)).date()
    day = datetime.combine(today, time(), UTC)
    _write(kind, by=by, about=None, thing=name_case(case_code), at=day)


def record_look(kind: Kind, *, by: Staff, now: datetime, thing: str = "") -> None:
    """What an open page asks for again and again: one entry for each hour it stands open."""
    lately = AuditEntry.objects.filter(
        by=by.person, what=kind.value, thing=thing, at__gt=now - _LOOK_AGAIN_AFTER
    )
    if lately.exists():
        return
    with transaction.atomic():
        Staff.objects.select_for_update(no_key=True).get(pk=by.pk)  # two pages at once are one look
        if not lately.exists():
            record(kind, by=by, thing=thing, now=now)


def name_case(case_code: CaseCode) -> str:
    """What the trail calls this talk, drawn the first time somebody does something to it."""
    made = AuditCase.objects.get_or_create(
        case_code=case_code, defaults={"name": encode(secrets.token_bytes(16))}
    )
    return made[0].name


def name_key(key: bytes) -> str:
    """What the trail calls a browser or an issuer: the beginning of its key's SHA-256, to be read out."""
    digits = sha256(key).hexdigest()[:16]
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def forget_case(case_code: CaseCode) -> None:
    """The talk is erased: which of the trail's names was its, nobody can say any more."""
    AuditCase.objects.filter(case_code=case_code).delete()


@contextmanager
def listening() -> Iterator[list[Kind]]:
    """The kinds that are recorded while this is open."""
    heard: list[Kind] = []
    token = _written.set(heard)
    try:
        yield heard
    finally:
        _written.reset(token)


def _write(kind: Kind, *, by: Staff | None, about: Staff | None, thing: str, at: datetime) -> None:
    if bool(thing) != (noun_of(kind) is not Noun.NOTHING):
        raise ValueError(f"{kind} with {'a' if thing else 'no'} thing")
    if len(thing) > _LONGEST or not thing.isprintable():
        raise ValueError("no name of a thing")
    named = by or about
    nobody = "" if kind is Kind.SIGN_IN_FAILED else SHELL
    entry = AuditEntry(
        organisation=named.organisation_id if named is not None else home().pk,
        at=at,
        by=by.person if by is not None else "",
        role=by.role if by is not None else nobody,
        what=kind.value,
        about=about.person if about is not None else "",
        thing=thing,
    )
    # A look that is there already is the same look; nothing else can clash.
    AuditEntry.objects.bulk_create([entry], ignore_conflicts=kind is Kind.CASE_OPENED)
    if (heard := _written.get()) is not None:
        heard.append(kind)

"""What live needs before it opens, item by item: met or not, who stands for it, and since when.

The first two are the judge's own words about who is on; the others are kept in the tables. Nothing here
can be waved through.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from counsel import demo, limits
from counsel.audit import standing as trail
from counsel.errors import IllegalTransitionError, ValueRefusedError
from counsel.keys.models import IssuerCard
from counsel.keys.root import trusted_root
from counsel.models import Hotline, Organisation, Signature, Staff
from triage import judge
from triage.duty import statements
from triage.escalation import reach
from triage.judge import Stander

PAGE: Final = "page"
HOTLINES: Final = "hotlines"
DEMO: Final = "demo"

KEYS: Final = "keys"
AUDIT: Final = "audit"
PAGING: Final = "paging"

_LONGEST_SIGNER: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the checklist. `detail` is data: numbers to call, codes, never a sentence."""

    code: str
    met: bool
    who: str = ""
    when: datetime | None = None
    detail: str = ""


def items(ours: Organisation, standing: Sequence[Stander], now: datetime) -> list[Item]:
    """The whole checklist, in the order one goes through it before an evening."""
    return [*_on_duty(standing, now), *_kept(ours, standing, now)]


def unmet(ours: Organisation, standing: Sequence[Stander], now: datetime) -> tuple[str, ...]:
    """What the judge cannot see for itself and live does not have, by code."""
    return tuple(item.code for item in _kept(ours, standing, now) if not item.met)


def sign(staff: Staff, *, what: str, signer: str, now: datetime) -> None:
    """Somebody clinical stands for the texts or the timers. Raises `ValueRefusedError`."""
    signer = " ".join(signer.split())
    if what not in {Signature.TEXTS, Signature.TIMERS}:
        raise ValueRefusedError("neither texts nor timers")
    if not 1 <= len(signer) <= _LONGEST_SIGNER or not signer.isprintable():
        raise ValueRefusedError("no name")
    Signature.objects.update_or_create(
        organisation_id=staff.organisation_id,
        what=what,
        defaults={"signer": signer, "written_by": staff, "signed_at": now},
    )


def _kept(ours: Organisation, standing: Sequence[Stander], now: datetime) -> list[Item]:
    return [
        _page(standing, now),
        _hotlines(ours, now),
        _signed(ours, Signature.TEXTS),
        _signed(ours, Signature.TIMERS),
        _nothing_of_a_demo(),
        _keys(standing, now),
        _trail(now),
        _paging(ours, standing, now),
    ]


def _on_duty(standing: Sequence[Stander], now: datetime) -> list[Item]:
    there = {one.person for one in standing if judge.supervises(one, now)}
    ready = {one.person for one in standing if judge.is_ready(one, now)}
    names = dict(Staff.objects.filter(pk__in=ready | there).values_list("pk", "working_name"))
    return [
        Item(
            code=judge.SUPERVISOR, met=bool(there), who=", ".join(names[pk] for pk in sorted(there))
        ),
        Item(
            code=judge.TWO_STAFF,
            met=judge.are_enough(standing, now),
            who=", ".join(names[pk] for pk in sorted(ready)),
        ),
    ]


def _page(standing: Sequence[Stander], now: datetime) -> Item:
    """Whoever supervises has seen the test page of this very check-in."""
    there = [one for one in standing if judge.supervises(one, now)]
    return Item(code=PAGE, met=any(one.page_seen for one in there))


def _paging(ours: Organisation, standing: Sequence[Stander], now: datetime) -> Item:
    """A test page reached a supervisor who is there, and the lead can be reached."""
    there = [one.person for one in standing if judge.supervises(one, now)]
    lacks = reach.missing(ours, there)
    return Item(code=PAGING, met=not lacks, detail=" ".join(lacks))


def _hotlines(ours: Organisation, now: datetime) -> Item:
    """Every number on the emergency page was rung lately, and somebody answered."""
    rows = {row.number: row for row in Hotline.objects.filter(organisation=ours)}
    numbers = {*national_numbers(), *rows}
    fresh = {
        number
        for number, row in rows.items()
        if row.called_at is not None and now - row.called_at < limits.HOTLINE_CALLED_WITHIN
    }
    calls = [row.called_at for row in rows.values() if row.called_at is not None]
    return Item(
        code=HOTLINES,
        met=numbers <= fresh,
        when=min(calls, default=None) if numbers <= fresh else None,
        detail=" ".join(sorted(numbers - fresh)),
    )


def _signed(ours: Organisation, what: str) -> Item:
    signature = Signature.objects.filter(organisation=ours, what=what).first()
    if signature is None:
        return Item(code=what, met=False)
    return Item(code=what, met=True, who=signature.signer, when=signature.signed_at)


def _nothing_of_a_demo() -> Item:
    """No demo root is trusted and nobody of a demo can sign in: their keys lie in a file."""
    found = []
    if Staff.objects.filter(demo=True, is_active=True).exists():
        found.append("people")
    if settings.ORG_ROOT == "" or _is_drawn():
        found.append("root")
    return Item(code=DEMO, met=not found, detail=" ".join(found))


def _keys(standing: Sequence[Stander], now: datetime) -> Item:
    """The organisation's own root, an issuer it made, and the people who have to be there are on duty
    by a statement: whoever has none is nobody to a phone. `detail`: which of these is missing.
    """
    missing = []
    try:
        if trusted_root().demo:
            missing.append("root")
    except IllegalTransitionError:
        missing.append("root")
    if not IssuerCard.objects.filter(revoked_place=None, until__gte=now.date()).exists():
        missing.append("issuer")
    off = statements.without([one.person for one in standing], now)
    there = [one for one in standing if one.person not in off]
    if not judge.are_enough(there, now) or not any(judge.supervises(one, now) for one in there):
        missing.append("duty")
    return Item(code=KEYS, met=not missing, detail=" ".join(missing))


def _trail(now: datetime) -> Item:
    """What staff do is written where whoever owns the database cannot rewrite it unseen."""
    wanting, last = trail.wanting(now)
    return Item(
        code=AUDIT, met=not wanting, when=last.at if last else None, detail=" ".join(wanting)
    )


def _is_drawn() -> bool:
    try:
        demo.org_root()
    except demo.DemoError:
        return False
    return True


@cache
def national_numbers() -> tuple[str, ...]:
    """The numbers on every page of ours, from `counsel/numbers.json`."""
    path = Path(demo.__file__).with_name("numbers.json")
    return tuple(row["number"] for row in json.loads(path.read_text(encoding="utf-8")))

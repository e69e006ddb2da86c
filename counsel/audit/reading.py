"""What an auditor is shown of the trail: filtered, the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from counsel.audit.kinds import Kind, Noun, noun_of
from counsel.audit.models import AuditCase, AuditEntry
from counsel.models import Organisation, Staff
from counsel.statements import DAY, MINUTE

OF_A_TALK = frozenset(kind.value for kind in Kind if noun_of(kind) is Noun.CASE)
"""Kinds of which the trail knows only the day."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; empty is everything. `person` did it, or had it done to them."""

    person: str = ""
    what: str = ""
    case_code: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a page shows it. `at` is an instant to the minute, or only a day."""

    id: int
    at: str
    by: Staff | None
    role: str
    what: str
    about: Staff | None
    thing: str
    """Of a talk its case code, and empty once it is erased."""


def page(
    organisation: Organisation, wanted: Filter, *, before: int, rows: int
) -> tuple[list[Shown], bool]:
    """So many entries older than the one of this number (0: the newest), and whether there are more."""
    found = _found(organisation, wanted)
    if before:
        found = found.filter(pk__lt=before)
    some = list(found.order_by("-pk")[: rows + 1])
    return _show(some[:rows]), len(some) > rows


def count(organisation: Organisation, wanted: Filter) -> int:
    """How many entries that is."""
    return _found(organisation, wanted).count()


def _found(organisation: Organisation, wanted: Filter) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.filter(organisation=organisation.pk)
    if wanted.person:
        found = found.filter(Q(by=wanted.person) | Q(about=wanted.person))
    if wanted.what:
        found = found.filter(what=wanted.what)
    if wanted.case_code:
        named = AuditCase.objects.filter(case_code=wanted.case_code).values("name")
        found = found.filter(what__in=OF_A_TALK, thing__in=named)
    if wanted.day is not None:
        found = found.filter(_on(wanted.day, ZoneInfo(organisation.zone)))
    return found


def _on(day: date, zone: ZoneInfo) -> Q:
    """Of that day on the organisation's calendar; what is of a talk has the day for its instant."""
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    exact = ~Q(what__in=OF_A_TALK) & Q(at__gte=begins, at__lt=ends)
    return exact | Q(what__in=OF_A_TALK, at=datetime.combine(day, time(), UTC))


def _show(entries: Sequence[AuditEntry]) -> list[Shown]:
    named = {one.by for one in entries} | {one.about for one in entries}
    people = {one.person: one for one in Staff.objects.filter(person__in=named - {""})}
    codes = _codes(one.thing for one in entries if one.what in OF_A_TALK)
    return [
        Shown(
            id=one.pk,
            at=one.at.strftime(DAY if one.what in OF_A_TALK else MINUTE),
            by=people.get(one.by),
            role=one.role,
            what=one.what,
            about=people.get(one.about),
            thing=codes.get(one.thing, "") if one.what in OF_A_TALK else one.thing,
        )
        for one in entries
    ]


def _codes(names: Iterable[str]) -> dict[str, str]:
    rows = AuditCase.objects.filter(name__in=set(names))
    return dict(rows.values_list("name", "case_code"))

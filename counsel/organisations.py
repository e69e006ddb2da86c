"""The organisation as its people set it up, and the numbers it answers for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from counsel import limits
from counsel.errors import AccessError, NameTakenError, ThrottledError, ValueRefusedError
from counsel.models import Hotline, Organisation, Staff

_HERE: Final = Path(__file__).resolve().parent
LOCALE: Final = _HERE / "locale"
LANGUAGES: Final = tuple(sorted(path.stem for path in LOCALE.glob("*.json")))
"""What this service can speak: one file each."""

NATIONAL: Final[tuple[str, ...]] = tuple(
    row["number"] for row in json.loads((_HERE / "numbers.json").read_text(encoding="utf-8"))
)
"""Numbers every organisation answers for: their names and hours are in the language files."""

_NUMBER: Final = re.compile(r"\+?[0-9](?:[0-9 -]{0,17}[0-9])?")


@dataclass(frozen=True, slots=True)
class Line:
    """A number, and when somebody last rang it and was answered. National ones bring no words."""

    number: str
    name: str
    hours: str
    national: bool
    called_at: datetime | None
    called_by: Staff | None


def lines(organisation: Organisation) -> list[Line]:
    """Every number this organisation answers for: the national ones first, then its own."""
    rows = {row.number: row for row in organisation.hotlines.select_related("called_by")}
    national = [_line(number, rows.get(number)) for number in NATIONAL]
    own = [row for row in sorted(rows.values(), key=_age) if row.number not in NATIONAL]
    return national + [_line(row.number, row) for row in own]


def _age(row: Hotline) -> int:
    return row.pk


def _line(number: str, row: Hotline | None) -> Line:
    if row is None:
        return Line(number, "", "", True, None, None)
    national = number in NATIONAL
    words = ("", "") if national else (row.name, row.hours)
    return Line(number, *words, national, row.called_at, row.called_by)


def run_by(organisation: Organisation) -> str:
    """Who runs this, as the first page says it to everybody; empty as long as nobody has said."""
    return " ".join(filter(None, (organisation.level, organisation.name)))


def change(
    organisation: Organisation, *, name: str, level: str, zone: str, languages: Sequence[str]
) -> None:
    """What the organisation says of itself. Raises `ValueRefusedError`; nothing is changed then."""
    if not languages or len(set(languages)) != len(languages) or set(languages) - set(LANGUAGES):
        raise ValueRefusedError(f"Use some of the languages {', '.join(LANGUAGES)}, each once.")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueRefusedError(f"{zone} is no time zone") from error
    Organisation.objects.filter(pk=organisation.pk).update(
        name=_said(name, 64), level=_said(level, 64), zone=zone, languages=list(languages)
    )


@transaction.atomic
def add_hotline(organisation: Organisation, *, number: str, name: str, hours: str) -> None:
    """One more number. Raises `ValueRefusedError`, `NameTakenError` when it is listed already."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not _NUMBER.fullmatch(number):
        raise ValueRefusedError("no number one can dial")
    said = {"number": number, "name": _said(name, 32), "hours": _said(hours, 64)}
    if not said["name"] or not said["hours"]:
        raise ValueRefusedError("a number without a name or hours helps nobody")
    if number in NATIONAL:
        raise NameTakenError("one of the national ones")
    if organisation.hotlines.filter(national=False).count() >= limits.HOTLINES:
        raise ThrottledError("many numbers are listed", retry_after=60)
    try:
        with transaction.atomic():
            Hotline.objects.create(organisation=organisation, **said)
    except IntegrityError as error:
        raise NameTakenError("listed already") from error


def remove_hotline(organisation: Organisation, number: str) -> None:
    """This number is not listed any more. Raises `AccessError`; the national ones stay."""
    if not organisation.hotlines.filter(number=number, national=False).delete()[0]:
        raise AccessError("no such number of ours")


def call_hotline(actor: Staff, number: str, *, now: datetime) -> None:
    """They rang it now and somebody answered. Raises `AccessError` when it is not listed."""
    called = {"called_at": now, "called_by": actor}
    if number in NATIONAL:
        Hotline.objects.update_or_create(
            organisation=actor.organisation, number=number, defaults={**called, "national": True}
        )
    elif not actor.organisation.hotlines.filter(number=number).update(**called):
        raise AccessError("no such number")


def _said(words: str, longest: int) -> str:
    """Words people read. Raises `ValueRefusedError`."""
    words = words.strip()
    if len(words) > longest or not words.isprintable():
        raise ValueRefusedError(f"use up to {longest} characters one can see")
    return words

"""The directory as it is kept: read, taken in from files, found in, changed. Nothing else writes it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from counsel.audit.trail import name_key
from counsel.errors import AccessError, ValueRefusedError
from counsel.models import Organisation, Staff
from counsel.places import is_region
from triage.directory.models import DirectoryRow, TestCall
from triage.directory.nesting import Fields, Row, Rows

_HALF: Final = re.compile("[\ud800-\udfff]")
_DRAWN: Final = re.compile("[0-9a-fA-F-]{32,36}")
_BESIDE: Final = (
    ("organizations", "organization_id", "identifier"),
    ("locations", "location_id", "identifier"),
    ("addresses", "location_id", "fields__location_id"),
    ("attributes", "", "fields__link_id"),
    ("taxonomy_terms", "taxonomy_term_id", "identifier"),
)
"""What a form shows that is not the service's alone: table, the column that names it there (empty: it
names the service), and where that stands here."""
_AT_ONCE: Final = 500
"""Rows of one statement: what every database takes."""


def read(organisation: Organisation) -> list[Row]:
    """Every row, in the order they came."""
    return [_row(one) for one in _kept(organisation).order_by("place").iterator()]


def of_service(organisation: Organisation, name: str) -> Rows:
    """A service with what a form shows of it: its own, and what it shares. Raises `AccessError`."""
    rows = Rows()
    for one in _kept(organisation).filter(service=name).order_by("place"):
        rows.keep(_row(one))
    if ("services", name) not in rows.by_id:
        raise AccessError("no such service")
    for table, column, key in _BESIDE:
        named = {row.fields.get(column) for row in rows} if column else {name}
        there = _kept(organisation).filter(table=table, service="")
        for one in there.filter(**{f"{key}__in": [it for it in named if isinstance(it, str)]}):
            rows.keep(_row(one))
    return rows


def services(organisation: Organisation, region: str, words: str) -> QuerySet[DirectoryRow]:
    """Services of a region, by name; `words`: all of them stand in its name or its organisation's.

    An identifier, as the trail has it, finds its service.
    """
    found = _kept(organisation).filter(table="services", link="", region=region)
    for word in fold(words).split():
        found = found.filter(Q(name__contains=word) | Q(identifier__iexact=word))
    return found.order_by("name", "identifier")


@transaction.atomic
def take_in(organisation: Organisation, rows: Iterable[Row], *, clears: bool = False) -> int:
    """Rows of a file: new ones are added, what they say of those that are there is said anew.

    How many they were. Columns a file does not bring stay as they were; with `clears`, one that is
    null is taken away. Raises `ValueRefusedError`.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    last = _kept(organisation).aggregate(last=Max("place"))["last"] or 0
    brought = list(rows)
    there = _there(organisation, {row.table for row in brought} | {_RUNNERS, _PLACES})
    known_by = _Known(brought, there.values())
    fresh, changed = list[DirectoryRow](), list[DirectoryRow]()
    for place, row in enumerate(brought, last + 1):
        known = there.get((row.table, row.id, row.link))
        one = known or DirectoryRow(
            organisation=organisation, table=row.table, identifier=row.id, link=row.link,
            place=place, fields={},
        )  # fmt: skip
        said = {**one.fields, **row.fields}
        one.fields = {k: v for k, v in said.items() if v is not None} if clears else said
        _index(one, known_by)
        (fresh if known is None else changed).append(one)
    DirectoryRow.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    columns = ["fields", "service", "region", "name"]
    DirectoryRow.objects.bulk_update(changed, columns, batch_size=_AT_ONCE)
    return len(brought)


def drop(organisation: Organisation, row: Row) -> None:
    """This row is not there any more; another of its id, which another service names, is."""
    _kept(organisation).filter(table=row.table, identifier=row.id, link=row.link).delete()


@transaction.atomic
def record_call(actor: Staff, name: str, *, answered: bool, now: datetime) -> None:
    """They rang it. Answered, the service says so itself. Raises `AccessError`."""
    ours = actor.organisation
    row = _kept(ours).select_for_update().filter(table="services", identifier=name).first()
    if row is None:
        raise AccessError("no such service")
    TestCall.objects.create(
        organisation=ours, service=name, answered=answered, called_by=actor, called_at=now
    )
    if answered:
        row.fields = {**row.fields, "last_test_call_at": now.strftime("%Y-%m-%dT%H:%MZ")}
        row.save(update_fields=["fields"])


def name_service(identifier: str) -> str:
    """What the trail calls a service: its identifier where that was drawn, else what it hashes to.

    Files of others name things as they like, and the trail holds no words.
    """
    return identifier if _DRAWN.fullmatch(identifier) else name_key(identifier.encode())


def fold(words: str) -> str:
    """How words are compared: width and case do not matter."""
    return unicodedata.normalize("NFKC", words).casefold()


# --- inside -------------------------------------------------------------------------------------


def _kept(organisation: Organisation) -> QuerySet[DirectoryRow]:
    return DirectoryRow.objects.filter(organisation=organisation)


def _row(one: DirectoryRow) -> Row:
    return Row(one.table, one.identifier, one.fields, one.link)


def _there(
    organisation: Organisation, tables: set[str]
) -> dict[tuple[str, str, str], DirectoryRow]:
    found = _kept(organisation).filter(table__in=tables)
    return {(one.table, one.identifier, one.link): one for one in found}


_RUNNERS: Final = "organizations"
_PLACES: Final = "service_at_location"


class _Known:
    """What rows are found by that they do not say themselves."""

    def __init__(self, brought: Iterable[Row], there: Iterable[DirectoryRow]) -> None:
        rows = [(one.table, one.identifier, one.fields) for one in there]
        rows += [(row.table, row.id, row.fields) for row in brought]
        self.runs = {name: str(said.get("name") or "") for table, name, said in rows
                     if table == _RUNNERS}  # fmt: skip
        self.of_place = {name: said.get("service_id") for table, name, said in rows
                         if table == _PLACES}  # fmt: skip


def _is_text(spelled: str) -> bool:
    """What every database keeps: no zero, and no halves of signs, which JSON can spell."""
    return "\\u0000" not in spelled.replace("\\\\", "") and not _HALF.search(spelled)


def _index(one: DirectoryRow, known: _Known) -> None:
    said: Fields = one.fields
    if len(one.table) > 40 or not _is_text(json.dumps([said, one.identifier], ensure_ascii=False)):
        raise ValueRefusedError(f"{one.table} {one.identifier!a} cannot be kept")
    of_place = known.of_place.get(str(said.get("service_at_location_id")))
    service = one.identifier if one.table == "services" else said.get("service_id") or of_place
    one.service = service if isinstance(service, str) else ""
    if len(one.service) > 250:
        raise ValueRefusedError(f"{one.table} {one.identifier} names no service")
    if one.table == "services":
        one.region = str(said.get("region") or "")
        if not is_region(one.region):
            raise ValueRefusedError(f"{one.identifier}: no region {one.region}")
        run_by = known.runs.get(str(said.get("organization_id")), "")
        one.name = fold(f"{said.get('name') or ''} {run_by}")[:250]

"""What staff ask about the directory, and the files every phone may fetch. See `counsel/questions.py`.

A service in a list is `{id, name, organisation, kind, status, assured, called, in_plant, sample}`;
`assured` is a day, `called` an instant, either empty.
"""

from __future__ import annotations

import secrets
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from counsel import limits, moment
from counsel.answers import refusal
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import AccessError
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.statements import encode
from counsel.views import present as present_staff
from counsel.views import spell
from triage.directory import book, editing, editions
from triage.directory.models import DirectoryRow, Edition
from triage.directory.nesting import Row, Rows
from triage.directory.packing import flag

_REGION: Final = 8
_NAME: Final = 250


def directory_file(request: HttpRequest, name: str) -> HttpResponse:
    """A province's signed directory by its code, or a draft by its hash; the same for everybody."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        number, data = editions.file_of(name)
    except AccessError as error:
        return refusal(error)
    accepted = request.headers.get("accept-encoding", "").lower()
    offered = {word.strip() for word in accepted.split(",")}
    coding = next((one for one in ("br", "gzip") if one in offered), "")
    headers = {"vary": "accept-encoding", "cache-control": "no-store"}
    if coding:
        data = editions.squeezed(number, data, coding)
        headers["content-encoding"] = coding
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


# --- looking ------------------------------------------------------------------------------------


@question(Right.RUN_DIRECTORY, looks=True, reads=Kind.DIRECTORY_READ)
def overview(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{regions: [{region, services, version, entries, made, by}]}`: where there is anything.

    `version` is that of what phones get, 0 where nothing is signed yet.
    """
    ours = staff.organisation
    counts = {row["region"]: row["number"] for row in DirectoryRow.objects.filter(
        organisation=ours, table="services", link="").values("region").annotate(number=Count("pk"))
    }  # fmt: skip
    signed = Edition.objects.filter(organisation=ours).exclude(statement=b"").order_by("version")
    latest = {one.region: one for one in signed.select_related("signed_by").defer("packed")}
    return {
        "regions": [
            {"region": region, "services": counts.get(region, 0), **_edition(latest.get(region))}
            for region in sorted(counts.keys() | latest.keys())
        ]
    }


def _edition(found: Edition | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0, "entries": 0, "made": None, "by": None}
    by = None if found.signed_by is None else present_staff(found.signed_by)
    return {
        "version": found.version, "entries": found.entries, "made": spell(found.made_at), "by": by,
    }  # fmt: skip


@question(Right.RUN_DIRECTORY, looks=True, reads=Kind.DIRECTORY_READ)
def listed(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{region, words, after}` → `{services, more}`: by name, from the `after`-th on.

    An empty region is what holds for the whole country.
    """
    found = book.services(
        staff.organisation, said.text("region", longest=_REGION), said.text("words")
    )
    after, size = said.number("after"), found.count()
    rows = list(found[after : after + limits.DIRECTORY_PAGE])
    owners = _owners(staff, rows)
    return {
        "services": [_listed(row, owners) for row in rows],
        "more": max(0, size - after - len(rows)),
    }


def _owners(staff: Staff, rows: list[DirectoryRow]) -> dict[str, str]:
    wanted = [row.fields.get("organization_id") for row in rows]
    found = DirectoryRow.objects.filter(
        organisation=staff.organisation, table="organizations", identifier__in=wanted, link=""
    )
    return {row.identifier: str(row.fields.get("name") or "") for row in found}


def _listed(row: DirectoryRow, owners: dict[str, str]) -> dict[str, Any]:
    said = row.fields
    return {
        "id": row.identifier,
        "name": str(said.get("name") or "")[:120],
        "organisation": owners.get(str(said.get("organization_id")), "")[:120],
        "kind": str(said.get("kind") or "other")[:20],
        "status": str(said.get("status") or "active")[:20],
        "assured": str(said.get("assured_date") or "")[:10],
        "called": str(said.get("last_test_call_at") or "")[:17],
        "in_plant": flag(said.get("in_plant"), doubtful=True) is True,
        "sample": flag(said.get("sample"), doubtful=True) is True,
    }


@question(Right.RUN_DIRECTORY, looks=True, reads=Kind.DIRECTORY_READ)
def service(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}` → `{service}`: its form, as `editing.present` gives it."""
    name = said.text("id", longest=_NAME)
    return {"service": editing.present(book.of_service(staff.organisation, name), name)}


# --- changing -----------------------------------------------------------------------------------


@question(Right.RUN_DIRECTORY)
def save(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """What stands in a form → `{id}`. An empty `id` is a new service; nobody vouches for it yet."""
    typed, ours = _typed(said), staff.organisation
    before = book.of_service(ours, typed.id) if typed.id else Rows()
    run_by = DirectoryRow.objects.filter(
        organisation=ours, table="organizations", fields__name=typed.organisation
    ).first()
    name, rows, gone = editing.rows_of(
        typed, before, secrets.token_hex(16) if run_by is None else run_by.identifier
    )
    book.take_in(ours, rows, clears=True)
    for row in gone:
        book.drop(ours, row)
    record(Kind.SERVICE_SAVED, by=staff, thing=book.name_service(name), now=moment.now())
    return {"id": name}


def _typed(said: Said) -> editing.Typed:
    return editing.Typed(
        id=said.text("id", longest=_NAME),
        texts={key: said.text(key, longest=most).strip() for key, most in editing.TEXTS.items()},
        answers={key: said.text(key, longest=3) for key in editing.ANSWERS},
        place={
            key: said.text(key, longest=most).strip() for key, (_, _, most) in editing.PLACE.items()
        },
        organisation=said.text("organisation", longest=editing.ORGANISATION).strip(),
        kind=said.text("kind", longest=20),
        region=said.text("region", longest=_REGION),
        status=said.text("status", longest=20),
        in_plant=said.flag("in_plant"),
        minutes=said.number("minutes", most=100_000),
        phones=[_words(row, "id number description") for row in said.rows("phones", most=20)],
        hours=[
            _words(row, "id byday opens_at closes_at description")
            for row in said.rows("hours", most=20)
        ],
    )


def _words(row: Said, names: str) -> dict[str, str]:
    return {name: row.text(name).strip() for name in names.split()}


@question(Right.RUN_DIRECTORY)
def assure(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}` → `{assured}`: all of this was looked at today, and is so."""
    name, ours = said.text("id", longest=_NAME), staff.organisation
    book.of_service(ours, name)
    now = moment.now()
    today = now.astimezone(ZoneInfo(ours.zone)).date().isoformat()
    book.take_in(ours, [Row("services", name, {"id": name, "assured_date": today})])
    record(Kind.SERVICE_ASSURED, by=staff, thing=book.name_service(name), now=now)
    return {"assured": today}


@question(Right.RUN_DIRECTORY)
def called(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id, answered}` → `{}`: they rang it now."""
    name = said.text("id", longest=_NAME)
    now = moment.now()
    book.record_call(staff, name, answered=said.flag("answered"), now=now)
    record(Kind.SERVICE_CALLED, by=staff, thing=book.name_service(name), now=now)
    return {}


# --- shipping -----------------------------------------------------------------------------------


@question(Right.RUN_DIRECTORY)
def draft(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{region}` → `{digest, version, entries, size}`: packed; its file is `/directory/<hex>.bin`."""
    region = said.text("region", longest=_REGION)
    now = moment.now()
    found = editions.draft(staff.organisation, region, now=now)
    record(Kind.DIRECTORY_PACKED, by=staff, thing=f"{region} {found.version}", now=now)
    return {
        "digest": encode(bytes(found.digest)), "version": found.version, "entries": found.entries,
        "size": len(bytes(found.packed)),
    }  # fmt: skip


@question(Right.ISSUE)
def publish(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{digest, statement}` → `{version}`: the draft of this hash, signed, is what phones get."""
    now = moment.now()
    found = editions.publish(
        staff.organisation, said.octets("digest"), said.octets("statement"), by=staff, now=now
    )
    record(Kind.DIRECTORY_SIGNED, by=staff, thing=f"{found.region} {found.version}", now=now)
    return {"version": found.version}

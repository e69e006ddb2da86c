"""A service as a form of the console shows it, and rows again from what was typed there. Pure.

The form shows what a person at a desk can check by telephone. Whatever else a row says stays as it is.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from counsel.errors import ValueRefusedError
from triage.directory.nesting import Fields, Row, Rows, Tree
from triage.directory.packing import flag, kind_of
from triage.directory.shapes import KINDS, STATUSES

TEXTS: Final[Mapping[str, int]] = {
    "name": 120, "description": 1000, "alert": 300, "eligibility_description": 500,
    "application_process": 500, "fees_description": 300, "wait_time": 200, "id_documents": 300,
    "ambulance_cost": 300, "source": 300,
}  # fmt: skip
"""Columns of a service that are words, and characters they may have here."""

ORGANISATION: Final = 120
"""Characters of whoever runs it."""
ANSWERS: Final = ("needs_real_name", "accepts_anonymous_first_contact")
"""Columns that are yes, no, or not known: `yes`, `no`, empty."""

PLACE: Final[Mapping[str, tuple[str, str, int]]] = {
    "address": ("addresses", "address_1", 200),
    "city": ("addresses", "city", 60),
    "way": ("locations", "transportation", 300),
}
"""Fields of the form about where it is: table, column, characters."""

_LISTED: Final = {"phones": "phones", "schedules": "hours"}
"""Tables, and what the form calls their rows."""
_NOTE: Final = 200
"""Characters of a column of those."""
MOST: Final = 8
"""Telephones, and hours, one form takes."""

_TIME: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00|")
_BYDAY: Final = re.compile(r"(?:(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?!$)|$))+|", re.ASCII)
_DIAL: Final = re.compile(r"\+?[0-9][0-9 -]{1,22}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed. `id` is empty for a service that is new."""

    id: str
    texts: Mapping[str, str]
    answers: Mapping[str, str]
    place: Mapping[str, str]
    organisation: str
    kind: str
    region: str
    status: str
    in_plant: bool
    minutes: int
    """Within which its desk answers a referral; 0: nobody said."""
    phones: Sequence[Mapping[str, str]]
    """`{id, number, description}`; an empty `id` is a new one."""
    hours: Sequence[Mapping[str, str]]
    """`{id, byday, opens_at, closes_at, description}`."""


# --- to the form --------------------------------------------------------------------------------


def present(rows: Rows, name: str) -> Fields:
    """The form of a service whose rows these are."""
    tree = Tree(rows)
    row = rows.by_id["services", name][0]
    service = row.fields
    owner = tree.get("organizations", service.get("organization_id"))
    return {
        "id": name,
        **{key: str(service.get(key) or "")[:most] for key, most in TEXTS.items()},
        **{key: _answer(service.get(key)) for key in ANSWERS},
        **{
            key: str(_of_place(tree, name, key) or "")[:most] for key, (_, _, most) in PLACE.items()
        },
        "organisation": "" if owner is None else str(owner.fields.get("name") or "")[:ORGANISATION],
        "kind": kind_of(tree, row),
        "region": str(service.get("region") or ""),
        "status": service["status"] if service.get("status") in STATUSES else "active",
        "in_plant": flag(service.get("in_plant"), doubtful=True) is True,
        "minutes": _whole(service.get("accept_sla_minutes")),
        "phones": _held(tree, name, "phones", ("number", "description")),
        "hours": _held(tree, name, "schedules", ("byday", "opens_at", "closes_at", "description")),
        "assured": str(service.get("assured_date") or ""),
        "called": str(service.get("last_test_call_at") or ""),
        "sample": flag(service.get("sample"), doubtful=True) is True,
    }


def _answer(value: Any) -> str:
    said = flag(value)
    return "" if said is None else "yes" if said else "no"


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _held(tree: Tree, name: str, table: str, columns: Sequence[str]) -> list[Fields]:
    return [
        {"id": row.id, **{key: str(row.fields.get(key) or "")[:_NOTE] for key in columns}}
        for row in _own(tree, name, table)[:MOST]
    ]


def _own(tree: Tree, name: str, table: str) -> list[Row]:
    """Rows of this service, also those of it at its place."""
    found = list(tree.naming(table, "service_id", name))
    for place in tree.naming("service_at_location", "service_id", name):
        found += [row for row in tree.naming(table, "service_at_location_id", place.id)
                  if row not in found]  # fmt: skip
    return found


def _location(tree: Tree, name: str) -> str | None:
    for place in tree.naming("service_at_location", "service_id", name):
        if isinstance(found := place.fields.get("location_id"), str):
            return found
    return None


def _of_place(tree: Tree, name: str, key: str) -> Any:
    table, column, _ = PLACE[key]
    location = _location(tree, name)
    if table == "locations":
        row = tree.get(table, location)
        return None if row is None else row.fields.get(column)
    rows = tree.naming(table, "location_id", location) if location is not None else []
    return rows[0].fields.get(column) if rows else None


# --- from the form ------------------------------------------------------------------------------


def rows_of(typed: Typed, before: Rows, organisation_id: str) -> tuple[str, Rows, list[Row]]:
    """The id of the service, the rows to write and those that go.

    `before`: what is there of it now. Null in a column says that it is said no more. Raises
    `ValueRefusedError`.
    """
    shown = present(before, typed.id) if typed.id else {}
    _check(typed, shown)
    tree, rows = Tree(before), Rows()
    name = typed.id or str(uuid.uuid4())
    said = {"kind": typed.kind, "region": typed.region, "status": typed.status, **typed.texts}
    rows.add("services", {
        "id": name, "in_plant": typed.in_plant or None,
        "accept_sla_minutes": typed.minutes or None, **_anew(said, shown),
        **{key: {"yes": True, "no": False}.get(typed.answers[key]) for key in ANSWERS},
    })  # fmt: skip
    if typed.organisation != shown.get("organisation"):
        rows.add("organizations", {"id": organisation_id, "name": typed.organisation})
        rows.add("services", {"id": name, "organization_id": organisation_id})
    _add_place(rows, tree, name, _anew(typed.place, shown))
    gone = _add_held(rows, tree, name, "phones", typed.phones, shown)
    gone += _add_held(rows, tree, name, "schedules", typed.hours, shown)
    return name, rows, gone


def _anew(typed: Mapping[str, str], shown: Fields) -> Fields:
    """What does not stand there as it was shown: what was cut to fit the form, or that no form knows, stays
    whole. Null: it was taken away."""
    return {key: value or None for key, value in typed.items() if value != shown.get(key)}


def _check(typed: Typed, shown: Fields) -> None:
    """`shown`: what stood in the form; what a file brought and nobody touched is not theirs to answer for."""
    if not typed.texts["name"] or not typed.organisation:
        raise ValueRefusedError("a service without a name, or that nobody runs")
    if typed.kind not in KINDS or typed.status not in STATUSES:
        raise ValueRefusedError("no such kind or state")
    if len(typed.phones) > MOST or len(typed.hours) > MOST:
        raise ValueRefusedError(f"more than {MOST} of one thing")
    for phone in _touched(typed.phones, shown.get("phones", ()), ("number",)):
        if not _DIAL.fullmatch(phone["number"]):
            raise ValueRefusedError("no number one can dial")
    for hours in _touched(typed.hours, shown.get("hours", ()), ("byday", "opens_at", "closes_at")):
        times = _TIME.fullmatch(hours["opens_at"]) and _TIME.fullmatch(hours["closes_at"])
        if not times or not _BYDAY.fullmatch(hours["byday"]):
            raise ValueRefusedError("no days or hours")


def _touched(
    typed: Sequence[Mapping[str, str]], shown: Sequence[Mapping[str, str]], columns: Sequence[str]
) -> list[Mapping[str, str]]:
    """Those that do not say in these columns what they said before."""
    before = [[one["id"], *(one[key] for key in columns)] for one in shown]
    return [one for one in typed if [one["id"], *(one[key] for key in columns)] not in before]


def _add_place(rows: Rows, tree: Tree, name: str, anew: Fields) -> None:
    location = _location(tree, name)
    if not any(anew.values()) and (location is None or not anew):
        return
    if location is None:
        location = str(uuid.uuid4())
        rows.add("service_at_location", {
            "id": str(uuid.uuid4()), "service_id": name, "location_id": location,
        })  # fmt: skip
        rows.add("locations", {"id": location, "location_type": "physical"})
    there = tree.naming("addresses", "location_id", location)
    address = {"id": there[0].id if there else str(uuid.uuid4()), "location_id": location}
    for key, value in anew.items():
        table, column, _ = PLACE[key]
        rows.add(table, {**({"id": location} if table == "locations" else address), column: value})


def _add_held(
    rows: Rows, tree: Tree, name: str, table: str, typed: Sequence[Mapping[str, str]], shown: Fields
) -> list[Row]:
    """Adds what stands in the form; what stood there before and does not now."""
    there = {row.id: row for row in _own(tree, name, table)[:MOST]}
    before = {one["id"]: one for one in shown.get(_LISTED[table], ())}
    kept = set[str]()
    for one in typed:
        said = _anew(
            {key: value for key, value in one.items() if key != "id"}, before.get(one["id"], {})
        )
        if one["id"] in there:
            kept.add(one["id"])
            rows.keep(Row(table, one["id"], {**said, "id": one["id"]}, there[one["id"]].link))
        else:
            more = {"freq": "WEEKLY"} if table == "schedules" and one["byday"] else {}
            rows.add(table, {"id": str(uuid.uuid4()), "service_id": name, **said, **more})
    return [row for place, row in there.items() if place not in kept]

"""From rows to what a phone is shipped: one entry for each service at each place. Pure.

    file  = issuer statement, directory statement, body
    body  = UTF-8 JSON {v: 1, region, version, zone, columns: {name: column}}
    column = {all: [value of each entry]}, or {of: [values], at: [index of each entry's]}

Columns and not entries, because neighbours in a column resemble each other: a province's ten
thousand services then fit what a phone fetches in passing. The statement carries SHA-256 of the body.
The browser's twin is `triage/client/directory/pocket.ts`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from counsel import limits
from counsel.errors import ValueRefusedError
from triage.directory.nesting import Fields, Row, Tree
from triage.directory.shapes import KINDS

COLUMNS: Final = (
    "id", "name", "org", "kind", "says", "address", "city", "way", "latitude", "longitude", "phones",
    "hours", "languages", "who", "how", "papers", "fees", "ambulance", "wait", "alert", "status",
    "real_name", "anonymous", "in_plant", "sample", "assured", "source",
)  # fmt: skip
"""What a phone knows of an entry; each is null where nobody has said."""

_DAY: Final = timedelta(days=1)
_SHOWN: Final = frozenset({"active", "temporarily closed", ""})
_SPELLED: Final = {
    **dict.fromkeys(("true", "yes", "y", "1", "是"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否"), False),
}
_RULE: Final = (
    "freq", "interval", "byday", "bymonthday", "byyearday", "byweekno", "dtstart", "until", "count",
    "wkst", "valid_from", "valid_to", "opens_at", "closes_at", "timezone", "description",
)  # fmt: skip
_NUMBER: Final = re.compile(
    r"(\+?[\d -]*\d) ?(?:(?:转|轉|ext\.?|x|#) ?(\d+))?", re.ASCII | re.IGNORECASE
)
"""What can be dialled, and whom one asks for then."""
_PLAIN: Final = (
    ("name", "name"), ("says", "description"), ("who", "eligibility_description"),
    ("how", "application_process"), ("wait", "wait_time"), ("alert", "alert"),
    ("ambulance", "ambulance_cost"), ("assured", "assured_date"), ("source", "source"),
)  # fmt: skip


def entries(rows: Iterable[Row], region: str, today: date) -> list[Fields]:
    """What is shipped for a province: its own services and the country's, as far as they are shown.

    What has not been vouched for as long as hides it is left out here already.
    """
    tree = Tree(rows)
    found = []
    for row in tree.rows:
        if row.table == "services" and row.fields.get("region", "") in ("", region):
            status = str(row.fields.get("status") or "")
            if status in _SHOWN and not _is_hidden(row.fields.get("assured_date"), today):
                found += list(_of_service(tree, row))
    return found


def flag(value: Any, *, doubtful: bool | None = None) -> bool | None:
    """A yes or no, however it is spelled: spreadsheets write `TRUE`. None where nobody has said.

    `doubtful`: what it counts as where something was said that is neither.
    """
    if value is None or value == "":
        return None
    return _SPELLED.get(str(value).strip().lower(), doubtful)


def _is_hidden(assured: Any, today: date) -> bool:
    try:
        age = today - date.fromisoformat(str(assured))
    except ValueError:
        return True  # nobody ever vouched for it
    # A day that has not come vouches for nothing; the clocks of two zones differ by one.
    return not -_DAY <= age <= limits.DIRECTORY_HIDDEN_AFTER


def _of_service(tree: Tree, row: Row) -> Iterator[Fields]:
    places: list[Row | None] = [*tree.naming("service_at_location", "service_id", row.id)]
    for place in places or [None]:
        at = None if place is None else tree.get("locations", place.fields.get("location_id"))
        yield _entry(tree, row, place, at)


def _entry(tree: Tree, row: Row, place: Row | None, at: Row | None) -> Fields:
    said = row.fields
    owner = tree.get("organizations", said.get("organization_id"))
    owners = [(table, one.id) for table, one in (
        ("service_at_location_id", place), ("service_id", row), ("location_id", at),
        ("organization_id", owner),
    ) if one is not None]  # fmt: skip
    status = str(said.get("status") or "")
    address, city = _address(tree, at)
    return {
        **{key: said.get(column) for key, column in _PLAIN},
        "real_name": flag(said.get("needs_real_name")),
        "anonymous": flag(said.get("accepts_anonymous_first_contact")),
        # Whoever is not sure whether it lies in a plant hides it, and what may be a sample says so.
        "in_plant": flag(said.get("in_plant"), doubtful=True),
        "sample": flag(said.get("sample"), doubtful=True),
        "id": row.id if place is None else place.id,
        "org": None if owner is None else owner.fields.get("name"),
        "kind": kind_of(tree, row),
        "address": address,
        "city": city,
        "way": None if at is None else at.fields.get("transportation"),
        "latitude": None if at is None else _degrees(at.fields.get("latitude")),
        "longitude": None if at is None else _degrees(at.fields.get("longitude")),
        "phones": _phones(tree, owners),
        "hours": _hours(tree, owners),
        "languages": _languages(tree, row, at),
        "papers": _papers(tree, row),
        "fees": said.get("fees_description") or said.get("fees"),
        "status": None if status in ("", "active") else status,
    }


def _degrees(value: Any) -> float | None:
    """A number, also where a file spells it as a text: `23.10` would not come out the same as a number."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if abs(found) <= 180 else None


def kind_of(tree: Tree, row: Row) -> str:
    """What sort of help a service is: as it says itself, or by its first term that is one of ours."""
    if row.fields.get("kind") in KINDS:
        return str(row.fields["kind"])
    for said in tree.naming("attributes", "link_id", row.id):
        term = tree.get("taxonomy_terms", said.fields.get("taxonomy_term_id"))
        if term is not None and term.fields.get("code") in KINDS:
            return str(term.fields["code"])
    return "other"


def _address(tree: Tree, at: Row | None) -> tuple[str | None, str | None]:
    for row in tree.naming("addresses", "location_id", at.id) if at is not None else []:
        said = [row.fields.get(key) for key in ("address_1", "address_2")]
        return "，".join(str(one) for one in said if one) or None, row.fields.get("city")
    return None, None


def _phones(tree: Tree, owners: Sequence[tuple[str, str]]) -> list[list[str]] | None:
    """Of the nearest that has any: this service here, the service, the place, whoever runs it."""
    for column, name in owners:
        if found := [one for row in tree.naming("phones", column, name) for one in _dialled(row)]:
            return found
    return None


def _dialled(row: Row) -> Iterator[list[str]]:
    """Number and note of each number that stands there, as phones dial it, however somebody wrote it."""
    said, extension = row.fields, str(row.fields.get("extension") or "")
    written = unicodedata.normalize("NFKC", str(said.get("number") or ""))
    for part in re.split(r"[/,;、]", written):
        plain = " ".join(re.sub(r"[\u2010-\u2015]+", "-", re.sub(r"[().·\"]", " ", part)).split())
        read = _NUMBER.fullmatch(plain)
        number, inner = (plain, None) if read is None else read.groups()
        if number:
            more = f"转{inner or extension}" if inner or extension else ""
            note = f"{said.get('description') or ''} {more}".strip()
            yield [number, note]


def _hours(tree: Tree, owners: Sequence[tuple[str, str]]) -> list[Fields] | None:
    for column, name in owners:
        if found := tree.naming("schedules", column, name):
            return [
                {key: row.fields[key] for key in _RULE if row.fields.get(key) not in (None, "")}
                for row in found
            ]
    return None


def _languages(tree: Tree, row: Row, at: Row | None) -> list[str] | None:
    found = tree.naming("languages", "service_id", row.id)
    if at is not None:
        found = found or tree.naming("languages", "location_id", at.id)
    named = [str(one.fields.get("code") or one.fields.get("name") or "") for one in found]
    return [name for name in named if name] or None


def _papers(tree: Tree, row: Row) -> str | None:
    said = [one.fields.get("document") for one in tree.naming(
        "required_documents", "service_id", row.id
    )]  # fmt: skip
    papers = [str(one) for one in (row.fields.get("id_documents"), *said) if one]
    return "；".join(papers) or None


# --- bytes --------------------------------------------------------------------------------------


def pack(found: Sequence[Fields], *, region: str, version: int, zone: str) -> bytes:
    """The body. Raises `ValueRefusedError` for more than any phone is asked to hold."""
    columns = {name: _column([entry.get(name) for entry in found]) for name in COLUMNS}
    head = {"v": 1, "region": region, "version": version, "zone": zone, "columns": columns}
    packed = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    if len(packed) > limits.MAX_DIRECTORY:
        raise ValueRefusedError(f"a directory of {len(packed)} bytes")
    return packed


def _column(values: Sequence[Any]) -> Fields:
    spelled = [json.dumps(value, ensure_ascii=False, sort_keys=True) for value in values]
    places = {one: place for place, one in enumerate(dict.fromkeys(spelled))}
    if len(places) * 2 > len(values):
        return {"all": list(values)}
    return {"of": [json.loads(one) for one in places], "at": [places[one] for one in spelled]}


def unpack(packed: bytes) -> list[Fields]:
    """The entries of a body we packed."""
    columns = json.loads(packed)["columns"]
    found = {name: _values(column) for name, column in columns.items()}
    size = len(next(iter(found.values()), []))
    return [{name: found[name][place] for name in found} for place in range(size)]


def _values(column: Fields) -> list[Any]:
    if "all" in column:
        return list(column["all"])
    return [column["of"][place] for place in column["at"]]

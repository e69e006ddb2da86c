"""HSDS JSON, nested as its API nests it, to rows and back. Pure.

A row is what a line of a CSV file says. An object that stands in several places (a telephone of a
service and of its location) is one row that names them all; where a column would have to name two
(one person for two services), there are two rows of one id. Keys nobody knows are kept as they came.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from counsel.errors import ValueRefusedError
from triage.directory.shapes import COLUMNS, HOLDS, LINKS, LISTS

Fields = dict[str, Any]

_MADE: Final = uuid.UUID("6f0b6f63-0f7b-5c8e-9d0c-6c1f2f5d1a11")
"""Namespace of ids for objects that came without one."""


@dataclass(slots=True)
class Row:
    """A line of a table. `link` tells rows of one id apart; nearly always it is empty."""

    table: str
    id: str
    fields: Fields
    link: str = ""


@dataclass(slots=True)
class Rows:
    """Rows by table and id, in the order they came."""

    by_id: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        for rows in self.by_id.values():
            yield from rows

    def add(self, table: str, fields: Fields) -> Row:
        """Takes a line in, or what it says about one that is there.

        Raises `ValueRefusedError` when two say something different about one thing.
        """
        name = fields.get("id")
        if not isinstance(name, str) or not 0 < len(name) <= 250:
            raise ValueRefusedError(f"a row of {table} without an id")
        there = self.by_id.setdefault((table, name), [])
        for row in there:
            other = [key for key in row.fields.keys() & fields if row.fields[key] != fields[key]]
            if not other:
                row.fields.update(fields)
                return row
            if said := [key for key in other if key not in LINKS]:
                raise ValueRefusedError(f"{table} {name} says two things about {said[0]}")
        row = Row(table, name, fields, f"{len(there)}" if there else "")
        there.append(row)
        return row

    def keep(self, row: Row) -> None:
        """Takes a row as it was kept."""
        self.by_id.setdefault((row.table, row.id), []).append(row)


# --- in -----------------------------------------------------------------------------------------


def flatten(rows: Rows, table: str, item: Mapping[str, Any], **named: str) -> str:
    """An object with all that is nested in it; its id. `named`: columns that say where it stood."""
    made = uuid.uuid5(_MADE, repr((table, sorted(named.items()), sorted(item.items(), key=str))))
    name = str(item.get("id") or made)
    fields: Fields = {"id": name, **named}
    lists = list[tuple[str, str, Any]]()
    for key, value in item.items():
        if key in HOLDS.get(table, {}) and isinstance(value, Mapping):
            other, column = HOLDS[table][key]
            fields[column] = flatten(rows, other, value)
        elif key in LISTS.get(table, {}) and _is_list_of_objects(value):
            lists += [(*LISTS[table][key], one) for one in value]
        elif key != "id":
            fields[key] = value
    rows.add(table, fields)
    for other, column, one in lists:
        flatten(rows, other, one, **{column: name})
    return name


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(o, Mapping) for o in value)


def kind_of(item: Mapping[str, Any]) -> str:
    """What table an object without a name belongs to, by what only that one has."""
    if isinstance(item.get("service"), Mapping) or isinstance(item.get("location"), Mapping):
        return "service_at_location"
    marks = (
        ("locations", {"location_type", "latitude", "addresses"}),
        ("taxonomy_terms", {"taxonomy_detail", "term_uri", "taxonomy"}),
        ("organizations", {"tax_status", "legal_status", "year_incorporated", "locations"}),
        ("services", {"organization", "organization_id", "status", "service_at_locations"}),
        ("taxonomies", {"version"}),
    )
    for table, keys in marks:
        if keys & item.keys():
            return table
    return "organizations"


def read_json(data: Any, table: str = "") -> Rows:
    """Rows of HSDS JSON: one object, a list, a page of a list, or tables by their file names.

    `table` names what the objects are, where they do not say it. Raises `ValueRefusedError`.
    """
    rows = Rows()
    for name, items in _parts(data, table):
        for item in items:
            if not isinstance(item, Mapping):
                raise ValueRefusedError("something else than objects")
            if name:
                rows.add(name, dict(item))
            else:
                flatten(rows, table or kind_of(item), item)
    return rows


def _parts(data: Any, table: str) -> Iterator[tuple[str, Iterable[Any]]]:
    if isinstance(data, list):
        yield "", data
    elif not isinstance(data, Mapping):
        raise ValueRefusedError("neither an object nor a list")
    elif data and all(str(key).endswith(".csv") for key in data):
        for key, items in data.items():
            yield str(key).removesuffix(".csv"), items
    elif isinstance(data.get("contents"), list):
        yield "", data["contents"]
    else:
        yield "", [data]


# --- out ----------------------------------------------------------------------------------------


class Tree:
    """Rows, found by what they name; objects are put together from it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self._by_id: dict[tuple[str, str], Row] = {}
        self._named: dict[tuple[str, str, Any], list[Row]] = {}
        self._ids = set[str]()
        self.told = set[int]()
        """Which rows went into an object, by their place in memory."""
        for row in self.rows:
            self._by_id.setdefault((row.table, row.id), row)
            self._ids.add(row.id)
            for column in LINKS.keys() & row.fields:
                if isinstance(value := row.fields[column], str):
                    self._named.setdefault((row.table, column, value), []).append(row)

    def get(self, table: str, name: Any) -> Row | None:
        """The row of this id."""
        return self._by_id.get((table, name)) if isinstance(name, str) else None

    def naming(self, table: str, column: str, name: str) -> list[Row]:
        """Rows of a table whose column names this one, in their order."""
        return self._named.get((table, column, name), [])

    def objects(self, table: str) -> list[Fields]:
        """Every row of a table with all that belongs to it."""
        return [self.nest(row) for row in self.rows if row.table == table and not row.link]

    def nest(self, row: Row, above: frozenset[str] = frozenset()) -> Fields:
        """One object. `above`: the tables it stands in, which it does not hold once more."""
        self.told.add(id(row))
        inside = above | {row.table}
        found = {key: value for key, value in row.fields.items() if not self._resolves(key, value)}
        for key, (table, column) in HOLDS.get(row.table, {}).items():
            other = self.get(table, row.fields.get(column))
            if other is not None and table not in inside:
                found[key] = self.nest(other, inside)
        for key, (table, column) in LISTS.get(row.table, {}).items():
            below = self.naming(table, column, row.id)
            if below and table not in inside:
                found[key] = [self.nest(one, inside) for one in below]
        return found

    def _resolves(self, key: str, value: Any) -> bool:
        """What it names is there: nesting says it, so the column need not."""
        if key not in LINKS:
            return False
        return value in self._ids if not LINKS[key] else self.get(LINKS[key], value) is not None


def write_json(rows: Iterable[Row], table: str) -> dict[str, Any]:
    """A page of HSDS's own lists that holds all of them."""
    contents = Tree(rows).objects(table)
    size = len(contents)
    return {
        "total_items": size, "total_pages": 1, "page_number": 1, "size": size, "first_page": True,
        "last_page": True, "empty": not size, "contents": contents,
    }  # fmt: skip


def write_tables(rows: Iterable[Row]) -> dict[str, list[Fields]]:
    """Tables by their file names, every row of every table; empty ones are left out."""
    found: dict[str, list[Fields]] = {name: [] for name in COLUMNS}
    for row in rows:
        found.setdefault(row.table, []).append(row.fields)
    return {f"{name}.csv": items for name, items in found.items() if items}

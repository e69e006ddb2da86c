"""HSDS as CSV files, read and written without loss. Pure.

A cell that is empty says nothing: CSV cannot tell that from an empty word. What is no text in HSDS is
read as what it is if it is spelled so that it comes out the same again; what is nested in a column
nobody knows is spelled as JSON. A number there comes back as its spelling: a cell has no type.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from counsel import limits
from counsel.errors import ValueRefusedError
from triage.directory.nesting import Fields, Row, Rows, write_tables
from triage.directory.shapes import COLUMNS, FLAGS, NUMBERS

# A cell is as long as it is: by itself the module refuses what it has written.
csv.field_size_limit(limits.MAX_DIRECTORY)


def read_csv(files: Mapping[str, str]) -> Rows:
    """Rows of files by their names. Raises `ValueRefusedError`."""
    rows = Rows()
    for name, data in files.items():
        table = name.removesuffix(".csv")
        try:
            reader = csv.DictReader(io.StringIO(data.removeprefix("\ufeff")), strict=True)
            lines = list(reader)
        except csv.Error as error:
            raise ValueRefusedError(f"{name} is no CSV: {error}") from error
        columns = reader.fieldnames or ()
        if len(set(columns)) != len(columns):
            raise ValueRefusedError(f"{name} has a column twice")
        for place, line in enumerate(lines, 2):
            if None in line or None in line.values():
                raise ValueRefusedError(f"{name}, line {place}: another number of cells")
            rows.add(table, {key: _read(key, cell) for key, cell in line.items() if cell != ""})
    return rows


def write_csv(rows: Iterable[Row]) -> dict[str, str]:
    """Files by their names: HSDS's columns in its order, then those nobody knows."""
    found = {}
    for name, items in write_tables(rows).items():
        known = COLUMNS.get(name.removesuffix(".csv"), ("id",))
        used = {key for item in items for key in item}
        more = dict.fromkeys(key for item in items for key in item if key not in known)
        columns = [key for key in known if key in used] + list(more)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_spell(item.get(key)) for key in columns] for item in items)
        found[name] = out.getvalue()
    return found


def _read(column: str, cell: str) -> Any:
    if column in NUMBERS or column in FLAGS or cell[:1] in "[{":
        try:
            value = json.loads(cell)
        except ValueError:
            return cell
        nested = isinstance(value, (dict, list))
        if (nested or column in NUMBERS | FLAGS) and _spell(value) == cell:
            return value
    return cell


def _spell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_spelled(fields: Fields) -> dict[str, str]:
    """What a row says, as cells: to compare rows that came by different ways."""
    return {key: cell for key, value in fields.items() if (cell := _spell(value))}

"""HSDS files come in field by field and go out as they came: nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, Final

import pytest

from counsel.errors import ValueRefusedError
from triage.directory.nesting import Rows, Tree, kind_of, read_json, write_json, write_tables
from triage.directory.tables import as_spelled, read_csv, write_csv

EXAMPLES: Final = Path(__file__).resolve().parents[4] / "shared" / "vectors" / "hsds" / "examples"
LISTS: Final = {
    "organization_list": "organizations",
    "service_list": "services",
    "service_at_location_list": "service_at_location",
    "taxonomy_list": "taxonomies",
    "taxonomy_term_list": "taxonomy_terms",
}
OBJECTS: Final = {
    "service_full": "services",
    "service_at_location_full": "service_at_location",
    "location": "locations",
    "taxonomy": "taxonomies",
    "taxonomy_term": "taxonomy_terms",
}

FANG: Final[dict[str, Any]] = {
    "id": "c1",
    "name": "方",
    "phones": [{"id": "p1", "number": "12348", "x_heard": {"by": ["林"], "twice": True}}],
}
AID: Final[dict[str, Any]] = {
    "id": "s1",
    "name": "法律援助窗口",
    "status": "active",
    "minimum_age": 16,
    "x_colour": None,
    "x_open": [],
    "organization": {"id": "o1", "name": "市总工会", "contacts": [FANG]},
    "contacts": [FANG],
}
"""What a union might bring, with keys nobody knows and one person in two places."""


def example(name: str) -> Any:
    """A file of HSDS's own examples; None, said aloud, where they are not here."""
    path = EXAMPLES / name
    if not path.exists():
        print(f"HSDS examples: ../shared/vectors/hsds is not here, so {name} was not tried.")
        return None
    return json.loads(path.read_text(encoding="utf-8"))


# --- HSDS's own examples ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_a_list_comes_out_as_it_came(name: str) -> None:
    if page := example(f"{name}.json"):
        rows = read_json(page)
        assert write_json(rows, LISTS[name])["contents"] == page["contents"]


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_comes_out_with_all_that_was_nested_in_it(name: str) -> None:
    if item := example(f"{name}.json"):
        assert kind_of(item) == OBJECTS[name]
        assert write_json(read_json(item), OBJECTS[name])["contents"] == [item]


def test_tables_in_json_come_out_field_by_field() -> None:
    if tables := example("tabular.json"):
        assert write_tables(read_json(tables)) == tables


def test_csv_files_come_out_field_by_field() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("csv/*.csv")}
    rows = read_csv(files)
    again = read_csv(write_csv(rows))
    assert write_tables(again) == write_tables(rows)
    for name, data in write_csv(rows).items():
        assert _cells(data) == _cells(files[name]), name


def _cells(data: str) -> list[dict[str, str]]:
    return [{k: v for k, v in line.items() if v} for line in csv.DictReader(io.StringIO(data))]


def test_csv_and_json_say_the_same() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("csv/*.csv")}
    if tables := example("tabular.json"):
        told = {row.id: as_spelled(row.fields) for row in read_json(tables)}
        assert {row.id: as_spelled(row.fields) for row in read_csv(files)} == told


def test_everything_nested_becomes_tables_and_comes_back_nested() -> None:
    if item := example("service_full.json"):
        rows = read_csv(write_csv(read_json(item)))
        assert write_json(rows, "services")["contents"] == [item]


# --- ours -------------------------------------------------------------------------------------------


def test_keys_nobody_knows_are_kept_whatever_they_hold() -> None:
    assert write_json(read_json(AID), "services")["contents"] == [AID]
    nested = read_csv(write_csv(read_json({"id": "p", "x": {"a": [1, "二"]}}, "phones")))
    assert [row.fields for row in nested] == [{"id": "p", "x": {"a": [1, "二"]}}]


def test_what_is_shared_is_one_row_that_names_both() -> None:
    rows = write_tables(read_json(AID))
    assert rows["contacts.csv"] == [
        {"id": "c1", "organization_id": "o1", "name": "方", "service_id": "s1"}
    ]


def test_one_person_of_two_services_is_two_rows_and_comes_back_in_both() -> None:
    other = {**AID, "id": "s2", "name": "困难帮扶窗口"}
    rows = read_json([AID, other])
    assert len([row for row in rows if row.table == "contacts"]) == 2
    assert write_json(rows, "services")["contents"] == [AID, other]
    assert write_json(read_csv(write_csv(rows)), "services")["contents"][1]["contacts"] == [FANG]


def test_two_that_contradict_each_other_are_refused() -> None:
    other = {**AID, "id": "s2", "organization": {"id": "o1", "name": "区总工会"}}
    with pytest.raises(ValueRefusedError, match="organizations o1 says two things about name"):
        read_json([AID, other])


def test_a_name_for_what_came_without_one_is_the_same_each_time() -> None:
    one, two = (
        [row.id for row in read_json({"name": "驿站", "phones": [{"number": "1"}]}, "services")]
        for _ in range(2)
    )
    assert one == two
    assert len(set(one)) == 2


def test_words_that_look_like_numbers_keep_their_spelling() -> None:
    said = {
        "services.csv": "id,minimum_age,in_plant\ns,16,true\n",
        "locations.csv": "id,latitude,longitude\nl,22.50,1e2\n",
        "phones.csv": "id,number,extension\np,0755,007\n",
    }
    rows = read_csv(said)
    assert [row.fields for row in rows] == [
        {"id": "s", "minimum_age": 16, "in_plant": True},
        {"id": "l", "latitude": "22.50", "longitude": "1e2"},
        {"id": "p", "number": "0755", "extension": "007"},
    ]
    assert write_csv(rows) == said


@pytest.mark.parametrize(
    "broken",
    [
        {"services.csv": "id,name\ns,a,b\n"},
        {"services.csv": "id,name\ns\n"},
        {"x.csv": "name\na\n"},
    ],
)
def test_files_that_are_no_tables_are_refused(broken: dict[str, str]) -> None:
    with pytest.raises(ValueRefusedError):
        read_csv(broken)


@pytest.mark.parametrize("broken", [1, "s", [[]], {"services.csv": [{"name": "without an id"}]}])
def test_json_that_is_no_hsds_is_refused(broken: Any) -> None:
    with pytest.raises(ValueRefusedError):
        read_json(broken)


def test_what_no_object_of_a_list_holds_is_known() -> None:
    rows: Rows = read_json(AID)
    flatten_alone = read_json({"id": "o9", "name": "alone", "legal_status": "union"})
    for row in flatten_alone:
        rows.keep(row)
    tree = Tree(rows)
    tree.objects("services")
    assert [row.id for row in tree.rows if id(row) not in tree.told] == ["o9"]

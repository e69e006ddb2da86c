"""Files as spreadsheets leave them: nothing is lost, and nothing is shown that should not be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command

from counsel.models import home
from triage.directory import book, editing, packing
from triage.directory.models import DirectoryRow
from triage.directory.nesting import read_json, write_tables
from triage.directory.tables import read_csv, write_csv

pytestmark = pytest.mark.django_db
TODAY: Final = date(2026, 11, 26)
MARK: Final = "\ufeff"
ODD: Final = '先打电话,\r\n再来。"带"证件 \u202bمرحبا\u202c 🧑‍🏭'
"""A comma, a line end of Windows, quotes, a script from the right, and an emoji of three parts."""


def take_in(path: Path, *more: str) -> None:
    """As whoever runs the service does it."""
    call_command("directory", "import", str(path), *more)


def shipped(**said: Any) -> list[dict[str, Any]]:
    """What a phone would get of one service that says this."""
    aid = {"id": "aid", "name": "窗口", "status": "active", "assured_date": "2026-11-01", **said}
    return packing.entries(read_json({"services.csv": [aid]}), "44", TODAY)


def test_csv_of_windows_comes_in_with_its_mark_and_every_line_end(tmp_path: Path) -> None:
    quoted = ODD.replace('"', '""')
    said = f'{MARK}id,name,description\r\naid,窗口,"{quoted}"\r\n'
    (tmp_path / "services.csv").write_bytes(said.encode())
    take_in(tmp_path / "services.csv")
    (row,) = book.read(home())
    assert (row.id, row.fields["description"]) == ("aid", ODD)


def test_what_goes_out_as_csv_comes_in_again_with_every_line_end(tmp_path: Path) -> None:
    book.take_in(home(), read_json({"services.csv": [{"id": "aid", "description": ODD}]}))
    call_command("directory", "export", str(tmp_path / "csv"), "--as", "csv")
    before = write_tables(book.read(home()))
    DirectoryRow.objects.all().delete()
    take_in(tmp_path / "csv")
    assert write_tables(book.read(home())) == before


def test_json_of_windows_comes_in_with_its_mark(tmp_path: Path) -> None:
    said = json.dumps({"contents": [{"id": "aid", "name": "窗口", "status": "active"}]})
    (tmp_path / "in.json").write_text(MARK + said, encoding="utf-8")
    take_in(tmp_path / "in.json", "--objects", "services")
    assert [row.id for row in book.read(home())] == ["aid"]


def test_a_text_of_any_length_goes_out_as_csv_and_comes_in_again() -> None:
    rows = read_json({"services.csv": [{"id": "aid", "description": "长" * 200_000}]})
    assert write_tables(read_csv(write_csv(rows))) == write_tables(rows)


def test_a_column_that_stands_twice_is_refused_and_not_half_lost(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("id,name,name\naid,窗口,驿站\n")
    with pytest.raises(CommandError):
        take_in(tmp_path / "services.csv")


@pytest.mark.parametrize("word", ["TRUE", "True", "true", "1", "yes", "是", True, 1])
def test_in_a_plant_is_hidden_however_a_spreadsheet_spells_it(word: Any) -> None:
    (found,) = shipped(in_plant=word, sample=word, needs_real_name=word)
    assert (found["in_plant"], found["sample"], found["real_name"]) == (True, True, True)


@pytest.mark.parametrize("word", ["FALSE", "False", "0", "no", "否", False, 0])
def test_a_no_is_a_no_however_it_is_spelled(word: Any) -> None:
    (found,) = shipped(in_plant=word, sample=word, needs_real_name=word)
    assert (found["in_plant"], found["sample"], found["real_name"]) == (False, False, False)


def test_what_is_no_answer_hides_a_desk_and_promises_nothing() -> None:
    word = "大概"
    (found,) = shipped(in_plant=word, sample=word, accepts_anonymous_first_contact=word)
    assert (found["in_plant"], found["sample"], found["anonymous"]) == (True, True, None)


def test_the_form_of_staff_reads_a_yes_as_phones_do() -> None:
    said = {"id": "aid", "name": "窗口", "in_plant": "TRUE", "needs_real_name": "FALSE"}
    book.take_in(home(), read_json({"services.csv": [said]}))
    form = editing.present(book.of_service(home(), "aid"), "aid")
    assert (form["in_plant"], form["needs_real_name"]) == (True, "no")


def test_a_day_that_has_not_come_vouches_for_nothing() -> None:
    assert shipped(assured_date="2062-11-26") == []


def test_a_place_keeps_its_map_when_a_spreadsheet_wrote_where_it_is() -> None:
    rows = read_csv({
        "services.csv": "id,name,status,assured_date\naid,窗口,active,2026-11-01\n",
        "locations.csv": "id,location_type,latitude,longitude\nl,physical,23.10,113.270\n",
        "service_at_location.csv": "id,service_id,location_id\nsl,aid,l\n",
    })  # fmt: skip
    (found,) = packing.entries(rows, "44", TODAY)
    assert (found["latitude"], found["longitude"]) == (23.1, 113.27)
    assert write_csv(rows)["locations.csv"].endswith("l,physical,23.10,113.270\n")


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("(020) 1234-5678", [["020 1234-5678", "白天"]]),
        ("（０２０）１２３４５６７８", [["020 12345678", "白天"]]),
        ("020—12345678", [["020-12345678", "白天"]]),
        ("+86.20.12345678", [["+86 20 12345678", "白天"]]),
        ("12345转2", [["12345", "白天 转2"]]),
        ("12345 ext. 2", [["12345", "白天 转2"]]),
        ("12345、12348", [["12345", "白天"], ["12348", "白天"]]),
        ("12348", [["12348", "白天"]]),
    ],
)
def test_a_number_can_be_dialled_however_somebody_wrote_it(written: str, dialled: Any) -> None:
    phone = {"id": "p", "service_id": "aid", "number": written, "description": "白天"}
    aid = {"id": "aid", "name": "窗口", "status": "active", "assured_date": "2026-11-01"}
    rows = read_json({"services.csv": [aid], "phones.csv": [phone]})
    (found,) = packing.entries(rows, "44", TODAY)
    assert found["phones"] == dialled


def test_an_extension_is_told_beside_the_number() -> None:
    phone = {"id": "p", "service_id": "aid", "number": "12345", "extension": 6}
    aid = {"id": "aid", "name": "窗口", "status": "active", "assured_date": "2026-11-01"}
    rows = read_json({"services.csv": [aid], "phones.csv": [phone]})
    (found,) = packing.entries(rows, "44", TODAY)
    assert found["phones"] == [["12345", "转6"]]


@pytest.mark.parametrize(
    "said",
    [{"name": "\ud83d"}, {"x_note": ["\ud83d"]}, {"\ud83d": "x"}, {"name": "a\0b"}],
)
def test_half_a_sign_is_refused_before_anything_is_changed(
    tmp_path: Path, said: dict[str, Any]
) -> None:
    services = [{"id": "one", "name": "一"}, {"id": "two", "name": "二", **said}]
    (tmp_path / "in.json").write_text(json.dumps({"services.csv": services}))
    with pytest.raises(CommandError, match="Nothing was changed"):
        take_in(tmp_path / "in.json")
    assert not DirectoryRow.objects.exists()


def test_a_row_that_names_what_no_service_can_be_called_is_refused(tmp_path: Path) -> None:
    phone = {"id": "p", "service_id": "a" * 251, "number": "12348"}
    (tmp_path / "in.json").write_text(json.dumps({"phones.csv": [phone]}))
    with pytest.raises(CommandError, match="Nothing was changed"):
        take_in(tmp_path / "in.json")


def test_a_text_with_a_backslash_is_a_text() -> None:
    words = "C:\\u0000"
    book.take_in(home(), read_json({"services.csv": [{"id": "aid", "name": words}]}))
    assert book.read(home())[0].fields["name"] == words


def test_a_service_with_more_words_than_a_form_has_room_for_can_be_opened_and_saved() -> None:
    long = {"id": "aid", "name": "窗口", "description": "长" * 40_000, "organization_id": "o"}
    rows = {"services.csv": [long], "organizations.csv": [{"id": "o", "name": "市总工会"}]}
    book.take_in(home(), read_json(rows))
    form = editing.present(book.of_service(home(), "aid"), "aid")
    assert len(json.dumps(form, ensure_ascii=False).encode()) < 32_000

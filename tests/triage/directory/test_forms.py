"""A service that came from a file, in the form of staff: what they did not touch stays as it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from counsel.errors import ValueRefusedError
from counsel.models import home
from triage.directory import book, editing
from triage.directory.models import DirectoryRow
from triage.directory.nesting import read_json, write_json

pytestmark = pytest.mark.django_db
AID: Final[dict[str, Any]] = {
    "id": "aid",
    "name": "法律援助窗口",
    "status": "active",
    "region": "44",
    "organization": {"id": "union", "name": "市总工会"},
    "phones": [{"id": "p", "number": "(020) 1234 5678", "description": "白天"}],
    "schedules": [
        {"id": "h", "freq": "MONTHLY", "byday": "1MO", "opens_at": "09:00:00", "closes_at": "17:00"}
    ],
    "service_at_locations": [
        {
            "id": "at",
            "location": {
                "id": "l",
                "location_type": "physical",
                "addresses": [{"id": "a", "address_1": "样例路1号", "city": "广州"}],
            },
        }
    ],
    "attributes": [
        {"id": "x", "taxonomy_term": {"id": "t", "code": "legal-aid", "name": "Legal aid"}}
    ],
}


@pytest.fixture(autouse=True)
def _brought() -> None:
    book.take_in(home(), read_json(AID))


def form() -> Mapping[str, Any]:
    """What stands there when somebody opens it."""
    return editing.present(book.of_service(home(), "aid"), "aid")


def save(**changed: Any) -> None:
    """Saved with this typed over, as the console's question does it."""
    whole = {**form(), **changed}
    named: dict[str, Any] = {
        "texts": {key: whole[key] for key in editing.TEXTS},
        "answers": {key: whole[key] for key in editing.ANSWERS},
        "place": {key: whole[key] for key in editing.PLACE},
    }
    same = ("organisation", "kind", "region", "status", "in_plant", "minutes", "phones", "hours")
    typed = editing.Typed(id="aid", **named, **{name: whole[name] for name in same})
    _, rows, gone = editing.rows_of(typed, book.of_service(home(), "aid"), "other")
    book.take_in(home(), rows, clears=True)
    for row in gone:
        book.drop(home(), row)


def told() -> Any:
    return write_json(book.read(home()), "services")["contents"]


def test_the_form_shows_where_it_is_and_what_it_is() -> None:
    shown = form()
    assert (shown["address"], shown["city"], shown["kind"]) == ("样例路1号", "广州", "legal-aid")


def test_a_service_of_a_file_that_is_saved_as_it_was_stays_as_it_came() -> None:
    save()
    assert told() == [AID]


def test_another_address_goes_in_the_place_of_the_one_before() -> None:
    save(address="新路2号")
    save(address="新路3号")
    addresses = [row.fields for row in book.read(home()) if row.table == "addresses"]
    assert [one["address_1"] for one in addresses] == ["新路3号"]


def test_what_somebody_types_anew_must_still_be_dialled_and_read() -> None:
    shown = form()
    for wrong in (
        {"phones": [{**shown["phones"][0], "number": "(020) 1234 567"}]},
        {"hours": [{**shown["hours"][0], "opens_at": "9"}]},
    ):
        with pytest.raises(ValueRefusedError):
            save(**wrong)


def test_who_runs_it_is_another_only_where_another_was_typed() -> None:
    """Two provinces may have a union of one name: the console finds the first of them."""
    save(description="新的说明")
    assert told()[0]["organization"] == {"id": "union", "name": "市总工会"}
    save(organisation="省总工会")
    assert told()[0]["organization"] == {"id": "other", "name": "省总工会"}


def test_what_is_too_long_for_the_form_is_cut_there_and_stays_whole_here() -> None:
    long = {"id": "aid", "description": "长" * 5_000, "alert": "先打电话"}
    phone = {"id": "p", "service_id": "aid", "description": "白" * 900}
    book.take_in(home(), read_json({"services.csv": [long], "phones.csv": [phone]}))
    assert (len(form()["description"]), len(form()["phones"][0]["description"])) == (1_000, 200)
    save(alert="")
    (found,) = told()
    assert (found["description"], found["phones"][0]["description"]) == (
        long["description"], phone["description"],
    )  # fmt: skip
    assert "alert" not in found


def test_a_number_of_two_services_is_changed_and_taken_away_for_one_of_them() -> None:
    shared = [{"id": "p", "service_id": name, "number": "12348"} for name in ("other", "aid")]
    DirectoryRow.objects.filter(table="phones").delete()
    book.take_in(home(), read_json({
        "services.csv": [{"id": "other", "name": "别的窗口"}], "phones.csv": shared,
    }))  # fmt: skip
    save(phones=[{"id": "p", "number": "12351", "description": ""}])
    assert numbers() == {("other", "12348"), ("aid", "12351")}
    save(phones=[])
    assert numbers() == {("other", "12348")}


def numbers() -> set[tuple[str, str]]:
    """Which service has which number."""
    phones = [row.fields for row in book.read(home()) if row.table == "phones"]
    return {(one["service_id"], one["number"]) for one in phones}

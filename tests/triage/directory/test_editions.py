"""The directory in the database: taken in, changed, packed, and shipped only under a signature."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from counsel.errors import AccessError, LostRaceError, ValueRefusedError
from counsel.lifecycle import Role
from counsel.models import home
from tests.counsel.keys.office import ON_A_DEVICE, Office, Signer
from tests.people import hire
from triage.directory import book, editing, editions, packing, samples
from triage.directory.models import DirectoryRow, Edition, TestCall
from triage.directory.nesting import Row, Rows, read_json, write_json, write_tables
from triage.directory.tables import write_csv

pytestmark = pytest.mark.django_db
NOW: Final = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AID: Final[dict[str, Any]] = {
    "id": "aid",
    "name": "法律援助窗口",
    "status": "active",
    "region": "44",
    "kind": "legal-aid",
    "assured_date": "2026-11-01",
    "x_colour": {"of": ["door"]},
    "organization": {"id": "union", "name": "市总工会"},
    "phones": [{"id": "p", "number": "12348", "description": "白天"}],
    "schedules": [{"id": "h", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "x": "一"}],
}


@pytest.fixture
def office(settings: LazySettings) -> Office:
    """An organisation that has a root, and a directory of one service."""
    book.take_in(home(), read_json(AID))
    return Office(settings)


def shipped(region: str = "44") -> list[dict[str, Any]]:
    """What would be packed for a province today."""
    return packing.entries(book.read(home()), region, NOW.date())


# --- kept ---------------------------------------------------------------------------------------


def test_what_was_taken_in_is_given_out_as_it_came() -> None:
    book.take_in(home(), read_json(AID))
    assert write_json(book.read(home()), "services")["contents"] == [AID]


def test_a_second_file_says_its_columns_anew_and_leaves_the_others() -> None:
    book.take_in(home(), read_json(AID))
    book.take_in(home(), read_json({"id": "aid", "name": "新名字", "status": "active"}))
    (found,) = write_json(book.read(home()), "services")["contents"]
    assert found == {**AID, "name": "新名字"}


def test_the_commands_take_files_in_and_give_them_out(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps({"contents": [AID]}), encoding="utf-8")
    call_command("directory", "import", str(tmp_path / "in.json"))
    call_command("directory", "export", str(tmp_path / "csv"), "--as", "csv")
    call_command("directory", "export", str(tmp_path / "out.json"), "--as", "services")
    assert json.loads((tmp_path / "out.json").read_text())["contents"] == [AID]
    before = write_tables(book.read(home()))
    DirectoryRow.objects.all().delete()
    call_command("directory", "import", str(tmp_path / "csv"))
    assert write_tables(book.read(home())) == before
    assert write_csv(book.read(home()))["services.csv"] == (
        tmp_path / "csv" / "services.csv"
    ).read_text(encoding="utf-8")


def test_a_file_that_is_wrong_changes_nothing(tmp_path: Path) -> None:
    twice = [AID, {**AID, "id": "two", "organization": {"id": "union", "name": "区总工会"}}]
    (tmp_path / "in.json").write_text(json.dumps(twice), encoding="utf-8")
    with pytest.raises(CommandError, match="two things about name"):
        call_command("directory", "import", str(tmp_path / "in.json"))
    assert not DirectoryRow.objects.exists()


def test_a_region_that_is_none_is_refused() -> None:
    with pytest.raises(ValueRefusedError):
        book.take_in(home(), read_json({**AID, "region": "99"}))


def test_staff_find_a_service_by_its_name_or_by_who_runs_it() -> None:
    book.take_in(home(), read_json(AID))
    for words in ("法律", "市总工会", "工会 援助", ""):
        assert [one.identifier for one in book.services(home(), "44", words)] == ["aid"]
    assert not book.services(home(), "11", "法律")


# --- edited -------------------------------------------------------------------------------------


def typed(**changed: Any) -> editing.Typed:
    """What stands in the form, some of it typed over."""
    name = changed.pop("name_of", "aid")
    form = editing.present(book.of_service(home(), name), name) if name else {}
    said = {**form, **changed}
    blank = dict.fromkeys((*editing.TEXTS, *editing.ANSWERS, *editing.PLACE), "")
    whole = {**blank, "kind": "other", "region": "44", "status": "active", **said}
    return editing.Typed(
        id=name,
        texts={key: whole[key] for key in editing.TEXTS},
        answers={key: whole[key] for key in editing.ANSWERS},
        place={key: whole[key] for key in editing.PLACE},
        organisation=whole.get("organisation", ""),
        kind=whole["kind"], region=whole["region"], status=whole["status"],
        in_plant=whole.get("in_plant", False), minutes=whole.get("minutes", 0),
        phones=whole.get("phones", []), hours=whole.get("hours", []),
    )  # fmt: skip


def save(one: editing.Typed) -> str:
    """As the console's question does it."""
    before = book.of_service(home(), one.id) if one.id else Rows()
    name, rows, gone = editing.rows_of(one, before, "union")
    book.take_in(home(), rows, clears=True)
    for row in gone:
        book.drop(home(), row)
    return name


def test_a_form_that_is_saved_as_it_was_changes_nothing() -> None:
    book.take_in(home(), read_json(AID))
    save(typed())
    assert write_json(book.read(home()), "services")["contents"] == [AID]


def test_what_is_typed_is_kept_and_what_nobody_knows_stays() -> None:
    book.take_in(home(), read_json(AID))
    hours = [{"id": "h", "byday": "MO,TU", "opens_at": "08:30", "closes_at": "", "description": ""}]
    said = {"needs_real_name": "no", "address": "样例路1号", "phones": [], "hours": hours}
    save(typed(**said, in_plant=True, fees_description="不收费"))
    (found,) = write_json(book.read(home()), "services")["contents"]
    assert (found["needs_real_name"], found["in_plant"], found["x_colour"]) == (
        False, True, AID["x_colour"],
    )  # fmt: skip
    assert "phones" not in found
    assert found["schedules"] == [{"id": "h", "byday": "MO,TU", "opens_at": "08:30", "x": "一"}]
    assert shipped()[0]["address"] == "样例路1号"
    save(typed(fees_description="", in_plant=False))
    assert {"fees_description", "in_plant"}.isdisjoint(book.read(home())[0].fields)


def test_a_new_service_is_shipped_once_somebody_has_vouched_for_it() -> None:
    name = save(typed(name_of="", name="驿站", organisation="市总工会", kind="station"))
    assert shipped() == []
    book.take_in(home(), [Row("services", name, {"id": name, "assured_date": "2026-11-26"})])
    assert [(one["name"], one["org"], one["kind"]) for one in shipped()] == [
        ("驿站", "市总工会", "station")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"organisation": ""},
        {"kind": "magic"},
        {"status": "gone"},
        {"phones": [{"id": "", "number": "call me", "description": ""}]},
        {"hours": [{"id": "", "byday": "MO,", "opens_at": "", "closes_at": "", "description": ""}]},
        {"hours": [{"id": "", "byday": "", "opens_at": "9", "closes_at": "", "description": ""}]},
        {"phones": [{"id": "", "number": "12348", "description": ""}] * 9},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueRefusedError):
        save(typed(name_of="", **{"name": "n", "organisation": "o"} | wrong))


def test_a_test_call_is_told_and_only_an_answered_one_counts() -> None:
    book.take_in(home(), read_json(AID))
    zhou = hire("zhou", Role.SUPERVISOR).staff
    book.record_call(zhou, "aid", answered=False, now=NOW)
    assert (
        "last_test_call_at" not in book.of_service(home(), "aid").by_id["services", "aid"][0].fields
    )
    book.record_call(zhou, "aid", answered=True, now=NOW)
    form = editing.present(book.of_service(home(), "aid"), "aid")
    assert form["called"] == "2026-11-26T12:00Z"
    assert TestCall.objects.filter(called_by=zhou).count() == 2
    with pytest.raises(AccessError):
        book.record_call(zhou, "elsewhere", answered=True, now=NOW)


# --- packed -------------------------------------------------------------------------------------


def test_a_province_gets_its_own_services_and_the_country_s() -> None:
    book.take_in(home(), read_json(AID))
    book.take_in(home(), samples.national())
    assert {one["id"] for one in shipped("44")} == {"aid"}, "nobody has vouched for the others"
    vouched = {"id": "cn-12348", "assured_date": "2026-11-20"}
    book.take_in(home(), [Row("services", "cn-12348", vouched)])
    assert {one["id"] for one in shipped("44")} >= {"aid", "cn-12348"}
    assert "aid" not in {one["id"] for one in shipped("11")}


@pytest.mark.parametrize(
    "changed",
    [{"status": "defunct"}, {"status": "inactive"}, {"assured_date": "2026-05-29"},
     {"assured_date": None}, {"assured_date": "soon"}],
)  # fmt: skip
def test_what_is_gone_or_not_vouched_for_is_not_shipped(changed: dict[str, Any]) -> None:
    book.take_in(home(), read_json(AID | changed))
    assert shipped() == []


def test_what_is_packed_is_what_a_phone_reads() -> None:
    book.take_in(home(), [*read_json(AID), *samples.samples(), *samples.national()])
    for one in DirectoryRow.objects.filter(table="services"):
        book.take_in(home(), [Row("services", one.identifier, {"id": one.identifier,
                                                               "assured_date": "2026-11-01"})])  # fmt: skip
    found = shipped()
    body = packing.pack(found, region="44", version=1, zone="Asia/Shanghai")
    assert packing.unpack(body) == found
    aid = next(one for one in found if one["id"] == "sample-emergency-at")
    assert aid["city"] == "样例市"
    assert aid["phones"] == [["120", "急的先打120"]]
    assert aid["ambulance"].startswith("叫救护车要自己出车费")
    assert all(one["sample"] for one in found if one["id"].startswith("sample"))


# --- signed and shipped -------------------------------------------------------------------------


def test_an_issuer_signs_and_phones_get_it(office: Office, client: Client) -> None:
    assert client.get("/directory/44.bin").status_code == 404
    draft = editions.draft(home(), "44", now=NOW)
    unsigned = client.get(f"/directory/{bytes(draft.digest).hex()}.bin")
    assert unsigned.content == bytes(draft.packed)
    statement = office.directory(draft, at=NOW)
    editions.publish(home(), bytes(draft.digest), statement, by=None, now=NOW)
    assert client.get("/directory/44.bin").content == statement + bytes(draft.packed)
    squeezed = client.get("/directory/44.bin", headers={"accept-encoding": "gzip, br"})
    assert squeezed.headers["content-encoding"] == "br"


def test_versions_only_go_up_and_the_newest_is_served(office: Office) -> None:
    numbers = []
    for _ in range(4):
        draft = editions.draft(home(), "44", now=NOW)
        statement = office.directory(draft, at=NOW)
        numbers.append(
            editions.publish(home(), bytes(draft.digest), statement, by=None, now=NOW).version
        )
    assert numbers == [1, 2, 3, 4]
    assert editions.published(home(), "44").version == 4  # type: ignore[union-attr]
    assert Edition.objects.count() == 2
    editions.draft(home(), "44", now=NOW)
    assert editions.published(home(), "44").version == 4  # type: ignore[union-attr]


def test_a_statement_no_phone_would_believe_ships_nothing(office: Office) -> None:
    draft = editions.draft(home(), "44", now=NOW)
    unlogged = office.draw(ON_A_DEVICE)
    stranger = Signer(Ed25519PrivateKey.generate(), office.safe.statement)
    wrong = [
        b"",
        office.safe.statement,
        office.directory(draft, at=NOW, by=stranger),
        office.directory(draft, at=NOW, by=unlogged),
        office.directory(draft, at=NOW, digest=bytes(32)),
        office.directory(draft, at=NOW, version=2),
        office.directory(draft, at=NOW, region="11"),
        office.directory(draft, at=NOW + timedelta(hours=2)),
        office.directory(draft, at=NOW - timedelta(days=400)),
    ]
    for statement in wrong:
        with pytest.raises(ValueRefusedError):
            editions.publish(home(), bytes(draft.digest), statement, by=None, now=NOW)
    assert editions.published(home(), "44") is None


def test_a_draft_is_signed_once(office: Office) -> None:
    draft = editions.draft(home(), "44", now=NOW)
    statement, digest = office.directory(draft, at=NOW), bytes(draft.digest)
    editions.publish(home(), digest, statement, by=None, now=NOW)
    with pytest.raises(LostRaceError):
        editions.publish(home(), digest, statement, by=None, now=NOW)
    with pytest.raises(AccessError):
        editions.publish(home(), bytes(32), statement, by=None, now=NOW)

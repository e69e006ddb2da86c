"""Sun, the auditor, reads the trail; Lin is told what is in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from counsel import limits
from counsel.audit import reading, trail
from counsel.audit.kinds import Kind, Noun, noun_of
from counsel.audit.models import AuditEntry
from counsel.audit.reading import Filter
from counsel.identity import CaseCode
from counsel.models import Organisation, Staff, home
from tests.counsel.audit import trails
from tests.counsel.audit.trails import EVENING, act, link, vouch
from tests.counsel.serving import ROOT
from tests.counsel.staff_room import Browser, Person, hire

pytestmark = pytest.mark.django_db

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"
CASE, OTHER = CaseCode("K7M2"), CaseCode("C4XT")


@pytest.fixture(autouse=True)
def outside(settings: Settings, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = [MD5]
    settings.DATA = tmp_path
    settings.AUDIT_KEY_FILE = tmp_path / "audit" / "key"
    settings.AUDIT_CHECKPOINTS = tmp_path / "audit" / "checkpoints"


@pytest.fixture
def lin() -> Person:
    return hire("lin", "林")


@pytest.fixture
def sun() -> Person:
    return hire("sun", "孙", "auditor")


@pytest.fixture
def desk(sun: Person) -> Browser:
    """Sun's browser, signed in."""
    browser = Browser()
    assert browser.sign_in(sun)[0] == 200
    return browser


def ask(desk: Browser, **more: Any) -> dict[str, Any]:
    """A page of the trail."""
    every = {"before": 0, "person": "", "what": "", "case": "", "day": ""}
    status, answer = desk.ask("audit", **{**every, **more})
    assert status == 200, answer
    return answer


def kinds(answer: dict[str, Any]) -> list[str]:
    return [entry["what"] for entry in answer["entries"]]


# --- filters --------------------------------------------------------------------------------------


def test_by_person_comes_what_they_did_and_what_was_done_to_them(
    lin: Person, sun: Person, desk: Browser
) -> None:
    trail.record(Kind.SUSPENDED, by=sun.staff, about=lin.staff, now=EVENING)
    act(lin.staff, 1)
    answer = ask(desk, person=lin.staff.person)
    assert kinds(answer) == ["signed-in", "suspended", "added"]
    assert answer["total"] == 3
    assert kinds(ask(desk, person=lin.staff.person, what="suspended")) == ["suspended"]


def test_by_case_code_comes_that_talk_alone_and_nothing_once_it_is_erased(
    lin: Person, desk: Browser
) -> None:
    for code in (CASE, OTHER):
        trail.record_case(Kind.CASE_TAKEN, by=lin.staff, case_code=code, now=EVENING)
    (found,) = ask(desk, case="k7m2")["entries"]
    assert (found["noun"], found["thing"], found["at"]) == ("case", CASE, "2026-11-27")
    trail.forget_case(CASE)
    assert ask(desk, case="K7M2")["entries"] == []
    left = [one["thing"] for one in ask(desk, what="case-taken")["entries"]]
    assert left == [OTHER, ""]


def test_a_day_is_one_of_the_organisations_calendar(lin: Person, desk: Browser) -> None:
    midnight = datetime(2031, 11, 26, 16, 0, tzinfo=UTC)  # in Shanghai
    for minutes in (-1, 0):
        now = midnight + timedelta(minutes=minutes)
        trail.record(Kind.TOLD, by=lin.staff, now=now)
        trail.record_case(Kind.CASE_OPENED, by=lin.staff, case_code=CASE, now=now)
    for day, at in (("2031-11-26", "2031-11-26T15:59Z"), ("2031-11-27", "2031-11-26T16:00Z")):
        found = ask(desk, day=day, person=lin.staff.person)["entries"]
        assert {(one["what"], one["at"]) for one in found} == {("told", at), ("case-opened", day)}


def test_page_by_page_every_entry_comes_once(lin: Person, desk: Browser) -> None:
    act(lin.staff, limits.TRAIL_ROWS + 7)
    seen, before = list[int](), 0
    while True:
        answer = ask(desk, before=before, person=lin.staff.person)
        seen += [one["id"] for one in answer["entries"]]
        if not (before := answer["before"]):
            break
    assert len(seen) == len(set(seen)) == limits.TRAIL_ROWS + 8
    assert seen == sorted(seen, reverse=True)


def test_what_another_organisation_did_is_nowhere(lin: Person, desk: Browser) -> None:
    elsewhere = Organisation.objects.create(name="elsewhere")
    eve = hire("eve", "夏娃").staff
    Staff.objects.filter(pk=eve.pk).update(organisation=elsewhere)
    act(Staff.objects.get(pk=eve.pk), 3)
    assert reading.count(elsewhere, Filter()) == 3
    assert "夏娃" not in json.dumps(ask(desk, what="signed-in"), ensure_ascii=False)
    assert reading.count(home(), Filter(what="signed-in")) == 1, "Sun's own"


def test_every_body_fits_however_long_names_are(desk: Browser) -> None:
    for number in range(300):
        Staff.objects.create(
            organisation=home(), sign_in_name=f"n{number}", working_name=f"{number:03}" + "长" * 29,
            role="counsellor", person=f"person-{number:015}",
        )  # fmt: skip
    act(Staff.objects.get(sign_in_name="n7"), limits.TRAIL_ROWS)
    answer = ask(desk)
    assert answer["entries"]
    assert answer["people"]


# --- looking is recorded --------------------------------------------------------------------------


def test_reading_is_in_the_trail_once_an_hour_and_each_export_each_time(
    desk: Browser, sun: Person
) -> None:
    for _ in range(3):
        ask(desk)
        every = {"before": 0, "person": "", "what": "", "case": "", "day": ""}
        assert desk.ask("audit/export", **every)[0] == 200
    mine = AuditEntry.objects.filter(by=sun.staff.person)
    assert mine.filter(what="trail-read").count() == 1
    assert list(mine.filter(what="trail-exported").values_list("thing", flat=True)) == [
        "3", "4", "5",
    ]  # fmt: skip


def test_of_more_than_a_file_takes_the_trail_says_how_many_were_taken(
    desk: Browser, sun: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EXPORT_ROWS", 5)
    act(sun.staff, 9)
    every = {"before": 0, "person": "", "what": "", "case": "", "day": ""}
    assert desk.ask("audit/export", **every)[0] == 200
    assert AuditEntry.objects.get(what="trail-exported").thing == "5"


def test_a_refused_question_leaves_nothing(desk: Browser) -> None:
    before = AuditEntry.objects.count()
    every = {"before": 0, "person": "", "what": "", "case": "", "day": "", "why": ""}
    for wrong in ({"person": "nobody"}, {"what": "x"}, {"day": "soon"}, {"day": "0001-01-01"}):
        assert desk.ask("audit", **{**every, **wrong})[0] != 200
    assert AuditEntry.objects.count() == before


# --- the verdict ----------------------------------------------------------------------------------


def test_the_verdict_on_the_page_is_that_of_the_command(lin: Person, desk: Browser) -> None:
    assert desk.ask("audit/verdict")[1]["wrong"] == "unknown"
    act(lin.staff, 3)
    vouch(EVENING)
    act(lin.staff, 1)
    link()
    found = desk.ask("audit/verdict")[1]
    assert (found["wrong"], found["open"]) == ("", found["rows"] - found["vouched"]["seq"])
    assert found["vouched"]["at"] == "2026-11-26T20:00Z"
    trails.rewrite(2)
    found = desk.ask("audit/verdict")[1]
    assert (found["wrong"], found["first"]) == ("rewritten", 1)


# --- being told -----------------------------------------------------------------------------------


def test_lin_is_told_until_she_says_that_she_knows(lin: Person) -> None:
    desk = Browser()
    desk.sign_in(lin)
    assert desk.ask("me")[1]["told"] is False
    for _ in range(2):
        assert desk.ask("me/told")[0] == 200
    assert desk.ask("me")[1]["told"] is True
    assert AuditEntry.objects.filter(by=lin.staff.person, what="told").count() == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_has_its_sentences_in_both_languages(language: str) -> None:
    path = ROOT / "counsel" / "locale" / f"{language}.json"
    texts = json.loads(path.read_text(encoding="utf-8"))["audit"]
    assert set(texts["kinds"]) == set(Kind)
    assert set(texts["what"]) == {*Kind, "unknown"}
    for kind in Kind:
        holds = noun_of(kind) not in {Noun.NOTHING, Noun.SHIFT}
        assert ("{thing}" in texts["what"][kind]) == holds, kind

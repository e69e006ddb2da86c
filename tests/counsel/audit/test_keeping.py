"""How the trail is kept: once, in no particular hurry, and by databases that refuse to change it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from counsel import limits, slowing
from counsel.audit import checkpoints, guards, sealing, standing, trail
from counsel.audit.chain import GENESIS
from counsel.audit.kinds import Kind, Noun, noun_of
from counsel.audit.models import AuditCase, AuditEntry, AuditLink
from counsel.errors import SignInError
from counsel.identity import CaseCode
from counsel.statements import encode
from tests.counsel.audit import trails
from tests.counsel.audit.trails import EVENING, act, judge, link, verify, vouch
from tests.counsel.staff_room import PASSWORD, Person, hire
from tests.people import APPS

pytestmark = pytest.mark.django_db

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"
CASE = CaseCode("K7M2")


@pytest.fixture(autouse=True)
def outside(settings: Settings, tmp_path: Path) -> Path:
    """A folder that no database reaches."""
    settings.PASSWORD_HASHERS = [MD5]
    settings.DATA = tmp_path
    settings.AUDIT_KEY_FILE = tmp_path / "audit" / "key"
    settings.AUDIT_CHECKPOINTS = tmp_path / "audit" / "checkpoints"
    return tmp_path


@pytest.fixture
def lin() -> Person:
    """Lin, whose joining is the first entry."""
    return hire("lin", "林")


# --- what an entry says ---------------------------------------------------------------------------


def test_an_act_taken_back_was_never_recorded(lin: Person) -> None:
    before = AuditEntry.objects.count()
    with transaction.atomic():
        act(lin.staff, 1)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before


def test_of_a_talk_only_the_day_is_kept_and_a_name_that_is_not_its_code(lin: Person) -> None:
    late = EVENING.replace(hour=17, minute=3, second=7)  # after midnight where Lin sits
    trail.record_case(Kind.CASE_TAKEN, by=lin.staff, case_code=CASE, now=late)
    entry = AuditEntry.objects.latest("pk")
    assert entry.at == (EVENING + timedelta(days=1)).replace(hour=0)
    assert CASE not in "".join(str(value) for value in AuditEntry.objects.values_list())
    assert entry.thing == AuditCase.objects.get(case_code=CASE).name


def test_other_acts_are_kept_to_the_minute(lin: Person) -> None:
    trail.record(Kind.TOLD, by=lin.staff, now=EVENING.replace(second=41, microsecond=5))
    assert AuditEntry.objects.latest("pk").at == EVENING


def test_looking_into_a_talk_again_on_the_same_day_is_the_same_look(lin: Person) -> None:
    for hours in (0, 1, 2, 23):
        now = EVENING + timedelta(hours=hours)
        trail.record_case(Kind.CASE_OPENED, by=lin.staff, case_code=CASE, now=now)
    assert AuditEntry.objects.filter(what=Kind.CASE_OPENED).count() == 2


def test_once_a_talk_is_erased_nothing_says_which_it_was_and_the_trail_still_fits(
    lin: Person,
) -> None:
    trail.record_case(Kind.CASE_TAKEN, by=lin.staff, case_code=CASE, now=EVENING)
    vouch(EVENING)
    name = trail.name_case(CASE)
    trail.forget_case(CASE)
    assert trail.name_case(CASE) != name, "another talk may have this code one day"
    assert judge().fault is None


def test_an_entry_carries_no_words_and_nothing_where_nothing_belongs(lin: Person) -> None:
    for kind, thing in ((Kind.TOLD, "why"), (Kind.INVITED, ""), (Kind.INVITED, "x" * 65)):
        with pytest.raises(ValueError, match=r"thing"):
            trail.record(kind, by=lin.staff, thing=thing, now=EVENING)
    with pytest.raises(ValueError, match="record_case"):
        trail.record(Kind.CASE_TAKEN, by=lin.staff, thing="K7M2", now=EVENING)


def test_the_columns_of_an_entry_are_these_and_none_names_a_seeker() -> None:
    names = {field.name for field in AuditEntry._meta.get_fields()}
    assert names == {
        "id", "organisation", "at", "by", "role", "what", "about", "thing", "link",
    }  # fmt: skip
    assert {noun_of(kind) for kind in Kind} <= set(Noun)


# --- the database ---------------------------------------------------------------------------------


def test_a_database_refuses_to_change_the_trail(lin: Person) -> None:
    link()
    guards.put_up(connection)
    changes = ["UPDATE {} SET {} = {}", "DELETE FROM {}"]
    if connection.vendor == "postgresql":
        change_by_hand("SET CONSTRAINTS ALL IMMEDIATE")
        changes.append("TRUNCATE {} CASCADE")
    for table, column in zip(guards.TABLES, ("organisation", "seq"), strict=True):
        for change in changes:
            with pytest.raises(DatabaseError, match="only added to"):
                change_by_hand(change.format(table, column, column))
    act(lin.staff, 1)
    guards.take_down(connection)


def change_by_hand(said: str) -> None:
    """What somebody types into the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(said)


def test_the_role_a_server_has_can_add_to_the_trail_and_not_change_it(lin: Person) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="knows no roles"):
            call_command("audit", "grants", "--role", "app")
        return
    assert guards.what_we_may(connection), "who owns the tables may do anything"
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE app")
        call_command("audit", "grants", "--role", "app", "--apply", stdout=io.StringIO())
        cursor.execute("SET ROLE app")
        assert guards.what_we_may(connection) == []
        for change in (
            "UPDATE counsel_auditentry SET role = ''",
            "DELETE FROM counsel_auditlink",
            "TRUNCATE counsel_auditlink",
            "ALTER TABLE counsel_auditlink DISABLE TRIGGER ALL",
        ):
            with pytest.raises(DatabaseError, match=r"permission|owner"):
                change_by_hand(change)
        act(lin.staff, 1)
        trail.record_case(Kind.CASE_OPENED, by=lin.staff, case_code=CASE, now=EVENING)
        link()
        cursor.execute("RESET ROLE")
    assert not AuditEntry.objects.filter(link=None).exists()


# --- linking --------------------------------------------------------------------------------------


def test_entries_get_their_places_in_order_and_once(lin: Person) -> None:
    act(lin.staff, 5)
    sealer = sealing.Sealer()
    assert sealer.is_behind()
    sealer.link()
    sealer.link()
    assert not sealer.is_behind()
    rows = AuditLink.objects.order_by("seq").values_list("seq", "entry_id")
    assert [seq for seq, _ in rows] == list(range(1, 7))
    assert sorted(entry for _, entry in rows) == [entry for _, entry in rows]


@pytest.mark.django_db(transaction=True, available_apps=APPS)
def test_however_many_seal_the_chain_does_not_fork(lin: Person) -> None:
    act(lin.staff, 40)

    def seal() -> None:
        sealing.Sealer().link()
        connection.close()

    threads = [Thread(target=seal) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert AuditLink.objects.count() == AuditEntry.objects.count() == 41
    vouch(EVENING)
    assert judge().fault is None


# --- checkpoints ----------------------------------------------------------------------------------


def test_a_checkpoint_is_due_after_a_minute_or_a_hundred_rows(lin: Person) -> None:
    vouch(EVENING)
    last = sealing.newest()
    assert last is not None
    soon, later = EVENING + timedelta(seconds=59), EVENING + limits.CHECKPOINT_EVERY
    assert not sealing.is_due(last.seq, last, later), "nothing is new"
    assert not sealing.is_due(last.seq + 99, last, soon)
    assert sealing.is_due(last.seq + 100, last, soon)
    assert sealing.is_due(last.seq + 1, last, later)


def test_key_and_checkpoints_are_for_their_owner_alone(lin: Person, outside: Path) -> None:
    vouch(EVENING)
    for name in ("key", "checkpoints"):
        assert (outside / "audit" / name).stat().st_mode & 0o077 == 0, name
    key = (outside / "audit" / "key").read_text()
    checkpoints.draw_key(settings.AUDIT_KEY_FILE)
    assert (outside / "audit" / "key").read_text() == key, "a key is drawn once"


def test_of_days_that_are_over_one_checkpoint_stays(lin: Person) -> None:
    for minutes in (0, 5, 10):
        act(lin.staff, 1, now=EVENING + timedelta(minutes=minutes))
        vouch(EVENING + timedelta(minutes=minutes))
    act(lin.staff, 1, now=EVENING + timedelta(days=1))
    vouch(EVENING + timedelta(days=1))
    days = [line.split(" ")[3] for line in checkpoints.lines(settings.AUDIT_CHECKPOINTS)]
    assert days == ["2026-11-26T20:10Z", "2026-11-27T20:00Z"]
    trails.rewrite(2)
    assert judge().fault is not None


def test_a_line_cut_short_by_the_power_costs_that_line_only(lin: Person) -> None:
    vouch(EVENING)
    with settings.AUDIT_CHECKPOINTS.open("a") as file:
        file.write("counsel-audit-1 7 half a l")
    act(lin.staff, 1)
    vouch(EVENING + timedelta(minutes=2))
    assert sealing.newest() == judge_last()


def judge_last() -> checkpoints.Checkpoint | None:
    """The last checkpoint that counts, whatever else stands in the file."""
    key = checkpoints.read_key(settings.AUDIT_KEY_FILE).public_key()
    line = checkpoints.lines(settings.AUDIT_CHECKPOINTS)[-1]
    return checkpoints.read(line, [key])


def test_a_checkpoint_the_hook_did_not_take_is_offered_again(
    lin: Person, outside: Path, settings: Settings
) -> None:
    settings.AUDIT_HOOK = hook = outside / "hook"
    hook.write_text(f"#!/bin/sh\ntest -e {outside}/there && cat >> {outside}/there\n")
    hook.chmod(0o700)
    vouch(EVENING)
    assert not sealing.hand_over()
    late = EVENING + limits.CHECKPOINT_WITHIN + timedelta(minutes=1)
    assert standing.OUTSIDE in standing.wanting(late)[0]
    (outside / "there").touch()
    assert sealing.hand_over()
    assert sealing.hand_over(), "and not a second time"
    (line,) = (outside / "there").read_text().splitlines()
    assert line == checkpoints.last_line(settings.AUDIT_CHECKPOINTS)
    assert standing.OUTSIDE not in standing.wanting(late)[0]


# --- the command ----------------------------------------------------------------------------------


def test_the_command_says_what_stands_what_does_not_and_what_nobody_can_tell(lin: Person) -> None:
    assert verify()[0] == 2, "without a key there is nothing to tell it by"
    act(lin.staff, 4)
    vouch(EVENING)
    act(lin.staff, 2, now=EVENING + timedelta(minutes=9))
    link()
    code, said = verify()
    assert code == 0
    assert "Rows 1 to 5 are what was written until 2026-11-26T20:00Z." in said
    assert "Not vouched for: 2 rows" in said
    trails.edit(3)
    code, said = verify()
    assert code == 1
    assert "row 3 (entry " in said
    assert "is not what was written" in said


def test_another_machine_verifies_with_the_public_half_alone(lin: Person, outside: Path) -> None:
    vouch(EVENING)
    key = checkpoints.read_key(settings.AUDIT_KEY_FILE).public_key()
    shown = encode(key.public_bytes_raw())
    elsewhere = outside / "elsewhere"
    settings.AUDIT_CHECKPOINTS.rename(elsewhere)
    settings.AUDIT_KEY_FILE.unlink()
    assert verify("--checkpoints", str(elsewhere), f"--key={shown}")[0] == 0
    assert verify("--checkpoints", str(elsewhere), f"--key=-{'A' * 42}")[0] in {1, 2}


def test_an_empty_chain_begins_with_zeros() -> None:
    assert sealing.head() == (0, GENESIS)


# --- failures to sign in --------------------------------------------------------------------------


def fail(name: str, *, now: datetime = EVENING) -> None:
    """Somebody tries."""
    with pytest.raises(SignInError):
        slowing.prove(name=name, password="wrong", code="000000", now=now)


def failures() -> list[tuple[str, str, str]]:
    """What the trail has of them: by whom, about whom, how many."""
    found = AuditEntry.objects.filter(what=Kind.SIGN_IN_FAILED).order_by("pk")
    return list(found.values_list("by", "about", "thing"))


def test_failures_under_a_name_are_counted_once_and_of_a_name_nobody_has_not_at_all(
    lin: Person,
) -> None:
    for name in ("lin", "nobody", "LIN"):
        fail(name)
    slowing.tell_failures(EVENING)
    slowing.tell_failures(EVENING)
    assert failures() == [("", lin.staff.person, "2")]
    fail("lin")
    slowing.tell_failures(EVENING)
    assert failures()[1:] == [("", lin.staff.person, "1")]


def test_failures_before_somebody_gets_in_are_told_even_if_the_clock_never_looked(
    lin: Person,
) -> None:
    fail("lin")
    slowing.prove(name="lin", password=PASSWORD, code=lin.code(), now=EVENING)
    assert failures() == [("", lin.staff.person, "1")]
    slowing.tell_failures(EVENING)
    assert len(failures()) == 1

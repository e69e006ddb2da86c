"""Whoever owns the database rewrites the trail: in front of the last checkpoint it is found out, and
behind it the window says that nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from pytest_django import Settings

from counsel.audit import checkpoints, sealing
from counsel.audit.checkpoints import Checkpoint
from counsel.audit.models import AuditLink
from counsel.audit.verifying import Wrong, read_checkpoints
from tests.counsel.audit import trails
from tests.counsel.audit.trails import EVENING, act, judge, link, verify, vouch
from tests.counsel.rights.cast import taken_back
from tests.counsel.staff_room import Person, hire

pytestmark = pytest.mark.django_db

MD5: Final = "django.contrib.auth.hashers.MD5PasswordHasher"
VOUCHED: Final = 8
ROWS: Final = 12
BEFORE, BEHIND = 3, 10

Enemy = Callable[[int], None]


@pytest.fixture
def lin(settings: Settings, tmp_path: Path) -> Person:
    """Lin, and twelve acts: eight vouched for, four behind the last checkpoint."""
    settings.PASSWORD_HASHERS = [MD5]  # nobody guesses here
    settings.DATA = tmp_path
    settings.AUDIT_KEY_FILE = tmp_path / "audit" / "key"
    settings.AUDIT_CHECKPOINTS = tmp_path / "audit" / "checkpoints"
    lin = hire("lin", "林")  # who joins by the shell is an entry too
    act(lin.staff, 3, now=EVENING - timedelta(minutes=10))
    vouch(EVENING - timedelta(minutes=5))
    act(lin.staff, VOUCHED - 4)
    vouch(EVENING + timedelta(minutes=5))
    act(lin.staff, ROWS - VOUCHED, now=EVENING + timedelta(minutes=6))
    link()
    return lin


def test_a_trail_nobody_touched_is_what_was_written(lin: Person) -> None:
    verdict = judge()
    assert (verdict.fault, verdict.rows, verdict.unlinked) == (None, ROWS, 0)
    assert verdict.vouched is not None
    assert (verdict.vouched.seq, verdict.open_rows) == (VOUCHED, ROWS - VOUCHED)


@dataclass(frozen=True, slots=True)
class Case:
    """What the enemy does at a place, and what is found of it in front of the last checkpoint."""

    enemy: Enemy
    wrong: Wrong
    first: int


CLUMSY: Final[dict[str, Case]] = {
    "edit": Case(trails.edit, Wrong.CHANGED, BEFORE),
    "edit, and its hash": Case(trails.edit_and_hash, Wrong.CHANGED, BEFORE + 1),
    "delete": Case(trails.delete, Wrong.MISSING, BEFORE),
    "delete, and close up": Case(trails.delete_and_close, Wrong.CHANGED, BEFORE),
    "insert": Case(trails.insert, Wrong.CHANGED, BEFORE),
    "reorder": Case(trails.reorder, Wrong.CHANGED, BEFORE),
}
"""The rows do not fit each other behind it: that is seen wherever it was done."""

THOROUGH: Final[dict[str, Case]] = {
    "edit, and recompute the whole chain": Case(trails.rewrite, Wrong.REWRITTEN, 1),
    "delete, and recompute": Case(trails.forget, Wrong.REWRITTEN, 1),
    "insert, and recompute": Case(trails.slip_in, Wrong.REWRITTEN, 1),
    "reorder, and recompute": Case(trails.swap, Wrong.REWRITTEN, 1),
    "cut the tail": Case(trails.cut, Wrong.CUT, BEFORE),
    "roll back to yesterday": Case(trails.roll_back, Wrong.CUT, BEFORE),
}
"""The rows fit each other: only a checkpoint tells."""


@pytest.mark.parametrize("name", [*CLUMSY, *THOROUGH])
def test_in_front_of_the_last_checkpoint_it_is_found_and_the_row_named(
    name: str, lin: Person
) -> None:
    case = (CLUMSY | THOROUGH)[name]
    case.enemy(BEFORE)
    fault = judge().fault
    assert fault is not None
    assert (fault.wrong, fault.first) == (case.wrong, case.first)
    code, said = verify()
    assert code == 1
    assert f"row {fault.first} " in said or f"rows {fault.first} to {fault.last}" in said, said


@pytest.mark.parametrize("name", CLUMSY)
def test_behind_it_a_clumsy_enemy_is_found_too(name: str, lin: Person) -> None:
    CLUMSY[name].enemy(BEHIND)
    fault = judge().fault
    assert fault is not None
    assert BEHIND <= fault.first <= BEHIND + 1
    code, said = verify()
    assert code == 1
    assert f"row {fault.first} " in said or f"rows {fault.first} to {fault.last}" in said, said


@pytest.mark.parametrize("name", THOROUGH)
def test_behind_it_a_thorough_enemy_is_not_and_the_window_says_so(name: str, lin: Person) -> None:
    THOROUGH[name].enemy(BEHIND)
    verdict = judge()
    assert verdict.fault is None
    assert verdict.vouched is not None
    assert verdict.vouched.seq == VOUCHED, "no more than before is vouched for"
    assert verdict.open_rows == verdict.rows - VOUCHED
    code, said = verify()
    assert code == 0
    assert f"Rows 1 to {VOUCHED} are what was written until 2026-11-26T20:05Z." in said
    assert f"Not vouched for: {verdict.open_rows} rows read here, and whatever happened" in said
    assert "between 2026-11-26T20:05Z and " in said


@pytest.mark.parametrize("name", THOROUGH)
def test_the_last_row_that_is_vouched_for_is_in_front_and_the_next_one_behind(
    name: str, lin: Person
) -> None:
    case = THOROUGH[name]
    with taken_back():
        case.enemy(VOUCHED)
        fault = judge().fault
        assert fault is not None, "a row that was vouched for changed places, or is another one"
        assert fault.last == VOUCHED
    with taken_back():
        case.enemy(VOUCHED + 1)
        assert judge().fault is None


def test_work_that_goes_on_in_yesterdays_database_does_not_hide_it(lin: Person) -> None:
    trails.roll_back(VOUCHED - 1)
    act(lin.staff, 20, now=EVENING + timedelta(minutes=30))
    link()
    fault = judge().fault
    assert fault is not None
    assert (fault.wrong, fault.first, fault.last) == (Wrong.REWRITTEN, 5, VOUCHED)


def test_a_sealer_does_not_vouch_for_a_chain_that_went_back(lin: Person) -> None:
    trails.cut(VOUCHED - 1)
    before = settings.AUDIT_CHECKPOINTS.read_bytes()
    assert not sealing.keep(*sealing.head(), EVENING + timedelta(hours=1))
    assert settings.AUDIT_CHECKPOINTS.read_bytes() == before


def test_an_act_written_in_with_a_day_that_is_vouched_for_is_found(lin: Person) -> None:
    act(lin.staff, 1, now=EVENING - timedelta(days=1))
    link()
    fault = judge().fault
    assert fault is not None
    assert (fault.wrong, fault.first) == (Wrong.BACKDATED, ROWS + 1)


def test_a_checkpoint_somebody_else_signed_is_none(lin: Person, tmp_path: Path) -> None:
    trails.rewrite(BEFORE)
    checkpoints.draw_key(theirs := tmp_path / "theirs")
    seq, hashed = sealing.head()
    forged = checkpoints.sign(Checkpoint(seq, hashed, EVENING), checkpoints.read_key(theirs))
    key = checkpoints.read_key(settings.AUDIT_KEY_FILE).public_key()
    kept, strange = read_checkpoints([forged], [key])
    assert kept == []
    assert strange is not None
    assert strange.wrong is Wrong.CHECKPOINT


def test_every_column_of_an_entry_is_in_its_hash(lin: Person) -> None:
    """Whatever is changed in a row, its hash is another one."""
    entry = AuditLink.objects.get(seq=BEFORE).entry
    for name, value in {
        "organisation": 7, "at": entry.at + timedelta(microseconds=1), "by": "b" * 22,
        "role": "auditor", "what": "told", "about": "a" * 22, "thing": "1",
    }.items():  # fmt: skip
        type(entry).objects.filter(pk=entry.pk).update(**{name: value})
        fault = judge().fault
        assert fault is not None, name
        assert (fault.wrong, fault.first) == (Wrong.CHANGED, BEFORE)
        type(entry).objects.filter(pk=entry.pk).update(**{name: getattr(entry, name)})
    assert judge().fault is None

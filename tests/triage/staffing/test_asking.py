"""A supervisor asks from the console whether a rota has enough people."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any, Final

import pytest
from django.core.management import call_command

from counsel import limits
from counsel.audit.models import AuditEntry
from counsel.errors import CounselError, ThrottledError
from counsel.lifecycle import Role
from tests.triage.test_rota_api import Desk, desk
from triage.queue.rows import WaitCount
from triage.simulation.bench import HOUR
from triage.simulation.history import FEWEST
from triage.simulation.staffing import EVENINGS, MIX, SHAPE, Learnt, Rota, answer, evenings_for
from triage.staffing import runs
from triage.staffing.runs import RUNS, Runs
from triage.staffing.told import find
from triage.staffing.wanted import Line, Wanted, from_json

EVENING: Final = {"from": "20:00", "to": "23:30", "people": 2}
PILOT: Final[dict[str, Any]] = {
    "lines": [EVENING], "more": [], "tenths": 20, "each": 1, "supervisors": 1,
}  # fmt: skip
HOUR_ALONE: Final = {**PILOT, "lines": [{"from": "20:00", "to": "21:00", "people": 1}]}
"""Answered in no time."""
THREE: Final = {
    "lines": [{"from": "20:00", "to": "02:00", "people": 3}],
    "more": [{"from": "21:00", "to": "23:00", "people": 1}],
    "tenths": 35, "each": 2, "supervisors": 0,
}  # fmt: skip
FIVE: Final = {
    "lines": [
        {"from": "18:00", "to": "22:00", "people": 3},
        {"from": "20:00", "to": "24:00", "people": 2},
    ],
    "more": [], "tenths": 60, "each": 1, "supervisors": 1,
}  # fmt: skip
ASSUMED: Final = Learnt(SHAPE, MIX, 0)
NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG: Final = Wanted(lines=(Line(0.0, 24 * HOUR, 60),), per_hour=300, each=2)
"""Some seconds' work."""
OTHER: Final = Wanted(lines=(Line(0.0, 24 * HOUR, 59),), per_hour=300, each=2)
QUICK: Final = Wanted(lines=(Line(20 * HOUR, 21 * HOUR, 1),), per_hour=0.1)


@pytest.fixture(autouse=True)
def nothing_under_way() -> Iterator[None]:
    yield
    RUNS.stop()


def until_answered(zhou: Desk, asked: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """The answer, as the page waits for it, and how far it was each time it looked."""
    seen = []
    for _ in range(1200):
        heard = zhou.hear("staffing", **asked)
        seen.append(heard["done"])
        if heard["found"] is not None:
            return heard["found"], seen
        time.sleep(0.05)
    raise AssertionError(f"no answer: {seen}")


# --- what is answered -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("asked", "shifts"),
    [
        pytest.param(PILOT, ((20 * HOUR, 23.5 * HOUR),) * 2, id="two"),
        pytest.param(THREE, ((20 * HOUR, 26 * HOUR),) * 3, id="three", marks=pytest.mark.soak),
        pytest.param(
            FIVE,
            ((18 * HOUR, 22 * HOUR),) * 3 + ((20 * HOUR, 24 * HOUR),) * 2,
            id="five",
            marks=pytest.mark.soak,
        ),
    ],
)
def test_the_page_is_told_what_the_simulation_says(
    asked: dict[str, Any], shifts: tuple[tuple[float, float], ...]
) -> None:
    before = getrusage(RUSAGE_CHILDREN).ru_utime
    found, seen = until_answered(desk("zhou", Role.SUPERVISOR), asked)
    print(f"answered with {getrusage(RUSAGE_CHILDREN).ru_utime - before:.1f} seconds of one core")
    assert seen == sorted(seen)
    rota = Rota(
        shifts=shifts,
        per_hour=asked["tenths"] / 10,
        each=asked["each"],
        supervisors=asked["supervisors"],
    )
    simulated = answer(rota)
    assert found["rota"]["score"] == json.loads(json.dumps(simulated.score.as_json()))
    assert found["rota"]["people"] == len(shifts)
    assert found["rota"]["red_finds_nobody"] == round(simulated.all_busy, 4)
    assert found["with_more"]["people"] == len(shifts) + (1 if asked is THREE else 2)
    more, few = (found[name]["score"]["red"]["lost"]["value"] for name in ("with_more", "rota"))
    assert more <= few, "with more people fewer of those in danger are lost"


@pytest.mark.django_db
def test_page_and_command_say_the_same_word_for_word() -> None:
    said = io.StringIO()
    asked = ("--shift", "20:00-21:00", "--per-hour", "2", "--json")
    call_command("staffing", *asked, stdout=said, stderr=io.StringIO())
    assert until_answered(desk("zhou", Role.SUPERVISOR), HOUR_ALONE)[0] == json.loads(
        said.getvalue()
    )


@pytest.mark.django_db
def test_a_site_that_has_met_people_is_answered_from_its_own_counts() -> None:
    WaitCount.objects.create(
        quarter_at=datetime(2026, 11, 24, 13, 15, tzinfo=UTC), tier=0, minutes=3, count=FEWEST
    )
    found, _ = until_answered(desk("zhou", Role.SUPERVISOR), HOUR_ALONE)
    assert found["learnt_from"] == FEWEST
    reds = found["rota"]["score"]["red"]["people"]
    assert reds > found["rota"]["score"]["green"]["people"], "only reds were met here"


def test_the_largest_rota_anybody_may_ask_about_is_simulated_in_fewer_evenings() -> None:
    assert evenings_for(LONG.rotas(ASSUMED)[0]) == 10
    told: list[tuple[int, int]] = []
    found = find(QUICK, ASSUMED, lambda done, of: told.append((done, of)))
    assert told[-1] == (2 * EVENINGS, 2 * EVENINGS)
    assert len(told) == 40
    assert found[0].people < 1


# --- how it is asked ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lines": []}, "bad-value"),
        ({"lines": [{**EVENING, "to": "20:15"}]}, "bad-value"),
        ({"lines": [{**EVENING, "from": "25:00"}]}, "bad-value"),
        ({"lines": [{**EVENING, "from": "8 pm"}]}, "bad-value"),
        ({"lines": [{**EVENING, "people": 0}]}, "bad-frame"),
        ({"lines": [{**EVENING, "people": 40}] * 2}, "bad-value"),
        ({"lines": [EVENING] * 13}, "bad-frame"),
        ({"tenths": 0}, "bad-frame"),
        ({"tenths": 3001}, "bad-frame"),
        ({"each": 3}, "bad-frame"),
    ],
)
def test_a_rota_of_no_world_is_refused(changed: dict[str, Any], code: str) -> None:
    assert desk("zhou", Role.SUPERVISOR).refused("staffing", **{**PILOT, **changed}) == code


@pytest.mark.django_db
def test_asking_is_in_the_trail_once_however_often_the_page_looks() -> None:
    zhou = desk("zhou", Role.SUPERVISOR)
    until_answered(zhou, HOUR_ALONE)
    zhou.hear("staffing", **HOUR_ALONE)
    assert AuditEntry.objects.filter(what="staffing-asked", by=zhou.staff.person).count() == 1


@pytest.mark.django_db
def test_a_counsellor_and_an_administrator_are_told_that_there_is_no_such_question() -> None:
    for name, role in (("lin", Role.COUNSELLOR), ("wang", Role.ADMINISTRATOR)):
        assert desk(name, role).refused("staffing", **PILOT) == "no-seat"


# --- what it may cost -----------------------------------------------------------------------------


@pytest.fixture
def own() -> Iterator[Runs]:
    made = Runs()
    yield made
    made.stop()


def test_one_question_at_a_time_each_and_the_last_one_counts(own: Runs) -> None:
    first = own.look(1, LONG, lambda: ASSUMED, NOW)
    assert own.look(1, LONG, lambda: ASSUMED, NOW) is first
    second = own.look(1, OTHER, lambda: ASSUMED, NOW)
    assert second is not first
    assert not first.working, "nobody waits for it any more"


def test_others_wait_while_two_are_being_answered(own: Runs) -> None:
    for person in range(limits.STAFFING_AT_ONCE):
        own.look(person, LONG, lambda: ASSUMED, NOW)
    with pytest.raises(ThrottledError) as refused:
        own.look(9, LONG, lambda: ASSUMED, NOW)
    assert refused.value.retry_after > 0
    own.look(0, OTHER, lambda: ASSUMED, NOW)  # in place of one's own


def test_one_that_takes_too_long_is_broken_off_and_an_answer_is_forgotten_in_time(
    own: Runs,
) -> None:
    stuck = own.look(1, LONG, lambda: ASSUMED, NOW)
    late = NOW + limits.STAFFING_WITHIN + timedelta(seconds=1)
    again = own.look(1, LONG, lambda: ASSUMED, late)
    assert again is not stuck
    assert not stuck.working
    answered = own.look(2, QUICK, lambda: ASSUMED, NOW)
    answered._reader.join(20)
    later = NOW + limits.STAFFING_WITHIN + timedelta(seconds=1)
    assert own.look(2, QUICK, lambda: ASSUMED, later) is answered
    forgotten = NOW + limits.STAFFING_KEPT_FOR + timedelta(seconds=1)
    assert own.look(2, QUICK, lambda: ASSUMED, forgotten) is not answered


def test_an_answer_that_broke_off_is_said_once_and_then_tried_again(own: Runs) -> None:
    broken = own.look(1, LONG, lambda: ASSUMED, NOW)
    broken.stop()
    with pytest.raises(CounselError):
        own.look(1, LONG, lambda: ASSUMED, NOW)
    assert own.look(1, LONG, lambda: ASSUMED, NOW).working


def test_a_question_crosses_to_its_process_as_it_is() -> None:
    asked = Wanted(lines=(Line(1.0, 2.0, 3),), more=(Line(4.0, 5.0, 6),), per_hour=0.5)
    assert from_json(json.loads(json.dumps(asked.as_json()))) == asked


def test_a_sum_nobody_reads_any_more_ends_by_itself() -> None:
    child = runs.begin_child()
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(runs.said_to(LONG, ASSUMED)) + "\n")
    child.stdin.flush()
    child.stdout.readline()
    child.stdout.close()  # as when the server that asked is killed
    child.stdin.close()
    assert child.wait(20) == 0

"""An organiser asks what a rota means, and is told what the simulation of the queue says."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from counsel import limits
from triage.queue.rows import WaitCount
from triage.simulation.bench import DAY, HOUR
from triage.simulation.day import Day
from triage.simulation.history import FEWEST, learn
from triage.simulation.people import draw_day
from triage.simulation.scores import score
from triage.simulation.site import Memory
from triage.simulation.staffing import MIX, SHAPE, Rota, answer, simulate

EVENING = (20 * HOUR, 23.5 * HOUR)
PILOT = Rota(shifts=(EVENING,) * 2, per_hour=2.0)
"""A first pilot: two volunteers, one supervisor, half past seven people an evening."""
FIVE = Rota(shifts=((18 * HOUR, 23 * HOUR),) * 3 + ((20 * HOUR, 24 * HOUR),) * 2, per_hour=6.0)
NIGHT = Rota(shifts=((20 * HOUR, 26 * HOUR),) * 3, per_hour=4.0, each=2)


@pytest.mark.parametrize("rota", [PILOT, FIVE, NIGHT], ids=["two", "five", "night"])
def test_the_answer_is_the_simulation_s_own(rota: Rota) -> None:
    told: list[tuple[int, int]] = []
    found = answer(rota, lambda done, of: told.append((done, of)), evenings=24)
    assert told == [(done, 24) for done in range(1, 25)]
    groups = [simulate(rota, [evening]) for evening in range(24)]
    assert found.score == score(groups)


def test_a_rota_that_never_ends_is_the_benchmark_s_own_day() -> None:
    pause = limits.NOBODY_NEW_BEFORE_END.total_seconds()
    rota = Rota(shifts=((0.0, DAY + pause),) * 4, per_hour=5.0, supervisors=1)
    people = draw_day(rota.bench, 1, 0)
    same = Day(replace(rota.bench, shifts=()), people, Memory(), overflow=True).run()
    assert [fate.wait for fate in simulate(rota, [0])] == [fate.wait for fate in same]


def test_two_rotas_meet_the_same_people() -> None:
    few, many = (simulate(rota, range(12)) for rota in (PILOT, PILOT.with_more(2)))
    assert [fate.person.came_at for fate in few] == [fate.person.came_at for fate in many]
    assert sum(fate.wait < math.inf for fate in few) < sum(fate.wait < math.inf for fate in many)


def test_nobody_new_is_given_to_somebody_about_to_go() -> None:
    alone = replace(PILOT, supervisors=0, per_hour=8.0)
    reached = [fate.reached_at for fate in simulate(alone, range(12)) if fate.wait < math.inf]
    assert 22.75 * HOUR < max(reached) <= alone.closes == 23.25 * HOUR


def test_the_door_stays_open_where_enough_are_on_and_closes_where_they_are_not() -> None:
    enough = answer(replace(PILOT, shifts=(EVENING,) * 8), evenings=36)
    assert enough.close_at > 23 * HOUR
    swamped = answer(replace(PILOT, per_hour=12.0), evenings=36)
    assert swamped.close_at < 22 * HOUR
    assert swamped.all_busy > enough.all_busy


@pytest.mark.django_db
def test_an_organiser_is_answered_in_words_and_told_what_a_small_site_cannot_promise() -> None:
    said = io.StringIO()
    call_command(
        "staffing", "--shift", "20:00-23:30x2", "--per-hour", "2", stdout=said, stderr=io.StringIO()
    )
    assert "With 2 people a red may wait" in said.getvalue()
    assert "with 2 more" in said.getvalue()
    assert "assumed, nothing is known of this site yet" in said.getvalue()


@pytest.mark.django_db
def test_a_shift_nobody_can_work_is_refused_in_a_sentence() -> None:
    for wrong in ("20-23", "25:00-26:00", "20:00-20:10", "20:00-23:00x0"):
        with pytest.raises(CommandError):
            call_command("staffing", "--shift", wrong, "--per-hour", "2")


@pytest.mark.django_db
def test_the_shape_is_the_site_s_own_once_enough_people_were_met() -> None:
    assert learn().people == 0
    at = datetime(2026, 11, 24, 13, 15, tzinfo=UTC)
    WaitCount.objects.create(quarter_at=at, tier=2, minutes=3, count=FEWEST)
    learnt = learn()
    assert learnt.people == FEWEST
    assert learnt.shape != SHAPE
    assert max(learnt.shape) == learnt.shape[21] == 1.0
    assert learnt.mix[2] > MIX[2]
    assert sum(learnt.mix) == pytest.approx(1.0)


@pytest.mark.django_db
def test_the_answer_as_json_says_both_rotas() -> None:
    said = io.StringIO()
    asked = ("--shift", "20:00-23:30x2", "--per-hour", "2", "--more", "20:00-22:00", "--json")
    call_command("staffing", *asked, stdout=said, stderr=io.StringIO())
    found = json.loads(said.getvalue())
    assert (found["rota"]["people"], found["with_more"]["people"]) == (2, 3)
    assert found["simulated"] is True

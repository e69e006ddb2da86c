"""The simulated day: the same people for every policy, nobody lost, and what theory says."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from chat import sessions
from chat.throttle import Bucket
from counsel.errors import IllegalTransitionError
from counsel.lifecycle import Role
from triage.queue.chooser import Room
from triage.queue.tiers import Tier
from triage.simulation.bench import DAY, MINUTE, Bench, bench
from triage.simulation.day import Day
from triage.simulation.judge import count_faults
from triage.simulation.people import Person, draw_day
from triage.simulation.scores import quantile, share_of
from triage.simulation.site import POLICIES, Memory, first_come
from triage.simulation.theory import agree, erlang_a
from triage.simulation.through import compare

ALONE = Bench(name="alone", slots=1, load=1.0, hourly=(1.0,) * 24, each=1)


def person(number: int, came_at: float, tier: Tier = Tier.GREEN, **change: object) -> Person:
    """Wei and those behind her: calm, patient, an hour to talk."""
    wei = Person(
        id=number,
        came_at=came_at,
        tier=tier,
        shown=tier,
        service=60 * MINUTE,
        patience=2 * DAY,
        silent=False,
        turns_after=math.inf,
        says=-1,
    )
    return replace(wei, **change)  # type: ignore[arg-type]


def test_every_policy_meets_the_same_people_and_every_seed_others() -> None:
    made = bench("B2", 8)
    assert draw_day(made, 1, 0) == draw_day(made, 1, 0)
    assert draw_day(made, 1, 0) != draw_day(made, 2, 0)
    assert draw_day(made, 1, 0) != draw_day(made, 1, 1)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", ["B3", "B5", "B6"])
def test_whoever_comes_is_met_or_leaves_and_is_with_one_person_at_a_time(
    policy: str, name: str
) -> None:
    made = bench(name, 8)
    day = Day(made, draw_day(made, 7, 0), Memory(POLICIES[policy]), overflow=policy == "ours")
    fates = day.run()
    assert len(day.taken) > 50
    assert count_faults(day, fates) == 0
    assert (sum(day.given_back.values()) > 0) == (name == "B6")


def test_a_count_of_faults_sees_somebody_who_was_forgotten() -> None:
    day = Day(ALONE, [person(0, 0.0)], Memory(), overflow=False)
    assert count_faults(day, day.fates) == 1
    assert count_faults(day, day.run()) == 0


def test_first_come_first_served_loses_as_many_as_theory_says() -> None:
    found = agree(1.1, 20 * MINUTE, days=80)
    assert found.met, found
    assert found.simulated.high - found.simulated.low < 0.03


def test_theory_says_what_the_clinical_notes_say() -> None:
    for slots, load, patience, lost in [
        (8, 0.8, 20, 8.3),
        (20, 1.1, 20, 15.0),
        (40, 1.1, 120, 10.0),
    ]:
        found = erlang_a(slots, load * slots / 36.8, 36.8, patience)
        assert round(100 * found.lost, 1) == pytest.approx(lost, abs=0.1)


def test_a_red_that_was_orange_counts_from_the_moment_it_turned() -> None:
    coming = [person(0, 0.0), person(1, 60.0, Tier.ORANGE, turns_after=600.0, says=0)]
    fates = Day(ALONE, coming, Memory(), overflow=False).run()
    assert fates[1].tier == Tier.RED
    assert fates[1].wait == 60 * MINUTE - 660.0


def test_an_extra_slot_is_for_a_red_alone_and_only_when_no_other_is_free() -> None:
    coming = [person(0, 0.0), person(1, 1.0), person(2, 2.0, Tier.RED), person(3, 3.0, Tier.RED)]
    day = Day(replace(ALONE, overflow=1), coming, Memory(), overflow=True)
    fates = day.run()
    assert [fate.reached_at for fate in fates] == [0.0, 7200.0, 2.0, 3600.0]


def test_a_second_talk_takes_longer_and_idle_people_come_first() -> None:
    two = replace(ALONE, slots=4, each=2)
    coming = [person(number, float(number)) for number in range(7)]
    fates = Day(two, coming, Memory(), overflow=False).run()
    reached = [fate.reached_at for fate in fates]
    assert reached[:4] == [0.0, 1.0, 2.0, 3.0]
    assert reached[4:6] == [60 * MINUTE, 60 * MINUTE + 1]
    assert reached[6] == pytest.approx(69 * MINUTE + 2)


def test_who_left_without_a_word_may_still_be_given_and_is_still_counted_as_lost() -> None:
    coming = [person(0, 0.0, service=300.0), person(1, 1.0, patience=60.0, silent=True)]
    day = Day(ALONE, coming, Memory(), overflow=False)
    fates = day.run()
    assert [number for _, number in day.taken] == [0, 1]
    assert fates[1].wait == math.inf


def test_a_site_in_memory_allows_only_what_the_table_allows() -> None:
    site = Memory(first_come)
    site.admit(0, Tier.GREEN, 0.0)
    with pytest.raises(IllegalTransitionError):
        site.end(0, Role.COUNSELLOR, 1.0)
    assert site.reach(Room.ANYBODY, 1.0) == 0
    site.end(0, Role.COUNSELLOR, 2.0)
    with pytest.raises(IllegalTransitionError):
        site.give_back(0, 3.0)


def test_worse_never_lowers_whatever_the_phone_counts() -> None:
    site = Memory()
    site.admit(0, Tier.ORANGE, 0.0)
    site.admit(1, Tier.YELLOW, 1.0)
    site.worse(0, Tier.GREEN, 2.0)
    assert site.reach(Room.ANYBODY, 3.0) == 0


@pytest.mark.django_db
def test_a_day_through_the_database_gives_the_same_people_to_the_same_hands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "_starts", lambda: Bucket(1_000, 1))
    found = compare("B3", slots=8, people=40)
    assert found.differs_at == -1
    assert found.given > 30


def test_shares_know_that_people_of_one_evening_share_its_luck() -> None:
    even = share_of([[True, False] * 50] * 20)
    uneven = share_of([[True] * 100, [False] * 100] * 10)
    assert even.value == uneven.value == 0.5
    assert uneven.high - uneven.low > 3 * (even.high - even.low)
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.95) == 4.0
    assert quantile([], 0.5) == math.inf

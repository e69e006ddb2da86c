"""What is written about the benchmark: the picture, the lines, and how far any order could come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest

from triage.queue.chooser import Head, Room
from triage.queue.tiers import Tier
from triage.simulation import drawn, reasons
from triage.simulation.bench import JUDGED_ON, MINUTE, PEAK, TABLE, bench
from triage.simulation.bounds import bound_of, drawn_load
from triage.simulation.day import Day, Fate
from triage.simulation.judge import MAIN, SETS, Job, Result, pass_lines, yardsticks
from triage.simulation.people import draw_day
from triage.simulation.scores import Score, Share, TierScore
from triage.simulation.site import MIDNIGHT, POLICIES, Memory, level, urgent
from triage.simulation.theory import erlang_b

DOCS: Final = Path(__file__).resolve().parents[3] / "counsel" / "docs"


def everything_is(value: float) -> Score:
    """A score in which so many are met in time, in every tier."""
    share = Share(value, value - 0.01, value + 0.01)
    tier = TierScore(100, share, Share(1 - value, 0.0, 1.0), 0.0, 60.0, 60.0)
    return Score((tier,) * 4, share)


def results(value: float) -> Iterator[Result]:
    """One of each day that has lines, and of what those are held against."""
    for seeds, name, policy in product(SETS, TABLE["lines"], POLICIES):
        yield Result(Job(name, MAIN, policy, seeds), everything_is(value), 0)
    for job in yardsticks():
        yield Result(job, everything_is(value), 0)


def test_the_picture_in_the_docs_is_of_this_code_and_these_numbers() -> None:
    kept = (DOCS / "judged.svg").read_text(encoding="utf-8")
    assert f"made of {drawn.made_of()} " in kept, "make simulate draws it anew"
    assert "(judged.svg)" in (DOCS / "judged.md").read_text(encoding="utf-8")


def test_the_picture_shows_every_tier_and_policy_with_its_number() -> None:
    root = ElementTree.fromstring(drawn.draw(list(results(0.875)), "nothing"))
    said = [node.text for node in root.iter() if node.tag.endswith("text")]
    assert said.count("87.5%") == 4 * len(TABLE["lines"]) * len(POLICIES)
    for words in ("red, within 3 min", "green, within 45 min", "first come, first served", "ours"):
        assert words in said
    shapes = {node.tag.rpartition("}")[2] for node in root.iter()}
    assert {"circle", "rect"} <= shapes, "no policy is known by its colour alone"


@pytest.mark.parametrize(("value", "whys"), [(0.5, 4), (1.0, 0)])
def test_every_missed_line_is_followed_by_why_and_a_met_one_by_nothing(
    monkeypatch: pytest.MonkeyPatch, value: float, whys: int
) -> None:
    monkeypatch.setattr(reasons, "drawn_load", lambda *_: 1.0)  # what it is has a test of its own
    found = list(results(value))
    said = reasons.write(found, pass_lines(found))
    assert said.count("- **Red.**") == whys
    missed = [line for line in pass_lines(found) if not line["met"]]
    assert bool(missed) == bool(whys)
    assert len(re.findall(r"^\| (?:red|orange|yellow|green|shown)", said, re.MULTILINE)) == 18


def test_theory_knows_its_oldest_table() -> None:
    assert erlang_b(0, 1.0) == 1.0
    assert erlang_b(2, 1.0) == pytest.approx(0.2)
    assert erlang_b(5, 3.0) == pytest.approx(0.11005, abs=1e-5)


def test_the_heavier_the_load_the_less_any_order_can_do_and_a_third_slot_helps_a_red() -> None:
    reds = [bound_of(bench(name, MAIN)).red for name in ("B1", "B2", "B3")]
    assert reds == sorted(reds, reverse=True)
    two = bench("B2", MAIN)
    assert bound_of(replace(two, overflow=3)).shown_red > bound_of(two).shown_red + 0.005
    assert bound_of(two).lost > bound_of(two).lost_with_extra


def test_an_order_by_urgency_comes_to_what_theory_says_of_it() -> None:
    made = bench("B3", MAIN)
    assert drawn_load(made, JUDGED_ON[:10], 1) == pytest.approx(made.load, abs=0.08)
    fates: list[Fate] = []
    for seed in JUDGED_ON[:10]:
        fates += Day(made, draw_day(made, seed, 0), Memory(urgent), overflow=True).run()
    reds = [fate for fate in fates if fate.tier == 0 and PEAK[0] <= fate.person.came_at < PEAK[1]]
    reached = sum(fate.wait <= 3 * MINUTE for fate in reds) / len(reds)
    assert reached == pytest.approx(bound_of(made).red, abs=0.1), f"of {len(reds)}"


def test_the_orders_beside_ours_are_what_they_are_called() -> None:
    now = MIDNIGHT + timedelta(seconds=60 * MINUTE)
    red, orange, yellow, green = (
        Head(tier, tier, now - timedelta(minutes=wait))
        for tier, wait in zip(Tier, (1, 1, 2, 59), strict=True)
    )
    assert urgent([green, orange], now, Room.ANYBODY) is orange
    assert urgent([green, orange], now, Room.REDS) is None
    assert level([green, yellow, orange], now, Room.ANYBODY) is green
    assert level([green, red], now, Room.REDS) is red

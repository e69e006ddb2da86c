"""The people of one day, drawn once: every policy meets the same ones (common random numbers)."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from triage.simulation.bench import DAY, Bench


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes. Times are seconds of the day, or from their own coming."""

    id: int
    came_at: float
    tier: int
    """What they are in truth."""
    shown: int
    """What their phone says."""
    service: float
    """How long the talk lasts with somebody who holds no other."""
    patience: float
    """How long they wait at the most."""
    silent: bool
    """They leave without a word: only missing heartbeats tell."""
    turns_after: float
    """When an orange becomes a red while waiting; infinite for everybody else."""
    says: int
    """What their phone says then, or -1 if they do not tap."""


def draw_day(bench: Bench, seed: int, day: int) -> list[Person]:
    """In the order of their coming. The same seed and day give the same people, whatever the policy."""
    dice = random.Random(f"{bench.crowd}/{seed}/{day}")
    people: list[Person] = []
    at, highest, last = 0.0, bench.highest_rate, max(DAY, bench.counted[1])
    while (at := at + dice.expovariate(highest)) < last:
        if dice.random() * highest < bench.rate(at):
            people.append(_draw(bench, len(people), at, dice))
    return people


def _draw(bench: Bench, number: int, at: float, dice: random.Random) -> Person:
    tier = _pick(bench.mix, dice)
    # Everything is drawn for everybody, so that one person's fate moves nobody else's.
    service = _talk(bench.service[tier], bench.variation, dice)
    patience = dice.expovariate(1 / bench.patience[tier])
    shown, silent = _pick(bench.shown[tier], dice), dice.random() < bench.silent
    turns, after = dice.random() < bench.turning, dice.expovariate(1 / bench.turns_after)
    taps, says = dice.random() < bench.says_so, _pick(bench.shown[0], dice)
    turning = tier == 1 and turns
    return Person(
        id=number,
        came_at=at,
        tier=tier,
        shown=shown,
        service=service,
        patience=patience,
        silent=silent,
        turns_after=after if turning else math.inf,
        says=says if turning and taps else -1,
    )


def _talk(mean: float, variation: float, dice: random.Random) -> float:
    if variation == 0:
        return dice.expovariate(1 / mean)
    spread = math.sqrt(math.log(1 + variation**2))
    return dice.lognormvariate(math.log(mean) - spread**2 / 2, spread)


def _pick(shares: tuple[float, ...], dice: random.Random) -> int:
    left = dice.random() * sum(shares)
    for index, share in enumerate(shares):
        left -= share
        if left < 0:
            return index
    return len(shares) - 1

"""What a policy came to, per tier in truth, over everybody who came. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from triage.simulation.bench import MINUTE, TARGETS
from triage.simulation.day import Fate

_Z: Final = 1.959964
TIERS: Final = ("red", "orange", "yellow", "green")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people, and how sure it is: 95 %, the spread between seeds counted in."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:6.1%} ±{(self.high - self.low) / 2:5.1%}"


@dataclass(frozen=True, slots=True)
class TierScore:
    """One tier. Seconds; `median` and `p95` are of those somebody reached."""

    people: int
    within: Share
    lost: Share
    median: float
    p95: float
    p95_of_all: float
    """With those nobody reached counted as never; infinite if they are more than one in twenty."""


@dataclass(frozen=True, slots=True)
class Score:
    """All four tiers, and those whose phone said red."""

    tiers: tuple[TierScore, ...]
    shown_red: Share

    def as_json(self) -> dict[str, Any]:
        """Infinite becomes null."""
        rows = {name: asdict(tier) for name, tier in zip(TIERS, self.tiers, strict=True)}
        for row in rows.values():
            for key in ("median", "p95", "p95_of_all"):
                row[key] = None if math.isinf(row[key]) else round(row[key], 1)
        return {**rows, "shown_red": asdict(self.shown_red)}


def score(by_seed: Sequence[Sequence[Fate]]) -> Score:
    """`by_seed`: the people of each seed, whoever was counted."""
    return Score(
        tuple(_tier(by_seed, tier) for tier in range(4)),
        share_of(
            [
                [fate.wait <= TARGETS[0] for fate in fates if fate.person.shown == 0]
                for fates in by_seed
            ]
        ),
    )


def _tier(by_seed: Sequence[Sequence[Fate]], tier: int) -> TierScore:
    groups = [[fate for fate in fates if fate.tier == tier] for fates in by_seed]
    waits = sorted(fate.wait for group in groups for fate in group)
    reached = [wait for wait in waits if wait < math.inf]
    return TierScore(
        people=len(waits),
        within=share_of([[fate.wait <= TARGETS[tier] for fate in group] for group in groups]),
        lost=share_of([[math.isinf(fate.wait) for fate in group] for group in groups]),
        median=quantile(reached, 0.5),
        p95=quantile(reached, 0.95),
        p95_of_all=quantile(waits, 0.95),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest that so large a share does not exceed; infinite of nobody."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.inf


def share_of(groups: Sequence[Sequence[bool]]) -> Share:
    """The ratio of sums, its spread from seed to seed (a ratio estimate; Cochran 1977, 6.3)."""
    people = sum(map(len, groups))
    if people == 0:
        return Share(0.0, 0.0, 1.0)
    value = sum(map(sum, groups)) / people
    count = len(groups)
    squares = sum((sum(group) - value * len(group)) ** 2 for group in groups)
    error = math.sqrt(squares * count / max(1, count - 1)) / people
    # Where the seeds agree to the last person, they still are a sample.
    error = max(error, math.sqrt(value * (1 - value) / people), 0.5 / people)
    return Share(value, max(0.0, value - _Z * error), min(1.0, value + _Z * error))


def minutes(seconds: float) -> str:
    """As a table says it."""
    return "never" if math.isinf(seconds) else f"{seconds / MINUTE:.1f}"

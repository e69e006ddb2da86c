"""What queueing theory says where it applies, M/M/N with patience and first come first served, and
whether the simulation says the same. Pure.

Erlang-A: a birth-death chain with death rate min(n, N)·μ + max(n − N, 0)·θ (Palm 1957; Zeltyn and
Mandelbaum 2005). Erlang-B: the same where nobody waits (Erlang 1917). Times in any one unit, the same
throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from triage.simulation.bench import DAY, HOUR, MINUTE, Bench
from triage.simulation.day import Day
from triage.simulation.people import draw_day
from triage.simulation.scores import Share, share_of
from triage.simulation.site import Memory, first_come

_TALK: Final = 36.8 * MINUTE
_WARM: Final = 4 * HOUR
"""Theory is of a day without a beginning: who comes before this is not counted."""


@dataclass(frozen=True, slots=True)
class ErlangA:
    """Shares of those who come, and the mean wait of everybody, served or not."""

    lost: float
    waits: float
    mean_wait: float


def erlang_a(slots: int, arrivals: float, talk: float, patience: float) -> ErlangA:
    """`arrivals` in a unit of time, mean `talk` and mean `patience`, all exponential."""
    weights = [1.0]
    for n in range(1, slots + 2_000):
        leaving = min(n, slots) / talk + max(n - slots, 0) / patience
        weights.append(weights[-1] * arrivals / leaving)
        if n > slots and weights[-1] < 1e-15 * max(weights):
            break
    total = sum(weights)
    queue = sum(weight * max(n - slots, 0) for n, weight in enumerate(weights)) / total
    waiting = sum(weights[slots:]) / total
    return ErlangA(queue / patience / arrivals, waiting, queue / arrivals)


def erlang_b(slots: int, offered: float) -> float:
    """The share that finds all slots taken, of those who do not wait; `offered` in talks at a time."""
    blocked = 1.0
    for n in range(1, slots + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked


@dataclass(frozen=True, slots=True)
class Agreement:
    """What share left without anybody, simulated and in theory."""

    load: float
    patience: float
    simulated: Share
    theory: float

    @property
    def met(self) -> bool:
        """Theory lies in the simulation's own interval."""
        return self.simulated.low <= self.theory <= self.simulated.high


def agree(load: float, patience: float, *, slots: int = 8, days: int = 60) -> Agreement:
    """First come first served with everything exponential. `patience` in seconds."""
    bench = Bench(
        name="theory",
        slots=slots,
        load=load,
        hourly=(1.0,) * 24,
        mix=(0.0, 0.0, 0.0, 1.0),
        service=(_TALK,) * 4,
        variation=0.0,
        patience=(patience,) * 4,
        silent=0.0,
        turning=0.0,
        each=1,
        counted=(_WARM, DAY),
    )
    lost = []
    for number in range(days):
        fates = Day(bench, draw_day(bench, 1, number), Memory(first_come), overflow=False).run()
        lost.append(
            [fate.left_at < fate.reached_at for fate in fates if fate.person.came_at >= _WARM]
        )
    theory = erlang_a(slots, load * slots / _TALK, _TALK, patience)
    return Agreement(load, patience, share_of(lost), theory.lost)

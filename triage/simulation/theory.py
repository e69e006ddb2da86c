"""What queueing theory says where it applies: M/M/N with patience, first come first served. Pure.

Erlang-A: a birth-death chain with death rate min(n, N)·μ + max(n − N, 0)·θ (Palm 1957; Zeltyn and
Mandelbaum 2005). Times in any one unit, the same throughout.
"""

from __future__ import annotations

from dataclasses import dataclass


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

"""What theory says of a bench, as if its load went on and on: how far any order could come. Pure.

Everybody in a talk, and for how many of those who come: Erlang-A. Of a red whose phone said red: the
extra slots are full as well (Erlang-B of what overflows to them), and none of N talks ends within
three minutes. Of one shown as orange, were all orange served before everybody: whoever stands first
in a line that no talk interrupts waits longer than t with exp(-(N/talk - their own arrivals) t)
(Kleinrock 1976, vol. 2, 3.6). Of one shown as yellow or green: somebody is free when they come.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from triage.simulation.bench import HOUR, PEAK, TARGETS, Bench
from triage.simulation.people import draw_day
from triage.simulation.theory import erlang_a, erlang_b


@dataclass(frozen=True, slots=True)
class Bound:
    """Shares of those who come; `next_free` in seconds."""

    busy: float
    """Find everybody in a talk."""
    next_free: float
    shown_red: float
    """Of reds whose phone said so: reached in three minutes."""
    hidden: float
    """Of those shown as orange, with all orange before everybody but shown reds: the same."""
    idle: float
    """Find somebody free: what is left to a red shown as yellow or green."""
    red: float
    """Of all reds, strictly by urgency as phones say it: what an order can come to."""
    lost: float
    """Leave without anybody, with these hands."""
    lost_with_extra: float
    """The same if the extra slots took everybody too."""


def bound_of(bench: Bench) -> Bound:
    """For the load of its peak hours."""
    talk = bench.mean_service * (bench.second_talk if bench.each > 1 else 1.0)
    rate = bench.load * bench.slots / talk
    patience = sum(share * mean for share, mean in zip(bench.mix, bench.patience, strict=True))
    of_slots = erlang_a(bench.slots, rate, talk, patience)
    busy, leave = of_slots.waits, bench.slots / talk
    reds, oranges = (_shown(bench, tier) for tier in (0, 1))
    overflowing = rate * reds[0] * busy * reds[1]
    late = busy * erlang_b(bench.overflow, overflowing) * math.exp(-leave * TARGETS[0])
    hidden = 1 - busy * math.exp(-max(0.0, leave - rate * oranges[0]) * TARGETS[0])
    told, as_orange, *rest = bench.shown[0]
    return Bound(
        busy=busy,
        next_free=1 / leave,
        shown_red=1 - late,
        hidden=hidden,
        idle=1 - busy,
        red=told * (1 - late) + as_orange * hidden + sum(rest) * (1 - busy),
        lost=of_slots.lost,
        lost_with_extra=erlang_a(bench.slots + bench.overflow, rate, talk, patience).lost,
    )


def _shown(bench: Bench, as_: int) -> tuple[float, float]:
    """What share of those who come is shown so, and how long they talk in the mean."""
    parts = [
        (share * row[as_], mean)
        for share, row, mean in zip(bench.mix, bench.shown, bench.service, strict=True)
    ]
    share = sum(part for part, _ in parts)
    return share, sum(part * mean for part, mean in parts) / share


def drawn_load(bench: Bench, seeds: Sequence[int], days: int) -> float:
    """Hours of talk that came in the peak hours, over the hours there were: what was really drawn."""
    hours = 0.0
    for seed in seeds:
        for day in range(days):
            came = draw_day(bench, seed, day)
            hours += sum(p.service for p in came if PEAK[0] <= p.came_at < PEAK[1]) / HOUR
    slower: float = bench.second_talk if bench.each > 1 else 1.0
    return hours * slower / (bench.slots * len(seeds) * days * float(PEAK[1] - PEAK[0]) / HOUR)

"""Which days are simulated, on how many processes, and which lines they must reach."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any, Final

from triage.simulation.bench import (
    BENCHES,
    JUDGED_ON,
    MINUTE,
    SIZES,
    TABLE,
    TUNED_ON,
    Bench,
    bench,
)
from triage.simulation.day import Day, Fate
from triage.simulation.people import draw_day
from triage.simulation.scores import Score, score
from triage.simulation.site import OTHERS, POLICIES, Memory
from triage.simulation.theory import agree

_WITHOUT_EXTRA: Final = ("fifo", "strict")
MAIN: Final = 20
"""The size the lines are drawn for."""
DAYS: Final = {8: 6, 20: 4, 60: 1}
"""Days of each seed, by size: about as many people everywhere."""
SUSTAINED_DAYS: Final = 1
_THEORY_DAYS: Final = 150
_TRUTH: Final = tuple(tuple(float(row == column) for column in range(4)) for row in range(4))
WITHIN: Final = (
    "red within 3 min",
    "orange within 10 min",
    "yellow within 20 min",
    "green within 45 min",
)
SETS: Final = {"1-20": TUNED_ON, "101-120": JUDGED_ON}


@dataclass(frozen=True, slots=True)
class Job:
    """One policy at one bench, on one set of seeds."""

    bench: str
    slots: int
    policy: str
    seeds: str
    plain: bool = False
    mix: str = "base"
    truthful: bool = False
    """Phones always say the truth, and at once: what no order can make up for."""

    @property
    def made(self) -> Bench:
        """Its numbers."""
        made = replace(bench(self.bench, self.slots, mix=self.mix), plain=self.plain)
        return replace(made, shown=_TRUTH, says_so=1.0) if self.truthful else made


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job. `faults`: people nobody knows the end of, or given to two at once."""

    job: Job
    score: Score
    faults: int


def all_jobs() -> list[Job]:
    """Those with lines first, then what is reported beside them; the longest first among each."""
    lined = [
        Job(name, MAIN, policy, seeds)
        for seeds in SETS
        for name in TABLE["lines"]
        for policy in POLICIES
    ]
    first = next(iter(SETS))
    others = [
        Job(name, slots, policy, first)
        for slots in SIZES
        for name in BENCHES
        for policy in POLICIES
    ]
    plain = [
        Job(name, MAIN, policy, first, plain=True) for name in TABLE["lines"] for policy in POLICIES
    ]
    hot = [Job("B2", MAIN, policy, first, mix="hot") for policy in POLICIES]
    return list(dict.fromkeys(lined + others + plain + hot + yardsticks()))


def yardsticks() -> list[Job]:
    """What a missed line is held against: orders that starve others, and phones that never err."""
    found = []
    for seeds in SETS:
        for name in TABLE["lines"]:
            found += [Job(name, MAIN, policy, seeds) for policy in OTHERS]
            found.append(Job(name, MAIN, "ours", seeds, truthful=True))
    return found


def run_job(job: Job) -> Result:
    """All days of all its seeds. FIFO and strict have no slots that are kept for anybody."""
    made, faults, by_seed = job.made, 0, []
    days = SUSTAINED_DAYS if TABLE["benches"][job.bench].get("sustained") else DAYS[job.slots]
    for seed in SETS[job.seeds]:
        counted: list[Fate] = []
        for number in range(days):
            day = Day(
                made,
                draw_day(made, seed, number),
                Memory((POLICIES | OTHERS)[job.policy]),
                overflow=job.policy not in _WITHOUT_EXTRA,
            )
            fates = day.run()
            faults += count_faults(day, fates)
            since, until = made.counted
            counted += [fate for fate in fates if since <= fate.person.came_at < until]
        by_seed.append(counted)
    return Result(job, score(by_seed), faults)


def count_faults(day: Day, fates: Sequence[Fate]) -> int:
    """Nobody may get lost on the way, and nobody may be with two people at once."""
    lost = sum(math.isinf(fate.reached_at) and math.isinf(fate.left_at) for fate in fates)
    given = Counter(number for _, number in day.taken)
    return lost + sum(times - 1 - day.given_back[number] for number, times in given.items())


def run_jobs(jobs: Sequence[Job], told: Callable[[int, int], None]) -> Iterator[Result]:
    """As they are done, on every core; `told` hears how many of how many are."""
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        running = [pool.submit(run_job, job) for job in jobs]
        for done, future in enumerate(as_completed(running), 1):
            told(done, len(jobs))
            yield future.result()


# --- lines -----------------------------------------------------------------------------------------


def agreement_lines() -> list[dict[str, Any]]:
    """How far the simulation is from Erlang-A, in halves of its own interval: 1 is its edge."""
    lines = []
    for load, minutes in ((0.8, 20), (1.1, 20)):
        found = agree(load, minutes * MINUTE, days=_THEORY_DAYS)
        half = (found.simulated.high - found.simulated.low) / 2
        name = f"FIFO's lost from Erlang-A, load {load:g}, 8 slots, in halves of the interval"
        lines.append(_named(name, abs(found.simulated.value - found.theory) / half, 1, False))
    return lines


def pass_lines(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Every line of the benchmark, on both sets of seeds: `name`, `value`, `bound`, `met`."""
    found = {result.job: result.score for result in results}
    lines = []
    for seeds in SETS:
        for name, row in TABLE["lines"].items():
            ours = found[Job(name, MAIN, "ours", seeds)]
            fifo = found[Job(name, MAIN, "fifo", seeds)]
            lines += [
                _named(f"{name} {what}, seeds {seeds}", value, bound, least)
                for what, value, bound, least in lines_of(row, ours, fifo)
            ]
    faults = sum(result.faults for result in results)
    lines.append(_named("people lost or given to two at once", faults, 0, False))
    return lines


def lines_of(
    row: dict[str, Any], ours: Score, fifo: Score
) -> Iterator[tuple[str, float, float, bool]]:
    """What is drawn for a bench: its name, the value, the line, and whether it is a least one."""
    red, green = ours.tiers[0], ours.tiers[3]
    for tier, (name, bound) in enumerate(zip(WITHIN, row["within"], strict=True)):
        if bound is not None:
            yield name, ours.tiers[tier].within.value, bound, True
    if "shown_red" in row:
        yield "shown red within 3 min", ours.shown_red.value, row["shown_red"], True
    if "red_median" in row:
        yield "red median, s", red.median, row["red_median"], False
    if "red_p95" in row:
        yield "red p95 of those reached, s", red.p95, row["red_p95"], False
    if "green_p95" in row:
        yield (
            "green p95 of those reached, min",
            green.p95 / MINUTE,
            row["green_p95"] / MINUTE,
            False,
        )
    if "green_lost" in row:
        ratio = green.lost.value / max(fifo.tiers[3].lost.value, 1e-9)
        yield "green lost, times FIFO's", ratio, row["green_lost"], False


def _named(name: str, value: float, bound: float, least: bool) -> dict[str, Any]:
    met = value >= bound if least else value <= bound
    return {"name": name, "value": round(value, 4), "bound": bound, "met": met}

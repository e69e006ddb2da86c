"""For each missed line: how close it came, what other orders would buy, and why no order reaches it.

Written for `counsel/docs/judged-lines.md`. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from triage.simulation.bench import MINUTE, TABLE, Bench, bench
from triage.simulation.bounds import Bound, bound_of, drawn_load
from triage.simulation.judge import (
    DAYS,
    MAIN,
    SETS,
    SUSTAINED_DAYS,
    WITHIN,
    Job,
    Result,
    lines_of,
)
from triage.simulation.scores import Score

_HEAD: Final = """# Every line of the benchmark, and why some are missed

Written by `make simulate`, like the picture beside it; [judged.md](judged.md) says what the words mean. All
of it is simulated.

*urgent*: strictly by urgency, with our extra slots; it starves green. *level*: the weights 6 : 2 : 1 of the
clinical notes; it is kinder to green. Both show what a line costs the others. *truthful*: our order, had
every phone always said the truth at once: what lies between it and a line is hands, what lies between it
and ours is what phones cannot know. In bold: missed.
"""

_RED: Final = """- **Red.** Theory, as if the load went on and on: {busy:.0%} of those who come find
  everybody in a talk, and one ends every {free:.1f} minutes. A red whose phone says so is reached in three
  minutes in {shown:.1%}; one shown as orange, with all orange before everybody else, in {hidden:.0%}; one
  shown as yellow or green only where somebody is free, {idle:.0%}. That makes {red:.1%} strictly by urgency
  (*urgent* is that order, simulated), and the line is {line:.0%}: {needed:.0%} of the reds whose phone says
  something else would have to be reached. What helps is no order but a truer tier (*truthful*), one more
  hand, or fewer people."""

_SHOWN: Final = """- **Shown red.** Late are those who find {extra} extra slots taken too and no talk of
  {slots} ending in three minutes (Erlang-B, times exp(-3N/mean)): {shown:.1%} are in time in the mean of
  the peak, with a third extra slot {third:.1%}. The line is {line:.1%}, and the fullest hours are fuller
  than the mean. An order has no part in it."""

_CARRIED: Final = """- **Yellow and green.** Erlang-A: {lost:.1%} leave with these hands whatever the order,
  {least:.1%} if the extra slots took everybody. So between {most:.1%} and {all:.1%} can be reached at all;
  the lines together ask for {asked:.1%}, in time. What one tier gains another loses."""


def write(results: Sequence[Result], lines: Sequence[dict[str, Any]]) -> str:
    """The whole page."""
    found = {result.job: result.score for result in results}
    missed = [line for line in lines if not line["met"]]
    parts = [_HEAD, f"{len(lines) - len(missed)} of {len(lines)} lines are met.\n"]
    for name, row in TABLE["lines"].items():
        parts += [f"## {name}\n", *_table(found, name, row), "", *_why(found, name, row), ""]
    parts += ["## Beside these", ""]
    for line in lines:
        if "seeds" not in line["name"]:
            parts.append(
                f"- {_met(line)} {line['name']}: {line['value']:g}, at most {line['bound']:g}"
            )
    return "\n".join([*parts, ""])


def why(results: Sequence[Result]) -> Iterator[str]:
    """The same sentences for a terminal."""
    found = {result.job: result.score for result in results}
    for name, row in TABLE["lines"].items():
        yield f"\n{name}"
        yield from _why(found, name, row)


def _met(line: dict[str, Any]) -> str:
    return "met:" if line["met"] else "**missed:**"


def _table(found: dict[Job, Score], name: str, row: dict[str, Any]) -> Iterator[str]:
    heads = [f"ours, {seeds}" for seeds in SETS]
    heads += [f"{other}, {seeds}" for other in ("urgent", "level", "truthful") for seeds in SETS]
    yield f"| {name} | wanted | " + " | ".join(heads) + " |"
    yield "|---" * (len(heads) + 2) + "|"
    columns = []
    for seeds in SETS:
        columns.append(_values(found, Job(name, MAIN, "ours", seeds), row))
    for other in ("urgent", "level", "truthful"):
        for seeds in SETS:
            job = Job(name, MAIN, "ours", seeds, truthful=True)
            columns.append(
                _values(found, job if other == "truthful" else Job(name, MAIN, other, seeds), row)
            )
    for cells in zip(*columns, strict=True):
        what, _, bound, least = cells[0]
        sign = "≥" if least else "≤"
        shown = [_cell(*cell) for cell in cells]
        yield f"| {what} | {sign} {_number(what, bound)} | " + " | ".join(shown) + " |"


Cell = tuple[str, float, float, bool]


def _values(found: dict[Job, Score], job: Job, row: dict[str, Any]) -> list[Cell]:
    fifo = found[Job(job.bench, MAIN, "fifo", job.seeds)]
    return list(lines_of(row, found[job], fifo))


def _cell(what: str, value: float, bound: float, least: bool) -> str:
    met = value >= bound if least else value <= bound
    said = _number(what, value)
    return said if met else f"**{said}**"


def _number(what: str, value: float) -> str:
    if "times" in what:
        return f"{value:.2f}"
    if what.endswith(", s"):
        return f"{value:.0f} s"
    return f"{value:.0f} min" if what.endswith(", min") else f"{value:.1%}"


def _why(found: dict[Job, Score], name: str, row: dict[str, Any]) -> Iterator[str]:
    made = bench(name, MAIN)
    bound = bound_of(made)
    missed = {
        what
        for seeds in SETS
        for what, value, line, least in _values(found, Job(name, MAIN, "ours", seeds), row)
        if not (value >= line if least else value <= line)
    }
    if not missed:
        return
    yield _half_widths(found, name)
    days = SUSTAINED_DAYS if TABLE["benches"][name].get("sustained") else DAYS[MAIN]
    loads = [f"{drawn_load(made, those, days):.3f} ({seeds})" for seeds, those in SETS.items()]
    drawn = " and ".join(loads)
    yield f"Drawn in the peak hours was a load of {drawn}, for {made.load:g} meant.\n"
    if missed & {WITHIN[0], "red p95 of those reached, s"}:
        yield _red(bound, row, made.shown[0][0])
    if "shown red within 3 min" in missed:
        yield _shown(bound, made, row)
    if missed & set(WITHIN[1:]):
        yield _carried(bound, made, row)


def _half_widths(found: dict[Job, Score], name: str) -> str:
    parts = []
    for seeds in SETS:
        score = found[Job(name, MAIN, "ours", seeds)]
        halves = [f"{50 * (tier.within.high - tier.within.low):.1f}" for tier in score.tiers]
        parts.append(f"± {' / '.join(halves)} points ({seeds})")
    return f"Intervals of ours, red / orange / yellow / green: {', '.join(parts)}."


def _red(bound: Bound, row: dict[str, Any], told: float) -> str:
    needed = (row["within"][0] - told * bound.shown_red) / (1 - told)
    return _RED.format(
        busy=bound.busy,
        free=bound.next_free / MINUTE,
        shown=bound.shown_red,
        hidden=bound.hidden,
        idle=bound.idle,
        red=bound.red,
        line=row["within"][0],
        needed=needed,
    )


def _shown(bound: Bound, made: Bench, row: dict[str, Any]) -> str:
    third = bound_of(replace(made, overflow=made.overflow + 1)).shown_red
    return _SHOWN.format(
        extra=made.overflow,
        slots=made.slots,
        shown=bound.shown_red,
        third=third,
        line=row["shown_red"],
    )


def _carried(bound: Bound, made: Bench, row: dict[str, Any]) -> str:
    asked = sum(share * (line or 0) for share, line in zip(made.mix, row["within"], strict=True))
    return _CARRIED.format(
        lost=bound.lost,
        least=bound.lost_with_extra,
        most=1 - bound.lost,
        all=1 - bound.lost_with_extra,
        asked=asked,
    )

"""The benchmark in words: tables, a chart, which lines are met, and where ours is worse. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from triage.simulation.bench import BENCHES, SIZES, TABLE
from triage.simulation.judge import MAIN, SETS, Job, Result
from triage.simulation.reasons import why
from triage.simulation.scores import TIERS, Score, minutes
from triage.simulation.site import POLICIES

_BAR: Final = 40
_TARGETS: Final = TABLE["targets"]["minutes"]


def tables(results: Sequence[Result]) -> Iterator[str]:
    """One table for each bench and size."""
    found = {result.job: result.score for result in results}
    for seeds in SETS:
        for slots in SIZES:
            for name in BENCHES:
                rows = {p: found.get(Job(name, slots, p, seeds)) for p in POLICIES}
                yield from _table(f"{name}, {slots} slots, seeds {seeds}", rows)
    first = next(iter(SETS))
    for name in TABLE["lines"]:
        rows = {p: found.get(Job(name, MAIN, p, first, plain=True)) for p in POLICIES}
        yield from _table(f"{name}, {MAIN} slots, load counted without the slowness", rows)
    rows = {p: found.get(Job("B2", MAIN, p, first, mix="hot")) for p in POLICIES}
    yield from _table(f"B2, {MAIN} slots, hot mix", rows)


def _table(title: str, rows: dict[str, Score | None]) -> Iterator[str]:
    scores = {policy: score for policy, score in rows.items() if score is not None}
    if not scores:
        return
    yield f"\n{title}"
    heads = [f"{tier} ≤{target} min" for tier, target in zip(TIERS, _TARGETS, strict=True)]
    yield "  " + " " * 8 + "".join(f"{head:<36}" for head in heads) + "shown red ≤3"
    for policy, score in scores.items():
        cells = [
            f"{tier.within}  {minutes(tier.median)}/{minutes(tier.p95)} lost {tier.lost.value:.1%}"
            for tier in score.tiers
        ]
        yield f"  {policy:<8}" + "".join(f"{cell:<36}" for cell in cells) + str(score.shown_red)
    yield from _worse(scores)


def _worse(scores: dict[str, Score]) -> Iterator[str]:
    """Where another policy reaches more of a tier than ours, beyond both intervals."""
    for tier, name in enumerate(TIERS):
        mine = scores["ours"].tiers[tier].within
        for policy, score in scores.items():
            other = score.tiers[tier].within
            if policy != "ours" and other.low > mine.high:
                yield f"  ours is worse for {name} than {policy}: {mine.value:.1%}, {other.value:.1%}"


def chart(results: Sequence[Result], name: str = "B2") -> Iterator[str]:
    """Reached within the target, a bar for each policy."""
    found = {result.job: result.score for result in results}
    seeds = list(SETS)[-1]
    yield f"\n{name}, {MAIN} slots, seeds {seeds}: reached within the target (| is the line)"
    lines = TABLE["lines"][name]["within"]
    for tier, title in enumerate(TIERS):
        for policy in POLICIES:
            share = found[Job(name, MAIN, policy, seeds)].tiers[tier].within.value
            filled = round(share * _BAR)
            bar = list("█" * filled + "·" * (_BAR - filled))
            if lines[tier] is not None:
                bar[min(_BAR - 1, round(lines[tier] * _BAR))] = "|"
            yield f"  {title:<7}{policy:<7}{''.join(bar)} {share:.1%}"


def verdict(results: Sequence[Result], lines: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Every line, how far each missed one is away, and why no order reaches it."""
    yield "\nLines"
    for line in lines:
        word = "met   " if line["met"] else "MISSED"
        yield f"  {word} {line['name']}: {line['value']:g} (line {line['bound']:g})"
    missed = sum(not line["met"] for line in lines)
    yield f"{len(lines) - missed} lines met, {missed} missed"
    if missed:
        yield from why(results)

"""The benchmark as a picture: a panel for each tier, a dot and its interval for each policy. Pure.

Plain SVG for a page of documentation, read on white and on black; no policy is known by its colour
alone (Okabe and Ito's colours, and a shape for each).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from triage.queue.tables import WEIGHTS
from triage.simulation.bench import TABLE
from triage.simulation.judge import MAIN, SETS, Job, Result
from triage.simulation.scores import TIERS, Share
from triage.simulation.site import POLICIES

_LEFT, _TOP, _WIDE, _ROW = 150, 64, 560, 18
"""Pixels: names, heading, the scale, and one line of it."""
_PANEL: Final = 28
_LOWEST: Final = 0.2
"""Where the scale begins; everything shown lies above."""
_HERE: Final = Path(__file__).parent
_SHOWN: Final = (
    "bench.py",
    "day.py",
    "judge.py",
    "people.py",
    "qbench.json",
    "scores.py",
    "site.py",
)
"""What of this folder decides what the picture shows."""
_STYLE: Final = {"fifo": ("#d55e00", "square"), "strict": ("#0072b2", "diamond"),
                 "ours": ("#111", "circle")}  # fmt: skip
_NAMES: Final = {"fifo": "first come, first served", "strict": "strictly by urgency",
                 "ours": "ours"}  # fmt: skip


def made_of() -> str:
    """A digest of the code and the numbers the picture comes from: the order, the day, the benchmark."""
    digest = sha256()
    for path in sorted(_HERE.glob("*")):
        if path.name in _SHOWN:
            digest.update(path.read_bytes())
    digest.update((_HERE.parent / "queue" / "chooser.py").read_bytes())
    digest.update(json.dumps({tier.name: weight for tier, weight in WEIGHTS.items()}).encode())
    return digest.hexdigest()[:16]


def draw(results: Sequence[Result], made_of: str) -> str:
    """`made_of` says from which code and numbers; it stands in the file."""
    found = {result.job: result.score for result in results}
    benches = list(TABLE["lines"])
    seeds = list(SETS)[-1]
    height = _TOP + len(TIERS) * (_PANEL + len(benches) * (len(POLICIES) * _ROW + 10)) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + 90} {height}"'
        ' font-family="system-ui, sans-serif" font-size="12">',
        f"<!-- made of {made_of} -->",
        f"<title>Met in time, of everybody who came: {MAIN} slots, seeds {seeds}</title>",
        f'<rect width="100%" height="{height}" fill="#fff"/>',
        f'<text x="12" y="22" font-size="15" font-weight="600">Met in time, of everybody who came'
        f" · {MAIN} slots, seeds {seeds}, simulated</text>",
        *_legend(),
    ]
    y = float(_TOP)
    for tier, (name, target) in enumerate(zip(TIERS, TABLE["targets"]["minutes"], strict=True)):
        y += _PANEL
        lines.append(
            f'<text x="12" y="{y - 8:g}" font-weight="600">{name}, within {target} min</text>'
        )
        panel = len(benches) * (len(POLICIES) * _ROW + 10)
        lines += _scale(y, panel, last=tier == len(TIERS) - 1)
        for bench in benches:
            shares = {
                policy: found[Job(bench, MAIN, policy, seeds)].tiers[tier].within
                for policy in POLICIES
            }
            lines += _bench(y, bench, shares, TABLE["lines"][bench]["within"][tier])
            y += len(POLICIES) * _ROW + 10
    return "\n".join([*lines, "</svg>", ""])


def _x(share: float) -> float:
    return _LEFT + max(0.0, (share - _LOWEST) / (1 - _LOWEST)) * _WIDE


def _legend() -> Iterator[str]:
    x = 20.0
    for policy, name in _NAMES.items():
        yield _mark(policy, x, 42)
        yield f'<text x="{x + 12:g}" y="46">{name}</text>'
        x += 190
    yield f'<path d="M{x:g} 34v16" stroke="#009e73" stroke-width="3"/>'
    yield f'<text x="{x + 10:g}" y="46">the line to reach</text>'


def _scale(y: float, panel: float, *, last: bool) -> Iterator[str]:
    for tenth in range(round(_LOWEST * 10), 11):
        x = _x(tenth / 10)
        yield f'<path d="M{x:g} {y:g}v{panel:g}" stroke="#ddd"/>'
        if last:
            yield f'<text x="{x:g}" y="{y + panel + 16:g}" text-anchor="middle">{tenth * 10} %</text>'


def _bench(y: float, bench: str, shares: dict[str, Share], line: float | None) -> Iterator[str]:
    middle = y + len(POLICIES) * _ROW / 2
    load = TABLE["benches"][bench]
    worded = f"{bench}: {load['load']:.0%}" + (" all day" if load.get("sustained") else "")
    yield f'<text x="24" y="{middle + 4:g}">{worded}</text>'
    if line is not None:
        height = len(POLICIES) * _ROW
        yield f'<path d="M{_x(line):g} {y:g}v{height}" stroke="#009e73" stroke-width="3"/>'
    for place, (policy, share) in enumerate(shares.items()):
        at = y + (place + 0.5) * _ROW
        colour = _STYLE[policy][0]
        low, high = _x(share.low), _x(share.high)
        yield (
            f'<path d="M{low:g} {at:g}H{high:g}M{low:g} {at - 4:g}v8M{high:g} {at - 4:g}v8"'
            f' stroke="{colour}" fill="none"/>'
        )
        yield _mark(policy, _x(share.value), at)
        weight = ' font-weight="600"' if policy == "ours" else ""
        yield (
            f'<text x="{_LEFT + _WIDE + 14}" y="{at + 4:g}" fill="{colour}"{weight}>'
            f"{share.value:.1%}</text>"
        )


def _mark(policy: str, x: float, y: float) -> str:
    colour, shape = _STYLE[policy]
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:g}" r="5" fill="{colour}"/>'
    turned = f' transform="rotate(45 {x:.1f} {y:g})"' if shape == "diamond" else ""
    return f'<rect x="{x - 4:.1f}" y="{y - 4:g}" width="8" height="8" fill="{colour}"{turned}/>'

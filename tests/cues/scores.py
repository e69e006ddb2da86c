"""Counts with their intervals, and the one choice that is tuned: which phrases stay. Pure."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.cues.texts import Heard, Text

FOLDS: Final = 5
SEED: Final = 1
SHARES: Final = (0.25, 0.5, 0.75, 1.0)
"""A phrase stays if at most this share of the texts it is found in are unrelated ones."""
ALONE: Final = "PAMFWBSH"
"""Classes of which one phrase alone can alert; the others only count beside those."""
FEWEST: Final = 3
"""Found in fewer texts than this, a phrase stays for its clinical reason: one text is no evidence."""
_Z: Final = 1.959964

Hearer = Callable[[Sequence[str], Sequence[str]], list[Heard]]


@dataclass(frozen=True, slots=True)
class Count:
    """`hits` of `of`."""

    hits: int
    of: int

    def __str__(self) -> str:
        low, high = self.interval
        rate = self.hits / self.of if self.of else 0.0
        return f"{self.hits}/{self.of} {rate:.1%} ({low:.1%}–{high:.1%})"

    def __add__(self, other: Count) -> Count:
        return Count(self.hits + other.hits, self.of + other.of)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, 95 %: right for few counts too (Wilson 1927)."""
        if self.of == 0:
            return 0.0, 1.0
        rate, n = self.hits / self.of, self.of
        middle = (rate + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z * math.sqrt(rate * (1 - rate) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


def count(found: Sequence[bool]) -> Count:
    """How many of them."""
    return Count(sum(found), len(found))


def unwanted(texts: Sequence[Text], phrases: Sequence[Sequence[str]], share: float) -> list[str]:
    """Phrases found more often than `share` in unrelated texts."""
    all_, unrelated = Counter[str](), Counter[str]()
    for text, found in zip(texts, phrases, strict=True):
        all_.update(found)
        if text.group == "unrelated":
            unrelated.update(found)
    judged = {phrase: n for phrase, n in all_.items() if n >= FEWEST and phrase[0] in ALONE}
    return sorted(phrase for phrase, n in judged.items() if unrelated[phrase] / n > share)


@dataclass(frozen=True, slots=True)
class Crossed:
    """Ours on texts that had no say in which phrases stay, all folds together."""

    acute: Count
    unrelated: Count
    shares: tuple[float, ...]


def cross_validate(
    texts: Sequence[Text], phrases: Sequence[Sequence[str]], baseline: Sequence[bool], hear: Hearer
) -> Crossed:
    """For each fold, the share is chosen and phrases are dropped by the other folds alone."""
    order = list(range(len(texts)))
    random.Random(SEED).shuffle(order)
    acute, unrelated, shares = Count(0, 0), Count(0, 0), []
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [index for index in order if index not in set(held)]
        share, dropped = choose(texts, phrases, baseline, hear, rest)
        heard = hear([texts[index].words for index in held], dropped)
        alerts = {index: one.alerts for index, one in zip(held, heard, strict=True)}
        acute += _in(texts, held, alerts, "acute")
        unrelated += _in(texts, held, alerts, "unrelated")
        shares.append(share)
    return Crossed(acute, unrelated, tuple(shares))


def choose(
    texts: Sequence[Text],
    phrases: Sequence[Sequence[str]],
    baseline: Sequence[bool],
    hear: Hearer,
    among: Sequence[int],
) -> tuple[float, list[str]]:
    """The share with the best acute recall among those that alert less than the baseline on
    unrelated texts, of two equal ones the stricter; and what it drops."""
    base = _in(texts, among, dict(enumerate(baseline)), "unrelated")
    best: tuple[tuple[bool, int, int], float, list[str]] | None = None
    for share in SHARES:
        dropped = unwanted([texts[i] for i in among], [phrases[i] for i in among], share)
        heard = hear([texts[index].words for index in among], dropped)
        alerts = {index: one.alerts for index, one in zip(among, heard, strict=True)}
        acute = _in(texts, among, alerts, "acute")
        unrelated = _in(texts, among, alerts, "unrelated")
        rank = (unrelated.hits < base.hits, acute.hits, -unrelated.hits)
        if best is None or rank > best[0]:
            best = rank, share, dropped
    assert best is not None
    return best[1], best[2]


def _in(texts: Sequence[Text], among: Sequence[int], alerts: dict[int, bool], group: str) -> Count:
    return count([alerts[index] for index in among if texts[index].group == group])

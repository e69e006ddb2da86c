"""What is simulated: the numbers of `qbench.json`, typed. Pure; every one is an assumption."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

TABLE: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("qbench.json").read_text(encoding="utf-8")
)
BENCHES: Final = tuple(TABLE["benches"])
SIZES: Final = tuple(int(size) for size in TABLE["overflow"])
TUNED_ON: Final = tuple(range(1, 21))
JUDGED_ON: Final = tuple(range(101, 121))
"""Seeds: the weights were chosen on the first, and both are shown."""

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
"""Seconds, as everything in here."""

TARGETS: Final = tuple(minutes * MINUTE for minutes in TABLE["targets"]["minutes"])
"""Within which somebody of each tier should be reached."""

PEAK: Final = tuple(hour * HOUR for hour in TABLE["hourly"]["peak"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One day at one site. `slots` are talks at a time, `each` how many one person may hold."""

    name: str
    slots: int
    load: float
    hourly: tuple[float, ...]
    mix: tuple[float, ...] = tuple(TABLE["mix"]["base"])
    service: tuple[float, ...] = tuple(m * MINUTE for m in TABLE["service"]["minutes"])
    variation: float = TABLE["service"]["variation"]
    """Standard deviation over mean, of a lognormal; 0 for an exponential, as theory has it."""
    second_talk: float = TABLE["service"]["second_talk"]
    patience: tuple[float, ...] = ()
    silent: float = TABLE["patience"]["silent"]
    empty_talk: float = TABLE["patience"]["empty_talk"]["minutes"] * MINUTE
    """What somebody costs who left without a word and is still taken."""
    shown: tuple[tuple[float, ...], ...] = tuple(map(tuple, TABLE["shown"]))
    turning: float = TABLE["turning"]["share"]
    turns_after: float = TABLE["turning"]["minutes"] * MINUTE
    says_so: float = TABLE["turning"]["says_so"]
    overflow: int = 0
    each: int = TABLE["service"]["each"]
    plain: bool = False
    """The load counts the slots as if a second talk took no longer."""
    burst: tuple[float, float, float] = (1.0, 0.0, 0.0)
    """How many times as many, from when, until when."""
    drop: tuple[float, float] = (0.0, 0.0)
    """What share of the people goes, and when; their talks go back to the front of the queue."""
    shifts: tuple[tuple[float, float], ...] = ()
    """From when to when each of the staff takes new people; empty: all of them, all day."""
    counted: tuple[float, float] = (0.0, DAY)
    """Whoever came in between is counted."""

    @property
    def crowd(self) -> str:
        """Benches with the same crowd and load meet the same people, whatever their hands."""
        return self.name if self.shifts else f"{self.name}/{self.slots}"

    @property
    def mean_service(self) -> float:
        """Of everybody who comes."""
        return sum(share * mean for share, mean in zip(self.mix, self.service, strict=True))

    @property
    def busiest(self) -> float:
        """Arrivals a second when a weight of `hourly` is 1."""
        slower = self.second_talk if self.each > 1 and not self.plain else 1.0
        return self.load * self.slots / (self.mean_service * slower)

    def rate(self, at: float) -> float:
        """Arrivals a second at this second of the day."""
        times, since, until = self.burst
        burst = times if since <= at < until else 1.0
        return self.busiest * self.hourly[int(at // HOUR) % 24] * burst

    @property
    def highest_rate(self) -> float:
        """Never more than this many a second."""
        return self.busiest * max(self.hourly) * max(1.0, self.burst[0])


def bench(name: str, slots: int, *, mix: str = "base") -> Bench:
    """One of `BENCHES` at one of `SIZES`."""
    row = TABLE["benches"][name]
    weights = tuple(TABLE["hourly"]["weights"])
    first, last = TABLE["hourly"]["peak"]
    peak = sum(weights[first:last]) / (last - first)
    made = Bench(
        name=name,
        slots=slots,
        load=row["load"],
        hourly=(1.0,) * 24 if row.get("sustained") else tuple(w / peak for w in weights),
        mix=tuple(TABLE["mix"][mix]),
        patience=tuple(m * MINUTE for m in TABLE["patience"][row["patience"]]),
        overflow=TABLE["overflow"][str(slots)],
        counted=(0.0, DAY) if row.get("sustained") else (PEAK[0], PEAK[1]),
    )
    if burst := row.get("burst"):
        since = burst["from"] * HOUR
        made = replace(made, burst=(burst["times"], since, since + burst["minutes"] * MINUTE))
    if drop := row.get("drop"):
        made = replace(made, drop=(drop["share"], drop["at"] * HOUR))
    return made

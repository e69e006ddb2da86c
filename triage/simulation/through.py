"""One seed of a bench through a real database, assignment by assignment beside the one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chat.neighbours import NEIGHBOURS
from triage.simulation.bench import JUDGED_ON, bench
from triage.simulation.day import Day
from triage.simulation.judge import MAIN
from triage.simulation.people import draw_day
from triage.simulation.site import Memory
from triage.simulation.store import Database


@contextmanager
def _door_open() -> Iterator[None]:
    """Whoever is simulated comes in whatever the rota of this database says."""
    ask, NEIGHBOURS.ask_door = NEIGHBOURS.ask_door, lambda _now: None
    try:
        yield
    finally:
        NEIGHBOURS.ask_door = ask


@dataclass(frozen=True, slots=True)
class Compared:
    """How many were given to somebody, and the first place where the two differ; -1 for none."""

    bench: str
    people: int
    given: int
    differs_at: int


def compare(name: str, *, slots: int = MAIN, seed: int = JUDGED_ON[0], people: int = 0) -> Compared:
    """`people`: only the first so many; 0 for the whole day. Leaves its rows in the database."""
    made = bench(name, slots)
    coming = draw_day(made, seed, 0)[: people or None]
    memory = Day(made, coming, Memory(), overflow=True)
    memory.run()
    stored = Day(made, coming, Database(), overflow=True)
    with _door_open():
        stored.run()
    pairs = list(zip(memory.taken, stored.taken, strict=False))
    differs = next((place for place, (one, other) in enumerate(pairs) if one != other), -1)
    if differs < 0 and len(memory.taken) != len(stored.taken):
        differs = len(pairs)
    return Compared(name, len(coming), len(stored.taken), differs)

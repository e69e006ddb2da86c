"""The answer as one JSON object: the page and the command say the same. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from triage.simulation.bench import HOUR, MINUTE
from triage.simulation.staffing import Answer, Learnt, Rota, answer, evenings_for
from triage.staffing.wanted import Wanted

Told = Callable[[int, int], None]


def find(wanted: Wanted, learnt: Learnt, told: Told) -> tuple[Answer, Answer]:
    """Both answers; `told` hears how many of how many evenings are done."""
    rota, more = wanted.rotas(learnt)
    first, second = evenings_for(rota), evenings_for(more)
    of = first + second
    now = answer(rota, lambda done, _: told(done, of))
    return now, answer(more, lambda done, _: told(first + done, of))


def tell(wanted: Wanted, learnt: Learnt, found: tuple[Answer, Answer]) -> dict[str, Any]:
    """`learnt_from`: people met here from whose hours and tiers it was reckoned; 0: assumed."""
    (rota, more), (now, then) = wanted.rotas(learnt), found
    return {
        "simulated": True,
        "learnt_from": learnt.people,
        "rota": _one(rota, now),
        "with_more": _one(more, then),
    }


def _one(rota: Rota, found: Answer) -> dict[str, Any]:
    return {
        "people": len(rota.shifts),
        "supervisors": rota.supervisors,
        "come_a_shift": round(found.people, 1),
        "evenings": evenings_for(rota),
        "score": found.score.as_json(),
        "nobody_new_from": clock(rota.closes),
        "door_closes_at": None if math.isinf(found.close_at) else clock(found.close_at),
        "never_open": found.never_open,
        "next_free_s": round(found.next_free, 1),
        "red_finds_nobody": round(found.all_busy, 4),
        "theory": {
            "hour": clock(found.worst.at),
            "full": round(found.worst.full, 4),
            "red_waits": round(found.worst.red_waits, 4),
        },
    }


def clock(at: float) -> str:
    """Seconds of the day as a clock shows them."""
    return f"{int(at // HOUR) % 24:02d}:{int(at % HOUR // MINUTE):02d}"

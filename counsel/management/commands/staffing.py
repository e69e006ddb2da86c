"""`manage.py staffing`: what if two more came at 20:00? Answered by the queue's own code."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage.simulation.bench import DAY, HOUR, MINUTE, TABLE
from triage.simulation.history import learn
from triage.simulation.scores import TIERS, minutes
from triage.simulation.staffing import Answer, Rota, answer

_SHIFT: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)(?:x(\d+))?")
_SMALL: Final = 5
_MOST: Final = 120
"""People on one rota; more are several sites."""


class Command(BaseCommand):
    """Every answer is simulated: as good as what is known of who comes."""

    help = "Waits for a rota, what more people change, and when the door should close."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--shift",
            action="append",
            required=True,
            metavar="20:00-23:30x2",
            help="may be given again",
        )
        parser.add_argument(
            "--per-hour", type=float, required=True, help="come in the busiest hour"
        )
        parser.add_argument(
            "--each", type=int, default=1, choices=(1, 2), help="talks one may hold"
        )
        parser.add_argument("--supervisors", type=int, default=1, help="with free hands for a red")
        parser.add_argument("--more", action="append", default=[], metavar="20:00-22:00x2")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        learnt = learn()
        rota = Rota(
            shifts=tuple(_shifts(options["shift"])),
            per_hour=options["per_hour"],
            each=options["each"],
            supervisors=options["supervisors"],
            shape=learnt.shape,
            mix=learnt.mix,
        )
        if not (0 < rota.per_hour <= 600 and 0 <= rota.supervisors <= 10):
            raise CommandError("somebody has to come, at most 600 an hour; 0 to 10 supervisors")
        more = rota.with_more(2)
        if options["more"]:
            more = replace(rota, shifts=(*rota.shifts, *_shifts(options["more"])))
        now, then = (answer(one, self._progress) for one in (rota, more))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(rota, now, more, then, learnt.people)))
            return
        for line in _say(rota, now, more, then, learnt.people):
            self.stdout.write(line)

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r· {done} of {of} evenings", ending="\n" if done == of else "")
        self.stderr.flush()


def _shifts(written: list[str]) -> Iterator[tuple[float, float]]:
    for one in written:
        found = _SHIFT.fullmatch(one)
        if found is None:
            raise CommandError(
                f"{one} is no shift: write 20:00-23:30, or 20:00-23:30x2 for two people"
            )
        hours = [int(part) for part in found.groups(default="1")]
        since, until = (hours[at] * HOUR + hours[at + 1] * MINUTE for at in (0, 2))
        until += DAY if until <= since else 0
        if (
            hours[0] > 23
            or hours[1] > 59
            or hours[2] > 24
            or hours[3] > 59
            or not 0 < hours[4] <= _MOST
        ):
            raise CommandError(f"{one} is no shift of this world")
        if until - since < HOUR / 2:
            raise CommandError(f"{one} is shorter than half an hour")
        yield from [(since, until)] * hours[4]


def _clock(at: float) -> str:
    return f"{int(at // HOUR) % 24:02d}:{int(at % HOUR // MINUTE):02d}"


def _say(rota: Rota, now: Answer, more: Rota, then: Answer, learnt: int) -> Iterator[str]:
    added = len(more.shifts) - len(rota.shifts)
    yield f"{len(rota.shifts)} people, {rota.per_hour:g} come in the busiest hour, {now.people:.0f} a shift."
    yield (
        f"When and how urgent: from the {learnt} people met here lately."
        if learnt
        else "When and how urgent: assumed, nothing is known of this site yet."
    )
    targets = TABLE["targets"]["minutes"]
    heads = f"{'met in time':>22}  {'half wait':>10}  {'1 in 20 over':>12}  {'lost':>7}"
    yield f"\n{'':8}{heads}   with {added} more"
    for name, target, one, other in zip(
        TIERS, targets, now.score.tiers, then.score.tiers, strict=True
    ):
        yield (
            f"{name:<8}≤{target:>2} min {one.within!s:>14}  {minutes(one.median):>6} min"
            f"  {minutes(one.p95):>8} min  {one.lost.value:>7.1%}   {other.within.value:.1%},"
            f" lost {other.lost.value:.1%}"
        )
    yield ""
    yield from _door(rota, now)
    yield from _plain(rota, now)
    yield "All of this is simulated (QBENCH-1's assumptions on talks, patience and phones)."


def _door(rota: Rota, now: Answer) -> Iterator[str]:
    if now.never_open:
        yield (
            "Even the first who come are met in time less than four times in five:"
            " more people, or fewer hours."
        )
    elif math.isinf(now.close_at):
        yield f"The door can stay open until {_clock(rota.closes)}, when nobody new is taken any more."
    else:
        yield (
            f"The door should close at {_clock(now.close_at)}: of those who come later fewer than"
            " four in five are met in time."
        )


def _plain(rota: Rota, now: Answer) -> Iterator[str]:
    """What no order can change at a small site."""
    yield f"When all of them talk, one is free after {minutes(now.next_free)} minutes in the mean."
    yield f"A red finds nobody free at once in {now.all_busy:.1%} of cases, the supervisor counted in."
    if len(rota.shifts) <= _SMALL:
        held = "with the supervisor's hands full too, " if rota.supervisors else ""
        yield (
            f"With {len(rota.shifts)} people a red may wait: {held}nothing but a talk that ends makes"
            " room, and no order of the queue changes that."
        )


def _as_json(rota: Rota, now: Answer, more: Rota, then: Answer, learnt: int) -> dict[str, Any]:
    def one(made: Rota, found: Answer) -> dict[str, Any]:
        return {
            "people": len(made.shifts),
            "come_a_shift": round(found.people, 1),
            "score": found.score.as_json(),
            "door_closes_at": None if math.isinf(found.close_at) else _clock(found.close_at),
            "never_open": found.never_open,
            "next_free_s": round(found.next_free, 1),
            "red_finds_nobody": round(found.all_busy, 4),
        }

    return {
        "simulated": True,
        "learnt_from": learnt,
        "rota": one(rota, now),
        "with_more": one(more, then),
    }

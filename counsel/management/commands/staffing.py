"""`manage.py staffing`: what if two more came at 20:00? Answered by the queue's own code."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from counsel.errors import ValueRefusedError
from triage.simulation.bench import TABLE
from triage.simulation.history import learn
from triage.simulation.scores import TIERS, minutes
from triage.simulation.staffing import Answer, Rota
from triage.staffing.told import clock, find, tell
from triage.staffing.wanted import MOST_COME, MOST_PEOPLE, MOST_SUPERVISORS, Line, Wanted, line

_SHIFT: Final = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)(?:x(\d{1,3}))?")
_SMALL: Final = 5


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
        learnt, wanted = learn(), _wanted(options)
        found = find(wanted, learnt, self._progress)
        if options["json"]:
            self.stdout.write(json.dumps(tell(wanted, learnt, found)))
            return
        (rota, more), (now, then) = wanted.rotas(learnt), found
        for said in _say(rota, now, more, then, learnt.people):
            self.stdout.write(said)

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r· {done} of {of} evenings", ending="\n" if done == of else "")
        self.stderr.flush()


def _wanted(options: dict[str, Any]) -> Wanted:
    lines, more = (tuple(map(_line, options[name])) for name in ("shift", "more"))
    try:
        return Wanted(
            lines=lines,
            more=more,
            per_hour=options["per_hour"],
            each=options["each"],
            supervisors=options["supervisors"],
        )
    except ValueRefusedError as error:
        raise CommandError(
            f"somebody has to come, at most {MOST_COME} an hour; up to {MOST_PEOPLE} people and"
            f" {MOST_SUPERVISORS} supervisors"
        ) from error


def _line(written: str) -> Line:
    found = _SHIFT.fullmatch(written)
    if found is None:
        raise CommandError(
            f"{written} is no shift: write 20:00-23:30, or 20:00-23:30x2 for two people"
        )
    since, until, people = found.groups(default="1")
    try:
        return line(since, until, int(people))
    except ValueRefusedError as error:
        raise CommandError(
            f"{written} is no shift of this world, or shorter than half an hour"
        ) from error


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
        yield f"The door can stay open until {clock(rota.closes)}, when nobody new is taken any more."
    else:
        yield (
            f"The door should close at {clock(now.close_at)}: of those who come later fewer than"
            " four in five are met in time."
        )


def _plain(rota: Rota, now: Answer) -> Iterator[str]:
    """What no order can change at a small site."""
    yield f"When all of them talk, one is free after {minutes(now.next_free)} minutes in the mean."
    yield f"A red finds nobody free at once in {now.all_busy:.1%} of cases, the supervisor counted in."
    yield (
        f"Theory (Erlang-A, as if the hour from {clock(now.worst.at)} went on and on): all are in a talk for"
        f" {now.worst.full:.0%} of those who come then, and for {now.worst.red_waits:.1%} of reds the"
        " supervisor is too."
    )
    if len(rota.shifts) <= _SMALL:
        held = "with the supervisor's hands full too, " if rota.supervisors else ""
        yield (
            f"With {len(rota.shifts)} people a red may wait: {held}nothing but a talk that ends makes"
            " room, and no order of the queue changes that."
        )

"""`manage.py simulate`: the queue judged by its own code under a simulated clock, QBENCH-1."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from counsel.environment import without
from triage.simulation import drawn, judge, reasons, report
from triage.simulation.bench import TABLE
from triage.simulation.through import Compared, compare

_AT_ONCE: Final = 1_000_000
_MANAGE: Final = Path(__file__).resolve().parents[3] / "manage.py"
_OUTSIDE: Final = ("DATABASE_URL", "REDIS_URL", "MODE", "ORIGIN", "ORG_ROOT")
"""Settings of a site that a thrown-away database must not be opened with."""


class Command(BaseCommand):
    """FIFO, strict and ours on the same people; every number of it is an assumption."""

    help = "Judge the queue under a simulated clock. Exit code 1 if a line is missed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--docs", metavar="FOLDER", help="write the picture and the lines there"
        )
        parser.add_argument("--through-sqlite", metavar="BENCH", help="only this, here and now")

    def handle(self, *args: Any, **options: Any) -> None:
        if name := options["through_sqlite"]:
            settings.START_PER_MINUTE = _AT_ONCE  # a day passes in seconds here
            self.stdout.write(json.dumps(asdict(compare(name))))
            return
        results = list(judge.run_jobs(judge.all_jobs(), self._progress))
        compared = [self._through_sqlite(name) for name in TABLE["lines"]]
        self.stderr.write("· beside theory")
        lines = judge.pass_lines(results) + judge.agreement_lines()
        lines += [
            {
                "name": f"{one.bench} through SQLite, assignments that differ",
                "value": int(one.differs_at >= 0),
                "bound": 0,
                "met": one.differs_at < 0,
            }
            for one in compared
        ]
        if folder := options["docs"]:
            self._write(Path(folder) / "judged.svg", drawn.draw(results, drawn.made_of()))
            self._write(Path(folder) / "judged-lines.md", reasons.write(results, lines))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(results, compared, lines)))
        else:
            said = (*report.tables(results), *report.chart(results), *_through(compared))
            for line in (*said, *report.verdict(results, lines)):
                self.stdout.write(line)
        if not all(line["met"] for line in lines):
            sys.exit(1)

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r· {done} of {of} runs", ending="\n" if done == of else "")
        self.stderr.flush()

    def _write(self, path: Path, text: str) -> None:
        """What a page shows is said to be old when it was."""
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        path.write_text(text, encoding="utf-8")
        self.stderr.write(f"· {path} is written anew: the numbers are others now")

    def _through_sqlite(self, name: str) -> Compared:
        """In a process and a database of its own: nothing of it is left."""
        self.stderr.write(f"· {name} through SQLite")
        with tempfile.TemporaryDirectory(prefix="counsel-simulated-") as data:
            environment = {**without(*_OUTSIDE), "DATA": data}
            manage = (sys.executable, str(_MANAGE))
            subprocess.run((*manage, "migrate", "--verbosity", "0"), env=environment, check=True)
            told = subprocess.run(
                (*manage, "simulate", "--through-sqlite", name),
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        return Compared(**json.loads(told.stdout))


def _through(compared: list[Compared]) -> list[str]:
    return ["\nOne day of each through a real SQLite, assignment by assignment"] + [
        f"  {one.bench}: {one.people} people, {one.given} given, "
        + ("the same" if one.differs_at < 0 else f"not the same from {one.differs_at} on")
        for one in compared
    ]


def _as_json(
    results: list[judge.Result], compared: list[Compared], lines: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "benchmark": TABLE["name"],
        "simulated": True,
        "results": [
            {**asdict(one.job), **one.score.as_json(), "faults": one.faults} for one in results
        ],
        "through_sqlite": [asdict(one) for one in compared],
        "pass_lines": lines,
    }

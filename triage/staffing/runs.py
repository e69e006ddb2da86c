"""Answers under way in this process: one question for each person, a few at a time, each in a child.

A site of several processes may work on the same question twice when a page's next look reaches
another one: the answer is the same, for the same question draws the same people.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

from counsel import limits
from counsel.errors import CounselError, ThrottledError
from triage.simulation.staffing import Learnt
from triage.staffing.wanted import Wanted

_ROOT: Final = Path(__file__).resolve().parents[2]
_AGAIN_AFTER: Final = 3
"""Seconds: most questions are answered by then."""


def begin_child() -> subprocess.Popen[str]:
    """A process that waits for a question; it has nothing of this one's environment."""
    return subprocess.Popen(
        (sys.executable, "-m", "triage.staffing.answering"),
        cwd=_ROOT,
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said_to(wanted: Wanted, learnt: Learnt) -> dict[str, Any]:
    """The question as that process reads it."""
    return {"wanted": wanted.as_json(), "learnt": [learnt.shape, learnt.mix, learnt.people]}


class Run:
    """One question while it is being answered, and afterwards its answer."""

    def __init__(self, wanted: Wanted, learnt: Learnt, now: datetime) -> None:
        self.wanted, self.begun_at = wanted, now
        self.done, self.of = 0, 0
        self.found: dict[str, Any] | None = None
        self._child = begin_child()
        self._reader = Thread(
            target=self._read, args=(json.dumps(said_to(wanted, learnt)),), daemon=True
        )
        self._reader.start()

    @property
    def working(self) -> bool:
        """It is neither answered nor broken off."""
        return self._reader.is_alive()

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._child.kill()
        self._reader.join()

    def _read(self, said: str) -> None:
        with self._child as child:
            assert child.stdin is not None
            assert child.stdout is not None
            try:
                child.stdin.write(said + "\n")
                child.stdin.close()
            except BrokenPipeError:
                return  # stopped before it began
            for spoken in child.stdout:
                line = json.loads(spoken)
                self.found = line.get("found")
                self.done, self.of = line.get("done", self.of), line.get("of", self.of)


class Runs:
    """By whoever asked."""

    def __init__(self) -> None:
        self._runs: dict[int, Run] = {}
        self._lock = Lock()

    def look(self, person: int, wanted: Wanted, learn: Callable[[], Learnt], now: datetime) -> Run:
        """How far this question is; begun if it is another than the last. Their last one ends then.

        Raises `ThrottledError` while others' questions are being answered, and `CounselError` where
        this one could not be.
        """
        with self._lock:
            self._forget(now)
            run = self._runs.get(person)
            if run is not None and run.wanted == wanted:
                return self._still(person, run)
            if run is not None:
                self._runs.pop(person).stop()
            if sum(one.working for one in self._runs.values()) >= limits.STAFFING_AT_ONCE:
                raise ThrottledError("others ask too", retry_after=_AGAIN_AFTER)
            self._runs[person] = run = Run(wanted, learn(), now)
            return run

    def stop(self) -> None:
        """All of them."""
        with self._lock:
            while self._runs:
                self._runs.popitem()[1].stop()

    def _still(self, person: int, run: Run) -> Run:
        if run.working or run.found is not None:
            return run
        del self._runs[person]  # asked again, it is tried again
        raise CounselError("the simulation broke off")

    def _forget(self, now: datetime) -> None:
        for person, run in list(self._runs.items()):
            kept = limits.STAFFING_WITHIN if run.working else limits.STAFFING_KEPT_FOR
            if now - run.begun_at > kept:
                run.stop()
                if not run.working:
                    del self._runs[person]


RUNS: Final = Runs()
"""Those of this process."""

"""The service on a machine whose clock is elsewhere.

    python -m tests.scenario.elsewhen FILE COMMAND…

`FILE` says how many seconds this process is ahead (negative: behind), and may be written again while
it runs: `COMMAND…` is a module and what it is given, `tests.scenario.hurried` for one. Only what time
it is changes; what waits some seconds waits as long as ever.
"""

from __future__ import annotations

import datetime as datetimes
import os
import runpy
import sys
import time as times
from datetime import datetime as _REAL  # noqa: N812  (the one this module replaces)
from pathlib import Path
from typing import Any, Final

_NOW: Final = times.time


class _Read:
    """How far ahead, read again whenever the file was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = -1
        self._ahead = 0.0

    def __call__(self) -> float:
        written = os.stat(self._path).st_mtime_ns
        if written != self._written:
            self._written, self._ahead = written, float(self._path.read_text())
        return self._ahead


class _Like(type):
    """What the database's driver makes is a datetime like any other."""

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, _REAL)


def move(path: Path) -> None:
    """From now on this process lives so far ahead. Before anything else is imported."""
    ahead = _Read(path)

    class Elsewhen(_REAL, metaclass=_Like):
        __slots__ = ()

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return _REAL.now(tz) + datetimes.timedelta(seconds=ahead())

    vars(datetimes)["datetime"] = Elsewhen
    vars(times)["time"] = lambda: _NOW() + ahead()


def set_ahead(path: Path, seconds: float) -> None:
    """Written in one go, because it is read at any moment."""
    new = path.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(path)


if __name__ == "__main__":
    move(Path(sys.argv[1]))
    sys.argv = sys.argv[2:]
    if sys.argv[0].endswith(".py"):
        sys.path.insert(0, os.getcwd())
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

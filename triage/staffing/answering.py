"""One question answered in a process of its own, so that no talk waits for a sum.

A JSON line comes in: `{wanted, learnt}`. Lines go out as it goes on, `{done, of}`, and at last
`{found}`. Whoever started it and is gone ends it: the next line finds nobody.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Final

from triage.simulation.staffing import Learnt
from triage.staffing.told import find, tell
from triage.staffing.wanted import from_json

_NICE: Final = 10
"""Whoever talks goes first on this machine."""


def main() -> None:
    """See the module."""
    os.nice(_NICE)
    said = json.loads(sys.stdin.readline())
    wanted = from_json(said["wanted"])
    shape, mix, people = said["learnt"]
    learnt = Learnt(tuple(shape), tuple(mix), people)
    try:
        found = find(wanted, learnt, lambda done, of: _say({"done": done, "of": of}))
        _say({"found": tell(wanted, learnt, found)})
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to flush


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""The service as it is, but some of its numbers are smaller: nobody here has two minutes.

    python -m tests.scenario.hurried STAFF_GONE_AFTER=18 ladders=0.1 lost=20

Names are those of `counsel/limits.py`, in seconds; `ladders` is how much of each time of
`timers.json` is left, `lost` how many seconds of silence make somebody lost, and `silent` how many a
listener may be silent in a red. A promise of the
service is no setting of it, so it is changed from outside and for this run alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import timedelta

from django.core.management import execute_from_command_line

from counsel import limits


def main(changed: Mapping[str, float]) -> None:
    """`manage.py serve` with these numbers changed."""
    for name, value in changed.items():
        if name == "ladders":
            shorten_ladders(value)
        elif name == "lost":
            from triage.escalation import timers

            vars(timers)["LOST_AFTER"] = timedelta(seconds=value)
        elif name == "silent":
            from triage.escalation import timers

            patience = vars(timers)["SILENT_AFTER"]
            patience.update(dict.fromkeys(patience, timedelta(seconds=value)))
        else:
            assert isinstance(vars(limits)[name], timedelta)
            vars(limits)[name] = timedelta(seconds=value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    execute_from_command_line(["manage.py", "serve"])


def shorten_ladders(left: float) -> None:
    """Everybody is called in the same order, sooner."""
    from triage.escalation import timers

    ladders = dict(timers.LADDERS)
    for key, ladder in ladders.items():
        rungs = tuple(timers.Rung(rung.after * left, rung.to) for rung in ladder.rungs)
        vars(timers)["LADDERS"][key] = timers.Ladder(rungs, ladder.again * left)


if __name__ == "__main__":
    main({name: float(value) for name, _, value in (one.partition("=") for one in sys.argv[1:])})

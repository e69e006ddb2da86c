"""The service as it is, but a supervisor counts as gone sooner: nobody here has two minutes.

    python -m tests.scenario.hurried SECONDS

A promise of the service is no setting of it, so it is changed from outside and for this run alone.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from django.core.management import execute_from_command_line

from counsel import limits


def main(seconds: float) -> None:
    """`manage.py serve` with this one number changed."""
    vars(limits)["STAFF_GONE_AFTER"] = timedelta(seconds=seconds)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    execute_from_command_line(["manage.py", "serve"])


if __name__ == "__main__":
    main(float(sys.argv[1]))

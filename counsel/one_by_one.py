"""What a clock has to do, one after the other: where one thing fails, all the others are still done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError

log = logging.getLogger(__name__)


def one_by_one(jobs: Iterable[Callable[[], int]]) -> int:
    """How much was done. A row nobody foresaw stops nobody else's help; it is tried again with the next
    tick. A database that is gone is gone for all of them: that is raised.
    """
    done = 0
    for job in jobs:
        try:
            done += job()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.error("something due was not done: %s", type(error).__name__)
    return done

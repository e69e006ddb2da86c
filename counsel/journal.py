"""The log policy: what a line may hold. Everything that is ever printed goes through here.

A filter that looks for addresses would miss the next kind of address. So this is the other way
round. Of a line of our own code the words are printed, because we write them. Of anybody else's
only where it was said and how loud: Django, Twisted, Daphne and drivers put paths, headers, peers
and values into theirs. Of an exception the type and the places in the code, never its message:
messages quote what was wrong, and what was wrong came from a person. Times are to the minute.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Final

OURS: Final = frozenset({"counsel", "chat", "triage"})
_DEEPEST: Final = 12
"""Frames of an exception that are printed: the innermost ones."""


class Journal(logging.Formatter):
    """Lays out one record by the policy above."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and below it the places of an exception."""
        minute = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(record.created))
        name = record.name.split(".")[0]
        said = record.getMessage() if name in OURS else f"{record.module}:{record.lineno}"
        lines = [f"{minute} {record.levelname} {record.name}: {said}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += places(record.exc_info[1])
        return "\n".join(lines)


def places(error: BaseException | None) -> list[str]:
    """What may be said of an exception: its type, those behind it, and where each was raised."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
        frames = traceback.StackSummary.extract(
            traceback.walk_tb(error.__traceback__), lookup_lines=False
        )
        lines += [f"    {_short(f.filename)}:{f.lineno} {f.name}" for f in frames[-_DEEPEST:]]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _short(filename: str) -> str:
    """A file's place without the folders of this machine around it."""
    parts = Path(filename).parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return "/".join(parts[-3:])


LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"journal": {"()": Journal}},
    "handlers": {"journal": {"class": "logging.StreamHandler", "formatter": "journal"}},
    "root": {"handlers": ["journal"], "level": "WARNING"},
    "loggers": {
        # Django brings handlers of its own; here everything goes the one way.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}


def guard_the_rest() -> None:
    """What Python prints past `logging`: warnings, exceptions nobody caught, broken log calls."""
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _at_the_end
    sys.unraisablehook = _unraisable
    threading.excepthook = _in_a_thread


def _at_the_end(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(__name__).critical("nobody caught this", exc_info=(kind, error, trace))


def _unraisable(hook: sys.UnraisableHookArgs) -> None:
    logging.getLogger(__name__).error("nobody could catch this", exc_info=hook.exc_value)


def _in_a_thread(hook: threading.ExceptHookArgs) -> None:
    logging.getLogger(__name__).error("a thread ended", exc_info=hook.exc_value)

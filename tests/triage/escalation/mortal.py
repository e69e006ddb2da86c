"""Whole servers that die by SIGKILL and are served again at once, each on a machine of its own time.

    python -m tests.triage.escalation.mortal

One process that has everything imported; each life is a fork of it that runs `manage.py serve`, with
its sockets, its clock and its paging. A line on its input kills the life that runs, and the next one
begins.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
import sys
from typing import Final

WARM: Final = (
    "counsel.checks", "counsel.runner", "counsel.management.commands.serve", "counsel.asgi",
    "counsel.urls", "apprise.plugins.custom_json",
)  # fmt: skip


def main() -> None:
    """Lives, until the input ends."""
    import django

    django.setup()
    for name in WARM:
        importlib.import_module(name)
    child = _begin()
    for _ in sys.stdin:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        child = _begin()
        print("died", flush=True)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _begin() -> int:
    child = os.fork()
    if child:
        return child
    from django.core.management import execute_from_command_line

    with contextlib.suppress(AttributeError, OSError):  # Linux: die with the parent
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        execute_from_command_line(["manage.py", "serve"])
    finally:
        os._exit(1)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    main()

"""Whole servers that die by SIGKILL and are served again at once, each on a machine of its own time.

    python -m tests.triage.escalation.mortal

One process that has everything imported; each life is a fork of it that runs `manage.py serve`, with
its sockets, its clock and its paging. A line on its input kills the life that runs, and the next one
begins; so it does where a life ends by itself, because it found no database (`Restart=always` in
`deploy/systemd`).
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import select
import signal
from typing import Final

WARM: Final = (
    "counsel.checks", "counsel.runner", "counsel.management.commands.serve", "counsel.asgi",
    "counsel.urls", "apprise.plugins.custom_json",
)  # fmt: skip


RESTART_AFTER: Final = 0.2
"""Seconds until it is seen that a life has ended by itself."""


def main() -> None:
    """Lives, until the input ends."""
    import django

    django.setup()
    for name in WARM:
        importlib.import_module(name)
    child = _begin()
    while (order := _next_order()) is not None:
        if order:
            os.kill(child, signal.SIGKILL)
        if os.waitpid(child, 0 if order else os.WNOHANG)[0]:
            child = _begin()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _next_order() -> bytes | None:
    """One byte of the input; none yet after a while; None at its end."""
    if not select.select([0], [], [], RESTART_AFTER)[0]:
        return b""
    return os.read(0, 1) or None


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

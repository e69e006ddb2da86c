"""`manage.py`, but every view and socket raises, quoting all it knows of whoever asked."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import warnings
from typing import Any


class FailureOfOursError(Exception):
    """What a mistake of ours looks like: it has the request in its message."""


def _fail(known: object) -> None:
    words = repr(known)
    logging.getLogger("django.request").error("Internal Server Error: %s", words)
    logging.getLogger("some.driver").warning(f"peer {words}")
    warnings.warn(f"deprecated for {words}", stacklevel=1)
    threading.Thread(target=_raise, args=(words,)).start()
    _Unraisable(words)
    gc.collect()
    try:
        raise ValueError(words)
    except ValueError as error:
        raise FailureOfOursError(words) from error


def _raise(words: str) -> None:
    raise FailureOfOursError(words)


class _Unraisable:
    def __init__(self, words: str) -> None:
        self._words = words

    def __del__(self) -> None:
        raise FailureOfOursError(self._words)


def _break_everything() -> None:
    from django.core.handlers.asgi import ASGIHandler

    from chat.consumers import ChatConsumer
    from counsel import middleware

    async def load(self: Any, scope: Any, receive: Any, send: Any) -> None:
        _fail(self.scope if hasattr(self, "scope") else scope)

    async def opened(self: Any, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        _fail(scope)

    setattr(ASGIHandler, "__call__", load)  # noqa: B010  (a type checker is right to object)
    setattr(ChatConsumer, "__call__", opened)  # noqa: B010
    # Even what the edge would drop reaches the failing code here.
    middleware.Edge._veil = lambda self, scope, length=None: scope  # type: ignore[method-assign]


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    django.setup()
    from django.core.management import execute_from_command_line

    from counsel import runner

    run = runner.run

    def run_broken(sockets: Any, compose: Any, ready: Any) -> None:
        def around() -> Any:
            _break_everything()
            return compose()

        run(sockets, around, ready)

    runner.run = run_broken
    execute_from_command_line(sys.argv)

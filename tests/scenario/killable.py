"""The service, dying by SIGKILL at a chosen call of a chosen function, and started again at once.

    python -m tests.scenario.killable '[["append, before it begins", 3, 0.0], …]'

The product knows nothing of this: functions of the hot path are wrapped from outside. Each life is
a fork of one process that has everything imported, runs `manage.py serve`, and dies at the call the
plan names for it; the life after the last death is an ordinary one.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import importlib
import itertools
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

Death = tuple[str, int, float]
"""The name of a point, at which call of it, and for how many seconds the rest may still go on."""


def _always(*_: Any) -> bool:
    return True


def _has_welcome(drafts: Sequence[Any]) -> bool:
    return any(draft.what == "welcome" for draft in drafts)


def _has_words(drafts: Sequence[Any]) -> bool:
    return any(draft.what == "words" for draft in drafts)


def _is(event: str) -> Callable[..., bool]:
    return lambda _session_id, row, _now: bool(row.event.value == event)


@dataclass(frozen=True, slots=True)
class Point:
    """A place to die: at the start or at the end of this function, when its arguments are these."""

    phase: str
    where: str
    when: str
    only: Callable[..., bool] = _always
    most: int = 1
    """Calls up to which a talk surely comes."""


POINTS: Final = {
    "start, before it begins": Point("start", "chat.sessions:start_session", "before"),
    "start, before the commit": Point("start", "chat.keys:put_key_packages", "after"),
    "start, committed": Point("start", "chat.sessions:start_session", "after"),
    "start, seated": Point("start", "chat.conversation:Conversation._sit_down", "after"),
    "take, before it begins": Point("take", "triage.consumers:take_next", "before"),
    "take, before the commit": Point("take", "chat.sessions:_change_one", "after", _is("take")),
    "take, the place has moved": Point("take", "triage.matching:claim", "after"),
    "take, advanced": Point("take", "triage.matching:take", "after"),
    "take, committed": Point("take", "triage.consumers:take_next", "after"),
    "claim a key, before it begins": Point("group", "chat.keys:claim_key_package", "before"),
    "claim a key, before the commit": Point("group", "chat.keys:_touch", "after"),
    "claim a key, committed": Point("group", "chat.keys:claim_key_package", "after"),
    "attend, before the seat": Point("group", "chat.access:seat_for_staff", "before"),
    "open a group, before it begins": Point("group", "chat.store:append", "before", _has_welcome),
    "open a group, committed": Point("group", "chat.store:append", "after", _has_welcome),
    "append, before it begins": Point("talk", "chat.store:append", "before", most=6),
    "append, before the commit": Point("talk", "chat.store:_raise_heads", "after", most=6),
    "append, committed": Point("talk", "chat.store:append", "after", most=6),
    "words, committed": Point("talk", "chat.store:append", "after", _has_words, most=6),
    "committed, before anybody hears": Point("talk", "chat.hub:Hub.hand_over", "before", most=6),
    "handed over, before the answer": Point("talk", "chat.hub:Hub.hand_over", "after", most=6),
    "answered, before the bell": Point("talk", "chat.tail:Tail.settle", "after", most=6),
    "the bell, before it rings": Point("talk", "chat.relay:Doorbell.ring", "before", most=6),
    "received, before it is read": Point("talk", "chat.sockets:Socket._take", "before", most=9),
    "received, done": Point("talk", "chat.sockets:Socket._take", "after", most=9),
    "pump, before it sends": Point("talk", "chat.sockets:Socket._next_bundle", "after", most=9),
    "pump, sent": Point("talk", "chat.sockets:Socket._flush", "after", most=9),
    "resume, before the seat": Point("talk", "chat.access:seat_for_seeker", "before"),
    "catching up, read": Point("talk", "chat.store:read_behind", "after"),
    "presence, before the commit": Point("talk", "chat.presence:_hold_active", "after", most=2),
    "looking, done": Point("talk", "chat.hub:_look_at", "after", most=2),
    "end, before it begins": Point("end", "chat.sessions:end_session", "before"),
    "end, before the commit": Point("end", "chat.sessions:_change_one", "after", _is("end")),
    "end, rounded": Point("end", "chat.sessions:_round_to_the_day", "after"),
    "end, committed": Point("end", "chat.sessions:end_session", "after"),
    "erase, before it begins": Point("erase", "chat.sessions:erase_session", "before"),
    "erase, words": Point("erase", "chat.shredding:_shred_words", "after"),
    "erase, keys": Point("erase", "chat.shredding:_shred_keys", "after"),
    "erase, history": Point("erase", "chat.shredding:_shred_history", "after"),
    "erase, seats": Point("erase", "chat.shredding:_shred_seats", "after"),
    "erase, session": Point("erase", "chat.shredding:_shred_session", "after"),
    "erase, tombstone": Point("erase", "chat.shredding:_leave_tombstone", "after"),
    "erase, committed": Point("erase", "chat.shredding:flush_to_disk", "before"),
    "erase, flushed": Point("erase", "chat.shredding:flush_to_disk", "after"),
}
PHASES: Final = ("start", "take", "group", "talk", "talk", "talk", "end", "erase")
"""How often a story dies, and when."""


def draw(seed: int, phases: Sequence[str] = PHASES) -> list[Death]:
    """The deaths of one story. The same seed draws the same ones."""
    dice = random.Random(seed)
    plan: list[Death] = []
    for phase in phases:
        here = {name: point for name, point in POINTS.items() if point.phase == phase}
        name = dice.choice([name for name in here if name not in {death[0] for death in plan}])
        plan.append((name, dice.randint(1, here[name].most), dice.choice((0.0, 0.05))))
    return plan


def arm(death: Death) -> None:
    """Wrap the function of this point in the process that will die there."""
    name, call, linger = death
    point = POINTS[name]
    module, _, path = point.where.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, attribute = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, attribute, _wrapped(getattr(owner, attribute), point, call, linger))


def _wrapped(original: Any, point: Point, call: int, linger: float) -> Any:
    calls = itertools.count(1)

    def is_time(*args: Any) -> bool:
        return point.only(*args) and next(calls) == call

    async def asynchronous(*args: Any, **kwargs: Any) -> Any:
        now = is_time(*args)
        found = None if now and point.when == "before" else await original(*args, **kwargs)
        if now:
            await asyncio.sleep(linger)
            _die()
        return found

    def synchronous(*args: Any, **kwargs: Any) -> Any:
        now = is_time(*args)
        found = None if now and point.when == "before" else original(*args, **kwargs)
        if now:
            time.sleep(linger)  # what runs in other threads goes on: an answer may leave
            _die()
        return found

    return asynchronous if asyncio.iscoroutinefunction(original) else synchronous


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


# --- one life after the other ---------------------------------------------------------------------


def main(plan: Sequence[Death]) -> None:
    """Lives, until told to stop by SIGTERM."""
    import django

    django.setup()
    for name in ("counsel.checks", "counsel.runner", "counsel.management.commands.serve"):
        importlib.import_module(name)
    importlib.import_module("counsel.asgi")
    for death in (*plan, None):
        child = os.fork()
        if child == 0:
            _live(death)
        signal.signal(signal.SIGTERM, _stopping(child))
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))
        print(f"died at: {death}", flush=True)


def _live(death: Death | None) -> None:
    from django.core.management import execute_from_command_line

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(
        AttributeError, OSError
    ):  # Linux: die with the parent, however it dies
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if death is not None:
        arm(death)
    try:
        execute_from_command_line(["manage.py", "serve"])
    finally:
        os._exit(1)


def _stopping(child: int) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)
        os._exit(0)

    return stop


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    main([(name, call, linger) for name, call, linger in json.loads(sys.argv[1])])

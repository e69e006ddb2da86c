"""Two clocks, a responder and a supervisor at the same help in the same moment: each thing once."""

from __future__ import annotations

import json

import pytest

from tests.race import READY, arena

BEGIN = """
from datetime import UTC, datetime, timedelta
from counsel.dispatches import DispatchEvent
from counsel.errors import CounselError
from counsel.lifecycle import Role
from triage.dispatch import codes, moving, responding, sweep
from triage.dispatch.rows import Dispatch, DispatchStep
now = datetime.now(UTC)
"""

PUT = (
    BEGIN
    + """
from django.conf import settings
settings.START_PER_MINUTE = 1_000_000
from tests.chat.test_lifecycle import start
for number in range(12):
    Dispatch.objects.create(
        session_id=start(), state="called", whom="responder", begun_at=now,
        due_at=now - timedelta(seconds=1), until=now + timedelta(hours=1),
        code_hash=codes.hash_code(str(number)),
    )
print("put")
"""
)

ACT = (
    BEGIN
    + READY
    + """
who, late, done = sys.argv[1], 0, 0
if who == "clock":
    late = sweep.sweep(now)
for number in range(12) if who != "clock" else ():
    try:
        if who == "responder":
            responding.respond(str(number), "came", 0, now)
        else:
            one = Dispatch.objects.filter(state__in=["called", "accepted"]).order_by("pk")[number:][:1]
            moving.move(one[0], DispatchEvent.MISS, role=Role.SUPERVISOR, now=now)
        done += 1
    except (CounselError, IndexError):
        pass
print(json.dumps([late, done]))
"""
)

TELL = (
    BEGIN
    + """
fit = all(
    [s.number for s in one.steps.order_by("number")] == list(range(2, one.step + 1))
    for one in Dispatch.objects.all()
)
print(json.dumps({
    "late": DispatchStep.objects.filter(event="late").count(),
    "over": DispatchStep.objects.filter(event__in=["arrive", "miss"]).count(),
    "ended": Dispatch.objects.filter(state__in=["arrived", "missed"]).count(),
    "fit": fit,
}))
"""
)


@pytest.mark.one_database
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_of_clocks_and_people_at_once_each_thing_happens_once(database: str) -> None:
    with arena(database) as on:
        on.run(PUT)
        said = on.race(ACT, [["clock"], ["clock"], ["responder"], ["supervisor"]])
        told = json.loads(on.run(TELL).splitlines()[-1])
    assert told["fit"], "every step has one number"
    assert sum(late for late, _ in said) == told["late"] <= 12
    assert sum(done for _, done in said) == told["over"] == told["ended"]

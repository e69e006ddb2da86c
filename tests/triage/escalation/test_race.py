"""Clocks that are killed, doubled, or an hour late: each timer moves once, each page is heard.

Every round puts people in danger whose timers have just run out, lets two clocks at them, and kills
both at seeded moments in between. A child of a warm process dies and is born in milliseconds.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.race import arena
from tests.triage.escalation.receivers import http

BEGIN = """
import os, random, signal, time
from collections import Counter
from datetime import UTC, datetime, timedelta
import apprise.plugins.custom_json  # warm
from django.conf import settings
from django.db import connections
settings.START_PER_MINUTE = 1_000_000
from counsel.models import home
from tests.chat.test_lifecycle import start
from triage.escalation import paging, sweep
from triage.escalation.rows import Call, Escalation, EscalationStep, Receiver
from triage.queue.tiers import Tier

seed, rounds, each = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
spread = float(sys.argv[4])
draw = random.Random(seed)
for address in ("10001", "10002"):
    Receiver.objects.create(
        organisation=home(), channel="sms", address=address, added_at=datetime.now(UTC)
    )

def endanger():
    # Raised 200 s ago: the lead is called, whom nobody else could be reached before, and no more.
    now = datetime.now(UTC)
    ids = [start(tier=Tier.RED) for _ in range(each)]
    ago = now - timedelta(seconds=200)
    mine = Escalation.objects.filter(session__in=ids)
    mine.update(raised_at=ago, base_at=ago, due_at=ago)
    # One of them was acknowledged, and nobody acted.
    first = mine.order_by("pk").first()
    Escalation.objects.filter(pk=first.pk).update(state="acknowledged")

def clock(late):
    connections.close_all()
    hears, says = os.pipe()
    pid = os.fork()
    if pid:
        os.close(says)
        return pid, hears
    try:
        while True:
            now = datetime.now(UTC) - timedelta(seconds=late)
            for begin in (sweep.sweep, paging.send_due):
                os.write(says, b".")
                begin(now)
            time.sleep(0.002)
    finally:
        os._exit(1)

def end(pid, hears):
    # In the first, second, third or fourth thing it begins, and so long after that.
    for _ in range(draw.randrange(1, 5)):
        os.read(hears, 1)
    time.sleep(draw.random() * spread)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(hears)

"""

KILL = """
for number in range(rounds):
    endanger()
    clocks = [clock(0), clock(3600 if number % 3 == 2 else 0)]
    for pid, hears in clocks:
        end(pid, hears)
"""

TELL = """
before = {
    "steps": EscalationStep.objects.exclude(event="raise").count(),
    "sent": Call.objects.exclude(sent_at=None).count(),
    "held": Call.objects.filter(sent_at=None, tries__gt=0).count(),
}
now = datetime.now(UTC)
sweep.sweep(now)
sweep.sweep(now)
for _ in range(1000):
    if not paging.send_due(datetime.now(UTC) + timedelta(seconds=60)):
        break
steps = EscalationStep.objects.order_by("escalation", "number")
paths = Counter()
numbers_fit = True
for one in Escalation.objects.order_by("pk"):
    path = list(one.steps.order_by("number"))
    numbers_fit &= [step.number for step in path] == list(range(1, one.step + 1))
    numbers_fit &= all(a.target == b.source for a, b in zip(path[1:], path[2:]))
    paths[" ".join(f"{s.event}:{s.called}" if s.called else s.event for s in path)] += 1
print(json.dumps({
    "before": before, "paths": paths, "fit": bool(numbers_fit),
    "unsent": Call.objects.filter(sent_at=None).count(),
    "pages": sorted(Call.objects.values_list("page", "receiver__address")),
}))
connections.close_all()
"""


RESTART = """
import asyncio
from datetime import timedelta as span
from counsel import limits
limits.HEAR_EVERY = span(seconds=0.02)
from chat import clock as ticking
from django.db import DatabaseError, InterfaceError

def serving():
    # As a server runs them, in a child of its own: the clock, and whoever sends the pages.
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        async def both():
            await asyncio.gather(ticking.run(), paging.run())
        asyncio.run(both())
    finally:
        os._exit(1)

def crash():
    # One of its own processes killed: PostgreSQL throws everybody out and recovers from its log.
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        victim = cursor.fetchone()[0]
    os.kill(victim, signal.SIGKILL)
    connections.close_all()

def patiently(ask):
    for _ in range(1500):
        try:
            return ask()
        except (DatabaseError, InterfaceError):
            connections.close_all()
            time.sleep(0.02)
    raise SystemExit("the database did not come back")

def is_done():
    waits = Escalation.objects.filter(due_at__lte=datetime.now(UTC)).exists()
    return not waits and not Call.objects.filter(sent_at=None).exists()

for number in range(rounds):
    patiently(endanger)
    servers = [serving(), serving()]
    for _ in range(2):
        time.sleep(draw.random() * spread)
        patiently(crash)
    until = time.monotonic() + 120  # a page that a dead process had taken is free after thirty seconds
    while not patiently(is_done) and time.monotonic() < until:
        time.sleep(0.02)
    for pid in servers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
"""


def check(
    database: str, *, seed: int, rounds: int, each: int, spread: float, what: str = KILL
) -> dict[str, Any]:
    """So many rounds of it, and what must be true of them. `spread`: seconds into what it does."""
    with http() as heard, arena(database, PAGE_GATEWAY=f"http://127.0.0.1:{heard.port}/page") as on:
        found: dict[str, Any] = json.loads(
            on.run(BEGIN + what + TELL, seed, rounds, each, spread, patience=900).splitlines()[-1]
        )
    rang = {(one["page"], one["to"]) for one in heard.said}
    assert found["fit"], "every step has one number, and begins where the last one ended"
    assert found["unsent"] == 0
    assert rang == {(page, to) for page, to in found["pages"]}, "each page at least once, no other"
    assert found["paths"] == {
        "raise page:lead": rounds * (each - 1),
        "raise lapse page:lead": rounds,
    }, "each timer moved exactly once"
    calls = {"calls": len(found["pages"]), "rang": len(heard.said)}
    return {"kills": 2 * rounds, **calls, "by those who were killed": found["before"]}


@pytest.mark.one_database
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_killed_clocks_lose_no_page_and_repeat_no_step(database: str) -> None:
    check(database, seed=7, rounds=3, each=3, spread=0.03)


@pytest.mark.soak
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_hundred_seeded_kills(database: str) -> None:
    found = check(database, seed=20260314, rounds=60, each=4, spread=0.06)
    print(found)
    did = found["by those who were killed"]
    assert 0 < did["sent"] < found["calls"], "they were killed in the midst of it"


def outlive(*, seed: int, rounds: int, spread: float) -> dict[str, Any]:
    """Servers do all of it themselves, however often their database is taken from under them."""
    found = check("postgresql", seed=seed, rounds=rounds, each=3, spread=spread, what=RESTART)
    by_them = found["by those who were killed"]
    assert by_them["sent"] == found["calls"], "nothing was left to whoever looked afterwards"
    assert by_them["steps"] == 4 * rounds
    return found


@pytest.mark.soak
def test_servers_outlive_a_database_that_crashed_under_them() -> None:
    outlive(seed=11, rounds=1, spread=0.1)


@pytest.mark.soak
def test_a_database_that_crashes_again_and_again() -> None:
    print(outlive(seed=20260315, rounds=12, spread=0.3))

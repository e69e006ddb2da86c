"""Two whole servers on one database, killed at seeded moments while timers run out.

`manage.py serve` with its sockets, its clock and its paging, dead in an instant and served again: each
timer moves one row once, and every page is heard under its own id. In some rounds one machine's clock
is an hour ahead or late, in some the database is what dies.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.counsel.serving import environment, lay_out_assets, manage_all
from tests.race import Arena, site
from tests.requisites import free_port
from tests.triage.escalation.receivers import http

EACH = 5
"""People, talks and shifts of one round: one of each kind below."""
KINDS = {
    "raise page:lead": "waits, and the lead is due",
    "raise lapse page:lead": "somebody said they act, and did not",
    "raise show alone page:lead": "whoever was with them fell silent, and nobody came in time",
    "raise show vanish": "their phone fell silent",
}

DIRECT = """
import os, random, signal, subprocess, time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections, transaction
settings.START_PER_MINUTE = 1_000_000
from chat.models import CounselSession, Seat, Step
from counsel.lifecycle import Role
from counsel.models import Staff, home
from tests.chat.test_lifecycle import start
from tests.people import hire
from tests.scenario import elsewhen
from triage.escalation.rows import Call, Escalation, EscalationStep, Receiver
from triage.models import Shift, ShiftStep
from triage.queue.tiers import Tier

seed, rounds, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
commands = json.loads(sys.argv[4])
draw = random.Random(seed)
for address in ("10001", "10002"):
    Receiver.objects.create(
        organisation=home(), channel="sms", address=address, added_at=datetime.now(UTC)
    )

def moment(now):
    # When the next thing is due: in the second that follows, or just before.
    return now + timedelta(seconds=draw.random() * 1.2 - 0.2)

@transaction.atomic  # no clock sees half of it
def endanger(number):
    now = datetime.now(UTC)
    ago, later = now - timedelta(seconds=200), now + timedelta(hours=9)
    ids = [start(tier=Tier.RED) for _ in range(4)]
    Seat.objects.filter(session__in=ids).update(seen_at=later)
    waits, answered, alone, lost = (Escalation.objects.get(session=pk) for pk in ids)
    def put(one, **facts):
        Escalation.objects.filter(pk=one.pk).update(raised_at=ago, base_at=ago, **facts)
    put(waits, due_at=moment(now))
    put(answered, due_at=moment(now), state="acknowledged")
    for one, silent in ((alone, "counsellor"), (lost, "seeker")):
        lin = hire(f"lin{number}{silent}", on_shift=False).staff
        CounselSession.objects.filter(pk=one.session_id).update(state="active")
        Seat.objects.create(session_id=one.session_id, role="counsellor", staff=lin, seen_at=later)
        put(one, due_at=later, state="attended", step=2)
        EscalationStep.objects.create(escalation=one, number=2, source="raised", event="show",
            target="attended", role="seeker", at=now, after=0)
        patience = 180 if silent == "counsellor" else 120
        Seat.objects.filter(session=one.session_id, role=silent).update(
            seen_at=moment(now) - timedelta(seconds=patience), presence="here"
        )
    sam = hire(f"sam{number}", Role.COUNSELLOR, on_shift=False).staff
    over = moment(now) - timedelta(minutes=15)
    Shift.objects.create(organisation=home(), role="counsellor", staff=sam, state="on",
        starts_at=over - timedelta(hours=2), ends_at=over, checked_in_at=over - timedelta(hours=2))

def patiently(ask):
    for _ in range(1500):
        try:
            return ask()
        except (OperationalError, InterfaceError):
            connections.close_all()
            time.sleep(0.02)
    raise SystemExit("the database did not come back")

def is_done():
    now = datetime.now(UTC)
    waits = Escalation.objects.filter(due_at__lte=now).exists()
    talks = CounselSession.objects.filter(state="active", escalations__state="attended").exists()
    on = Shift.objects.filter(state="on").exists()
    return not (waits or talks or on or Call.objects.filter(sent_at=None).exists())

def alone_is_due():
    # Thirty seconds are not waited for: whom nobody is with any more is due now.
    now = datetime.now(UTC)
    waits = Escalation.objects.filter(step=3, steps__event="alone", due_at__gt=now)
    waits.update(due_at=now, base_at=now - timedelta(seconds=200))

def crash():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        os.kill(cursor.fetchone()[0], signal.SIGKILL)
    connections.close_all()

def begin(number):
    command, env = commands[number]
    with open(folder / f"said-{number}", "wb") as said:
        return subprocess.Popen(command, env={**os.environ, **env}, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=said, bufsize=0)

servers = [begin(0), begin(1)]
kills, began = Counter(), time.monotonic()
try:
    for number in range(rounds):
        off = (0, 3600, -3600)[number % 3]
        elsewhen.set_ahead(folder / "ahead", off)
        patiently(lambda: endanger(number))
        print("round", number, off, round(time.monotonic() - began, 1), file=sys.stderr, flush=True)
        for server in draw.choice(((0, 1, 0), (1, 0, 1), (0, 0, 1), (1, 1, 0))):
            time.sleep(draw.random() * 0.9)
            servers[server].stdin.write(b"\\n")
            kills["server"] += 1
        if number % 8 == 7:
            time.sleep(draw.random() * 0.5)
            patiently(crash)
            kills["database"] += 1
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if patiently(is_done):
                patiently(alone_is_due)
                if patiently(is_done):
                    break
            time.sleep(0.05)
        else:
            raise SystemExit(f"round {number} (clock {off}) was not done: " + repr([
                (e.state, e.step, str(e.due_at), [s.event for s in e.steps.order_by("number")])
                for e in Escalation.objects.filter(due_at__lte=datetime.now(UTC))]))
        # What is due in minutes belongs to no later round.
        later = datetime.now(UTC) + timedelta(hours=9)
        patiently(lambda: Escalation.objects.filter(due_at__lt=later).update(due_at=later))
finally:
    for server in servers:
        server.kill()
        server.wait()
        server.stdin.close()

paths, fit = Counter(), True
for one in Escalation.objects.order_by("pk"):
    path = list(one.steps.order_by("number"))
    fit &= [step.number for step in path] == list(range(1, one.step + 1))
    fit &= all(a.target == b.source for a, b in zip(path[2:], path[3:]))
    paths[" ".join(f"{s.event}:{s.called}" if s.called else s.event for s in path)] += 1
returned = Counter(Step.objects.filter(event="return").values_list("session", flat=True))
over = ShiftStep.objects.filter(event="check-out")
print(json.dumps({
    "paths": paths, "fit": bool(fit), "kills": kills,
    "returned": Counter(returned.values()),
    "over": Counter(Counter(over.values_list("shift", flat=True)).values()),
    "pages": sorted(Call.objects.values_list("page", "receiver__address")),
}))
connections.close_all()
"""


@contextmanager
def served(folder: Path, port: int) -> Iterator[tuple[Arena, list[Any]]]:
    """A database with everything two servers need, and how each is begun; the second is elsewhen."""
    (folder / "ahead").write_text("0")
    with site("postgresql") as blank:
        static = lay_out_assets(folder / "static")
        more = {
            "DATABASE_URL": blank["DATABASE_URL"],
            "PAGE_GATEWAY": f"http://127.0.0.1:{port}/page",
        }
        env = environment(Path(blank["DATA"]), static, **more)
        manage_all(env, "demo", "build_pages")
        env["DJANGO_SETTINGS_MODULE"] = "counsel.settings"
        mortal = ["-m", "tests.triage.escalation.mortal"]
        late = [str(folder / "ahead"), mortal[1]]
        begin = [
            ([sys.executable, *mortal], {"PORT": str(free_port())}),
            (
                [sys.executable, "-m", "tests.scenario.elsewhen", *late],
                {"PORT": str(free_port())},
            ),
        ]
        yield Arena(env), begin


def outlive(folder: Path, *, seed: int, rounds: int) -> dict[str, Any]:
    """So many rounds, and what must be true of them."""
    with http() as heard, served(folder, heard.port) as (arena, commands):
        said = arena.run(DIRECT, seed, rounds, folder, json.dumps(commands), patience=900)
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
    rang = {(one["page"], one["to"]) for one in heard.said}
    assert found["fit"], "every step has one number, and begins where the last one ended"
    assert rang == {(page, to) for page, to in found["pages"]}, "each page at least once, no other"
    wanted = dict.fromkeys(KINDS, rounds)
    assert found["paths"] == wanted, f"each timer moved one row exactly once: {found}"
    assert found["returned"] == {"1": rounds}
    assert found["over"] == {"1": rounds}
    printed = [(folder / f"said-{number}").read_text() for number in (0, 1)]
    assert not any("Traceback" in one for one in printed), printed
    return {"kills": found["kills"], "calls": len(found["pages"]), "rang": len(heard.said)}


@pytest.mark.soak
def test_whole_servers_are_killed_again_and_again(tmp_path: Path) -> None:
    found = outlive(tmp_path, seed=20260316, rounds=35)
    print(found)
    assert sum(found["kills"].values()) >= 100

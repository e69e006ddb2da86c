"""Real processes reach for the same people at once, by hand and by offers that run out in between."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.race import READY, Arena, arena

FILL = """
from datetime import UTC, datetime, timedelta
from django.db import connection, transaction
from tests.people import hire
from tests.triage.queue.test_chooser import people as come
from chat.models import Seat
from counsel.models import Staff
from triage.queue.rows import HandsOf, Place
people, staff, name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
now = datetime.now(UTC)
later = now + timedelta(hours=1)  # nobody falls silent while it lasts
with transaction.atomic():
    ids = come(people)
    Seat.objects.bulk_create(Seat(session_id=pk, role="seeker", seen_at=later) for pk in ids)
    Place.objects.bulk_create(
        Place(session_id=pk, tier=pk % 4, since=now, due_at=later, language="zh") for pk in ids
    )
    hired = [hire(f"{name}{i}").staff.pk for i in range(staff)]
    Staff.objects.update(board_seen_at=later)
    # Half of them: who is offered somebody and looks away only lets it lapse.
    HandsOf.objects.filter(staff__in=hired[::2]).update(offers=True)
print(json.dumps(hired))
connection.close()
"""
# Each counsellor takes what is offered to them after a pause, sometimes past its end and by a clock
# that stood still meanwhile, passes some, and reaches for the next where nothing is offered.
REACH = (
    """
import random, threading, time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from django.conf import settings
from django.db import connection, connections
from chat import sessions
from chat.models import CounselSession
from counsel import limits
from counsel.errors import CounselError, FullHandsError, LostRaceError, NobodyWaitsError
from counsel.lifecycle import Event, Role, State
from triage.matching import take_next
from triage.queue import offers
from triage.queue.rows import Place
if connection.vendor == "sqlite":  # its writers stand in no line: somebody may be passed over for long
    settings.DATABASES["default"]["OPTIONS"]["timeout"] = 300
limits.OFFER_FOR, limits.OFFERS_APART = timedelta(seconds=2), timedelta()
limits.REST_AFTER_RED = timedelta()
OPEN = [State.WAITING.value, State.OFFERED.value, State.ACTIVE.value]
over = threading.Event()
counts = {"accepted": 0, "taken": 0, "passed": 0, "slept": 0, "late": 0}
most = int(sys.argv[2])
IDLE = float(sys.argv[3])  # seconds for which somebody with nothing to do looks away
def reach(ids, dice):
    began = datetime.now(UTC)
    open_ones = Place.objects.filter(offered_to__in=ids).values_list("offered_to", "offer")
    theirs = list(open_ones)
    if not theirs and (counts["taken"] >= most or dice.random() < 0.7):
        over.wait(dice.random() * IDLE)
        return None
    if not theirs:
        staff_id = dice.choice(ids)
        ref = take_next(staff_id, began)
        counts["taken"] += 1
        return staff_id, ref
    staff_id, mine = dice.choice(theirs)
    mood = dice.random()
    first = counts["slept"] == 0  # somebody sleeps past the end of theirs, whatever the dice say
    if mood < 0.2 and not first:
        offers.pass_on(staff_id, mine, datetime.now(UTC))
        counts["passed"] += 1
        return None
    sleeps = first or (mood < 0.5 and counts["slept"] < most // 2)
    if sleeps:
        counts["slept"] += 1
        while Place.objects.filter(offered_to=staff_id, offer=mine).exists():
            time.sleep(IDLE / 4)  # past the end of it
    time.sleep(dice.choice([0, 0.01, 0.05]))
    try:
        ref = offers.accept(staff_id, mine, dice.choice([began, datetime.now(UTC)]))
    except LostRaceError:
        if not sleeps:  # a machine too busy for offers this short
            limits.OFFER_FOR = min(limits.OFFER_FOR * 1.3, timedelta(seconds=30))
        raise
    counts["accepted"] += 1
    return staff_id, ref
def work(ids):
    dice, found = random.Random(ids[0]), []
    try:
        while not over.is_set():
            try:
                met = reach(ids, dice)
            except LostRaceError:
                counts["late"] += 1
                continue
            except NobodyWaitsError:
                over.wait(dice.random() * IDLE)
                continue
            if met is not None:
                staff_id, ref = met
                found.append([staff_id, ref.hex()])
                time.sleep(0.003)
                pk = CounselSession.objects.get(ref=ref).pk
                # By the seeker: staff end no talk of somebody who may be in danger.
                sessions.advance(pk, Event.END, role=Role.SEEKER, now=datetime.now(UTC))
        return found
    finally:
        connections.close_all()
def tick():
    try:
        while CounselSession.objects.filter(state__in=OPEN).exists():
            offers.tick(datetime.now(UTC))
            over.wait(3 * IDLE)
        over.set()
    finally:
        connections.close_all()
threads = json.loads(sys.argv[1])
with ThreadPoolExecutor(len(threads) + 1) as pool:
"""
    + "".join(f"    {line}" for line in READY.splitlines(keepends=True))
    + """
    clock = pool.submit(tick)
    found = [pair for each in pool.map(work, threads) for pair in each]
    clock.result()
    print(json.dumps([found, counts]))
"""
)
LOOK = """
from django.db.models import Q
from chat.models import CounselSession, Seat, Step
from triage.queue.rows import Place
sat = Seat.objects.filter(role="counsellor").values_list("session__ref", "staff_id")
print(json.dumps({
    "states": sorted(set(CounselSession.objects.values_list("state", flat=True))),
    "sat": [[staff_id, bytes(ref).hex()] for ref, staff_id in sat],
    "takes": Step.objects.filter(event="take").count(),
    "left": Place.objects.filter(Q(queued=True) | Q(offered_to__isnull=False)).count(),
    "lapsed": Step.objects.filter(event="lapse").count(),
}))
"""

LATER = pytest.param("sqlite", marks=pytest.mark.soak)
"""One writer at a time makes these safe by itself; `make soak` looks all the same."""


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """A database several processes share."""
    with arena(request.param) as found:
        yield found


def race(
    site: Arena, *, people: int, staff: int, processes: int, threads: int, idle: float
) -> None:
    """Everybody is met by exactly one, who sits there, and what each was told is what is written."""
    ids: list[int] = json.loads(site.run(FILL, people, staff, "c", patience=600))
    shares = [[ids[i::threads] for i in range(p, threads, processes)] for p in range(processes)]
    most = people // 3 // processes
    said = [[json.dumps(share), most, idle] for share in shares]
    results: list[list[Any]] = site.race(REACH, said, patience=600)
    told = [tuple(pair) for found, _ in results for pair in found]
    counts = Counter[str]()
    for _, one in results:
        counts.update(one)
    seen = json.loads(site.run(LOOK))
    print(f"{people} people, {staff} counsellors: {dict(counts)}, {seen['lapsed']} lapsed")
    assert len(told) == people
    assert len({ref for _, ref in told}) == people, "nobody twice"
    assert {tuple(pair) for pair in seen["sat"]} == set(told), "who was told so sits there"
    assert (seen["takes"], seen["left"], seen["states"]) == (people, 0, ["closed"])
    assert counts["accepted"] >= people // 3
    assert counts["late"] >= counts["slept"] > 0, "who wakes past the end of an offer has lost it"


@pytest.mark.parametrize("site", [LATER, "postgresql"], indirect=True)
def test_offers_that_run_out_give_nobody_twice_and_leave_nobody(site: Arena) -> None:
    race(site, people=24, staff=6, processes=2, threads=6, idle=0.03)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("site", "threads"), [("sqlite", 20), ("postgresql", 40)], indirect=["site"]
)
def test_two_hundred_reach_for_a_thousand(site: Arena, threads: int) -> None:
    """Fewer hands at once where one writes at a time: the others would only stand in line."""
    race(site, people=1_000, staff=200, processes=4, threads=threads, idle=0.3)

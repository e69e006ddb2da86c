"""Real processes reach for the same people and the same keys, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.race import READY, Arena, arena

FILL = """
from datetime import UTC, datetime
from django.conf import settings
settings.START_PER_MINUTE = 1_000_000
from tests.chat.test_lifecycle import start
from tests.people import hire
from chat.models import CounselSession, Seat
people, staff = int(sys.argv[1]), int(sys.argv[2])
for _ in range(people):
    start()
Seat.objects.update(seen_at=datetime.now(UTC))
print(json.dumps([hire(f"counsellor{i}").staff.pk for i in range(staff)]))
"""
# Each thread is a counsellor who takes, ends at once so that hands are free, and takes again.
TAKE = (
    """
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from django.db import connections
from chat import sessions
from chat.models import CounselSession
from counsel.errors import FullHandsError, LostRaceError, NobodyWaitsError
from counsel.lifecycle import Event, Role
from triage.matching import take_next
def work(staff_id):
    taken, lost = [], 0
    try:
        while True:
            now = datetime.now(UTC)
            try:
                ref = take_next(staff_id, now)
            except NobodyWaitsError:
                return taken, lost
            except LostRaceError:
                lost += 1
                continue
            taken.append(ref.hex())
            time.sleep(0.005)  # a person, and a chance for the other process
            pk = CounselSession.objects.get(ref=ref).pk
            sessions.advance(pk, Event.END, role=Role.COUNSELLOR, staff_id=staff_id, now=now)
    finally:
        connections.close_all()
mine = json.loads(sys.argv[1])
with ThreadPoolExecutor(len(mine)) as pool:
"""
    + "".join(f"    {line}" for line in READY.splitlines(keepends=True))
    + """
    print(json.dumps([list(each) for each in pool.map(work, mine)]))
"""
)
FULL = (
    """
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from django.db import connections
from counsel.errors import CounselError
from triage.matching import take_next
def work(_):
    try:
        return take_next(int(sys.argv[1]), datetime.now(UTC)).hex()
    except CounselError as error:
        return error.code
    finally:
        connections.close_all()
with ThreadPoolExecutor(3) as pool:
"""
    + "".join(f"    {line}" for line in READY.splitlines(keepends=True))
    + """
    print(json.dumps(list(pool.map(work, range(3)))))
"""
)
CLAIM = (
    """
from concurrent.futures import ThreadPoolExecutor
from django.db import connections
from chat import access, keys
from chat.models import CounselSession
from counsel.identity import TokenHash
session = CounselSession.objects.latest("pk")
seat = access.seat_for_seeker(TokenHash(bytes(session.token_hash)))
def work(_):
    try:
        return keys.claim_key_package(seat).hex()
    finally:
        connections.close_all()
with ThreadPoolExecutor(3) as pool:
"""
    + "".join(f"    {line}" for line in READY.splitlines(keepends=True))
    + """
    print(json.dumps(list(pool.map(work, range(3)))))
"""
)
LEAVE_KEYS = """
from chat import access, keys
from chat.models import CounselSession, KeyPackage
from counsel.identity import TokenHash
from tests.people import key_package
session = CounselSession.objects.latest("pk")
seat = access.seat_for_seeker(TokenHash(bytes(session.token_hash)))
keys.put_key_packages(seat, [key_package() for _ in range(7)], b"")
print(json.dumps([bytes(k.sealed).hex() for k in KeyPackage.objects.filter(last_resort=True)]))
"""
ROUND = """
from datetime import UTC, datetime
from chat.models import Seat
Seat.objects.update(seen_at=datetime.now(UTC))
"""


LATER = pytest.param("sqlite", marks=pytest.mark.soak)
"""One writer at a time makes these safe by itself; `make soak` looks all the same."""
BOTH = pytest.mark.parametrize("site", ["sqlite", "postgresql"], indirect=True)
POSTGRESQL_FIRST = pytest.mark.parametrize("site", [LATER, "postgresql"], indirect=True)


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """A database several processes share."""
    with arena(request.param) as found:
        yield found


def _race_for_people(site: Arena, people: int, staff: int, processes: int) -> None:
    ids = json.loads(site.run(FILL, people, staff))
    shares = [[ids[i::processes]] for i in range(processes)]
    results: list[list[Any]] = site.race(TAKE, shares)
    taken = Counter(ref for result in results for refs, _ in result for ref in refs)
    assert len(taken) == people
    assert set(taken.values()) == {1}


@BOTH
def test_nobody_is_taken_twice_and_nobody_is_left(site: Arena) -> None:
    _race_for_people(site, people=24, staff=4, processes=2)


@POSTGRESQL_FIRST
def test_hands_are_counted_once_however_fast_they_reach(site: Arena) -> None:
    staff = json.loads(site.run(FILL.replace("counsellor{i}", "greedy{i}"), 6, 1))
    answers = [answer for one in site.race(FULL, [staff, staff]) for answer in one]
    assert Counter(a for a in answers if len(a) < 32) == {"full-hands": 4}
    assert len({a for a in answers if len(a) == 32}) == 2


@POSTGRESQL_FIRST
def test_a_key_is_given_to_one_of_all_who_ask(site: Arena) -> None:
    site.run(FILL.replace("counsellor{i}", "keys{i}"), 1, 0)
    resort = json.loads(site.run(LEAVE_KEYS))
    given = Counter(key for one in site.race(CLAIM, [[], []]) for key in one)
    assert len(given) == 6
    assert set(given.values()) == {1}
    assert not set(given) & set(resort)


@pytest.mark.soak
@BOTH
def test_many_people_and_many_hands(site: Arena) -> None:
    filled = FILL.replace("counsellor{i}", "many{i}")
    ids = json.loads(site.run(filled, 300, 8))
    site.run(ROUND)
    shares = [[ids[i::4]] for i in range(4)]
    results: list[list[Any]] = site.race(TAKE, shares)
    taken = Counter(ref for result in results for refs, _ in result for ref in refs)
    assert len(taken) >= 300
    assert set(taken.values()) == {1}

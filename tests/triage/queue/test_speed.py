"""How fast somebody is met, however many wait: beside the barest claim there is, in the same run."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.race import Arena, arena

SIZES = (1_000, 100_000, 1_000_000)
CLAIMS = 300
FILL = """
from datetime import UTC, datetime, timedelta
from django.db import connection, transaction
from tests.people import hire
from counsel.models import Staff
many, claims = int(sys.argv[1]), int(sys.argv[2])
with transaction.atomic():
    people = [hire(f"c{many}x{i}").staff.pk for i in range(claims // 2)]
with connection.cursor() as cursor:
    cursor.execute("TRUNCATE chat_counselsession CASCADE")
    cursor.execute('''
        INSERT INTO chat_counselsession
            (ref, token_hash, case_code, state, last_seq, "group", group_id, epoch, news)
        SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), decode(lpad(to_hex(n), 64, '0'), 'hex'),
            chr(19968 + n / 1000) || chr(19968 + mod(n, 1000)), 'waiting', 0, 0, '', 0, 0
        FROM generate_series(1, %s) AS n
    ''', [many])
    cursor.execute('''
        INSERT INTO triage_place
            (session_id, queued, away, tier, now, human_check, since, returned, due_at, breached,
             language, topics, region, industry, exclusions, listener, offer)
        SELECT id, true, false, 1 + mod(id, 3), 0, false, now() - id * interval '1 second', mod(id, 9) = 0,
            now(), false, 'zh', 1, CASE mod(id, 4) WHEN 0 THEN '44' ELSE '' END, '', 0, '', 0
        FROM chat_counselsession
    ''')
    cursor.execute("DROP TABLE IF EXISTS bare")
    cursor.execute('''
        CREATE TABLE bare AS SELECT session_id AS id, true AS waiting, since
        FROM triage_place
    ''')
    cursor.execute("ALTER TABLE bare ADD PRIMARY KEY (id)")
    cursor.execute("CREATE INDEX bare_next ON bare (since, id) WHERE waiting")
    cursor.execute("ANALYZE")
print(json.dumps(people))
"""
CLAIM = """
import time
from datetime import UTC, datetime
from django.db import connection, transaction
from triage.matching import take_next
FIND = "SELECT id FROM bare WHERE waiting ORDER BY since, id LIMIT 1 FOR UPDATE SKIP LOCKED"
def bare():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FIND)
        cursor.execute("UPDATE bare SET waiting = false WHERE id = %s", cursor.fetchone())
people = json.loads(sys.argv[1])
ours, barest = [], []
for staff_id in people + people:
    began = time.perf_counter()
    take_next(staff_id, datetime.now(UTC))
    ours.append(time.perf_counter() - began)
    began = time.perf_counter()
    bare()
    barest.append(time.perf_counter() - began)
print(json.dumps([sorted(ours)[len(ours) // 2], sorted(barest)[len(barest) // 2]]))
"""


@pytest.fixture
def site() -> Iterator[Arena]:
    """PostgreSQL, where a million may wait."""
    with arena("postgresql") as found:
        yield found


@pytest.mark.soak
def test_meeting_somebody_takes_as_long_however_many_wait(site: Arena) -> None:
    rates = {}
    for many in SIZES:
        people = json.loads(site.run(FILL, many, CLAIMS, patience=900))
        ours, bare = json.loads(site.run(CLAIM, json.dumps(people), patience=900))
        rates[many] = 1 / ours
        print(
            f"{many:>9,} waiting: {1 / ours:6.0f} met a second, {ours * 1000:5.2f} ms each;"
            f" the barest claim {bare * 1000:5.2f} ms: {bare / ours:.2f} of it"
        )
        assert bare / ours >= 0.3
    assert max(rates.values()) < 2 * min(rates.values())

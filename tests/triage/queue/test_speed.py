"""How fast somebody is claimed, however many wait: beside the barest claim there is, in the same run.

The barest one is the usual statement over rows as wide as ours in a table with the one index it
needs: the first to have come, `SKIP LOCKED`, marked and returned. Ours is the one the service makes,
in the same process, by the same driver, planned once like it, and committed as it is. Meeting is all
there is around it: hands held and counted, the session, its seat, its step and the trail's row.
What it comes to where no commit waits for the disk, as the service never runs, is printed beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.race import Arena, arena

SIZES = (1_000, 100_000, 1_000_000)
CLAIMS = 300
LEAST = 0.3
"""What a claim is beside the barest one, at the least."""
FILL = """
from datetime import UTC, datetime, timedelta
from django.db import connection, transaction
from tests.people import hire
from counsel.models import Staff
many, claims = int(sys.argv[1]), int(sys.argv[2])
with transaction.atomic():
    people = [hire(f"c{many}x{i}").staff for i in range(claims // 2)]
    for staff, region in zip(people, ("", "44", "31") * claims):
        Staff.objects.filter(pk=staff.pk).update(region=region)
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
             language, topics, region, industry, exclusions, listener, offer, counted, heard)
        SELECT id, true, false, 1 + mod(id, 3), 0, false, now() - id * interval '1 second', mod(id, 9) = 0,
            now(), false, 'zh', 1, CASE mod(id, 4) WHEN 0 THEN '44' ELSE '' END, '', 0, '', 0, false, false
        FROM chat_counselsession
    ''')
    cursor.execute("DROP TABLE IF EXISTS bare")
    cursor.execute('''
        CREATE TABLE bare AS SELECT * FROM triage_place
    ''')
    cursor.execute("ALTER TABLE bare ADD PRIMARY KEY (session_id)")
    cursor.execute("CREATE INDEX bare_next ON bare (since, session_id) WHERE queued")
    cursor.execute("VACUUM ANALYZE")
print(json.dumps([staff.pk for staff in people]))
"""
CLAIM = """
import time
from datetime import UTC, datetime
from django.db import connection, transaction
from counsel.models import Staff
from triage.matching import take_next
from triage.queue.asking import ask_again
from triage.queue.chooser import Room
from triage.queue.claim import claim as claim_next
from triage.queue.duty import asker
NEXT = '''
    UPDATE bare SET queued = FALSE, met_at = %s WHERE session_id = (
        SELECT session_id FROM bare WHERE queued ORDER BY since, session_id
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING session_id
'''
people = list(Staff.objects.filter(pk__in=json.loads(sys.argv[1])))
def bare(_):
    with transaction.atomic():
        assert ask_again(NEXT, [datetime.now(UTC)])
def claim(staff):
    with transaction.atomic():
        assert claim_next(asker(staff), datetime.now(UTC), Room.ANYBODY, skip_locked=True)
def meet(staff):
    take_next(staff.pk, datetime.now(UTC))
def median(times):
    return sorted(times)[len(times) // 2]
found = {}
for commit, some in (("on", people[::2]), ("off", people[1::2])):
    with connection.cursor() as cursor:
        cursor.execute(f"SET synchronous_commit = {commit}")
    took = {"bare": [], "claim": [], "meet": []}
    for staff in some:
        for way in (bare, claim, meet, claim, bare):
            began = time.perf_counter()
            way(staff)
            took[way.__name__].append(time.perf_counter() - began)
    found[commit] = {way: median(times[10:]) for way, times in took.items()}
print(json.dumps(found))
"""


@pytest.fixture
def site() -> Iterator[Arena]:
    """PostgreSQL, where a million may wait."""
    with arena("postgresql") as found:
        yield found


@pytest.mark.soak
def test_a_claim_takes_as_long_however_many_wait(site: Arena) -> None:
    found = {}
    for many in SIZES:
        people = json.loads(site.run(FILL, many, CLAIMS, patience=900))
        found[many] = json.loads(site.run(CLAIM, json.dumps(people), patience=900))
        for commit, took in found[many].items():
            for way, what in (("bare", "bare claims"), ("claim", "claims"), ("meet", "people met")):
                print(
                    f"{many:>9,} waiting, synchronous_commit {commit:<3}: {1 / took[way]:6.0f} {what}"
                    f" a second, {took['bare'] / took[way]:.2f} of the barest"
                )
    # Beside the barest claim of the same minutes, so that a busy machine judges nobody.
    shares = {
        way: [took["on"]["bare"] / took["on"][way] for took in found.values()]
        for way in ("claim", "meet")
    }
    assert min(shares["claim"]) >= LEAST, "a probe has lost its index, or its plan"
    assert max(shares["claim"]) < 2 * min(shares["claim"])
    assert max(shares["meet"]) < 4 * min(shares["meet"]), (
        "something around it counts those who wait"
    )

"""Several processes write to the same logs: one order, no gap, nothing twice, one commit an epoch."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.race import READY, arena

FILL = """
from django.conf import settings
settings.START_PER_MINUTE = 1_000_000
from tests.chat.test_store import Room
rooms = [Room() for _ in range(int(sys.argv[1]))]
print(json.dumps([[r.id, r.seeker, r.listener, r.group_id.hex()] for r in rooms]))
"""
# Each process sends the same words as the other one (a resend on another connection), words of its
# own, and commits, in batches over all rooms; two threads each.
WRITE = (
    """
import random
from concurrent.futures import ThreadPoolExecutor
from django.db import OperationalError, connections
from chat.store import Draft, append
from tests.people import commit, seal
rooms, name, rounds = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
dice = random.Random(name)
def work(thread):
    places = []
    for turn in range(rounds):
        drafts = []
        for session, seeker, listener, group in rooms:
            group = bytes.fromhex(group)
            both = f"both {thread} {turn}".encode().rjust(16, b".")
            mine = f"{name} {thread} {turn}".encode().rjust(16, b".")
            words = seal(group, 1, b"the same bytes")
            drafts.append(Draft(session, seeker, "words", both, words, group, 1))
            drafts.append(Draft(session, listener, "words", mine, seal(group), group, 1))
        dice.shuffle(drafts)
        while True:
            try:
                done = append(drafts)
            except OperationalError as error:
                print(error, file=sys.stderr)
                continue
            break
        places += [v for v in done.verdicts if isinstance(v, int)]
    ends = [Draft(s, l, "commit", f"c {name} {thread}".encode().rjust(16, b"."),
                  commit(bytes.fromhex(g)), bytes.fromhex(g), 1) for s, k, l, g in rooms]
    won = sum(isinstance(v, int) for v in append(ends).verdicts)
    connections.close_all()
    return len(places), won
with ThreadPoolExecutor(2) as pool:
"""
    + "".join(f"    {line}" for line in READY.splitlines(keepends=True))
    + """
    print(json.dumps([list(each) for each in pool.map(work, range(2))]))
"""
)
LOOK = """
from collections import Counter
from chat.models import CounselSession, Envelope
result = []
for session in CounselSession.objects.all():
    rows = Envelope.objects.filter(session=session).order_by("seq")
    seqs = [r.seq for r in rows]
    ids = Counter((bytes(r.client_id), r.seat_id) for r in rows)
    result.append([seqs == list(range(1, len(seqs) + 1)), session.last_seq == len(seqs),
                   max(ids.values()), len(seqs), session.epoch])
print(json.dumps(result))
"""


def _write_together(database: str, rooms: int, rounds: int, processes: int) -> None:
    with arena(database) as site:
        talks = site.run(FILL, rooms)
        results: list[Any] = site.race(WRITE, [[talks, f"p{i}", rounds] for i in range(processes)])
        stored = json.loads(site.run(LOOK))
    sent = [each for one in results for each in one]
    commits = sum(won for _, won in sent)
    for gapless, told, most, length, epoch in stored:
        assert (gapless, told, most, epoch) == (True, True, 1, 2)
        # welcome, words said by both once, words of each, one commit
        assert length <= 1 + 2 * rounds + 2 * rounds * processes + 1
    assert commits == rooms


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_processes_write_one_order(database: str) -> None:
    _write_together(database, rooms=3, rounds=8, processes=2)


@pytest.mark.soak
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_four_processes_write_one_order_for_long(database: str) -> None:
    _write_together(database, rooms=10, rounds=150, processes=4)

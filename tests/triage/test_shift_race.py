"""Real processes reach for the same place, check in against a cancel, and tick as two clocks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.race import READY, Arena, arena

BOTH = pytest.mark.parametrize("site", ["sqlite", "postgresql"], indirect=True)
LATER = pytest.param("sqlite", marks=pytest.mark.soak)
"""One writer at a time makes these safe by itself; `make soak` looks all the same."""
POSTGRESQL_FIRST = pytest.mark.parametrize("site", [LATER, "postgresql"], indirect=True)

# For each test some people, and ten places that begin so many minutes from now; nobody is on yet.
FILL = """
from datetime import UTC, datetime, timedelta
from counsel.lifecycle import Role
from tests.people import hire
from triage import shifts
from triage.models import Shift
from triage.rota import Span
found = {}
for name, people, minutes in json.loads(sys.argv[1]):
    staff = [hire(f"{name}{i}", on_shift=False).staff for i in range(people)]
    sam = hire(f"{name}sam", Role.SUPERVISOR, on_shift=False).staff
    begins = datetime.now(UTC) + timedelta(minutes=minutes)
    span = Span(begins, begins + timedelta(hours=3))
    ids = shifts.plan(sam, role=Role.COUNSELLOR, spans=[span], places=10)
    if minutes <= 0:
        for one, shift_id in zip(staff, ids, strict=False):
            shifts.sign_up(one, shift_id, begins - timedelta(hours=1))
    if name == "clocks":
        for one, shift_id in zip(staff[:2], ids, strict=False):
            shifts.check_in(one, shift_id, begins)
    found[name] = [[one.pk for one in staff], ids, sam.pk]
print(json.dumps(found))
"""
# Each thread does one thing to one shift after the other, and says how it went.
EACH = (
    """
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from django.db import connections
from counsel.errors import CounselError
from counsel.models import Staff
from triage import shifts
def work(job):
    what, staff_id, ids = job
    said = []
    try:
        staff = Staff.objects.get(pk=staff_id)
        for shift_id in ids:
            try:
                getattr(shifts, what)(staff, shift_id, datetime.now(UTC))
                said.append("done")
            except CounselError as error:
                said.append(error.code)
        return said
    finally:
        connections.close_all()
jobs = json.loads(sys.argv[1])
with ThreadPoolExecutor(len(jobs)) as pool:
"""
    + "".join(f"    {line}" for line in READY.splitlines(keepends=True))
    + """
    print(json.dumps(list(pool.map(work, jobs))))
"""
)
CLOCK = (
    """
from datetime import UTC, datetime, timedelta
from triage import shifts
"""
    + READY
    + """
print([shifts.tick(datetime.now(UTC) + timedelta(hours=hours)) for hours in (1, 4)])
"""
)
COUNT = """
from collections import Counter
from triage.models import Shift, ShiftStep
ids = json.loads(sys.argv[1])
steps = ShiftStep.objects.filter(shift__in=ids).values_list("shift_id", "event")
rows = Shift.objects.filter(pk__in=ids).values_list("pk", "state", "staff_id")
print(json.dumps([Counter(f"{s} {e}" for s, e in steps), list(rows)]))
"""
PEOPLE = [("reach", 4, 60), ("two", 5, 60), ("late", 6, -1), ("clocks", 4, -1)]
Group = tuple[list[int], list[int], int]


class Site:
    """A database several processes share, with people and places for each test."""

    def __init__(self, arena: Arena, people: list[tuple[str, int, int]]) -> None:
        self.arena = arena
        self.groups: dict[str, Group] = json.loads(arena.run(FILL, json.dumps(people)))

    def race(self, *processes: list[Any]) -> list[list[list[str]]]:
        """One process for each list of jobs, a thread for each job; how each went."""
        return self.arena.race(EACH, [[json.dumps(jobs)] for jobs in processes])

    def count(self, ids: list[int]) -> tuple[dict[str, int], dict[int, tuple[str, int | None]]]:
        """The steps of these shifts, and the state of each with who stands there."""
        steps, rows = json.loads(self.arena.run(COUNT, json.dumps(ids)))
        return steps, {pk: (state, who) for pk, state, who in rows}


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """On the database a test names."""
    with arena(request.param) as found:
        yield Site(found, PEOPLE)


@BOTH
def test_a_place_is_given_to_one_of_all_who_sign_up(site: Site) -> None:
    staff, ids, _ = site.groups["reach"]
    jobs = [["sign_up", who, ids[:1]] for who in staff]
    said = [answer for one in site.race(jobs[:2], jobs[2:]) for (answer,) in one]
    assert Counter(said) == {"done": 1, "too-late": 3}
    steps, rows = site.count(ids)
    assert steps == {f"{ids[0]} sign-up": 1}
    assert rows[ids[0]] == ("taken", staff[said.index("done")])


@POSTGRESQL_FIRST
def test_two_browsers_of_one_person_never_put_them_into_two_places(site: Site) -> None:
    staff, ids, _ = site.groups["two"]
    one = [["sign_up", who, [first]] for who, first in zip(staff, ids[:5], strict=True)]
    other = [["sign_up", who, [second]] for who, second in zip(staff, ids[5:], strict=True)]
    for answers in zip(*site.race(one, other), strict=True):
        assert Counter(answer for (answer,) in answers) == {"done": 1, "shift-clash": 1}


@POSTGRESQL_FIRST
def test_a_shift_is_checked_in_or_cancelled_and_never_both(site: Site) -> None:
    staff, ids, sam = site.groups["late"]
    ids = ids[: len(staff)]
    comes = [["check_in", who, [shift_id]] for who, shift_id in zip(staff, ids, strict=True)]
    cancels = [["cancel", sam, [shift_id]] for shift_id in ids]
    come, cancelled = site.race(comes, cancels)
    steps, rows = site.count(ids)
    for shift_id, here, gone in zip(ids, come, cancelled, strict=True):
        assert (here == ["done"]) is not (gone == ["done"])
        assert rows[shift_id][0] == ("on" if here == ["done"] else "cancelled")
        happened = steps.get(f"{shift_id} check-in", 0) + steps.get(f"{shift_id} cancel", 0)
        assert happened == 1


@POSTGRESQL_FIRST
def test_two_clocks_miss_and_check_out_everything_once(site: Site) -> None:
    _, ids, _ = site.groups["clocks"]
    site.arena.race(CLOCK, [[], []])
    steps, rows = site.count(ids)
    ours = {f"{pk} {event}": 1 for pk in ids[:2] for event in ("sign-up", "check-in", "check-out")}
    missed = {f"{pk} sign-up": 1 for pk in ids[2:4]} | {f"{pk} miss": 1 for pk in ids[2:]}
    assert steps == ours | missed
    assert Counter(state for state, _ in rows.values()) == {"done": 2, "missed": 8}


@pytest.mark.soak
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_many_people_and_ten_places_many_times(database: str) -> None:
    with arena(database) as found:
        site = Site(found, [(f"many{turn}x", 8, 60) for turn in range(5)])
        for staff, ids, _ in site.groups.values():
            jobs = [["sign_up", who, ids] for who in staff]
            said = site.race(jobs[::2], jobs[1::2])
            assert Counter(a for one in said for job in one for a in job)["done"] == len(staff)
            _, rows = site.count(ids)
            taken = [who for state, who in rows.values() if state == "taken"]
            assert sorted(who for who in taken if who is not None) == sorted(staff)

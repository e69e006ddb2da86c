"""A listener comes back at the moment the clock finds them gone and two supervisors reach for the talk:
in real processes, on SQLite and on PostgreSQL, exactly one has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.race import READY, Arena, arena

FILL: Final = """
from datetime import UTC, datetime, timedelta
from django.conf import settings
settings.START_PER_MINUTE = 1_000_000
from tests.chat.test_lifecycle import start
from tests.people import hire
from tests.triage.escalation.cast import met
from chat.models import Seat
from counsel.lifecycle import Role
from triage.queue.tiers import Tier
found = []
for i in range(int(sys.argv[1])):
    lin = hire(f"lin{i}").staff
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    found.append([
        session_id, Seat.objects.get(staff=lin).pk, lin.pk,
        *(hire(f"{name}{i}", Role.SUPERVISOR).staff.pk for name in ("zhou", "wu")),
    ])
Seat.objects.filter(role="counsellor").update(seen_at=datetime.now(UTC) + timedelta(hours=1))
print(json.dumps(found))
"""
BEGIN: Final = f"""
import random, time
from datetime import UTC, datetime, timedelta
from django.db import connections
from chat import clock, presence
from chat.models import CounselSession, Seat
from counsel.errors import CounselError
from counsel.models import Staff
from triage.matching import take_next
from triage.takeover import take_over
rows, mine = json.loads(sys.argv[1]), int(sys.argv[2])
draw, codes = random.Random(mine), dict(CounselSession.objects.values_list("pk", "case_code"))
{READY}
began = time.monotonic()
def at(number):  # when this one's thirty seconds are over
    return began + 0.4 + 0.1 * number
"""
COME_BACK: Final = (
    BEGIN
    + """
said = []
for number, (session_id, seat, lin, *_) in enumerate(rows):
    time.sleep(max(0, at(number) + draw.uniform(-0.02, 0.06) - time.monotonic()))
    presence.record([presence.Sighting(session_id, seat, "here", datetime.now(UTC))])
    if Seat.objects.filter(pk=seat, ended_at=None).exists():
        said.append("kept")
        continue
    try:
        take_next(lin, datetime.now(UTC))
        said.append("took")
    except CounselError as error:
        said.append(error.code)
print(json.dumps(said))
connections.close_all()
"""
)
TICK: Final = (
    BEGIN
    + """
silent = datetime.now(UTC) - timedelta(seconds=30)
for number, (_, seat, *_) in enumerate(rows):
    over = silent + timedelta(seconds=at(number) - time.monotonic())
    Seat.objects.filter(pk=seat).update(seen_at=over)
while time.monotonic() < at(len(rows)) + 1:
    clock.tick(datetime.now(UTC))
    time.sleep(draw.random() * 0.02)
print(json.dumps([]))
connections.close_all()
"""
)
GO_ON: Final = (
    BEGIN
    + """
said = []
for number, row in enumerate(rows):
    outcome, me = "", Staff.objects.get(pk=row[mine])
    time.sleep(max(0, at(number) - 0.01 - time.monotonic()))
    until = max(at(number) + 0.08, time.monotonic() + 0.03)
    while not outcome and time.monotonic() < until:
        try:
            take_over(me, case_code=codes[row[0]], now=datetime.now(UTC))
            outcome = "took"
        except CounselError:
            time.sleep(0.002)
    said.append(outcome)
print(json.dumps(said))
connections.close_all()
"""
)
TELL: Final = """
from chat.models import CounselSession, Seat, Step
print(json.dumps({
    session.pk: [
        session.state,
        list(Seat.objects.filter(session=session, role="counsellor", ended_at=None)
             .values_list("staff_id", flat=True)),
        list(Step.objects.filter(session=session).order_by("pk").values_list("event", flat=True)),
    ]
    for session in CounselSession.objects.all()
}))
"""


LATER: Final = pytest.param("sqlite", marks=pytest.mark.soak)
"""One writer at a time makes it safe by itself; `make soak` looks all the same."""


@pytest.fixture(params=[LATER, "postgresql"])
def site(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """A database several processes share."""
    with arena(request.param) as found:
        yield found


def test_exactly_one_has_the_talk_whoever_comes_back_and_whoever_goes_on(site: Arena) -> None:
    rows = json.loads(site.run(FILL, 12).splitlines()[-1])
    given = json.dumps(rows)
    scripts = (TICK, COME_BACK, GO_ON, GO_ON)
    _, came_back, *went_on = race_of(site, scripts, [[given, mine] for mine in (0, 1, 3, 4)])
    found: dict[str, Any] = json.loads(site.run(TELL).splitlines()[-1])
    outcomes = Counter[str]()
    for at, (session_id, _, lin, zhou, wu) in enumerate(rows):
        state, holders, events = found[str(session_id)]
        assert len(holders) == (state == "active"), "somebody has it, and nobody beside them"
        took = [who for who, said in zip((zhou, wu), went_on, strict=True) if said[at] == "took"]
        assert holders == took or not took
        assert not took or events == ["take", "return", "take"]
        assert not (took and came_back[at] == "kept"), "whoever is heard in time keeps it"
        kept = came_back[at] == "kept"
        assert not kept or (holders, events) == ([lin], ["take"])
        outcomes["went on" if took else "kept" if kept else "other"] += 1
    assert outcomes["went on"], outcomes


def race_of(site: Arena, scripts: tuple[str, ...], arguments: list[list[object]]) -> list[Any]:
    """Different scripts at one moment: each is told by its place which of them it is."""
    chosen = "\n".join(
        f"if int(sys.argv[3]) == {at}:\n    exec({script!r})" for at, script in enumerate(scripts)
    )
    return site.race(chosen, [[*said, at] for at, said in enumerate(arguments)])

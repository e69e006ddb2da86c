"""Real processes: Chen opens in two tabs while Lin keeps, the clock lets lapse, and the seeker ends."""

from __future__ import annotations

import json
from typing import Final

import pytest

from tests.race import READY, arena

TALKS: Final = 16

# Each talk has a Lin and a Chen of its own, and may be opened.
FILL: Final = """
from datetime import UTC, datetime
from counsel.identity import SessionRef
from counsel.models import Staff
from tests.counsel.rights.talks import begin
from tests.people import hire
from triage.handover import steps
from triage.handover.rows import Handover
now, found = datetime.now(UTC), []
for i in range(int(sys.argv[1])):
    lin, chen = hire(f"lin{i}").staff, hire(f"chen{i}").staff
    Staff.objects.update(board_seen_at=now)
    talk = begin(lin)
    steps.ask(lin, SessionRef(talk.ref), chen.pk, now)
    number = Handover.objects.latest("pk").pk
    steps.accept(chen, number, steps.Papers(b"i", b"s", bytes(64)), now)
    steps.let_go(lin, number, now)
    found.append([lin.pk, chen.pk, number, talk.session_id])
print(json.dumps(found))
"""
ACT: Final = (
    """
import secrets, time
from datetime import UTC, datetime, timedelta
from chat import sessions
from chat.succession import Opening
from counsel.errors import CounselError
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.people import welcome
from triage.handover import steps
what, rows, said = sys.argv[1], json.loads(sys.argv[2]), []
now = datetime.now(UTC)
def act(lin, chen, number, session_id):
    if what == "open":
        group = Opening(secrets.token_bytes(16), secrets.token_bytes(16), welcome(), b"s")
        steps.open_after(chen, number, group, now)
    elif what == "keep":
        steps.keep(lin, number, now)
    elif what == "lapse":
        if number == rows[len(rows) // 2][2]:  # then everything that still stands
            steps.tick(now + timedelta(hours=1))
    else:
        sessions.advance(session_id, Event.END, role=Role.SEEKER, now=now)
staff = Staff.objects.select_related("organisation").in_bulk()
"""
    + READY
    + """
began = time.monotonic()
for turn, (lin, chen, number, session_id) in enumerate(rows):
    # Each at the same instant as the others, whatever the one before took.
    time.sleep(max(0, began + turn * 0.12 - time.monotonic()))
    try:
        act(staff[lin], staff[chen], number, session_id)
        said.append("done")
    except CounselError as error:
        said.append(error.code)
print(json.dumps(said))
"""
)
LOOK: Final = """
from chat.models import CounselSession, Envelope, Seat, Step
from triage.handover.rows import Handover
found = []
for lin, chen, number, session_id in json.loads(sys.argv[1]):
    sits = Seat.objects.filter(session=session_id, role="counsellor", ended_at=None)
    row = Handover.objects.filter(pk=number).values_list("state", flat=True).first()
    session = CounselSession.objects.get(pk=session_id)
    found.append([
        session.state, session.group, row,
        ["chen" if one == chen else "lin" for one in sits.values_list("staff", flat=True)],
        Envelope.objects.filter(session=session, what="welcome").count(),
        Step.objects.filter(session=session, event="hand").count(),
    ])
print(json.dumps(found))
"""


@pytest.mark.parametrize("database", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    "against", [["keep", "lapse"], pytest.param(["end"], marks=pytest.mark.soak)]
)
def test_a_talk_is_somebodys_at_every_instant_whoever_was_first(
    database: str, against: list[str]
) -> None:
    with arena(database) as site:
        rows = site.run(FILL, TALKS).splitlines()[-1]
        said = site.race(ACT, [[what, rows] for what in ["open", "open", *against]])
        found = json.loads(site.run(LOOK, rows).splitlines()[-1])
    for turn, (state, group, row, sits, welcomes, hands) in enumerate(found):
        gone = hands == 1
        came = "done" in {said[0][turn], said[1][turn]}
        kept = against[0] == "keep" and said[2][turn] == "done"
        assert (came, came and kept) == (gone, False), (turn, said, found)
        assert sits == (["chen"] if gone else ["lin"]), found
        assert (group, welcomes, hands) == (1 + gone, 1 + gone, int(gone)), found
        if state == "closed":
            assert row is None, found
        else:
            assert row == ("done" if gone else row), found
            assert row != "ready", found

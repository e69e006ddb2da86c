"""Real processes at one raised hand: one supervisor comes, one clock calls, one order in the room."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.race import READY, Arena, arena

HANDS = 12
RAISE = """
from datetime import UTC, datetime, timedelta
from counsel.lifecycle import Role
from counsel.models import home
from tests.counsel.rights.talks import begin
from tests.people import hire, key_package
from triage.escalation.rows import Receiver
from triage.sideroom import raising
from triage.sideroom.rows import RaisedHand
from chat.models import CounselSession
now = datetime.now(UTC)
staff = [hire(name, Role.SUPERVISOR).staff for name in ("zhou", "sam")]
Receiver.objects.create(organisation=home(), channel="sms", address="10001", added_at=now)
for number in range(int(sys.argv[1])):
    lin = hire(f"lin{number}").staff
    talk = begin(lin)
    code = CounselSession.objects.get(pk=talk.session_id).case_code
    raising.raise_hand(lin, case_code=code, key_package=key_package(), statement=b"s", now=now)
print(json.dumps([one.pk for one in staff]))
"""
ANSWER = f"""
import secrets
from datetime import UTC, datetime
from counsel.errors import CounselError
from counsel.models import Staff
from tests.people import welcome
from triage.sideroom import raising
from triage.sideroom.rows import RaisedHand
me = Staff.objects.get(pk=int(sys.argv[1]))
hands = list(RaisedHand.objects.order_by("pk").values_list("pk", flat=True))
{READY}
won = []
for hand in hands:
    try:
        raising.answer(
            me, hand, round_=1, group_id=secrets.token_bytes(16), welcome=welcome(),
            statement=b"s", now=datetime.now(UTC),
        )
        won.append(hand)
    except CounselError as refusal:
        assert refusal.code == "too-late", refusal.code
print(json.dumps(won))
"""
CLOCK = f"""
from datetime import UTC, datetime, timedelta
from triage.sideroom import sweep
later = datetime.now(UTC) + timedelta(seconds=61)
{READY}
print(json.dumps(sum(sweep.tick(later) for _ in range(20))))
"""
SAY = f"""
import secrets
from counsel.errors import StaleEpochError
from counsel.models import Staff
from tests.people import commit, seal
from triage.sideroom import saying
from triage.sideroom.rows import RaisedHand
hand = RaisedHand.objects.order_by("pk").first()
me = hand.raised_by if sys.argv[1] == "raiser" else hand.answered_by
{READY}
places, epoch = [], 1
for number in range(30):
    sealed = commit(bytes(hand.group_id), epoch) if number % 5 == 4 else seal(bytes(hand.group_id), epoch)
    try:
        places.append(
            saying.say(me, hand.pk, round_=1, client_id=secrets.token_bytes(16), sealed=sealed)
        )
        epoch += number % 5 == 4
    except StaleEpochError:
        epoch = RaisedHand.objects.get(pk=hand.pk).epoch
print(json.dumps(places))
"""
TELL = """
from triage.escalation.rows import Call
from triage.sideroom.rows import RaisedHand, SideRow
print(json.dumps({
    "states": sorted(RaisedHand.objects.values_list("state", flat=True)),
    "welcomes": list(SideRow.objects.filter(what="welcome").values_list("hand_id", flat=True)),
    "calls": list(Call.objects.values_list("hand_id", flat=True)),
    "rows": list(SideRow.objects.order_by("hand_id", "seq").values_list("hand_id", "seq", "what")),
    "epochs": dict(RaisedHand.objects.values_list("pk", "epoch")),
}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """A fresh one."""
    with arena(request.param) as found:
        yield found


@pytest.mark.soak
def test_two_come_at_once_and_one_is_first_and_two_clocks_call_once(site: Arena) -> None:
    zhou, sam = json.loads(site.run(RAISE, HANDS).splitlines()[-1])
    lapsed = site.race(CLOCK, [[], []])
    assert sum(lapsed) == HANDS, "each hand was moved by one clock, once"
    told = json.loads(site.run(TELL).splitlines()[-1])
    assert told["states"] == ["unanswered"] * HANDS
    assert set(Counter(told["calls"]).values()) == {1}
    won = site.race(ANSWER, [[zhou], [sam]])
    assert len(won[0]) + len(won[1]) == HANDS
    assert not set(won[0]) & set(won[1])
    told = json.loads(site.run(TELL).splitlines()[-1])
    assert told["states"] == ["answered"] * HANDS
    assert set(Counter(told["welcomes"]).values()) == {1}
    assert told["calls"] == [], "whoever was to be called is not called any more"


@pytest.mark.soak
def test_two_who_write_at_once_have_one_order_and_one_epoch_after_the_other(site: Arena) -> None:
    zhou, _ = json.loads(site.run(RAISE, 1).splitlines()[-1])
    site.race(ANSWER, [[zhou]])
    first, second = site.race(SAY, [["raiser"], ["other"]])
    assert not set(first) & set(second)
    told = json.loads(site.run(TELL).splitlines()[-1])
    places = [seq for _, seq, _ in told["rows"]]
    assert places == list(range(1, len(places) + 1)), "no place twice, and none left out"
    commits = [what for _, _, what in told["rows"]].count("commit")
    assert list(told["epochs"].values()) == [1 + commits]

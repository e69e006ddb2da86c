"""Every command of the sockets: what the trail has of it, once, or why it has nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.db import DatabaseError

from chat import sessions
from chat.lanes import READ, WRITE
from chat.models import CounselSession
from counsel import limits
from counsel.audit.models import AuditCase, AuditEntry
from counsel.framing import Frame
from counsel.lifecycle import Event, Role
from counsel.management.access import ABSENT, SIGNED_OUT, table
from counsel.models import Staff
from tests.counsel.rights.said import by_post, on_a_socket, on_the_board
from tests.counsel.rights.talks import Scene, Talk, begin, begin_for, gather, what_is_kept
from tests.people import APPS, hire
from triage import wire
from triage.queue import judging, offers
from triage.queue.rows import Place
from triage.queue.tiers import Tier

stored = pytest.mark.django_db(transaction=True, available_apps=APPS)
STAFF: Final = ("counsellor", "supervisor", "administrator", "auditor")
WAYS: Final = {"socket": on_a_socket, "poll": by_post}
REFUSED: Final = {ABSENT, SIGNED_OUT}
HELLOS: Final = {"Start", "Resume", "Attend"}

RECORDED: Final[Mapping[str, Mapping[str, str]]] = {
    "chat": {"Attend": "case-opened", "End": "case-ended"},
    "board": {
        "Watch": "board-opened",
        "Take": "case-taken",
        "Accept": "case-taken",
        "Pass": "case-passed",
        "OfferMe": "offers-on",
        "Lower": "case-lowered",
        "SetCap": "cap-changed",
        "TakeOver": "case-taken-over",
        "GiveBack": "case-let-go",
    },
}
"""What the trail has of a command that was done."""

OF_DANGER: Final[Mapping[str, str]] = {
    "Raise": "danger-raised",
    "Acknowledge": "danger-answered",
    "Act": "danger-acted",
    "Assess": "danger-assessed",
    "Propose": "danger-proposed",
    "Confirm": "danger-confirmed",
    "Decline": "danger-declined",
    "Settle": "danger-settled",
}
"""And of those about danger, which follow from each other: `tests/triage/escalation/test_trail.py`."""

OF_VISITS: Final[Mapping[str, str]] = {
    "AskIn": "visit-asked",
    "TurnDown": "visit-refused",
    "StepOut": "visit-left",
}
"""And of those about a supervisor beside a counsellor, which do too: `tests/chat/test_visits.py`."""

OF_HELP: Final[Mapping[str, str]] = {
    "OfferHelp": "help-offered",
    "SayHelp": "help-agreed",
    "CodeHelp": "help-coded",
}
"""And of those about help that is sent: `tests/triage/dispatch/test_acting.py`."""

OF_HANDS: Final[Mapping[str, str]] = {
    "RaiseHand": "hand-raised",
    "AnswerHand": "hand-answered",
    "MeetAgain": "hand-met-again",
    "LowerHand": "hand-ended",
}
"""And of those about a raised hand: `tests/triage/sideroom/test_raising.py`."""
OF_HANDOVERS: Final[Mapping[str, str]] = {
    "HandOver": "handover-asked",
    "ComeAfter": "handover-accepted",
    "NotMe": "handover-declined",
    "KeepTalk": "handover-kept",
    "LetGo": "handover-let-go",
    "OpenAfter": "handover-done",
}
"""And of those about a talk that goes on with somebody else: `tests/triage/handover/test_steps.py`."""

IN_THE_TALK: Final = "what is done in a talk one went into: how often would tell of the seeker"
IN_THE_ROOM: Final = "said between two colleagues: who came to whom is recorded, not how often"
A_LOOK: Final = "which group it is, before somebody asks to come in; asking is recorded"
WHO_IS_FREE: Final = "which colleague has free hands, before one is asked; asking is recorded"
OF_SEEKERS: Final = "said by seekers, of whom the trail has nothing"
NOT_RECORDED: Final[Mapping[str, Mapping[str, str]]] = {
    "chat": {
        "Start": OF_SEEKERS,
        "Resume": OF_SEEKERS,
        "TopUp": OF_SEEKERS,
        "Ask": OF_SEEKERS,
        "Erase": OF_SEEKERS,
        "Shown": OF_SEEKERS,
        "Change": "it is what became of a wish, which is recorded: `tests/chat/test_visits.py`",
        "ClaimKey": IN_THE_TALK,
        "OpenGroup": IN_THE_TALK,
        "Send": IN_THE_TALK,
        "Read": IN_THE_TALK,
        "Here": IN_THE_TALK,
        "Beat": IN_THE_TALK,
    },
    "board": {
        "Beside": A_LOOK,
        "SaySide": IN_THE_ROOM,
        "HearSide": IN_THE_ROOM,
        "WhoCould": WHO_IS_FREE,
        "KeyAfter": IN_THE_TALK,
    },
}
"""And why it has nothing of the others."""


def test_every_command_is_recorded_or_somebody_has_said_why_not() -> None:
    assert set(RECORDED) == set(NOT_RECORDED) == set(table().commands)
    apart: Mapping[str, Mapping[str, str]] = {
        "chat": {},
        "board": {**OF_DANGER, **OF_VISITS, **OF_HANDS, **OF_HELP, **OF_HANDOVERS},
    }
    for socket, rows in table().commands.items():
        named = [*RECORDED[socket], *NOT_RECORDED[socket], *apart[socket]]
        assert sorted(named) == sorted(rows), socket


def written(since: int) -> list[tuple[str, str]]:
    """What was done, and by whom."""
    rows = AuditEntry.objects.filter(pk__gt=since).order_by("pk")
    return list(rows.values_list("what", "by"))


def newest() -> int:
    """The number of the last entry."""
    return AuditEntry.objects.order_by("pk").values_list("pk", flat=True).last() or 0


# --- the board ------------------------------------------------------------------------------------


def offer(staff: Staff, talk: Talk) -> int:
    """Somebody is offered to them; the number of the offer."""
    now = datetime.now(UTC)
    sessions.advance(talk.session_id, Event.OFFER, role=Role.CLOCK, staff_id=staff.pk, now=now)
    return Place.objects.get(pk=talk.session_id).offer


def possible(name: str, scene: Scene, role: str) -> Frame:
    """A frame of this kind that is done, if whoever says it may: somebody red waits."""
    me = scene.colleagues[role].staff
    talk = begin_for(name, me, Tier.YELLOW)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    Place.objects.filter(pk=talk.session_id).update(tier=Tier.RED, due_at=long_ago)
    offered = offer(me, talk) if name in {"Accept", "Pass"} else 0
    code = CounselSession.objects.get(pk=talk.session_id).case_code
    frames: dict[str, Callable[[], Frame]] = {
        "Watch": lambda: wire.Watch(version=limits.WIRE_VERSION),
        "Take": wire.Take,
        "OfferMe": lambda: wire.OfferMe(wanted=1),
        "Accept": lambda: wire.Accept(offer=offered),
        "Pass": lambda: wire.Pass(offer=offered),
        "Lower": lambda: wire.Lower(case_code=code, tier=Tier.GREEN, reason="judged"),
        "SetCap": lambda: wire.SetCap(staff=scene.mate.pk, talks=2),
        "TakeOver": lambda: wire.TakeOver(case_code=code),
        "GiveBack": lambda: wire.GiveBack(ref=talk.ref),
    }
    return frames[name]()


@stored
@pytest.mark.parametrize("name", sorted(RECORDED["board"]))
async def test_what_is_done_on_the_board_is_in_the_trail_once(name: str) -> None:
    scene, done = await WRITE(gather), 0
    for role in STAFF:
        frame, since = await WRITE(possible, name, scene, role), await READ(newest)
        code = (await on_the_board(scene.cookie(role), [frame])).codes[0]
        done += code == ""
        me = scene.colleagues[role].staff.person
        expected = [] if code else [(RECORDED["board"][name], me)]
        assert await READ(written, since) == expected, (role, code)
        assert (code in REFUSED) == (table().commands["board"][name].cells[role]["yes"] in REFUSED)
    assert done, "nobody could do it: this test has shown nothing"


@stored
async def test_an_offer_that_is_over_leaves_nothing_behind_and_a_lapsed_one_is_nobodys_act() -> (
    None
):
    scene = await WRITE(gather)
    frame, since = await WRITE(possible, "Pass", scene, "counsellor"), await READ(newest)
    for _ in range(3):
        assert (await on_the_board(scene.cookie("counsellor"), [frame])).codes == ("",)
    assert len(await READ(written, since)) == 1, "what is passed already was passed once"
    await WRITE(possible, "Pass", scene, "counsellor")
    await WRITE(offers.tick, datetime.now(UTC) + limits.OFFER_FOR + timedelta(seconds=1))
    assert len(await READ(written, since)) == 1


# --- a talk ---------------------------------------------------------------------------------------


def at_once(role: str, way: str) -> list[list[str]]:
    """Which commands are said on one talk: by a counsellor on a socket each on its own."""
    names = [name for name in table().commands["chat"] if name not in HELLOS]
    if (role, way) == ("counsellor", "socket"):
        return [[], *([name] for name in names)]
    return [[name for name in names if name not in {"End", "Erase"}], ["End"], ["Erase"]]


@stored
@pytest.mark.parametrize("way", WAYS)
async def test_of_a_talk_going_in_and_ending_it_are_in_the_trail_and_nothing_else(way: str) -> None:
    scene, rows = await WRITE(gather), table().commands["chat"]
    for role in ("seeker", *STAFF):
        me = scene.colleagues[role].staff.person if role in STAFF else ""
        for names in at_once(role, way):
            talk, since = await WRITE(scene.talk, role, "own"), await READ(newest)
            said = [talk.hello(role), *(talk.commands()[name] for name in names)]
            codes = (await WAYS[way](scene.cookie(role), said)).codes
            done = [name for name in ("Attend", *names) if rows[name].cells[role]["own"] == ""]
            kinds = [RECORDED["chat"][name] for name in done if name in RECORDED["chat"]]
            expected = [(kind, me) for kind in kinds] if me else []
            assert await READ(written, since) == expected, (role, names, codes)


# --- one act ----------------------------------------------------------------------------------------


NOW: Final = datetime(2026, 11, 26, 20, 7, 41, tzinfo=UTC)


def _lower(sam: Staff, lin: Staff, talk: Talk) -> None:
    code = CounselSession.objects.get(pk=talk.session_id).case_code
    judging.lower(sam, case_code=code, tier=Tier.GREEN, reason="safe", now=NOW)


def _set_cap(sam: Staff, lin: Staff, talk: Talk) -> None:
    judging.set_cap(sam, staff_id=lin.pk, talks=2, now=NOW)


def _switch(sam: Staff, lin: Staff, talk: Talk) -> None:
    offers.switch(lin, True, NOW)


def _pass(sam: Staff, lin: Staff, talk: Talk) -> None:
    place = Place.objects.get(pk=talk.session_id)
    offers.pass_on(lin.pk, place.offer, datetime.now(UTC))


ACTS: Final = [_lower, _set_cap, _switch, _pass]


@pytest.fixture
def three(db: None) -> tuple[Staff, Staff, Talk]:
    """Sam, Lin, and somebody who is offered to her."""
    sam, lin = hire("sam", Role.SUPERVISOR).staff, hire("lin", cap=1).staff
    talk = begin(None)
    Place.objects.filter(pk=talk.session_id).update(tier=Tier.ORANGE)
    offer(lin, talk)
    return sam, lin, talk


@pytest.mark.parametrize("act", ACTS)
def test_what_the_trail_cannot_take_was_not_done(
    act: Callable[[Staff, Staff, Talk], None],
    three: tuple[Staff, Staff, Talk],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = what_is_kept()

    def full(*_rows: Any, **_how: Any) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(AuditEntry.objects, "bulk_create", full)
        with pytest.raises(DatabaseError, match="full"):
            act(*three)
    assert what_is_kept() == before
    act(*three)
    assert what_is_kept() != before


@pytest.mark.parametrize("act", [_lower, _pass])
def test_of_who_waits_an_act_keeps_the_day_and_neither_code_nor_how_urgent(
    act: Callable[[Staff, Staff, Talk], None], three: tuple[Staff, Staff, Talk]
) -> None:
    _, _, talk = three
    act(*three)
    entry = AuditEntry.objects.latest("pk")
    code = CounselSession.objects.get(pk=talk.session_id).case_code
    assert (entry.at.hour, entry.at.minute) == (0, 0)
    assert entry.thing == AuditCase.objects.get(case_code=code).name
    assert (entry.about, code in entry.thing) == ("", False)


def test_of_a_cap_it_says_whose_and_how_many(three: tuple[Staff, Staff, Talk]) -> None:
    sam, lin, _ = three
    _set_cap(*three)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.by, entry.about, entry.thing) == (sam.person, lin.person, "2")
    assert entry.at == NOW.replace(second=0)


def test_of_offers_it_says_whether_they_are_wanted(three: tuple[Staff, Staff, Talk]) -> None:
    _, lin, _ = three
    for wanted in (True, False):
        offers.switch(lin, wanted, NOW)
    said = AuditEntry.objects.filter(by=lin.person).order_by("pk").values_list("what", flat=True)
    assert list(said) == ["offers-on", "offers-off"]

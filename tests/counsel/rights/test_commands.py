"""Every frame, said by every role about every kind of talk: as the reviewed table says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest
from django.conf import settings

from chat import wire
from chat.lanes import READ, WRITE
from chat.models import CounselSession
from counsel import limits
from counsel.asgi import SOCKETS
from counsel.audit.models import AuditEntry
from counsel.framing import Fixed, Frame, layout
from counsel.management.access import ABSENT, SIGNED_OUT, table
from tests.counsel.rights.said import Heard, by_post, on_a_socket, on_the_board
from tests.counsel.rights.talks import (
    Scene,
    Talk,
    begin,
    begin_for,
    emptiest,
    gather,
    named,
    nowhere,
    what_is_kept,
)
from tests.people import APPS, key_package, seal, sign_in, welcome
from triage import wire as board_wire
from triage.beside import wire as beside
from triage.dispatch import wire as help_wire
from triage.escalation import wire as danger
from triage.handover import wire as handing
from triage.queue.tiers import Tier
from triage.sideroom import wire as side

pytestmark = pytest.mark.one_database
stored = pytest.mark.django_db(transaction=True, available_apps=APPS)
CHAT, BOARD = table().commands["chat"], table().commands["board"]
HELLOS = {"Start", "Resume", "Attend"}
WAYS = {"socket": on_a_socket, "poll": by_post}
Way = Callable[[str, Sequence[Frame]], Awaitable[Heard]]
VOCABULARIES = {path.strip("/"): app.consumer_class.vocabulary for path, app in SOCKETS.items()}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to slow down."""
    monkeypatch.setattr(settings, "SEND_BURST", 100_000, raising=False)


# --- complete -------------------------------------------------------------------------------------


def test_every_socket_and_every_frame_has_a_row_and_every_row_a_frame() -> None:
    assert set(VOCABULARIES) == set(table().commands)
    for socket, vocabulary in VOCABULARIES.items():
        rows = [*table().commands[socket], *table().spoken[socket]]
        assert sorted(rows) == sorted(named(vocabulary)), socket


def test_every_id_inside_a_frame_has_a_row() -> None:
    """Whatever has a fixed length names something: a token, a reference, a number of one's own."""
    found = {"Send.sealed"}  # its clear header names a group
    for socket, rows in table().commands.items():
        for name in rows:
            frame = named(VOCABULARIES[socket])[name]
            found |= {f"{name}.{key}" for key, codec in layout(frame) if isinstance(codec, Fixed)}
    assert found == set(table().ids)


# --- said -----------------------------------------------------------------------------------------


REFUSED = {ABSENT, SIGNED_OUT}
HERE = wire.Here(presence="here")
"""A command behind a hello: by post a hello alone would be held until something is new."""


def hello_row(name: str, role: str, talk: Talk) -> list[Frame]:
    """A hello that is the question itself."""
    resumes = name == "Resume" and role == "seeker"
    return [talk.hello(role) if resumes else talk.commands()[name], HERE]


@stored
@pytest.mark.parametrize("way", WAYS)
async def test_what_is_done_and_what_is_refused_in_its_own_words(way: str) -> None:
    """Each on a talk of its own, because most of it changes the talk."""
    scene, wrong = await WRITE(gather), []
    for name, row in CHAT.items():
        for role, cell in row.cells.items():
            for standing, expected in cell.items():
                if expected in REFUSED:
                    continue
                talk = nowhere() if standing == "yes" else await WRITE(scene.talk, role, standing)
                hello = name in HELLOS
                said = [talk.hello(role), talk.commands()[name]]
                if hello:
                    said = hello_row(name, role, talk)
                code = (await WAYS[way](scene.cookie(role), said)).codes[0 if hello else 1]
                if code != expected:
                    wrong.append(f"{name}: {role}, {standing}: {code or 'done'}, not {expected}")
    assert not wrong, "\n".join(wrong)


@stored
@pytest.mark.parametrize("way", WAYS)
async def test_what_is_refused_looks_as_if_it_were_absent_and_changes_nothing(way: str) -> None:
    """To the frame and to the size: not yours, erased, elsewhere, never there."""
    scene, wrong = await WRITE(gather), []
    talks = await WRITE(_talks, scene)
    nobody: dict[tuple[str, ...], Heard] = {}
    before = await READ(what_is_kept)
    for (role, standing), talk in talks.items():
        for names, hello in ((["Resume"], True), (["Attend"], True), (_commands(), False)):
            refused = [name for name in names if CHAT[name].cells[role][standing] in REFUSED]
            if not refused:
                continue
            said = _said(refused, role, talk, hello=hello)
            heard = await WAYS[way](scene.cookie(role), said)
            if (key := (role, *refused)) not in nobody:
                said = _said(refused, role, nowhere(), hello=hello)
                nobody[key] = await WAYS[way](scene.cookie(role), said)
            at = f"{role}, {standing}: {', '.join(refused)}"
            if heard.refused != {CHAT[name].cells[role][standing] for name in refused}:
                wrong.append(f"{at}: {heard}")
            is_there = not hello and not heard.codes[0]  # who sits there may know it
            if not is_there and heard != nobody[key]:
                wrong.append(f"{at}: {heard} is not {nobody[key]}")
    assert not wrong, "\n".join(wrong)
    assert await READ(what_is_kept) == before


def _commands() -> list[str]:
    return [name for name in CHAT if name not in HELLOS]


def _said(names: list[str], role: str, talk: Talk, *, hello: bool) -> list[Frame]:
    """A hello, or the commands behind the one with which this role names the talk."""
    if hello:
        return hello_row(names[0], role, talk)
    every = talk.commands()
    return [talk.hello(role), *(every[name] for name in names)]


def _talks(scene: Scene) -> dict[tuple[str, str], Talk]:
    standings = table().objects["talk"]
    return {
        (role, standing): scene.talk(role, standing)
        for role in table().roles
        for standing in standings
    }


# --- the board ------------------------------------------------------------------------------------


IN_DANGER = {kind.__name__ for kind in danger.COMMANDS}
"""Said about somebody who is."""


def board_frame(name: str, talk: Talk, scene: Scene) -> Frame:
    """One frame of this kind, good if whoever says it may."""
    code = CounselSession.objects.get(pk=talk.session_id).case_code
    frames: dict[str, Frame] = {
        "Watch": board_wire.Watch(version=limits.WIRE_VERSION),
        "Take": board_wire.Take(),
        "OfferMe": board_wire.OfferMe(wanted=1),
        "Accept": board_wire.Accept(offer=7),
        "Pass": board_wire.Pass(offer=7),
        "Lower": board_wire.Lower(case_code=code, tier=Tier.GREEN, reason="judged"),
        "Raise": danger.Raise(case_code=code, danger="now", reason="judged"),
        "Acknowledge": danger.Acknowledge(case_code=code),
        "Act": danger.Act(case_code=code, what="watches"),
        "Assess": danger.Assess(case_code=code),
        "Propose": danger.Propose(case_code=code, tier=Tier.ORANGE, reason="judged"),
        "Confirm": danger.Confirm(case_code=code),
        "Decline": danger.Decline(case_code=code),
        "Settle": danger.Settle(case_code=code, outcome="mistake", unassessed="no-danger"),
        "Beside": beside.Beside(case_code=code),
        "AskIn": beside.AskIn(
            ref=talk.ref,
            group_id=talk.group_id,
            epoch=1,
            key_package=key_package(),
            statement=b"s",
            proof=bytes(64),
        ),
        "TurnDown": beside.TurnDown(visit=7),
        "StepOut": beside.StepOut(ref=talk.ref),
        "RaiseHand": side.RaiseHand(case_code=code, key_package=key_package(), statement=b"s"),
        "LowerHand": side.LowerHand(hand=7),
        "AnswerHand": side.AnswerHand(
            hand=7, round=1, group_id=talk.group_id, welcome=welcome(), statement=b"s"
        ),
        "MeetAgain": side.MeetAgain(hand=7, round=1, key_package=key_package(), statement=b"s"),
        "SaySide": side.SaySide(hand=7, round=1, client_id=bytes(16), sealed=seal(talk.group_id)),
        "HearSide": side.HearSide(hand=7, round=1, after=0),
        "OfferHelp": help_wire.OfferHelp(case_code=code),
        "SayHelp": help_wire.SayHelp(help=7, event="consent"),
        "CodeHelp": help_wire.CodeHelp(help=7),
        "TakeOver": board_wire.TakeOver(case_code=code),
        "GiveBack": board_wire.GiveBack(ref=talk.ref),
        "WhoCould": handing.WhoCould(ref=talk.ref),
        "HandOver": handing.HandOver(ref=talk.ref, staff=0),
        "ComeAfter": handing.ComeAfter(handover=7, identity=b"i", statement=b"s", proof=bytes(64)),
        "NotMe": handing.NotMe(handover=7),
        "KeepTalk": handing.KeepTalk(handover=7),
        "LetGo": handing.LetGo(handover=7),
        "KeyAfter": handing.KeyAfter(handover=7),
        "OpenAfter": handing.OpenAfter(
            handover=7,
            client_id=bytes(16),
            group_id=talk.group_id,
            welcome=welcome(),
            statement=b"s",
        ),
        "SetCap": board_wire.SetCap(staff=scene.mate.pk, talks=1),
    }
    return frames[name]


@stored
@pytest.mark.parametrize("name", sorted(BOARD))
async def test_the_board_answers_as_the_table_says(name: str) -> None:
    scene, wrong = await WRITE(gather), []
    for role, cell in BOARD[name].cells.items():
        danger_is_there = name in IN_DANGER - {"Raise"}
        tier = Tier.RED if danger_is_there else Tier.YELLOW
        me = scene.colleagues[role].staff if role in scene.colleagues else None
        talk = await WRITE(begin_for, name, me, tier)
        frame = await READ(board_frame, name, talk, scene)
        before, entries = await READ(what_is_kept), await READ(AuditEntry.objects.count)
        heard = await on_the_board(scene.cookie(role), [frame])
        if heard.codes[0] != cell["yes"]:
            wrong.append(f"{role}: {heard.codes[0] or 'done'}, not {cell['yes'] or 'done'}")
        if cell["yes"] and await READ(what_is_kept) != before:
            wrong.append(f"{role}: refused, and something changed")
        acts = await READ(AuditEntry.objects.count) - entries
        if acts != (not cell["yes"]) and (name in IN_DANGER or cell["yes"]):
            wrong.append(f"{role}: {acts} entries in the trail")
    assert not wrong, "\n".join([name, *wrong])


@stored
async def test_somebody_of_another_organisation_has_no_board_here() -> None:
    """Whoever waits here waits for ours: nobody elsewhere sees a case code, or takes anybody."""
    scene = await WRITE(gather)
    await WRITE(lambda: begin(None))
    cookie = (await WRITE(sign_in, scene.outsider)).cookie
    for frame in (board_wire.Watch(version=limits.WIRE_VERSION), board_wire.Take()):
        heard = await on_the_board(cookie, [frame])
        assert heard.codes == (ABSENT,), frame


# --- what only servers say --------------------------------------------------------------------------


@stored
async def test_what_servers_say_is_no_frame_from_a_client() -> None:
    scene = await WRITE(gather)
    for role in table().roles:
        talk = await WRITE(scene.talk, role, "own")
        for socket, spoken in table().spoken.items():
            sits = socket == "chat" and role in {"seeker", "counsellor", "supervisor"}
            hello = [talk.hello(role)] if sits else []
            for name in spoken:
                said = [*hello, emptiest(named(VOCABULARIES[socket])[name])]
                way = on_a_socket if socket == "chat" else on_the_board
                heard = [await way(scene.cookie(role), said)]
                if sits and name != "News":  # behind a hello by post it says what one knows already
                    heard.append(await by_post(scene.cookie(role), said))
                assert {one.codes[-1] for one in heard} == {"bad-frame"}, (socket, role, name)

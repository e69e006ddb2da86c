"""What is named inside a frame: one's own, or as if it were not there.

Each id of the reviewed table has a claim here that somebody else's gives nothing; a new one without
a claim fails.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from django.conf import settings

from chat import wire
from chat.lanes import READ, WRITE
from chat.models import CounselSession, Envelope, Visit
from counsel import limits
from counsel.errors import AccessError, CounselError
from counsel.identity import SessionRef, Token, hash_token
from counsel.management.access import ABSENT, table
from counsel.models import Staff
from counsel.statements import encode
from tests.asking import request
from tests.counsel.rights import handed_on, side_rooms
from tests.counsel.rights.said import by_post, on_a_socket
from tests.counsel.rights.talks import Scene, begin, gather, start, what_is_kept
from tests.counsel.rights.talks import Talk as HeldTalk
from tests.people import (
    APPS,
    Browser,
    Colleague,
    Seeker,
    Talk,
    browsing,
    commit,
    key_package,
    seal,
    talking,
)
from triage.beside import wire as beside
from triage.beside.commands import ask_in, step_out
from triage.queue.rows import Place
from triage.queue.tiers import Asked, Tier
from triage.takeover import let_go

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=APPS),
    pytest.mark.one_database,
]
VERSION: Final = limits.WIRE_VERSION
HERE: Final = wire.Here(presence="here")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to slow down."""
    monkeypatch.setattr(settings, "SEND_BURST", 100_000, raising=False)


def one_bit_off(name: bytes) -> list[bytes]:
    """The same but for one bit, at either end."""
    return [bytes([name[0] ^ 1]) + name[1:], name[:-1] + bytes([name[-1] ^ 0x80])]


async def start_token() -> None:
    """A token that has a talk gives that talk, and begins none."""
    async with talking() as talk:
        before = await READ(CounselSession.objects.count)
        await talk.phone.leave()
        again = await by_post("", [talk.sana.start(), HERE])
        assert again.codes == ("", "")
        assert await READ(CounselSession.objects.count) == before
        for other in one_bit_off(talk.sana.token):
            assert (await by_post("", [start(other), HERE])).codes == ("", "")
        assert await READ(CounselSession.objects.count) == before + 2


async def resume_token() -> None:
    """A token one bit off, its hash, and the reference are no token."""
    async with talking() as talk:
        own = talk.sana.token
        hashed = bytes(hash_token(Token(own)))
        guesses = [*one_bit_off(own), hashed, talk.ref.ljust(32, b"\0"), bytes(32)]
        heard = {await by_post("", [wire.Resume(version=VERSION, token=guess, after=0), HERE])
                 for guess in guesses}  # fmt: skip
        assert [one.codes for one in heard] == [(ABSENT, ABSENT)]


async def attend_ref() -> None:
    """A reference one bit off is one nobody drew, and so is a colleague's."""
    scene = await WRITE(gather)
    mine = await WRITE(scene.talk, "counsellor", "own")
    theirs = await WRITE(scene.talk, "counsellor", "other")
    cookie = scene.cookie("counsellor")
    names = [*one_bit_off(mine.ref), theirs.ref, bytes(16)]
    heard = {await on_a_socket(cookie, [wire.Attend(version=VERSION, ref=ref, after=0), HERE])
             for ref in names}  # fmt: skip
    assert [one.codes for one in heard] == [(ABSENT, ABSENT)]


async def open_group_client_id() -> None:
    """The number the other side gave its own words is free for mine."""
    async with talking() as talk:
        words = talk.words()
        await talk.phone.ask(words)
        opening = replace(talk.opening(secrets.token_bytes(16)), client_id=words.client_id)
        assert await talk.desk.ask(opening) == wire.Stored(seq=3)


async def open_group_group_id() -> None:
    """The id of another talk's group, taken for mine, reaches nothing of that talk."""
    async with talking() as theirs, talking() as mine:
        await theirs.phone.ask(theirs.words())
        before = await READ(_log, theirs)
        assert await mine.desk.ask(mine.opening(theirs.group_id)) == wire.Stored(seq=2)
        mine.group_id = theirs.group_id
        assert await mine.desk.ask(mine.words()) == wire.Stored(seq=3)
        assert await READ(_log, theirs) == before
        assert [one.seq for one in theirs.phone.all(wire.Envelope)] == [1]
        heard = {bytes(one.sealed) for one in mine.phone.all(wire.Envelope)}
        assert not heard & {row["sealed"] for row in before}


async def send_client_id() -> None:
    """Words under a number the other side has used are new words, not theirs and not refused."""
    async with talking() as talk:
        theirs = talk.words()
        assert await talk.phone.ask(theirs) == wire.Stored(seq=2)
        mine = replace(talk.words(), client_id=theirs.client_id)
        assert await talk.desk.ask(mine) == wire.Stored(seq=3)


async def send_sealed() -> None:
    """A message to another talk's group is as one to a group that never was."""
    async with talking() as theirs, talking() as mine:
        before = await READ(what_is_kept)
        answers = {
            await mine.desk.ask(wire.Send(client_id=secrets.token_bytes(16), sealed=seal(group)))
            for group in (theirs.group_id, secrets.token_bytes(16))
        }
        assert answers == {wire.Refused(code="stale-epoch", retry_after=0)}
        assert await READ(what_is_kept) == before


async def start_request() -> None:
    """Whoever asks for somebody's listener begins a talk of their own and learns of no other."""
    async with talking() as talk:
        listener = secrets.token_bytes(16)
        same = Staff.objects.filter(pk=talk.carol.staff.pk)
        await READ(lambda: same.update(person=encode(listener)))
        phone = Browser()
        async with browsing(phone):
            seated = await phone.ask(Seeker().start(listener=listener))
            assert isinstance(seated, wire.Seated)
            assert seated.ref != talk.ref
            assert (await phone.hear_news(state="waiting")).presence == ""


async def ask_request() -> None:
    """What one asks of the queue moves nobody else there."""
    first, second = Browser(), Browser()
    async with browsing(first, second):
        theirs = await first.ask(Seeker().start())
        assert isinstance(theirs, wire.Seated)
        await second.ask(Seeker().start())
        said = wire.Ask(request=request(event=Asked.DANGER))
        assert await second.ask(said) == wire.Done()
        tiers = await READ(lambda: dict(Place.objects.values_list("session__ref", "tier")))
        assert tiers.pop(theirs.ref) == Tier.YELLOW
        assert set(tiers.values()) == {Tier.RED}


async def change_client_id() -> None:
    """That of a row somebody else sent is one's own number, of a commit that is judged by itself."""
    async with talking() as talk:
        sent = talk.words()
        talk.phone.say(sent)
        await talk.desk.until(lambda: len(talk.desk.rows) == 2)
        change = wire.Change(
            client_id=sent.client_id, sealed=commit(talk.group_id), visit=0, welcome=b"",
            statement=b"",
        )  # fmt: skip
        answer = await talk.desk.ask(change)
        assert isinstance(answer, wire.Refused)
        assert answer.code == "bad-envelope"


def _asks(scene: Scene, talk: HeldTalk, **other: Any) -> list[str]:
    """What is said to a supervisor who asks to come in, and what that leaves."""
    named: dict[str, Any] = {
        "ref": talk.ref, "group_id": talk.group_id, "epoch": 1, "key_package": key_package(),
        "statement": b"s", "proof": bytes(64),
    }  # fmt: skip
    frame = beside.AskIn(**{**named, **other})
    me = scene.colleagues["supervisor"].staff
    try:
        ask_in(me, frame, datetime.now(UTC))
    except CounselError as refusal:
        return [refusal.code]
    return [str(at) for at in Visit.objects.values_list("session_id", flat=True)]


async def ask_in_ref() -> None:
    """A bit beside is no talk; another organisation's supervisor asks nowhere here."""

    def claim() -> None:
        scene = gather()
        talk = begin(scene.mate)
        for ref in one_bit_off(talk.ref):
            assert _asks(scene, talk, ref=ref) == [ABSENT]
        outsider = Colleague(Staff.objects.get(pk=scene.outsider.pk), "")
        foreign = replace(scene, colleagues={"supervisor": outsider})
        assert _asks(foreign, talk) == [ABSENT]
        assert _asks(scene, talk) == [str(talk.session_id)]

    await WRITE(claim)


async def ask_in_group_id() -> None:
    """The group of another talk is as if it were old."""

    def claim() -> None:
        scene = gather()
        talk, other = begin(scene.mate), begin(scene.mate)
        assert _asks(scene, talk, group_id=other.group_id) == ["stale-epoch"]

    await WRITE(claim)


async def ask_in_proof() -> None:
    """Any gives the same: it is for the counsellor's browser, and read nowhere here."""

    def claim() -> None:
        scene = gather()
        talk = begin(scene.mate)
        assert _asks(scene, talk) == _asks(scene, talk, proof=b"x" * 64)

    await WRITE(claim)


async def step_out_ref() -> None:
    """A talk one never came into, whoever is in it, is as if there were none."""

    def claim() -> None:
        scene = gather()
        talk = begin(scene.mate)
        me = scene.colleagues["supervisor"].staff
        for ref in (talk.ref, *one_bit_off(talk.ref)):
            with pytest.raises(AccessError):
                step_out(me, beside.StepOut(ref=ref), datetime.now(UTC))

    await WRITE(claim)


async def let_go_ref() -> None:
    """A talk one never had, whoever has it, is as if there were none."""

    def claim() -> None:
        scene = gather()
        talk = begin(scene.mate)
        me = scene.colleagues["counsellor"].staff
        before = what_is_kept()
        for ref in (talk.ref, *one_bit_off(talk.ref)):
            with pytest.raises(AccessError):
                let_go(me, ref=SessionRef(ref), now=datetime.now(UTC))
        assert what_is_kept() == before

    await WRITE(claim)


CLAIMS: Final[dict[str, Callable[[], Awaitable[None]]]] = {
    "Start.request": start_request,
    "Ask.request": ask_request,
    "Start.token": start_token,
    "Resume.token": resume_token,
    "Attend.ref": attend_ref,
    "OpenGroup.client_id": open_group_client_id,
    "OpenGroup.group_id": open_group_group_id,
    "Change.client_id": change_client_id,
    "AskIn.ref": ask_in_ref,
    "AskIn.group_id": ask_in_group_id,
    "AskIn.proof": ask_in_proof,
    "StepOut.ref": step_out_ref,
    **side_rooms.CLAIMS,
    **handed_on.CLAIMS,
    "GiveBack.ref": let_go_ref,
    "Send.client_id": send_client_id,
    "Send.sealed": send_sealed,
}


@pytest.mark.parametrize("name", sorted(table().ids))
async def test_an_id_of_somebody_else_gives_nothing(name: str) -> None:
    assert set(CLAIMS) == set(table().ids)
    await CLAIMS[name]()


def _log(talk: Talk) -> list[Any]:
    session = CounselSession.objects.get(ref=talk.ref)
    return list(Envelope.objects.filter(session=session).order_by("seq").values())

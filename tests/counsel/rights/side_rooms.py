"""What an id of another talk, or the other one's number, gives in a room beside the talk: nothing."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from chat.lanes import WRITE
from chat.models import CounselSession
from counsel.models import Staff
from tests.counsel.rights.talks import Talk, begin, gather, what_is_kept
from tests.people import key_package, seal, welcome
from triage.sideroom import raising, saying
from triage.sideroom.rows import RaisedHand


def _hand(raised_by: Staff, talk: Talk, answered_by: Staff, group_id: bytes) -> int:
    """A hand that was answered, and its room; its number."""
    code = CounselSession.objects.get(pk=talk.session_id).case_code
    now = datetime.now(UTC)
    raising.raise_hand(
        raised_by, case_code=code, key_package=key_package(), statement=b"s", now=now
    )
    number = RaisedHand.objects.get(raised_by=raised_by).pk
    raising.answer(
        answered_by, number, round_=1, group_id=group_id, welcome=welcome(), statement=b"s", now=now
    )
    return number


async def answer_hand_group_id() -> None:
    """The id of a talk's group, taken for a room, gives nothing of that talk and moves nothing there."""

    def claim() -> None:
        scene = gather()
        talk = begin(scene.mate)
        before = what_is_kept()
        hand = _hand(scene.mate, talk, scene.colleagues["supervisor"].staff, talk.group_id)
        number, sealed = secrets.token_bytes(16), seal(talk.group_id)
        said = saying.say(scene.mate, hand, round_=1, client_id=number, sealed=sealed)
        rows = saying.hear(scene.mate, hand, round_=1, after=0)
        assert [row.seq for row in rows] == [1, said]
        assert what_is_kept() == before

    await WRITE(claim)


async def say_side_client_id() -> None:
    """Words under a number the other one has used are new words, not theirs and not refused."""

    def claim() -> None:
        scene = gather()
        me, group_id = scene.colleagues["supervisor"].staff, secrets.token_bytes(16)
        hand = _hand(scene.mate, begin(scene.mate), me, group_id)
        number = secrets.token_bytes(16)
        places = [
            saying.say(who, hand, round_=1, client_id=number, sealed=seal(group_id))
            for who in (scene.mate, me)
        ]
        assert places == [2, 3]

    await WRITE(claim)


CLAIMS: Final[dict[str, Callable[[], Awaitable[None]]]] = {
    "AnswerHand.group_id": answer_hand_group_id,
    "SaySide.client_id": say_side_client_id,
}

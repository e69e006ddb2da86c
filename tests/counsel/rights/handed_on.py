"""What an id of somebody else's handover, or talk, gives: nothing."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

import pytest
from django.db import transaction

from chat.lanes import WRITE
from chat.models import Envelope
from chat.succession import Opening
from counsel.errors import AccessError, ConflictError
from counsel.identity import SessionRef
from counsel.models import Staff
from tests.counsel.rights.talks import Talk, begin, gather, what_is_kept
from tests.people import hire, welcome
from triage.handover import steps
from triage.handover.rows import Handover


def _scene() -> tuple[Staff, Staff, Talk, int]:
    """Lin has a talk, and Chen, who has none, may open a group in it."""
    now = datetime.now(UTC)
    lin, chen = hire("lin").staff, hire("chen").staff
    Staff.objects.update(board_seen_at=now)
    talk = begin(lin)
    steps.ask(lin, SessionRef(talk.ref), chen.pk, now)
    number = Handover.objects.latest("pk").pk
    return lin, chen, talk, number


def _ready() -> tuple[Staff, Talk, int]:
    lin, chen, talk, number = _scene()
    now = datetime.now(UTC)
    steps.accept(chen, number, steps.Papers(b"i", b"s", bytes(64)), now)
    steps.let_go(lin, number, now)
    return chen, talk, number


async def a_talk_one_does_not_have() -> None:
    """A colleague's talk, or none at all: who could go on with it is not said, and nobody is asked."""

    def claim() -> None:
        mate = gather().mate
        talk = begin(mate)
        now, before = datetime.now(UTC), what_is_kept()
        stranger = hire("stranger").staff
        for ref in (talk.ref, bytes(16)):
            with pytest.raises(AccessError):
                steps.who_could(stranger, SessionRef(ref), now)
            with pytest.raises(AccessError):
                steps.ask(stranger, SessionRef(ref), 0, now)
        assert [row for row in what_is_kept() if "due_at" in row] == [
            row for row in before if "due_at" in row
        ]
        assert not Handover.objects.exists()

    await WRITE(claim)


async def come_after_proof() -> None:
    """Whatever the proof says, the server takes it for what it is: bytes for somebody else."""

    def claim() -> None:
        _, chen, _, number = _scene()
        papers = steps.Papers(b"i", b"s", b"x" * 64)
        steps.accept(chen, number, papers, datetime.now(UTC))
        assert bytes(Handover.objects.get().proof) == b"x" * 64

    await WRITE(claim)


async def open_after_client_id() -> None:
    """The number the other side gave its own row is free for mine."""

    def claim() -> None:
        chen, talk, number = _ready()
        theirs = Envelope.objects.get(session=talk.session_id)
        opening = Opening(bytes(theirs.client_id), secrets.token_bytes(16), welcome(), b"s")
        steps.open_after(chen, number, opening, datetime.now(UTC))
        assert Envelope.objects.filter(session=talk.session_id).count() == 2

    await WRITE(claim)


async def open_after_group_id() -> None:
    """The talk's own group is no fresh one; another talk's gives nothing of that talk."""

    def claim() -> None:
        chen, talk, number = _ready()
        other = begin(hire("other").staff)
        now, client_id = datetime.now(UTC), secrets.token_bytes(16)
        with pytest.raises(ConflictError), transaction.atomic():
            steps.open_after(chen, number, Opening(client_id, talk.group_id, welcome(), b""), now)
        steps.open_after(chen, number, Opening(client_id, other.group_id, welcome(), b""), now)
        assert Envelope.objects.filter(session=other.session_id).count() == 1

    await WRITE(claim)


CLAIMS: Final[dict[str, Callable[[], Awaitable[None]]]] = {
    "WhoCould.ref": a_talk_one_does_not_have,
    "HandOver.ref": a_talk_one_does_not_have,
    "ComeAfter.proof": come_after_proof,
    "OpenAfter.client_id": open_after_client_id,
    "OpenAfter.group_id": open_after_group_id,
}

"""A referral, as a desk and as a phone name it, and a code that was told on the telephone, in every
standing to whoever asks."""

from __future__ import annotations

import secrets

from django.utils import timezone

from chat.throttle import Bucket
from counsel import limits
from counsel.dispatches import DispatchState
from counsel.identity import Token, hash_token
from counsel.places import DESKS
from counsel.statements import encode
from tests.chat.test_lifecycle import start
from tests.counsel.rights.cast import World
from triage.dispatch import codes
from triage.dispatch.codes import draw_code, hash_code
from triage.dispatch.rows import Dispatch, Whom
from triage.referral import mailbox
from triage.referral.mixing import Parcel, write_together


def _refer(desk: str) -> tuple[bytes, bytes]:
    """A referral with one letter at this desk: its reference and token."""
    name = mailbox.Name(secrets.token_bytes(16), secrets.token_bytes(32))
    letter = secrets.token_bytes(limits.LETTER)
    parcel = Parcel(name.ref, hash_token(Token(name.token)), desk, 1, letter)
    write_together([parcel], timezone.now())
    return name.ref, name.token


def referral(world: World, role: str, standing: str) -> str:
    """A referral, by its reference."""
    desk = DESKS[1] if standing == "other" else DESKS[0]
    ref, token = _refer(desk)
    if standing == "deleted":
        mailbox.close(mailbox.Name(ref, token))
    return encode(ref)


def mail(world: World, role: str, standing: str) -> dict[str, str]:
    """A mailbox, by reference and token."""
    ref, token = _refer(DESKS[0])
    if standing == "deleted":
        mailbox.close(mailbox.Name(ref, token))
    shown = secrets.token_bytes(32) if standing == "guessed" else token
    return {"ref": encode(ref), "token": encode(shown)}


def told(world: World, role: str, standing: str) -> str:
    """A responder's code, as it was told on the telephone."""
    code, one = draw_code(), start()
    codes._tries = Bucket(10_000, 1)  # nobody is told to slow down
    way = DispatchState.EXPIRED if standing == "old" else DispatchState.CALLED
    now = timezone.now()
    if standing != "guessed":
        Dispatch.objects.create(
            session_id=one, state=way.value, whom=Whom.RESPONDER.value, begun_at=now, due_at=now,
            until=now + limits.PLACE_KEPT_FOR,
            code_hash=None if standing == "used" else hash_code(code),
        )  # fmt: skip
    return code

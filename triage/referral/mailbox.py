"""The phone's side: one exchange, without a login and without a talk's token.

A referral is named by a reference and a token the phone drew for it alone. Wrong, unknown, over and not
written yet are the same refusal.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.db import transaction

from counsel import limits
from counsel.enrolment import lock
from counsel.errors import AccessError, LostRaceError, ValueRefusedError, WireError
from counsel.identity import Token, hash_token
from counsel.lifecycle import Role
from counsel.models import home
from counsel.places import DESKS
from counsel.referrals import REFERRAL, ReferralEvent, ReferralState
from triage.referral.mixing import POOL, Parcel, every, fits
from triage.referral.rows import Referral


@dataclass(frozen=True, slots=True)
class Name:
    """What names a referral: 16 and 32 bytes."""

    ref: bytes
    token: bytes

    def __post_init__(self) -> None:
        if len(self.ref) != 16 or len(self.token) != 32:
            raise WireError("no name of a referral")


@dataclass(frozen=True, slots=True)
class Found:
    """What a mailbox says. `sealed`: the letter behind the one asked after, or nothing."""

    state: str
    last: int
    number: int = 0
    sealed: bytes = b""


def find(name: Name) -> Referral:
    """Raises `AccessError`."""
    found = Referral.objects.filter(ref=name.ref).first()
    asked = hash_token(Token(name.token))
    if found is None or not hmac.compare_digest(bytes(found.token_hash), asked):
        raise AccessError("no such referral")
    return found


def look(name: Name, after: int) -> Found:
    """How it stands, and the first letter behind number `after`. Raises `AccessError`."""
    found = find(name)
    letter = found.letters.filter(number__gt=after).order_by("number").first()
    if letter is None:
        return Found(found.state, found.last)
    return Found(found.state, found.last, letter.number, bytes(letter.sealed))


def post(name: Name, *, desk: str, number: int, sealed: bytes) -> int:
    """0 once this letter is written; else it is held, and after so many seconds one asks again.

    Raises `AccessError`, `LostRaceError` where another letter has this place, `ThrottledError`,
    `ValueRefusedError`, `WireError`.
    """
    if len(sealed) != limits.LETTER:
        raise WireError(f"a letter of {len(sealed)} bytes")
    if desk not in DESKS:
        raise ValueRefusedError("no such desk")
    if Referral.objects.filter(ref=name.ref).exists():
        found = find(name)
        there = found.letters.filter(number=number).first()
        if there is not None and bytes(there.sealed) == sealed:
            return 0
        if not fits(found, number):
            raise LostRaceError("another letter has this place, or it is over")
        desk = found.desk
    elif number != 1:
        raise AccessError("no such referral")
    POOL.put(Parcel(name.ref, hash_token(Token(name.token)), desk, number, sealed))
    return int(every().total_seconds()) + 1


@transaction.atomic
def close(name: Name) -> None:
    """The seeker takes it back, or has read its end: every row of it goes, and what waits to be one.

    Raises `AccessError`, also where it was not written yet, and `ThrottledError`.
    """
    POOL.take_out(name.ref, hash_token(Token(name.token)))
    find(name)
    lock(home())  # a mixing puts rows back under other ids
    found = find(name)
    REFERRAL.row(ReferralState(found.state), ReferralEvent.CLOSE, Role.SEEKER)
    found.delete()

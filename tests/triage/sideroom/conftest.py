"""Who is on in tests of a raised hand: Lin talks with somebody, Zhou and Sam supervise."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chat.models import CounselSession
from counsel.lifecycle import Role
from counsel.models import Staff
from tests.counsel.rights.talks import begin
from tests.people import hire, key_package, seal, welcome
from triage.sideroom import raising, saying
from triage.sideroom.rows import RaisedHand, SideRow
from triage.sideroom.showing import read_hands
from triage.sideroom.wire import Hand

NOW: Final = datetime.now(UTC)


def after(seconds: float) -> datetime:
    """So long after the hand went up."""
    return NOW + timedelta(seconds=seconds)


class Cast:
    """The three, a talk of Lin's, and what each does."""

    def __init__(self) -> None:
        self.lin, self.chen = hire("lin").staff, hire("chen").staff
        self.zhou = hire("zhou", Role.SUPERVISOR).staff
        self.sam = hire("sam", Role.SUPERVISOR).staff
        self.talk = begin(self.lin)
        self.group_id = secrets.token_bytes(16)

    @property
    def code(self) -> str:
        """The talk, as staff call it."""
        return CounselSession.objects.get(pk=self.talk.session_id).case_code

    @property
    def hand(self) -> RaisedHand:
        """The only one there is."""
        return RaisedHand.objects.get()

    def raise_hand(self, who: Staff | None = None) -> None:
        """Up it goes."""
        raising.raise_hand(
            who or self.lin, case_code=self.code, key_package=key_package(), statement=b"duty",
            now=NOW,
        )  # fmt: skip

    def answer(self, who: Staff | None = None, round_: int = 1) -> None:
        """Somebody comes."""
        self.group_id = secrets.token_bytes(16)
        raising.answer(
            who or self.zhou, self.hand.pk, round_=round_, group_id=self.group_id,
            welcome=welcome(), statement=b"duties", now=NOW,
        )  # fmt: skip

    def meet_again(self, who: Staff, round_: int) -> None:
        """Their page has no keys any more."""
        raising.meet_again(
            who, self.hand.pk, round_=round_, key_package=key_package(), statement=b"duty", now=NOW
        )

    def say(self, who: Staff, sealed: bytes, client_id: bytes = b"", round_: int = 1) -> int:
        """Something sealed, into the room."""
        number = client_id or secrets.token_bytes(16)
        return saying.say(who, self.hand.pk, round_=round_, client_id=number, sealed=sealed)

    def words(self, epoch: int = 1) -> bytes:
        """For the group of the two, as far as a server can tell."""
        return seal(self.group_id, epoch)

    def heard(self, who: Staff, after_: int = 0, round_: int = 1) -> list[SideRow]:
        """What they read there."""
        return saying.hear(who, self.hand.pk, round_=round_, after=after_)

    def shown(self, who: Staff, now: datetime = NOW) -> tuple[Hand, ...]:
        """On their board."""
        return read_hands({who.pk: who.role}, now)[who.pk].rows


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, and a talk under way."""
    return Cast()

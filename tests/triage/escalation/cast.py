"""Sana in danger, and what those around her do, for every test of it. In a database thread."""

from __future__ import annotations

import secrets
from datetime import timedelta

from chat import access, sessions
from chat.models import CounselSession, Envelope, Seat
from counsel.identity import TokenHash
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.asking import request
from tests.chat.test_lifecycle import NOW
from triage.escalation.rows import Escalation, EscalationStep
from triage.queue.tiers import Asked, Tier


def seat(session_id: int) -> access.Seat:
    """Sana's."""
    token_hash = CounselSession.objects.values_list("token_hash", flat=True).get(pk=session_id)
    return access.seat_for_seeker(TokenHash(bytes(token_hash)))


def say(session_id: int, event: Asked, tier: Tier = Tier.GREEN, *, after: float = 0) -> None:
    """Her phone asks this of the queue, so many seconds later."""
    sessions.ask_queue(seat(session_id), request(tier, event), NOW + timedelta(seconds=after))


def take(session_id: int, staff: Staff) -> None:
    sessions.advance(session_id, Event.TAKE, role=Role.COUNSELLOR, staff_id=staff.pk, now=NOW)


def write(session_id: int, staff: Staff) -> int:
    """Words of a counsellor lie in the log; their place."""
    session = CounselSession.objects.get(pk=session_id)
    theirs = Seat.objects.get(session=session, staff=staff, ended_at=None)
    seq = session.last_seq + 1
    Envelope.objects.create(
        session=session, seq=seq, group=session.group, what=Envelope.WORDS, seat=theirs,
        client_id=secrets.token_bytes(16), sealed=b"sealed",
    )  # fmt: skip
    CounselSession.objects.filter(pk=session_id).update(last_seq=seq)
    return seq


def met(session_id: int, staff: Staff) -> None:
    """They took her, wrote, and her phone has shown it."""
    take(session_id, staff)
    sessions.show_words(seat(session_id), write(session_id, staff), NOW)


def code(session_id: int) -> str:
    return CounselSession.objects.get(pk=session_id).case_code


def one() -> Escalation:
    return Escalation.objects.get()


def state() -> str:
    return one().state


def path() -> list[tuple[str, str]]:
    """What happened, and by whom."""
    return list(EscalationStep.objects.order_by("pk").values_list("event", "role"))

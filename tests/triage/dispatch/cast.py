"""Sana in danger, and help that is sent to her, for every test of it. In a database thread."""

from __future__ import annotations

from datetime import datetime

from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.triage.escalation.cast import code, met
from triage.dispatch import acting
from triage.dispatch.rows import Dispatch, DispatchStep
from triage.queue.tiers import Tier


def talking(staff: Staff) -> int:
    """Somebody is with her, and her phone has shown it."""
    session_id = start(tier=Tier.RED)
    met(session_id, staff)
    return session_id


def offered(staff: Staff) -> int:
    """She is asked."""
    session_id = talking(staff)
    acting.offer(staff, case_code=code(session_id), now=NOW)
    return session_id


def one() -> Dispatch:
    return Dispatch.objects.get()


def say(staff: Staff, event: str, whom: str = "", *, now: datetime = NOW) -> None:
    """This person says it of the only help there is."""
    acting.say(staff, number=one().pk, event=event, whom=whom, now=now)


def called(staff: Staff, whom: str = "120") -> int:
    """She wants it, and somebody was called."""
    session_id = offered(staff)
    say(staff, "consent")
    say(staff, "call", whom)
    return session_id


def path() -> list[tuple[str, str]]:
    """What happened, and by whom."""
    return list(DispatchStep.objects.order_by("pk").values_list("event", "role"))

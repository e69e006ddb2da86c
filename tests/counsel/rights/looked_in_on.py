"""A talk of one's own, and somebody to look in on afterwards, in every standing to whoever asks."""

from __future__ import annotations

from django.utils import timezone

from chat import sessions
from chat.models import CounselSession
from counsel.lifecycle import Event, Role
from tests.chat.test_lifecycle import start
from tests.counsel.rights.cast import World
from triage.followup.rows import FollowUp


def my_talk(world: World, role: str, standing: str) -> str:
    """A talk, by its case code."""
    session_id, now = start(), timezone.now()
    case: str = CounselSession.objects.values_list("case_code", flat=True).get(pk=session_id)
    who = world.chief.staff if standing == "other" else world.seen_by(role)
    sessions.advance(session_id, Event.TAKE, role=Role.COUNSELLOR, staff_id=who.pk, now=now)
    if standing == "old":
        sessions.advance(session_id, Event.END, role=Role.SEEKER, now=now)
    if standing == "deleted":
        sessions.erase_session(session_id, role=Role.SEEKER, now=now)
    return case


def followup(world: World, role: str, standing: str) -> int:
    """Somebody to look in on, by the number of the row."""
    day = timezone.now().date()
    made = FollowUp.objects.create(
        case_code="K7RM",
        kind="red",
        state="agreed",
        owner=world.chief.staff if standing == "other" else world.seen_by(role),
        began_on=day,
        due_on=day,
    )
    number = made.pk
    if standing == "deleted":
        made.delete()
    return number

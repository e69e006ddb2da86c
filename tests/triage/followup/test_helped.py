"""Whoever had help called for them is looked in on, also where nobody had said how grave it was."""

from __future__ import annotations

import pytest

from chat import sessions
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.triage.escalation.cast import code, take
from triage.dispatch import acting as dispatch
from triage.dispatch.rows import Dispatch
from triage.followup.rows import FollowUp
from triage.queue.tiers import Tier

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("steps", "kinds"), [(["consent", "call"], ["orange"]), (["withdraw"], [])]
)
def test_who_had_help_called_is_on_the_list_and_who_did_not_want_it_is_not(
    lin: Staff, steps: list[str], kinds: list[str]
) -> None:
    session_id = start(tier=Tier.YELLOW)
    take(session_id, lin)
    dispatch.offer(lin, case_code=code(session_id), now=NOW)
    one = Dispatch.objects.get()
    for event in steps:
        whom = "120" if event == "call" else ""
        dispatch.say(lin, number=one.pk, event=event, whom=whom, now=NOW)
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW)
    assert [one.kind for one in FollowUp.objects.all()] == kinds

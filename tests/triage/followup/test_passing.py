"""Days pass while people work: what somebody says in that very moment counts, and the rest is not left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pytest

from chat.models import CounselSession
from counsel.followups import FollowUpState
from counsel.lifecycle import Role
from tests.chat.test_lifecycle import start
from tests.people import hire
from triage.followup import acting
from triage.followup.moving import begin, move
from triage.followup.rows import FollowUp
from triage.followup.steps import LAPSE, Kind

pytestmark = pytest.mark.django_db
DAY: Final = date(2026, 3, 15)


def test_one_that_was_said_in_that_moment_stops_none_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lin = hire("lin", Role.COUNSELLOR).staff
    for _ in range(3):
        session = CounselSession.objects.get(pk=start())
        begin(session, Kind.RED, owner=lin, day=DAY)
    first = FollowUp.objects.order_by("pk")[0]

    def overtaken(one: FollowUp, *args: Any, **facts: Any) -> None:
        if one.pk == first.pk:
            FollowUp.objects.filter(pk=one.pk).update(
                state=FollowUpState.DONE.value, due_on=None, ended_on=DAY + LAPSE
            )
        move(one, *args, **facts)

    monkeypatch.setattr(acting, "move", overtaken)
    acting.pass_days(DAY + LAPSE + timedelta(days=2))
    said = [one.state for one in FollowUp.objects.order_by("pk")]
    assert said == ["done", "unknown", "unknown"]

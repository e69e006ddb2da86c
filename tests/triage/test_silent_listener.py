"""How long somebody waits for a listener nobody hears of: by the server's clock, half a minute in a red."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings

from chat import clock
from counsel import limits
from counsel.lifecycle import Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, one, path, state
from tests.triage.test_takeover import LEFT, SECOND, holders, left
from triage.escalation import acting
from triage.escalation.timers import SILENT_AFTER, Kind
from triage.queue.tiers import Now, Tier

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> Staff:
    return hire("lin").staff


@pytest.fixture
def zhou() -> Staff:
    return hire("zhou", Role.SUPERVISOR).staff


@pytest.mark.parametrize(
    ("about", "after"),
    [
        ({"tier": Tier.RED, "now": Now.NOW}, 30),
        ({"tier": Tier.RED, "now": Now.RECENT}, 30),
        ({"tier": Tier.ORANGE}, 180),
        ({"tier": Tier.YELLOW}, 180),
    ],
)
def test_a_listener_nobody_hears_of_is_gone_after_thirty_seconds_in_a_red_and_three_minutes_else(
    lin: Staff, about: dict[str, object], after: int
) -> None:
    session_id = start(**about)
    met(session_id, lin)
    assert clock.tick(NOW + timedelta(seconds=after) - SECOND).returned == 0
    assert holders(session_id) == ["lin"]
    assert clock.tick(NOW + timedelta(seconds=after)).returned == 1
    assert holders(session_id) == []


def test_whoever_rises_to_red_is_not_left_for_three_minutes(lin: Staff) -> None:
    session_id = start(tier=Tier.YELLOW)
    met(session_id, lin)
    acting.raise_(lin, case_code=code(session_id), kind="now", reason="judged", now=NOW)
    assert clock.tick(LEFT).returned == 1
    assert (state(), path()[-1]) == ("raised", ("alone", "clock"))


def test_a_danger_somebody_has_ended_is_waited_for_like_any_talk(lin: Staff, zhou: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    acting.close(
        zhou, case_code=code(session_id), outcome="mistake", unassessed="no-danger", now=NOW
    )
    assert clock.tick(LEFT).returned == 0
    assert clock.tick(NOW + limits.SILENT_COUNSELLOR_AFTER).returned == 1


def test_a_drill_that_is_shorter_still_is_shorter_for_a_red_too(
    lin: Staff, settings: LazySettings
) -> None:
    settings.SILENT_COUNSELLOR_AFTER = timedelta(seconds=5)
    met(start(tier=Tier.RED), lin)
    assert clock.tick(NOW + timedelta(seconds=5)).returned == 1


def test_no_red_is_given_less_than_a_phone_or_a_desk_needs_to_be_heard_again() -> None:
    assert set(SILENT_AFTER) == {Kind.NOW, Kind.RECENT}
    for after in SILENT_AFTER.values():
        assert limits.SILENT_WHERE_PUBLIC[0] <= after < limits.SILENT_COUNSELLOR_AFTER


def test_a_red_left_in_time_is_not_told_of_as_if_the_clock_had_slept(lin: Staff) -> None:
    left(lin)
    reasons = one().steps.filter(event="alone").values_list("reason", flat=True)
    assert list(reasons) == [""]


def test_a_red_whose_clock_slept_is_told_of(lin: Staff) -> None:
    met(start(tier=Tier.RED), lin)
    clock.tick(LEFT + 6 * SECOND)
    assert one().steps.get(event="alone").reason == "late"

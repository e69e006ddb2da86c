"""The table of danger, walked to its end: nobody is left without somebody's turn, or a timer.

Nothing here asks a database: whoever breaks a promise in the table or the timers is told in a second.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from counsel.lifecycle import DANGER, OPEN_DANGER, DangerEvent, DangerState, Role
from triage.escalation import timers
from triage.escalation.timers import ANSWERING, CHAIN, LADDERS, URGENCY, Audience, Kind
from triage.queue.tables import NOBODY_AFTER, SUPERVISOR_AFTER
from triage.queue.tiers import Now, Tier

STAFF = {Role.COUNSELLOR, Role.SUPERVISOR}
OVER = {DangerState.CLOSED, DangerState.ERASED}
NOW = datetime(2026, 3, 14, 20, 15, tzinfo=UTC)


def reached(begin: DangerState, by: Iterable[Role]) -> set[DangerState]:
    """Every state these people can come to from here, without anybody else."""
    roles, found, edge = frozenset(by), {begin}, {begin}
    while edge:
        edge = {r.target for r in DANGER if r.source in edge and r.by & roles} - found
        found |= edge
    return found


def test_every_state_can_be_come_to() -> None:
    assert reached(DANGER.first, Role) == set(DangerState)


@pytest.mark.parametrize("state", OPEN_DANGER)
def test_from_every_state_people_alone_come_to_an_end(state: DangerState) -> None:
    """Clock down: whoever is there ends it without one."""
    assert DangerState.CLOSED in reached(state, {Role.SUPERVISOR})


@pytest.mark.parametrize("state", OPEN_DANGER)
def test_time_alone_ends_nothing(state: DangerState) -> None:
    """Nobody times out of danger; that a session's cap erases it is asked of the cap."""
    by_time = {r.target for r in DANGER if r.source is state and r.by == {Role.CLOCK}} - {state}
    assert not by_time & OVER
    assert all(r.by <= STAFF for r in DANGER if r.target is DangerState.CLOSED)
    assert DangerState.CHECK not in by_time
    assert DangerState.LOWERED not in by_time


@pytest.mark.parametrize("state", OPEN_DANGER)
@pytest.mark.parametrize("kind", Kind)
def test_every_state_has_a_timer_that_calls_somebody(state: DangerState, kind: Kind) -> None:
    events = {r.event for r in DANGER if r.source is state and Role.CLOCK in r.by}
    if state in ANSWERING:
        lapse = DANGER.row(state, DangerEvent.LAPSE, Role.CLOCK)
        assert lapse.target not in ANSWERING
        assert DangerEvent.PAGE not in events
        return
    assert DangerEvent.PAGE in events
    ladder = LADDERS[state, kind]
    assert ladder.rungs
    assert ladder.again > timedelta()
    assert all(rung.to in CHAIN for rung in ladder.rungs)


@pytest.mark.parametrize(("state", "kind"), LADDERS)
def test_a_ladder_only_goes_up_and_never_ends(state: DangerState, kind: Kind) -> None:
    ladder = LADDERS[state, kind]
    rungs = [ladder.rung(number) for number in range(len(ladder.rungs) + 20)]
    assert all(one.after < two.after for one, two in itertools.pairwise(rungs))
    steps = [CHAIN.index(rung.to) for rung in rungs]
    assert steps == sorted(steps)
    assert max(b.after - a.after for a, b in itertools.pairwise(rungs)) <= timedelta(days=1)


@pytest.mark.parametrize("state", [state for state in OPEN_DANGER if state not in ANSWERING])
def test_the_more_urgent_is_never_called_for_later(state: DangerState) -> None:
    firsts = [LADDERS[state, kind].rung(0).after for kind in URGENCY]
    assert firsts == sorted(firsts)


def test_now_pages_at_thirty_sixty_and_a_hundred_and_eighty_seconds() -> None:
    rungs = LADDERS[DangerState.RAISED, Kind.NOW].rungs
    told = [(rung.after.total_seconds(), rung.to) for rung in rungs[:3]]
    assert told == [(30, Audience.DUTY), (60, Audience.SUPERVISOR), (180, Audience.LEAD)]


def test_a_phone_says_that_somebody_was_called_when_they_are_and_no_sooner() -> None:
    """Two tables, signed apart: a sentence on a phone in danger must not run ahead of the page."""
    called = {rung.to: rung.after for rung in LADDERS[DangerState.RAISED, Kind.NOW].rungs}
    assert called[Audience.SUPERVISOR] <= SUPERVISOR_AFTER
    assert called[Audience.LEAD] <= NOBODY_AFTER


def test_what_is_over_and_safe_wakes_nobody_while_it_is_in_time() -> None:
    first = timers.due(DangerState.RAISED, Kind.RECENT, base=NOW, rung=0)
    assert first - NOW == timedelta(seconds=180)


@pytest.mark.parametrize("state", OPEN_DANGER)
def test_a_seeker_may_always_go_and_erase(state: DangerState) -> None:
    assert DANGER.row(state, DangerEvent.LEAVE, Role.SEEKER).target is DangerState.LOST
    assert DANGER.row(state, DangerEvent.ERASE, Role.SEEKER).target is DangerState.ERASED


@pytest.mark.parametrize("state", OPEN_DANGER)
@pytest.mark.parametrize("role", [Role.SEEKER, Role.COUNSELLOR, Role.SUPERVISOR])
def test_anybody_raises_it_in_any_state(state: DangerState, role: Role) -> None:
    assert DANGER.row(state, DangerEvent.RAISE, role).target is DangerState.RAISED


def test_less_urgent_is_found_by_people_only() -> None:
    settling = {DangerState.PROPOSED, DangerState.LOWERED}
    assert all(r.by <= STAFF for r in DANGER if r.target in settling and r.source is not r.target)


@pytest.mark.parametrize(
    ("tier", "now", "kind"),
    [
        (Tier.RED, Now.NOW, Kind.NOW),
        (Tier.RED, Now.NONE, Kind.NOW),
        (Tier.RED, Now.RECENT, Kind.RECENT),
        (Tier.ORANGE, Now.NONE, Kind.ORANGE),
        (Tier.YELLOW, Now.NONE, None),
        (Tier.GREEN, Now.NONE, None),
    ],
)
def test_which_tier_is_which_danger(tier: Tier, now: Now, kind: Kind | None) -> None:
    assert timers.kind_of(tier, now) == kind


def test_every_number_says_where_it_is_from() -> None:
    parts = [*timers._TABLE["ladders"].values()]
    parts += [timers._TABLE[name] for name in ("act", "lost", "held")]
    assert all(len(part["source"]) > 20 for part in parts)
    assert timers._TABLE["sign_off"] == "timers"

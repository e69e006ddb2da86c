"""The table is what happens: every row through the real function, everything else refused."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TransactionTestCase

from chat import models, sessions
from chat.models import CounselSession, Seat, Step, Tombstone
from counsel import limits
from counsel.errors import AccessError, CounselError, IllegalTransitionError, LostRaceError
from counsel.identity import TokenHash
from counsel.lifecycle import SESSION, Event, Role, State
from tests.asking import request
from tests.people import hire, key_package

NOW = datetime(2026, 3, 14, 20, 15, 42, tzinfo=UTC)


def start(**about: Any) -> int:
    """A fresh session; `about` is what the queue is asked."""
    seat = sessions.start_session(
        TokenHash(secrets.token_bytes(32)),
        request=request(**about),
        key_packages=(key_package(),),
        last_resort=key_package(),
        now=NOW,
    )
    return seat.session_id


def bring_to(state: State, staff_id: int) -> int:
    """A session in this state."""
    session_id = start()
    if state is State.OFFERED:
        sessions.advance(session_id, Event.OFFER, role=Role.CLOCK, staff_id=staff_id, now=NOW)
    if state in {State.ACTIVE, State.CLOSED}:
        sessions.advance(session_id, Event.TAKE, role=Role.COUNSELLOR, staff_id=staff_id, now=NOW)
    if state is State.CLOSED:
        sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW)
    return session_id


def everything() -> list[object]:
    """Every row of chat, to compare."""
    kinds = (CounselSession, Seat, Step, models.Envelope, models.KeyPackage, Tombstone)
    return [list(kind.objects.order_by("pk").values_list()) for kind in kinds]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "event", "role"),
    list(product([State.WAITING, State.OFFERED, State.ACTIVE, State.CLOSED], Event, Role)),
)
def test_every_row_happens_and_nothing_else(state: State, event: Event, role: Role) -> None:
    lin = hire("lin").staff.pk
    session_id = bring_to(state, lin)
    before = everything()
    staff_id = lin if role in {Role.COUNSELLOR, Role.SUPERVISOR} else None
    allowed = [r for r in SESSION if r.source is state and r.event is event and role in r.by]
    if not allowed:
        with pytest.raises(IllegalTransitionError):
            sessions.advance(session_id, event, role=role, staff_id=staff_id, now=NOW)
        assert everything() == before
        return
    later = NOW + limits.OFFER_FOR if event is Event.LAPSE else NOW
    if event is Event.HAND:
        staff_id = hire("chen").staff.pk
    row = sessions.advance(session_id, event, role=role, staff_id=staff_id, now=later)
    assert row is allowed[0]
    if row.target is State.ERASED:
        assert not CounselSession.objects.exists()
        return
    session = CounselSession.objects.get(pk=session_id)
    step = Step.objects.order_by("pk").last()
    assert step is not None
    assert session.state == step.target == row.target.value
    assert (step.source, step.event, step.role) == (state.value, event.value, role.value)


@pytest.mark.django_db
def test_losing_a_race_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    lin = hire("lin").staff.pk
    session_id = bring_to(State.ACTIVE, lin)
    real = SESSION.row

    def somebody_is_faster(source: State, event: Event, role: Role) -> object:
        row = real(source, event, role)
        CounselSession.objects.filter(pk=session_id).update(state=State.CLOSED.value)
        return row

    monkeypatch.setattr(type(SESSION), "row", lambda _, *said: somebody_is_faster(*said))
    steps = Step.objects.count()
    with pytest.raises(LostRaceError):
        sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW)
    assert Step.objects.count() == steps


@pytest.mark.django_db
def test_a_counsellor_who_spoke_after_all_is_not_sent_away() -> None:
    lin = hire("lin").staff.pk
    session_id = bring_to(State.ACTIVE, lin)
    before = everything()
    with pytest.raises(LostRaceError):
        sessions.advance(
            session_id,
            Event.RETURN,
            role=Role.CLOCK,
            now=NOW + timedelta(seconds=179),
            silent_after=timedelta(seconds=180),
        )
    assert everything() == before


@pytest.mark.django_db
def test_when_a_talk_ends_its_times_say_the_day_only() -> None:
    lin = hire("lin").staff.pk
    session_id = bring_to(State.CLOSED, lin)
    session = CounselSession.objects.get(pk=session_id)
    times = [session.closed_at]
    times += Seat.objects.values_list("seen_at", flat=True)
    times += Step.objects.values_list("at", flat=True)
    assert set(times) == {NOW.replace(hour=0, minute=0, second=0, microsecond=0)}


@pytest.mark.django_db
def test_absent_is_refused_like_any_other_door() -> None:
    with pytest.raises(AccessError):
        sessions.advance(12345, Event.END, role=Role.SEEKER, now=NOW)


class Walks(TransactionTestCase):
    """Any walk of anybody leaves rows that fit the table."""

    @given(st.lists(st.tuples(st.sampled_from(Event), st.sampled_from(Role)), max_size=8))
    @settings(max_examples=25)
    def test_any_walk_stays_on_the_table(self, walk: list[tuple[Event, Role]]) -> None:
        lin = hire(secrets.token_hex(8)).staff.pk
        session_id = start()
        state, steps = State.WAITING, 0
        for event, role in walk:
            staff_id = lin if role in {Role.COUNSELLOR, Role.SUPERVISOR} else None
            try:
                row = sessions.advance(session_id, event, role=role, staff_id=staff_id, now=NOW)
            except CounselError:
                pass
            else:
                assert row.source is state
                state, steps = row.target, steps + 1
            if state is State.ERASED:
                assert not CounselSession.objects.filter(pk=session_id).exists()
            else:
                assert CounselSession.objects.get(pk=session_id).state == state.value
                assert Step.objects.filter(session_id=session_id).count() == steps

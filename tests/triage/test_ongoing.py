"""Talks that go on, as whoever supervises sees them: one may ask into each, and is told nobody's name."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from chat import sessions
from chat.models import CounselSession, Seat
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.counsel.rights.talks import begin
from tests.people import hire
from triage import board
from triage.beside.showing import read_talks
from triage.beside.wire import Ongoing
from triage.queue.rows import Place
from triage.queue.tiers import Tier

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def sam() -> Staff:
    """Who supervises."""
    return hire("sam", Role.SUPERVISOR).staff


def code(session_id: int) -> str:
    """As staff call it."""
    return CounselSession.objects.get(pk=session_id).case_code


def test_a_supervisor_sees_every_talk_the_most_urgent_first_and_nobody_who_waits(
    sam: Staff,
) -> None:
    lin, chen = hire("lin").staff, hire("chen").staff
    calm, red = begin(lin), begin(chen)
    begin(None)
    Place.objects.filter(pk=red.session_id).update(tier=Tier.RED)
    rows = read_talks([sam.pk])[sam.pk].rows
    assert [row.case_code for row in rows] == [code(red.session_id), code(calm.session_id)]
    assert [row.tier for row in rows] == [Tier.RED, Tier.YELLOW]


def test_it_says_nobodys_name_and_is_shown_to_no_counsellor(sam: Staff) -> None:
    lin = hire("lin").staff
    begin(lin)
    (row,) = read_talks([sam.pk])[sam.pk].rows
    shown = {name.name for name in fields(Ongoing)}
    assert shown == {"case_code", "tier", "language", "topics", "inside", "held"}
    assert not any(word in repr(row) for word in ("lin", "Lin", lin.person))
    boards = board.read_boards([sam.pk, lin.pk], NOW)
    assert boards[lin.pk].talks is None
    assert boards[sam.pk].talks is not None


def test_one_that_is_over_or_has_a_supervisor_is_shown_as_that(sam: Staff) -> None:
    lin, chen = hire("lin").staff, hire("chen").staff
    first, second = begin(lin), begin(chen)
    Seat.objects.create(session_id=first.session_id, role="supervisor", staff=sam, seen_at=NOW)
    inside = {row.case_code: row.inside for row in read_talks([sam.pk])[sam.pk].rows}
    assert inside == {code(first.session_id): 1, code(second.session_id): 0}
    sessions.advance(second.session_id, Event.END, role=Role.SEEKER, now=NOW)
    assert len(read_talks([sam.pk])[sam.pk].rows) == 1


def test_where_nobody_supervises_nothing_is_read(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert read_talks([]) == {}

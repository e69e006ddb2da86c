"""What boards show of danger: to whom, whose turn it is, and who is the second person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.lanes import WRITE
from chat.wire import Done, Refused
from counsel import limits
from counsel.lifecycle import Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import APPS, BoardBrowser, browsing, hire
from tests.triage.escalation.cast import code, met, state
from triage import shifts
from triage import wire as board_wire
from triage.escalation import acting, sweep, wire
from triage.escalation.rows import Escalation
from triage.escalation.showing import read_dangers
from triage.queue.tiers import Tier

LIN, SAM = Role.COUNSELLOR.value, Role.SUPERVISOR.value


def shown(lin: Staff, sam: Staff) -> tuple[list[str], list[str]]:
    """The case codes on each board."""
    found = read_dangers({lin.pk: LIN, sam.pk: SAM}, NOW)
    boards = (found[who.pk].rows for who in (lin, sam))
    mine, all_of_them = ([row.case_code for row in rows] for rows in boards)
    return mine, all_of_them


@pytest.mark.django_db
def test_a_counsellor_sees_their_own_and_those_nobody_is_with(lin: Staff, sam: Staff) -> None:
    chen = hire("chen").staff
    mine, alone, others = (start(tier=Tier.RED) for _ in range(3))
    start(tier=Tier.YELLOW)
    met(mine, lin)
    met(others, chen)
    codes = [code(one) for one in (mine, alone, others)]
    assert shown(lin, sam) == (codes[:2], codes)


@pytest.mark.django_db
def test_whose_shift_is_over_goes_on_seeing_who_is_theirs_and_may_act(lin: Staff) -> None:
    zhou = hire("zhou", Role.SUPERVISOR, on_shift=False).staff
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    shifts.check_out(lin, NOW)
    assert shown(lin, zhou) == ([code(session_id)], [code(session_id)])
    acting.act(zhou, case_code=code(session_id), what="watches", now=NOW)
    acting.assess(lin, case_code=code(session_id), now=NOW)
    assert state() == "assessed"


@pytest.mark.django_db
def test_a_row_says_whose_turn_it_is_and_when_somebody_is_called_next(
    lin: Staff, sam: Staff
) -> None:
    session_id = start(tier=Tier.RED)
    sweep.sweep(NOW)
    met(session_id, lin)
    acting.acknowledge(sam, case_code=code(session_id), now=NOW)
    (row,) = read_dangers({lin.pk: LIN}, NOW + timedelta(seconds=90))[lin.pk].rows
    assert (row.state, row.acting, row.called, row.minutes) == ("answered", "Sam", "nobody", 1)
    assert (row.left, row.held, row.unstaffed) == (30, 1, 1)
    assert row.done == ("raise", "show", "acknowledge"), "what people did, and no page"


@pytest.mark.django_db
def test_who_is_second_is_said_by_the_server(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    acting.act(sam, case_code=code(session_id), what="watches", now=NOW)
    acting.propose(lin, case_code=code(session_id), tier=Tier.YELLOW, reason="safe", now=NOW)
    found = read_dangers({lin.pk: LIN, sam.pk: SAM}, NOW)
    assert [found[who.pk].rows[0].second for who in (lin, sam)] == [0, 1]


@pytest.mark.django_db
def test_a_late_clock_is_told_as_no_time_left_and_people_act_without_it(
    lin: Staff, sam: Staff
) -> None:
    session_id = start(tier=Tier.RED)
    (row,) = read_dangers({sam.pk: SAM}, NOW + timedelta(hours=1))[sam.pk].rows
    assert row.left == 0
    acting.acknowledge(sam, case_code=code(session_id), now=NOW + timedelta(hours=1))
    (row,) = read_dangers({sam.pk: SAM}, NOW + timedelta(hours=1))[sam.pk].rows
    assert row.acting == "Sam"


@pytest.mark.django_db
def test_many_are_cut_at_what_a_frame_holds(sam: Staff) -> None:
    for _ in range(limits.BOARD_DANGERS + 1):
        start(tier=Tier.ORANGE)
    assert len(read_dangers({sam.pk: SAM}, NOW)[sam.pk].rows) == limits.BOARD_DANGERS


@pytest.mark.django_db(transaction=True, available_apps=APPS)
async def test_on_the_socket_danger_appears_is_answered_and_goes() -> None:
    sam = await WRITE(hire, "sam", Role.SUPERVISOR)
    session_id = await WRITE(lambda: start(tier=Tier.RED))
    case = await WRITE(code, session_id)
    board = BoardBrowser(sam.cookie)
    async with browsing(board):
        watch = board_wire.Watch(version=limits.WIRE_VERSION)
        assert await board.ask(watch) == Done()
        first = await board.hear(wire.Dangers)
        assert [(row.case_code, row.state) for row in first.rows] == [(case, "raised")]
        assert await board.ask(wire.Acknowledge(case_code=case)) == Done()
        second = await board.hear(wire.Dangers, 2)
        assert second.rows[0].state == "acknowledged"
        again = await board.ask(wire.Acknowledge(case_code=case))
        assert again == Refused(code="not-now", retry_after=0)
        settle = wire.Settle(case_code=case, outcome="tested", unassessed="no-danger")
        assert await board.ask(settle) == Done()
        assert (await board.hear(wire.Dangers, 3)).rows == ()


@pytest.mark.django_db
def test_a_full_board_leaves_out_who_can_wait_and_never_who_has_nobody(sam: Staff) -> None:
    for _ in range(limits.BOARD_DANGERS):
        start(tier=Tier.RED)
    Escalation.objects.update(state="lost", raised_at=NOW - timedelta(hours=5))
    orange, red = start(tier=Tier.ORANGE), start(tier=Tier.RED)
    rows = read_dangers({sam.pk: SAM}, NOW)[sam.pk].rows
    assert [row.case_code for row in rows][:2] == [code(red), code(orange)]

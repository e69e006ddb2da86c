"""What staff do about danger stands in their trail: once each, the day alone, and never by halves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat import sessions
from chat.lanes import READ, WRITE
from counsel import limits
from counsel.audit.models import AuditCase, AuditEntry
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    NeedsTwoError,
    OpenDangerError,
    ValueRefusedError,
)
from counsel.framing import Frame
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.counsel.rights.said import on_the_board
from tests.people import APPS, hire
from tests.triage.escalation.cast import code, met, path, say, state, take
from triage.escalation import acting, sweep, wire
from triage.escalation.commands import COMMANDS
from triage.escalation.rows import EscalationStep
from triage.queue.tiers import Asked, Tier
from triage.wire import Watch


def written() -> list[tuple[str, str]]:
    """What was done about danger, and by whom."""
    found = AuditEntry.objects.filter(what__startswith="danger").order_by("pk")
    return list(found.values_list("what", "by"))


@pytest.mark.django_db
def test_each_thing_done_from_raising_to_the_outcome_is_one_entry(lin: Staff, sam: Staff) -> None:
    session_id = start()
    case = code(session_id)
    met(session_id, lin)
    acting.raise_(lin, case_code=case, kind="now", reason="judged", now=NOW)
    acting.acknowledge(sam, case_code=case, now=NOW)
    acting.assess(lin, case_code=case, now=NOW)
    acting.act(sam, case_code=case, what="advised", now=NOW)  # and what Lin asked counts from here
    acting.propose(lin, case_code=case, tier=Tier.ORANGE, reason="safe", now=NOW)
    acting.decline(sam, case_code=case, now=NOW)
    acting.propose(lin, case_code=case, tier=Tier.ORANGE, reason="safe", now=NOW)
    acting.confirm(sam, case_code=case, now=NOW)
    acting.close(lin, case_code=case, outcome="accompanied", now=NOW)
    acts = [(what, "lin" if by == lin.person else "sam") for what, by in written()]
    assert acts == [
        ("danger-raised", "lin"), ("danger-answered", "sam"), ("danger-assessed", "lin"),
        ("danger-acted", "sam"), ("danger-proposed", "lin"), ("danger-declined", "sam"),
        ("danger-proposed", "lin"), ("danger-confirmed", "sam"), ("danger-settled", "lin"),
    ]  # fmt: skip
    kept = AuditEntry.objects.filter(what__startswith="danger").values_list("at", "thing", "about")
    (at, thing, about), *others = set(kept)
    assert ((at.hour, at.minute), thing, about) == ((0, 0), AuditCase.objects.get().name, "")
    assert not others
    assert len({what for what, _ in acts}) == len(COMMANDS), "no command is forgotten"


@pytest.mark.django_db
def test_what_is_refused_and_what_changes_nothing_is_no_act(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED)
    case = code(session_id)
    met(session_id, lin)
    acting.act(sam, case_code=case, what="watches", now=NOW)
    acting.raise_(sam, case_code=case, kind="orange", reason="judged", now=NOW)
    acting.propose(lin, case_code=case, tier=Tier.YELLOW, reason="judged", now=NOW)
    with pytest.raises(NeedsTwoError):
        acting.confirm(lin, case_code=case, now=NOW)
    with pytest.raises(AccessError):
        acting.assess(hire("chen").staff, case_code=case, now=NOW)
    with pytest.raises(ValueRefusedError):
        acting.act(sam, case_code=case, what="nothing", now=NOW)
    with pytest.raises(IllegalTransitionError):
        acting.acknowledge(lin, case_code=case, now=NOW)
    with pytest.raises(OpenDangerError):
        acting.close(lin, case_code=case, outcome="safe", unassessed="gone", now=NOW)
    assert written() == [("danger-acted", sam.person), ("danger-proposed", lin.person)]


@pytest.mark.django_db
def test_raised_twice_is_one_act_and_raised_worse_another(lin: Staff) -> None:
    session_id = start()
    take(session_id, lin)
    case = code(session_id)
    for kind in ("orange", "orange", "recent", "orange", "now", "now"):
        acting.raise_(lin, case_code=case, kind=kind, reason="judged", now=NOW)
    assert written() == [("danger-raised", lin.person)] * 3


@pytest.mark.django_db
def test_what_cannot_be_recorded_does_not_happen(
    lin: Staff, sam: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    before = (path(), state())

    def fail(*args: object, **more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(acting, "record_case", fail)
    with pytest.raises(OSError, match="full"):
        acting.act(sam, case_code=code(session_id), what="watches", now=NOW)
    assert (path(), state(), written()) == (*before, [])


@pytest.mark.django_db
def test_what_she_and_the_clock_do_is_nobodys_act(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.YELLOW)
    say(session_id, Asked.DANGER)
    met(session_id, lin)
    sweep.sweep(NOW + timedelta(hours=1))
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=NOW + timedelta(hours=1))
    assert EscalationStep.objects.count() > 2
    assert written() == []


@pytest.mark.django_db
def test_once_she_erased_it_nobody_can_say_in_which_talk_danger_was(lin: Staff, sam: Staff) -> None:
    session_id = start(tier=Tier.RED)
    met(session_id, lin)
    acting.act(sam, case_code=code(session_id), what="watches", now=NOW)
    sessions.erase_session(session_id, role=Role.SEEKER, now=NOW)
    assert written() == [("danger-acted", sam.person)]
    assert not AuditCase.objects.exists()


@pytest.mark.django_db(transaction=True, available_apps=APPS)
async def test_a_board_that_says_it_again_acted_once() -> None:
    sam = await WRITE(hire, "sam", Role.SUPERVISOR)
    case = await WRITE(lambda: code(start(tier=Tier.RED)))
    said: list[Frame] = [wire.Acknowledge(case_code=case)] * 2
    heard = await on_the_board(sam.cookie, [Watch(version=limits.WIRE_VERSION), *said])
    assert heard.codes[:2] == ("", "")
    assert heard.codes[2], "somebody acts already"
    assert await READ(written) == [("danger-answered", sam.staff.person)]

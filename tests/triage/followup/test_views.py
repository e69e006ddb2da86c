"""What a page is told of follow-ups: one's own, or all of them, and never more than an answer holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counsel.followups import FollowUpEvent
from counsel.models import Staff
from tests.counsel.staff_room import hire, settle
from triage.followup.rows import FollowUp, FollowUpStep

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 15)


def due(owner: Staff | None, *, days: int = 0, case: str = "K7RM") -> FollowUp:
    return FollowUp.objects.create(
        case_code=case, kind="red", state="agreed", owner=owner, began_on=DAY,
        due_on=DAY + timedelta(days=days),
    )  # fmt: skip


def test_a_counsellor_is_told_their_own_and_nobody_to_give_them_to() -> None:
    person, browser = settle("lin", "林", "counsellor")
    due(person.staff)
    due(hire("chen", "陈", "counsellor").staff)
    answer = browser.ask("follow-ups")[1]
    assert [row["owner"] for row in answer["rows"]] == ["林"]
    assert (answer["people"], answer["signed"], answer["more"]) == ([], False, 0)
    assert answer["rows"][0]["late"] > 0


def test_a_supervisor_is_told_all_and_whom_to_give_one_to() -> None:
    _, browser = settle("zhou", "周", "supervisor")
    due(None, days=2)
    due(hire("chen", "陈", "counsellor").staff)
    hire("wang", "王", "administrator")
    answer = browser.ask("follow-ups")[1]
    assert [row["owner"] for row in answer["rows"]] == ["陈", ""], "the soonest day first"
    assert {one["name"] for one in answer["people"]} == {"周", "陈"}


def test_a_long_list_with_long_names_is_cut_and_says_so() -> None:
    person, browser = settle("zhou", "很" * 32, "supervisor")
    for number in range(45):
        one = due(person.staff, days=number)
        FollowUpStep.objects.bulk_create(
            FollowUpStep(
                follow_up=one,
                number=step,
                event=FollowUpEvent.MISS.value,
                staff=person.staff,
                on=DAY,
            )
            for step in range(1, 9)
        )
    code, answer = browser.ask("follow-ups")
    assert code == 200
    assert len(answer["rows"]) + answer["more"] == 45
    assert 10 < len(answer["rows"]) < 40

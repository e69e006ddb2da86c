"""What desks did in a month is told when the month is over, and never so small that it is about somebody."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from counsel import limits
from counsel.models import Staff
from counsel.places import DESKS
from tests.counsel.staff_room import settle
from triage.referral import counting, deadlines, moving
from triage.referral.counting import merged, raise_count, shown
from triage.referral.rows import BEHALF, COUNTED, SILENT, DeskCount, Referral

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
ENOUGH = limits.COUNT_FROM


def settled(role: str, desk: str = "") -> Any:
    """Somebody signed in."""
    person, browser = settle(f"f{secrets.token_hex(3)}", f"方{secrets.token_hex(3)}", role)
    Staff.objects.filter(pk=person.staff.pk).update(desk=desk)
    return browser


def test_a_month_is_told_when_it_is_over_and_does_not_change_any_more() -> None:
    raise_count("hardship", "come", NOW, by=ENOUGH)
    assert shown(["hardship"], NOW) == []
    (before,) = shown(["hardship"], LATER)
    assert (before.month, before.event, before.count) == (date(2026, 3, 1), "come", ENOUGH)
    raise_count("hardship", "come", LATER, by=50)
    assert shown(["hardship"], LATER) == [before], "two looks tell nothing of what lies between"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"a": 9}, [("", 0)]),
        ({"a": 10}, [("a", 10)]),
        ({"a": 40, "b": 9}, [("a", 40), ("", 0)]),
        ({"a": 40, "b": 5, "c": 5}, [("a", 40), ("", 10)]),
        ({"a": 4, "b": 5}, [("", 0)]),
        ({"a": 40, "b": 0}, [("a", 40)]),
        ({}, []),
    ],
)
def test_small_numbers_stand_together_or_are_only_said_to_be_small(
    counts: dict[str, int], said: list[tuple[str, int]]
) -> None:
    assert merged(counts) == said


def test_a_supervisor_sees_desks_together_and_a_desk_its_own_and_neither_a_total() -> None:
    for desk, count in (("hardship", 30), ("clinic", 6), ("station", 7)):
        DeskCount.objects.create(desk=desk, month=date(2026, 3, 1), event="accept", count=count)
    answer = settled("supervisor").ask("desk/counts")[1]
    told = {row["desk"]: row["count"] for row in answer["counts"]}
    assert (told, answer["from"]) == ({"hardship": 30, "": 13}, ENOUGH)
    (row,) = settled("desk", "clinic").ask("desk/counts")[1]["counts"]
    assert (row["desk"], row["count"]) == ("clinic", 0)


def test_a_desk_that_says_nothing_in_its_days_is_counted_once_as_silent() -> None:
    for number in range(3):
        moving.begin(
            ref=bytes([number]) * 16, token_hash=bytes([number]) * 32, desk="clinic",
            day=NOW.date(),
        )  # fmt: skip
    for _ in (1, 2):
        deadlines.pass_days(NOW.date() + timedelta(days=9), NOW)
    Referral.objects.update(state="accepted", due_on=NOW.date())
    deadlines.pass_days(NOW.date() + timedelta(days=40), NOW)
    assert DeskCount.objects.get(event=SILENT).count == 3, (
        "an end nobody told is not a desk's silence"
    )


def test_half_a_year_of_every_desk_and_act_fits_one_answer() -> None:
    acts = [event.value for event in COUNTED] + [SILENT, BEHALF]
    for number, desk, event in product(range(8), DESKS, acts):
        month = date(2025, 8 + number, 1) if number < 5 else date(2026, number - 4, 1)
        DeskCount.objects.create(desk=desk, month=month, event=event, count=1_000_000)
    code, answer = settled("supervisor").ask("desk/counts")
    assert code == 200
    assert len(answer["counts"]) == counting.MONTHS * len(DESKS) * len(acts)


def test_what_was_written_for_somebody_is_counted_and_the_trail_does_not_say_which() -> None:
    browser = settled("desk", "station")
    assert browser.ask("desk/behalf", desk="hardship")[0] == 200
    assert browser.ask("desk/behalf", desk="nowhere")[0] != 200
    assert DeskCount.objects.get(event=BEHALF, desk="hardship").count == 1

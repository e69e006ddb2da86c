"""Whatever people and the clock do in whatever order: the rules hold, and each step is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from counsel import limits
from counsel.errors import CounselError
from counsel.lifecycle import SHIFT, Role, ShiftState
from counsel.models import Staff
from tests.people import hire
from triage import rota, shifts
from triage.models import UNDER_WAY, Shift, ShiftStep
from triage.rota import Span

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOURS = ((0, 120), (60, 180), (120, 300), (150, 390), (320, 500))
"""Places of the day, minutes from noon: some touch, some overlap, some are too long together."""

Doing = Callable[[Staff, int, datetime], object]
DOINGS: dict[str, Doing] = {
    "sign up": shifts.sign_up,
    "give back": shifts.give_back,
    "ask for cover": lambda who, pk, _: shifts.ask_cover(who, pk),
    "cover": shifts.cover,
    "check in": shifts.check_in,
    "walk in": lambda who, _, now: shifts.check_in(who, 0, now),
    "pause": lambda who, _, now: shifts.pause(who, now),
    "debrief": lambda who, _, now: shifts.debrief(who, now),
    "resume": lambda who, _, now: shifts.resume(who, now),
    "check out": lambda who, _, now: shifts.check_out(who, now),
    "cancel": lambda _, pk, now: shifts.cancel(Staff.objects.get(role="supervisor"), pk, now),
    "tick": lambda _who, _pk, now: shifts.tick(now),
}
STEPS = st.tuples(
    st.sampled_from(sorted(DOINGS)),
    st.integers(0, 1),
    st.integers(0, len(HOURS) - 1),
    st.sampled_from((0, 1, 10, 35, 70)),
)


class Steps(TestCase):
    """Two counsellors, five places and a clock."""

    people: ClassVar[list[Staff]]
    sam: ClassVar[Staff]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.people = [hire(name, on_shift=False).staff for name in ("lin", "carol")]
        cls.sam = hire("sam", Role.SUPERVISOR, on_shift=False).staff

    @given(st.lists(STEPS, max_size=14))
    @settings(max_examples=20)
    def test_no_order_of_things_breaks_a_rule(self, steps: list[tuple[str, int, int, int]]) -> None:
        now = NOON - 20 * MINUTE
        ids = [
            shifts.plan(
                self.sam,
                role=Role.COUNSELLOR,
                spans=[Span(NOON + begin * MINUTE, NOON + end * MINUTE)],
                places=1,
            )[0]
            for begin, end in HOURS
        ]
        for what, who, place, later in steps:
            now += later * MINUTE
            before = _everything()
            try:
                DOINGS[what](self.people[who], ids[place], now)
            except CounselError:
                assert _everything() == before
            for person in self.people:
                _check_rules(person)
            _check_told()


def _everything() -> tuple[list[object], list[object]]:
    return list(Shift.objects.order_by("pk").values_list()), list(ShiftStep.objects.values_list())


def _check_rules(person: Staff) -> None:
    """Never in two places, never too long on end: planned, and stood."""
    theirs = Shift.objects.filter(staff=person)
    assert theirs.filter(state__in=UNDER_WAY).count() <= 1
    planned = [Span(one.starts_at, one.ends_at) for one in theirs.filter(state=ShiftState.TAKEN)]
    stood = [
        Span(
            max(one.checked_in_at, one.starts_at),
            min(one.checked_out_at or one.ends_at, one.ends_at),
        )
        for one in theirs.exclude(checked_in_at=None)
        if one.checked_in_at is not None
    ]
    spans = sorted(span for span in planned + stood if span.starts < span.ends)
    assert not any(one.meets(other) for one, other in pairwise(spans))
    assert all(run.ends - run.starts <= limits.SHIFT_AT_MOST for run in rota.runs(spans))


def _check_told() -> None:
    """The steps of each shift lead from the first state to the one it is in."""
    rows = {(row.source, row.event, row.target) for row in SHIFT}
    for shift in Shift.objects.prefetch_related("steps"):
        state: str = SHIFT.first
        for step in sorted(shift.steps.all(), key=lambda one: one.pk):
            assert step.source == state
            assert (step.source, step.event, step.target) in rows
            state = step.target
        assert shift.state == state

"""23:58 in a red: the shift is over, the talk is not, and the day ends around it.

Service and browsers live on the evening of another day: their clocks are moved on between two beats of
a heart, never so far that anybody would count as silent.

Seen to fail when the end of a shift gave the talk back, when pages waited for somebody who supervises, and
when a statement of duty that ends this week was taken for one that is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from tests.scenario import elsewhen
from tests.scenario.alarmed import Alarmed, alarmed, answers, ask, no_trouble, speaks
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Person, Phone
from tests.scenario.site import Built

ZONE: Final = ZoneInfo("Asia/Shanghai")
ONE_BEAT: Final = 17.0
"""Seconds after which everybody has said once more that they are here."""
A_JUMP: Final = 80.0
"""Seconds nobody is taken for silent after."""
DATE: Final = """ahead => { const Real = globalThis.RealDate ?? Date; globalThis.RealDate = Real;
  globalThis.Date = class extends Real {
    constructor(...said) { if (said.length === 0) super(Real.now() + ahead * 1000); else super(...said); }
    static now() { return Real.now() + ahead * 1000; }
  };
}"""
_PLAN: Final = """
import sys
from datetime import datetime, timedelta
from counsel.lifecycle import Role
from counsel.models import Staff
from triage import shifts
from triage.rota import Span
end = datetime.fromisoformat(sys.argv[1])
zhou = Staff.objects.get(sign_in_name="zhou")
for name in ("lin", "zhou"):
    who = Staff.objects.get(sign_in_name=name)
    (number,) = shifts.plan(zhou, role=Role(who.role), spans=[Span(end - timedelta(hours=3), end)], places=1)
    shifts.sign_up(who, number, end - timedelta(hours=4))
"""
_ROWS: Final = """
import json
from chat.models import CounselSession, Seat, Step
from triage.escalation.rows import Escalation, EscalationStep
from triage.models import ShiftStep
print(json.dumps({
    "session": list(CounselSession.objects.values_list("state", "group")),
    "seats": sorted(Seat.objects.filter(ended_at=None).values_list("role", flat=True)),
    "steps": list(Step.objects.order_by("pk").values_list("event", flat=True)),
    "danger": list(Escalation.objects.values_list("state", flat=True)),
    "events": list(EscalationStep.objects.order_by("pk").values_list("event", flat=True)),
    "days": sorted({str(one.date()) for one in EscalationStep.objects.values_list("at", flat=True)}),
    "over": ShiftStep.objects.filter(event="check-out").count(),
}))
"""


class Night:
    """One clock for the service and for every browser."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "ahead"
        today = datetime.now(ZONE).replace(hour=23, minute=0, second=0, microsecond=0)
        if today < datetime.now(ZONE) + timedelta(hours=1):
            today += timedelta(days=1)
        self.eleven = today
        self._pages: list[Person] = []
        self._ahead = 0.0
        self._set(self.at("23:52:00"))

    def at(self, clock: str) -> datetime:
        """This time of this night; after midnight `24:…`."""
        hours, minutes, seconds = map(int, clock.split(":"))
        return self.eleven + timedelta(hours=hours - 23, minutes=minutes, seconds=seconds)

    @property
    def file(self) -> str:
        """What the service reads."""
        return str(self._file)

    @property
    def now(self) -> datetime:
        """What time it is."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    @property
    def steps_of_codes(self) -> int:
        """How many half-minutes an authenticator is ahead."""
        return round(self._ahead / 30)

    def joins(self, person: Person) -> None:
        """Their browser lives here."""
        person.context.add_init_script(f"({DATE})({self._ahead})")
        self._pages.append(person)

    def passes(self, clock: str) -> None:
        """Until so late: moved on, and every heart beats in between."""
        target = self.at(clock)
        while (left := (target - self.now).total_seconds()) > 0:
            if left > 3:
                self._set(self.now + timedelta(seconds=min(left - 1, A_JUMP)))
                self._wait(ONE_BEAT if left > A_JUMP else 1.5)
            else:
                self._wait(left)

    def _set(self, moment: datetime) -> None:
        ahead = (moment - datetime.now(UTC)).total_seconds()
        self._ahead = ahead - ahead % 30 if not self._pages else ahead
        elsewhen.set_ahead(self._file, self._ahead)
        for person in self._pages:
            person.page.evaluate(DATE, self._ahead)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._pages[0].page.wait_for_timeout(100)


@contextmanager
def late_evening(folder: Path, built: Built) -> Iterator[tuple[Alarmed, Night]]:
    """A rehearsal at eight minutes to midnight; who is on is on until 23:58."""
    night = Night(folder)
    command = (
        "-m", "tests.scenario.elsewhen", night.file, "tests.scenario.hurried",
        "NOBODY_NEW_BEFORE_END=60", "CHECK_OUT_AFTER=30", "silent=180",
    )  # fmt: skip
    with alarmed(folder / "site", built, command=command, mode="rehearsal") as there:
        ask(there.site, _PLAN, night.at("23:58:00").isoformat())
        yield there, night


def sits_down(browsers: Chromiums, there: Alarmed, night: Night, name: str) -> Desk:
    """Signed in and on for the shift that ends at 23:58."""
    desk = Desk(browsers.launch(name, DESK), there.origin)
    night.joins(desk)
    desk.sign_in(there.data, name, ahead=night.steps_of_codes)
    return desk


@pytest.mark.soak
def test_the_shift_ends_in_a_red_and_midnight_passes_and_nobody_is_cut_off(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    with late_evening(tmp_path, built) as (there, night):
        zhou = sits_down(browsers, there, night, "zhou")
        zhou.press("我看到了")
        lin = sits_down(browsers, there, night, "lin")
        assert "23:58" in lin.page.inner_text(".duty")
        sana = Phone(browsers.launch("sana", PHONE), there.origin)
        night.joins(sana)
        night.passes("23:56:00")
        sana.arrive()
        sana.answer("我正在伤害自己，或者刚做过")
        lin.take()
        sana.talks()
        speaks(lin, sana, "我在。")
        answers(sana, lin, "别走")

        night.passes("23:58:04")
        speaks(lin, sana, "到点了，我不走。")
        answers(sana, lin, "好")
        night.passes("23:58:40")
        lin.until(lambda: ask(there.site, _ROWS)["over"] == 2)
        newcomer = Phone(browsers.launch("newcomer", PHONE), there.origin)
        newcomer.page.goto(f"{there.origin}/zh/")
        newcomer.sees("现在没有人在线")
        speaks(lin, sana, "还在。")
        assert zhou.page.locator(".danger-row").count() == 1, "whoever supervises still sees it"

        night.passes("24:00:03")
        speaks(lin, sana, "过了零点，我还在。")
        answers(sana, lin, "我也在")
        sana.reload()
        sana.until(lambda: sana.heard[-1:] == ["过了零点，我还在。"])
        lin.reload()
        answers(sana, lin, "零点以后")
        found = ask(there.site, _ROWS)
        assert found["session"] == [["active", 1]], "nobody began anew"
        assert found["seats"] == ["counsellor", "seeker"]
        assert "return" not in found["steps"]
        assert found["danger"] == ["attended"], "and it stays somebody's turn"
        assert "alone" not in found["events"]
        assert there.rung("10009") or there.rung("10003"), (
            "nobody supervises by now: others are called"
        )
        no_trouble(sana, lin, zhou)
        assert "Traceback" not in there.site.server.printed

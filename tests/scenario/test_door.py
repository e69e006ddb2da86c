"""A rehearsal's evening: the door opens when enough people are on, and closes when the supervisor's
laptop does. Whoever is in a talk then is told, and the talk goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Built, Site

GONE_AFTER: Final = 18
"""Seconds: more than a board's heartbeat, less than a test has patience for."""
HURRIED: Final = ("-m", "tests.scenario.hurried", f"STAFF_GONE_AFTER={GONE_AFTER}")
TOLD: Final = "督导这会儿不在，林 Lin还在陪你。"


@pytest.mark.soak  # most of its half minute is waiting
def test_the_door_follows_the_people(tmp_path: Path, built: Built, browsers: Chromiums) -> None:
    with Site(tmp_path / "site", built, command=HURRIED, MODE="rehearsal").open() as site:
        phone = Phone(browsers.launch("sana", PHONE), site.origin)
        finds_it_closed(phone)
        zhou = Desk(browsers.launch("zhou", DESK), site.origin)
        zhou.sign_in(site.data, "zhou")
        zhou.press("我看到了")
        zhou.sees("门关着，新的人进不来：值班的不到两个人，或者没有倾听员在。")
        finds_it_closed(phone)
        lin = Desk(browsers.launch("lin", DESK), site.origin)
        lin.sign_in(site.data, "lin")
        phone.start()
        lin.take()
        phone.talks()
        assert not phone.page.is_visible(f"text={TOLD}")

        zhou.context.set_offline(True)
        phone.until(lambda: phone.page.is_visible(f"text={TOLD}"), patience=GONE_AFTER + 10)
        lin.until(lambda: "没有督导空着手在值班" in lin.page.inner_text(".duty"))
        finds_it_closed(Phone(browsers.launch("newcomer", PHONE), site.origin))
        phone.say("那你还在吗？")
        lin.until(lambda: lin.heard == ["那你还在吗？"])

        zhou.context.set_offline(False)
        phone.until(lambda: not phone.page.is_visible(f"text={TOLD}"))
        assert not phone.trouble + lin.trouble + zhou.trouble


def finds_it_closed(phone: Phone) -> None:
    """Nobody comes in; the page says on which day and at what hour it opens."""
    phone.page.goto(f"{phone.origin}/zh/")
    phone.sees("现在没有人在线")
    assert not phone.page.is_visible("#start")
    said = phone.page.inner_text("#opens")
    assert said.startswith("下次开门：星期"), said
    assert said.endswith("点。"), said

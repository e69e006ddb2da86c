"""Somebody in danger, and their listener's machine is gone: a supervisor goes on with them. Three browsers,
the real half-minute, and who can read what, after.

Seen to fail when whoever was taken out could sit down again or kept what was said, when held words left
without a tap, and when letting go closed the danger.
"""

from __future__ import annotations

import time
from typing import Final

import pytest

from tests.scenario.people import Chromiums
from tests.scenario.seats import field_of, sits_down
from tests.scenario.site import Site
from tests.scenario.test_beside import BEFORE, ZHOU, met, withhold_commits

pytestmark = pytest.mark.soak
LIN: Final = "林 Lin"
LINE: Final = "line."
"""How the names of the records begin in which a browser keeps what was said."""
HELD: Final = "鸟三：没有人的时候写的"
AFTER: Final = ("鸟四：周来了以后说的", "鸟五：周答的", "鸟六：林回来以后说的")
CUT: Final = f"听我们的机器说，{LIN}那边断了。不是不理你，我们在找人接着陪你，你的位置排在最前面。"
FRESH: Final = f"现在是{ZHOU}。之前和{LIN}说的话，{ZHOU}看不到，要不要说由你。"


def test_a_supervisor_goes_on_with_somebody_whose_listener_is_gone_and_nobody_reads_what_is_not_theirs(
    browsers: Chromiums, site: Site
) -> None:
    phone, lin, zhou = met(browsers, site)
    field = field_of(lin)
    assert sits_down(lin, field), "as long as it is hers"
    assert LINE in lin.records, "the search sees where lines are kept"
    cut = time.monotonic()
    lin.context.set_offline(True)
    phone.until(lambda: CUT in phone.events, patience=50)
    assert 15 < time.monotonic() - cut < 45, "half a minute, not three"
    assert phone.page.is_visible(".waiting")
    assert phone.page.locator("a[href^='tel:']").count() > 0, "the numbers to call are there"
    phone.say(HELD)
    zhou.sees(f"没有{LIN}的消息。现在没有人陪着。")
    zhou.press("我接着陪")
    zhou.page.wait_for_selector(".pane .members-now")

    phone.until(lambda: ZHOU in phone.members())
    assert LIN not in phone.members()
    assert FRESH in phone.events
    assert zhou.spoken == [], "nothing of before is given by itself"
    phone.release()
    zhou.until(lambda: zhou.heard == [HELD])
    phone.say(AFTER[0])
    zhou.until(lambda: zhou.heard == [HELD, AFTER[0]])
    zhou.say(AFTER[1])
    phone.until(lambda: phone.heard[-1] == AFTER[1])
    zhou.until(lambda: zhou.page.locator(".danger-row[data-state=attended]").count())
    assert not any(old in zhou.page.content() for old in BEFORE)

    lin.context.set_offline(False)
    lin.sees("已由别人接着")
    phone.say(AFTER[2])
    zhou.until(lambda: zhou.heard[-1] == AFTER[2])
    assert not sits_down(lin, field), "asking all the same is asking for a talk that is not there"
    every = (*BEFORE, HELD, *AFTER)
    assert not any(word in lin.page.content() for word in every)
    lin.page.reload()
    lin.page.wait_for_selector(".console")
    lin.sees("手上没有人。")
    assert not any(word in lin.page.content() for word in every)
    lin.until(lambda: LINE not in lin.records)  # not even sealed

    phone.press(f"把我之前说的话给{ZHOU}看")
    zhou.until(lambda: zhou.heard[-1] == f"我之前说过：\n{BEFORE[0]}")
    assert BEFORE[1] not in zhou.page.content(), "what Lin said is not passed on"
    assert not phone.page.locator(".share").count()
    assert not any([phone.trouble, lin.trouble, zhou.trouble])


def test_a_listener_whose_own_browser_refuses_gives_the_talk_back_and_a_supervisor_goes_on(
    browsers: Chromiums, site: Site
) -> None:
    phone, lin, zhou = met(browsers, site)
    withhold_commits(lin)
    lin.reload()  # the lying line is a new one
    phone.reload()
    phone.talks()
    for turn in range(20):
        phone.say(f"第{turn + 1}句")
    phone.say(AFTER[0])  # behind fresh keys, which never come to her
    lin.sees("停下来了")
    assert AFTER[0] not in lin.page.inner_text("body")
    assert lin.page.locator("#ask-end").count() == 0, "she ends nothing"
    lin.press("放开这次谈话")
    phone.until(lambda: CUT in phone.events)
    lin.sees("手上没有人。")
    assert not any(word in lin.page.content() for word in (*BEFORE, AFTER[0]))
    lin.until(lambda: LINE not in lin.records)
    zhou.sees(f"{LIN}的网页接不下去，谈话放回来了。现在没有人陪着。")
    assert zhou.page.locator(".danger-row[data-kind=now]").count() == 1, "nothing was closed by it"
    zhou.press("我接着陪")
    phone.until(lambda: ZHOU in phone.members())
    phone.say(AFTER[1])
    zhou.until(lambda: zhou.heard[-1:] == [AFTER[1]])
    zhou.say(AFTER[2])
    phone.until(lambda: phone.heard[-1] == AFTER[2])
    assert not any([phone.trouble, lin.trouble, zhou.trouble])

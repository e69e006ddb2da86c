"""Lin hands over to Chen: three browsers, and who can read what, after.

Seen to fail when Chen came, or had a seat, before anybody nodded, and when Lin kept hers.
"""

from __future__ import annotations

from typing import Final

import pytest

from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.seats import field_of, sits_down
from tests.scenario.site import Site

pytestmark = pytest.mark.soak

BEFORE: Final = ("鸟一：只跟林说的", "鸟二：林答的")
SUMMARY: Final = "鸟三：工资三个月没发，想先问法律援助。"
AFTER: Final = ("鸟四：林走了以后", "鸟五：陈答的")
LIN, CHEN = "林 Lin", "陈 Chen"


def met(browsers: Chromiums, site: Site) -> tuple[Phone, Desk, Desk]:
    """Lin talks with somebody; Chen is on duty, her hands free."""
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    chen = Desk(browsers.launch("chen", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    phone.start()
    lin.take()
    phone.talks()
    chen.sign_in(site.data, "chen")
    phone.say(BEFORE[0])
    lin.until(lambda: lin.heard == [BEFORE[0]])
    lin.say(BEFORE[1])
    phone.until(lambda: phone.heard == [BEFORE[1]])
    return phone, lin, chen


def ask_chen(lin: Desk, chen: Desk) -> None:
    """Asked by name, and she says that she comes."""
    lin.page.click("#hand-on")
    lin.page.wait_for_selector("#hand-to")
    lin.page.select_option("#hand-to", label=CHEN)
    lin.press("问一问")
    chen.sees(f"{LIN}问：能不能接着陪")
    chen.press("我来")
    lin.page.wait_for_selector("#hand-summary")


def test_who_can_read_what_after_a_handover(browsers: Chromiums, site: Site) -> None:
    phone, lin, chen = met(browsers, site)
    field = field_of(lin)
    ask_chen(lin, chen)
    assert not sits_down(chen, field), "whoever was asked is not there yet"
    lin.page.fill("#hand-summary", SUMMARY)
    lin.press("给对方看")
    phone.sees(f"{LIN}要下班了，接下来{CHEN}陪你。")
    lin.sees("给对方看了，等对方点头。")
    assert phone.page.inner_text("blockquote") == SUMMARY
    assert SUMMARY not in chen.page.inner_text("body")

    lin.reload()  # both desks, in the middle of it
    chen.page.reload()
    chen.page.wait_for_selector(".come")
    lin.sees("给对方看了，等对方点头。")
    site.server.kill()
    site.server.start()
    phone.until(lambda: not phone.page.locator(".link.attention:not(:empty)").count())
    phone.press("可以，转过去")

    chen.page.wait_for_selector(".pane .members-now")
    chen.sees(SUMMARY)
    assert f"{LIN}写的几句，工友看过、点了头才转来：" in chen.events
    phone.until(lambda: CHEN in phone.members())
    assert LIN not in phone.members()
    assert f"{LIN}（倾听员）走了，往后的话看不到了。" in phone.events
    lin.sees(f"交给{CHEN}了")

    assert CHEN in phone.page.inner_text(".composer .send"), "the button is the consent"
    phone.say(AFTER[0])
    chen.until(lambda: chen.heard == [AFTER[0]])
    chen.say(AFTER[1])
    phone.until(lambda: phone.heard == [BEFORE[1], AFTER[1]])
    assert not any(old in chen.page.content() for old in BEFORE)
    assert not any(word in lin.page.content() for word in (*BEFORE, *AFTER, SUMMARY))
    lin.until(lambda: "line." not in lin.records)
    assert not sits_down(lin, field)
    assert not any([phone.trouble, lin.trouble, chen.trouble])


def test_she_says_enough_for_today_and_nobody_comes(browsers: Chromiums, site: Site) -> None:
    phone, lin, chen = met(browsers, site)
    ask_chen(lin, chen)
    lin.press("给对方看")
    phone.press("今天先到这")
    phone.press("结束")
    phone.sees("这次谈话结束了")
    chen.until(lambda: not chen.page.locator(".come").count())
    assert chen.page.locator(".pane").count() == 0
    lin.sees("这次谈话结束了")


def test_chen_cannot_after_all_and_lin_is_still_there(browsers: Chromiums, site: Site) -> None:
    phone, lin, chen = met(browsers, site)
    ask_chen(lin, chen)
    lin.page.fill("#hand-summary", SUMMARY)
    lin.press("给对方看")
    phone.sees("可以，转过去")
    chen.press("还是不行")
    phone.sees(f"{CHEN}这会儿来不了，{LIN}还在。")
    assert not phone.page.locator(".release.next").count()
    lin.sees(f"{CHEN}这会儿接不了，谈话还在你这里。")
    lin.say(AFTER[0])
    phone.until(lambda: phone.heard[-1] == AFTER[0])

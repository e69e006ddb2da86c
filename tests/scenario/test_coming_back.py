"""Agreed in a talk: the phone reminds by itself, nobody is called, and the staff's list knows no phone."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Site

LATER: Final = "const now = Date.now.bind(Date); Date.now = () => now() + {days} * 86400000;"
"""As if so many days had passed on this phone."""
LEFT: Final = """async () => [localStorage.length,
  (await indexedDB.databases()).map(one => one.name).filter(name => name === 'later')]"""


def agreed(browsers: Chromiums, site: Site) -> tuple[Phone, Desk]:
    """Lin asked, Wu chose an hour, and Lin noted it."""
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    wu = Phone(browsers.launch("wu", PHONE), site.origin)
    wu.start(keep=False)
    lin.take()
    wu.talks()
    lin.page.click("#ask-revisit")
    lin.page.fill(".help input[type=number]", "3")
    lin.page.click("#send-revisit")
    wu.press("看一看")
    wu.page.wait_for_selector("#revisit-yes")
    assert wu.page.locator(".moments li").count() == 1
    wu.page.select_option(".revisit select", "19")
    wu.page.click("#revisit-yes")
    wu.sees("记好了。下一次：")
    lin.until(lambda: any("说好了" in event for event in lin.events))
    lin.page.click("#revisit-kept")
    lin.sees("记下了。")
    return wu, lin


def listed(lin: Desk) -> str:
    """The staff's list, as it stands."""
    lin.page.click("#tab-own")
    lin.page.click("#tab-follow")
    lin.page.wait_for_selector(".follow-ups h1")
    lin.until(lambda: "正在打开" not in lin.page.inner_text(".follow-ups"))
    return lin.page.inner_text(".follow-ups")


@pytest.mark.soak
def test_wu_comes_back_on_the_day_because_the_phone_said_so_and_is_asked_for_lin(
    browsers: Chromiums, site: Site
) -> None:
    wu, lin = agreed(browsers, site)
    with wu.page.expect_download() as saved:
        wu.page.click("#calendar")
    text = saved.value.path().read_text(encoding="utf-8")
    assert re.search(r"DTSTART:\d{8}T190000\r?\n", text)
    assert "SUMMARY:提醒" in text
    assert not re.search(r"林|Lin|localhost|http", text)
    wu.press("回到聊天")
    wu.end()
    assert "约好的" in listed(lin)
    wu.page.close()

    asked: list[str] = []
    wu.page = wu.context.new_page()
    wu.page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    wu.page.goto(f"{site.origin}/zh/")
    wu.page.wait_for_selector("#start")
    wu.page.wait_for_timeout(800)
    assert not wu.page.is_visible("#later"), "nothing is asked before its day"
    wu.context.add_init_script(LATER.format(days=3))
    wu.page.goto(f"{site.origin}/zh/")
    wu.sees("说好今天回来看看")
    wu.page.wait_for_timeout(800)
    assert not [one for one in asked if not one.startswith("GET ")], "nothing leaves by itself"
    wu.press("找林 Lin说说")
    wu.page.wait_for_selector(".asks h1")
    for answer in ("安全", "没有"):
        wu.answer(answer)
    wu.page.wait_for_selector(".choice >> nth=0")
    wu.page.click("text=不想碰到谁")
    wu.page.wait_for_selector(".chip.on:has-text('林 Lin')")
    lin.page.click("#tab-follow")
    lin.page.click("[data-outcome=reached]")
    lin.until(lambda: "回访完了" in lin.page.inner_text(".follow-ups"))
    assert not wu.trouble + lin.trouble


@pytest.mark.soak
def test_whoever_erases_takes_the_day_along_on_the_phone_and_on_the_list(
    browsers: Chromiums, site: Site
) -> None:
    wu, lin = agreed(browsers, site)
    assert "约好的" in listed(lin)
    assert wu.page.evaluate(LEFT)[1] == ["later"]
    wu.press("回到聊天")
    wu.end()
    wu.erase()
    lin.until(lambda: "现在没有要回访的人。" in listed(lin))
    assert wu.page.evaluate(LEFT) == [0, []]
    assert not wu.trouble + lin.trouble

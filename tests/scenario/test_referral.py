"""From the talk to a desk: one that answers, one that does not, one that says no and names another.

The phone's clock is moved on instead of waiting: what leaves at a time drawn by chance leaves within
an hour and a half, and a desk has days.

Seen to fail when a desk's silence ended in nothing, when what was approved left at once, and when a line
that was changed after it was read to him stayed nodded to.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.scenario.canaries import Brood, Canary, characters, search
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Built, Site

HOUR_AND_A_HALF: Final = 91 * 60_000
DAYS: Final = 5 * 86_400_000
QUICK: Final = """
  const now = Date.now.bind(Date), every = window.setInterval.bind(window);
  let ahead = 0;
  Date.now = () => now() + ahead;
  window.addEventListener('counsel-later', event => { ahead += event.detail; });
  window.setInterval = (work, ms, ...more) =>
    every(work, ms === 15000 || ms === 30000 ? 250 : ms, ...more);
"""
LATER: Final = "ms => window.dispatchEvent(new CustomEvent('counsel-later', { detail: ms }))"


@pytest.fixture
def mixing(tmp_path: Path, built: Built) -> Iterator[Site]:
    """A site that writes what it holds every second."""
    with Site(tmp_path / "site", built, MIX_EVERY="1").open() as found:
        yield found


class Worker(Phone):
    """A seeker with errands."""

    def later(self, ms: int) -> None:
        """As if so much time had passed on this phone."""
        self.page.evaluate(LATER, ms)

    def shows(self, words: str) -> bool:
        return words in self.page.inner_text(".seeker-talk")

    def stored(self) -> None:
        """What was approved leaves, is held, and is written."""
        self.until(lambda: self.shows("写好了。会在"))
        self.later(HOUR_AND_A_HALF)
        self.until(lambda: not self.shows("写好了。会在"))
        for _ in range(20):
            if not self.shows("还没有存好"):
                return
            self.page.wait_for_timeout(1200)
            self.later(3 * 60_000)
            self.page.wait_for_timeout(600)
        raise AssertionError(self.page.inner_text("body"))

    def looks_for(self, words: str) -> None:
        """Taps until these words are in the mailbox."""
        self.press("看看有没有回信")
        self.until(lambda: self.shows(words))


class Window(Desk):
    """Whoever answers at a desk."""

    def sits_down(self, site: Site, name: str = "fang", desk: str = "工会法律援助") -> None:
        self.sign_in(site.data, name, on=False)
        self.page.wait_for_selector(f"h1:has-text('转来的事 · {desk}')")
        self.sees("现在没有转来的事。")

    def opens(self, state: str = "等回话") -> None:
        self.page.click(f".referrals-desk li button.plain:has-text('{state}')")
        self.page.wait_for_selector(".opened form")

    def does(self, act: str, words: str = "", to: str = "") -> None:
        self.page.fill(".opened textarea", words)
        if to:
            self.page.select_option(".opened select", to)
        with self.page.expect_response(lambda answer: answer.url.endswith("/api/desk/act")):
            self.page.click(f"[data-act={act}]")
        self.page.wait_for_selector(".opened .done")


def seat(browsers: Chromiums, name: str, size: tuple[int, int], kind: type, site: Site) -> Phone:
    context = browsers.launch(name, size)
    context.add_init_script(QUICK)
    found: Phone = kind(context, site.origin)
    return found


def test_wages_are_owed_and_a_desk_answers_and_once_it_does_not(
    browsers: Chromiums, mixing: Site
) -> None:
    fang = seat(browsers, "fang", DESK, Window, mixing)
    assert isinstance(fang, Window)
    fang.sits_down(mixing)
    lin = Desk(browsers.launch("lin", DESK), mixing.origin)
    lin.sign_in(mixing.data, "lin")
    sana = seat(browsers, "sana", PHONE, Worker, mixing)
    assert isinstance(sana, Worker)
    asked: list[str] = []
    sana.page.on("request", lambda request: asked.append(request.url))
    sana.start()
    lin.take()
    sana.talks()

    whole, changed, kept_back = (f"三月起没发工资{characters()}" for _ in range(3))
    lin.page.click("#propose-desk")
    lin.page.fill("#propose-lines", f"{whole}\n有二十个人\n{kept_back}")
    lin.press("放到对话里")
    lin.sees("提议放进去了。")
    sana.press("看一看")
    sana.sees("发给工会法律援助的话")
    assert sana.page.get_attribute("#approve-send", "aria-disabled") == "true", "nothing is ticked"
    sana.page.check("text=发这一句（第1句）")
    sana.page.fill("[aria-label='第2句']", changed)
    sana.page.check("text=发这一句（第2句）")
    sana.page.wait_for_timeout(500)
    assert not [url for url in asked if url.endswith("/api/referral")], "nothing before the tap"
    sana.press("发这2句")
    sana.sees("你同意了，还没发出。")
    sana.page.wait_for_timeout(600)
    assert not [url for url in asked if url.endswith("/api/referral")], "nor at once"
    sana.stored()
    sana.sees("送到窗口了，还没有人说接。")

    fang.until(lambda: "等回话" in fang.page.inner_text("body"))
    fang.opens()
    said = fang.page.inner_text(".opened .said")
    assert whole in said
    assert changed in said
    assert kept_back not in fang.page.inner_text("body")
    fang.does("accept", "可以接，免费")
    sana.looks_for("窗口接下了。")
    assert sana.shows("可以接，免费")
    sana.press("把消息告诉陪你的人")
    lin.until(lambda: any("工会法律援助接下了。" in event for event in lin.events))

    fang.does("say", "有没有工资条？")
    sana.looks_for("有没有工资条？")
    sana.page.fill(".reply textarea", "有照片，到时候带去")
    sana.press("发这句")
    sana.stored()
    fang.until(lambda: "有照片，到时候带去" in fang.page.inner_text(".opened"))
    fang.does("appoint", "星期四下午两点，三楼")
    sana.looks_for("约好了，时间地点在下面。")
    fang.does("come")
    sana.looks_for("窗口记下：你来过了。")

    sana.press("工会法律援助")
    sana.page.fill("[aria-label='第1句']", "还有一件事")
    sana.press("发这1句")
    sana.stored()
    sana.sees("送到窗口了，还没有人说接。")
    sana.later(DAYS)
    sana.sees("日子到了，窗口没有回话。")
    sana.page.click(".referral[data-state=silent] .tell")
    lin.until(lambda: any("到日子没有回话" in event for event in lin.events))

    brood = Brood({"approved": Canary("approved", whole), "changed": Canary("changed", changed)})
    found = search(brood, mixing.folder)
    assert not found.hits
    assert found.size > 100_000
    assert changed not in lin.page.inner_text("body")
    assert not fang.trouble + lin.trouble + sana.trouble


@pytest.mark.soak
def test_hardship_aid_says_no_with_a_reason_and_the_next_time_names_the_desk_that_can(
    browsers: Chromiums, mixing: Site
) -> None:
    guo, fang = (seat(browsers, name, DESK, Window, mixing) for name in ("guo", "fang"))
    assert isinstance(guo, Window)
    assert isinstance(fang, Window)
    guo.sits_down(mixing, "guo", "困难帮扶")
    fang.sits_down(mixing)
    lin = Desk(browsers.launch("lin", DESK), mixing.origin)
    lin.sign_in(mixing.data, "lin")
    wu = seat(browsers, "wu", PHONE, Worker, mixing)
    assert isinstance(wu, Worker)
    wu.start()
    lin.take()
    wu.talks()

    ill, owed = f"家里人住院，欠了钱{characters()}", f"老板还欠我三个月工资{characters()}"
    wu.press("更多")
    wu.press("转给能办事的人")
    wu.press("困难帮扶")
    wu.page.fill("[aria-label='第1句']", ill)
    wu.press("发这1句")
    wu.stored()
    guo.until(lambda: "等回话" in guo.page.inner_text("body"))
    guo.opens()
    assert ill in guo.page.inner_text(".opened .said")
    guo.does("decline", "这个月名额满了，下个月三号再报")
    wu.looks_for("窗口说接不了，理由在下面。")
    assert wu.shows("这个月名额满了，下个月三号再报"), "a no comes with its reason"
    wu.press("把消息告诉陪你的人")
    lin.until(lambda: any("困难帮扶说接不了" in event for event in lin.events))
    assert ill not in lin.page.inner_text("body"), "nor does the talk get what the desk was told"
    wu.press("收起来")

    wu.press("困难帮扶")
    wu.page.fill("[aria-label='第1句']", owed)
    wu.press("发这1句")
    wu.stored()
    guo.until(lambda: "等回话" in guo.page.inner_text("body"))
    guo.opens()
    guo.does("redirect", "欠薪的事法律援助能管，不收钱", to="legal-aid")
    wu.looks_for("窗口说该找别处。发不发，由你定。")
    assert wu.shows("欠薪的事法律援助能管，不收钱")
    wu.page.wait_for_timeout(600)
    assert "现在没有转来的事。" in fang.page.inner_text("body"), (
        "a redirect sends nothing by itself"
    )
    wu.press("也可以找工会法律援助：再一句一句看过")
    assert wu.page.get_attribute("#approve-send", "aria-disabled") == "true", (
        "asked line by line again"
    )
    wu.page.check("text=发这一句（第1句）")
    wu.press("发这1句")
    wu.stored()
    fang.until(lambda: "等回话" in fang.page.inner_text("body"))
    fang.opens()
    assert owed in fang.page.inner_text(".opened .said")
    fang.does("accept", "可以接")
    wu.looks_for("窗口接下了。")

    brood = Brood({"ill": Canary("ill", ill), "owed": Canary("owed", owed)})
    assert not search(brood, mixing.folder).hits
    assert not guo.trouble + fang.trouble + lin.trouble + wu.trouble


@pytest.mark.soak
def test_fang_writes_for_an_old_man_at_the_station_and_the_desk_is_told_that_it_was_read_to_him(
    browsers: Chromiums, mixing: Site
) -> None:
    guo = seat(browsers, "guo", DESK, Window, mixing)
    fang = seat(browsers, "fang", DESK, Window, mixing)
    assert isinstance(guo, Window)
    assert isinstance(fang, Window)
    guo.sits_down(mixing, "guo", "困难帮扶")
    fang.sign_in(mixing.data, "fang", on=False)
    fang.page.click("#tab-behalf")
    fang.page.select_option("#behalf-desk", "hardship")
    heating, more = f"冬天没有煤烧{characters()}", f"一个人住{characters()}"
    fang.page.fill("[aria-label='第1句']", heating)
    fang.page.check("text=念过，他点了头（第1句）")
    fang.press("再加一句")
    fang.page.fill("[aria-label='第2句']", more)
    assert fang.page.get_attribute("#behalf-send", "aria-disabled") == "true", "is he there?"
    fang.page.check("#beside")
    fang.page.fill("[aria-label='第1句']", f"{heating}了")
    assert fang.page.get_attribute("#behalf-send", "aria-disabled") == "true", (
        "read it to him again"
    )
    fang.page.check("text=念过，他点了头（第1句）")
    fang.press("替他发这1句")
    fang.sees("写好了，还没发出去。")
    for _ in range(20):
        fang.page.evaluate(LATER, HOUR_AND_A_HALF)
        fang.page.wait_for_timeout(1500)
        if "还没发出去" not in fang.page.inner_text(".behalf"):
            break
    guo.until(lambda: "等回话" in guo.page.inner_text("body"))
    guo.opens()
    assert f"{heating}了" in guo.page.inner_text(".opened .said")
    assert "代写来的：写的人说，这几句念给本人听过" in guo.page.inner_text(".opened")
    assert more not in guo.page.inner_text("body"), "what he did not nod to stays here"
    guo.does("accept", "下星期有人送煤去")
    fang.press("看看有没有回信")
    fang.sees("下星期有人送煤去")
    brood = Brood({"heating": Canary("heating", heating)})
    assert not search(brood, mixing.folder).hits
    assert not guo.trouble + fang.trouble

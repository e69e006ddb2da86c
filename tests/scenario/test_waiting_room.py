"""From the first question to somebody who comes: what the phone says, what the boards say, and who
is met first. The short story runs always; the others are long waits and many browsers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Built, Site

WRITTEN: Final = "等的时候先写一句"
CALLS: Final = "正在叫值班的人"
ROWS: Final = """() => [...document.querySelectorAll('.person:not(.held)')].map(row =>
  [row.querySelector('.code').textContent, row.querySelector('.tier').textContent.trim(),
   row.innerText])"""


def rows(desk: Desk) -> list[tuple[str, str]]:
    """Who waits on this board, in its order: how urgent, and all that is said of them."""
    found: list[list[str]] = desk.page.evaluate(ROWS)
    return [(tier, said) for _, tier, said in found]


def tiers(desk: Desk) -> list[str]:
    """How urgent those are who wait, in the order of the board."""
    return [tier for tier, _ in rows(desk)]


def said(desk: Desk) -> str:
    """Everything the board says of those who wait."""
    return "\n".join(text for _, text in rows(desk))


def seeker(browsers: Chromiums, site: Site, name: str) -> Phone:
    """Somebody with a phone."""
    return Phone(browsers.launch(name, PHONE), site.origin)


def test_who_is_worse_off_comes_first_and_is_met_by_whoever_they_let_read(
    browsers: Chromiums, site: Site
) -> None:
    first = seeker(browsers, site, "skips everything")
    first.start(answers=("跳过", "跳过"))
    first.until(lambda: first.told() == "现在没有人能接你")
    second = seeker(browsers, site, "says more")
    second.start(answers=("说不准", "今天也有"), topic="欠债")
    second.answer("不想说")
    second.page.wait_for_selector(".waiting")
    second.say(WRITTEN)

    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    lin.until(lambda: tiers(lin) == ["◆ 要快", "■ 问一问"])
    lin.take()
    second.talks()
    lin.until(lambda: tiers(lin) == ["■ 问一问"])
    assert not lin.page.is_visible(".answered"), "nothing is read before it is seen who came"
    assert lin.heard == []
    second.release()
    lin.until(lambda: lin.heard == [WRITTEN])
    answered = lin.page.inner_text(".answered")
    assert "你现在人安全吗？\n说不准" in answered
    assert "今天也有" in answered
    first.until(lambda: first.told() == "在给你找人")
    assert not first.trouble + second.trouble + lin.trouble


@pytest.mark.soak
def test_in_danger_somebody_is_called_at_once_and_a_mistake_stays_orange(
    browsers: Chromiums, site: Site
) -> None:
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    zhou = Desk(browsers.launch("zhou", DESK), site.origin)
    zhou.sign_in(site.data, "zhou")
    calm = seeker(browsers, site, "calm")
    calm.start()
    phone = seeker(browsers, site, "in danger")
    phone.arrive()
    phone.press("我现在很危险")
    phone.page.wait_for_selector("#app a[href='tel:120']", timeout=2_000)
    for board in (lin, zhou):
        board.until(lambda board=board: tiers(board)[:1] == ["▲ 危险"])  # type: ignore[misc]
    phone.press("我怕自己会做")
    phone.until(lambda: phone.told() == CALLS)
    phone.press("点错了")
    phone.until(lambda: phone.told() == "在给你找人")
    lin.until(lambda: tiers(lin) == ["◆ 要快", "○ 照常"])
    assert "说是点错了，问一句" in rows(lin)[0][1]


@pytest.mark.soak
def test_a_call_is_no_vanishing_and_whoever_comes_back_has_their_place(
    browsers: Chromiums, site: Site
) -> None:
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    phone = seeker(browsers, site, "calls")
    phone.arrive()
    phone.answer("我正在伤害自己，或者刚做过")
    phone.until(lambda: phone.told() == CALLS)
    # This browser cannot dial, and would ask about it with a window of its own.
    phone.page.evaluate("document.addEventListener('click', event => event.preventDefault())")
    phone.page.click(".waiting a[href='tel:120']")
    lin.until(lambda: "在打电话" in said(lin))
    phone.sees("打通了吗？")
    phone.press("没打通")
    phone.sees("再试一次，或换一个号码。")
    lin.until(lambda: "在看这一页" in said(lin))

    away = seeker(browsers, site, "leaves")
    away.start(answers=("说不准", "没有"))
    other = seeker(browsers, site, "comes later")
    other.start(answers=("说不准", "没有"), topic="工伤")
    lin.until(lambda: len(tiers(lin)) == 3)
    away.context.set_offline(True)  # no battery: a page that is only put away says so first
    lin.until(lambda: "没动静了" in said(lin), patience=60)
    away.context.set_offline(False)
    lin.until(lambda: "没动静了" not in said(lin))
    order = said(lin)
    assert order.index("欠薪") < order.index("工伤"), "the old place, before whoever came meanwhile"


@pytest.mark.soak
def test_it_got_worse_is_seen_on_the_board(browsers: Chromiums, site: Site) -> None:
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    phone = seeker(browsers, site, "worse")
    phone.start()
    lin.until(lambda: tiers(lin) == ["○ 照常"])
    phone.press("我更难受了")
    phone.press("安全，就是更难受了")
    lin.until(lambda: tiers(lin) == ["■ 问一问"])
    phone.press("我更难受了")
    phone.press("不想说，快点有人来就行")
    lin.until(lambda: tiers(lin) == ["◆ 要快"])
    phone.press("我更难受了")
    phone.press("不安全，我有危险")
    lin.until(lambda: tiers(lin) == ["▲ 危险"])


@pytest.mark.soak
def test_an_offer_that_lapses_is_nobodys_fault_and_a_break_is_said(
    browsers: Chromiums, site: Site
) -> None:
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    lin.press("有人等就问我：关着")
    lin.sees("有人等就问我：开着")
    phone = seeker(browsers, site, "is offered")
    phone.start()
    lin.page.wait_for_selector(".offer")
    phone.until(lambda: phone.told() == "有人在看了")
    lin.page.wait_for_selector(".offer", state="detached", timeout=45_000)
    phone.until(lambda: phone.told() == "在给你找人")
    lin.take()
    phone.talks()

    late = seeker(browsers, site, "comes in the break")
    lin.press("歇一会儿")
    late.start()
    late.until(lambda: late.told() == "现在没有人能接你")
    assert late.page.is_visible(".waiting a[href='tel:12356']")


@pytest.mark.soak
def test_when_far_more_come_than_usual_it_is_said(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    with Site(tmp_path / "site", built).open() as site:
        lin = Desk(browsers.launch("lin", DESK), site.origin)
        lin.sign_in(site.data, "lin")
        crowd = [seeker(browsers, site, f"crowd {number}") for number in range(4)]
        for phone in crowd:
            phone.start(answers=("跳过", "跳过"))
        last = crowd[-1]
        last.until(lambda: last.page.is_visible("text=今天来的人特别多"))
        assert "前面大约还有3个人" in last.page.inner_text(".waiting")
        assert last.page.is_visible(".waiting a[href='tel:120']")

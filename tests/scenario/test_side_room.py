"""A raised hand: a counsellor and a supervisor speak beside a talk, and the phone hears nothing of it."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Final

import pytest

from tests.scenario.canaries import Brood, Canary, characters, search
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Site

LIN: Final = "林 Lin"
ZHOU: Final = "周 Zhou"
FIELD: Final = ".side-room textarea"
HEARD: Final = """() => [...document.querySelectorAll('.side-lines li')].map(line =>
  [line.dataset.mine === 'true' ? 'mine' : 'theirs', line.querySelector('.text').textContent])"""
LISTEN: Final = """() => {
  window.rang = 0;
  navigator.vibrate = () => { window.rang += 1; return true; };
}"""
"""The sound buzzes too, where a device can; that is counted, on a page somebody looks at."""
SHOTS: Final = os.environ.get("SIDE_ROOM_SHOTS", "")
"""A folder for pictures of each step, for whoever wants to look."""


def met(browsers: Chromiums, site: Site) -> tuple[Phone, Desk, Desk]:
    """Sana talks with Lin about wages, in no danger; Zhou is on duty."""
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    zhou = Desk(browsers.launch("zhou", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    zhou.sign_in(site.data, "zhou")
    phone.start()
    lin.take()
    phone.talks()
    phone.say("老板三个月没发工资了")
    lin.until(lambda: lin.heard == ["老板三个月没发工资了"])
    return phone, lin, zhou


def look(name: str, *people: Phone | Desk) -> None:
    """A picture of what each of them sees."""
    for number, one in enumerate(people):
        if SHOTS:
            one.page.screenshot(path=Path(SHOTS) / f"{name}-{number}.png")


def said(desk: Desk) -> list[list[str]]:
    """What stands in the side room."""
    return list(desk.page.evaluate(HEARD))


def write(desk: Desk, text: str) -> None:
    """Into the side room, by the key that sends."""
    desk.page.fill(FIELD, text)
    desk.page.press(FIELD, "Enter")


def rows(site: Site, table: str) -> int:
    """Of the database file itself."""
    with sqlite3.connect(f"file:{site.data / 'counsel.sqlite3'}?mode=ro", uri=True) as database:
        (count,) = database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
    return int(count)


@pytest.mark.soak
def test_a_word_aside_stays_between_the_two_and_leads_a_supervisor_in(
    browsers: Chromiums, site: Site
) -> None:
    phone, lin, zhou = met(browsers, site)
    brood = Brood({name: Canary(name, characters(8)) for name in ("asked", "advised", "draft")})
    before = phone.page.inner_text("body")
    lin.page.fill(".pane .composer textarea", "写了一半")
    look("1-before", lin, zhou, phone)
    zhou.page.evaluate(LISTEN)
    lin.page.click("#raise-hand")
    began = time.monotonic()
    lin.sees("值班的督导已经看到提示，一分钟内该有人来。谈话照常，不用停。")
    zhou.sees(f"{LIN}举手了")
    zhou.until(lambda: zhou.page.evaluate("() => window.rang") == 1)
    look("2-raised", lin, zhou, phone)
    zhou.until(lambda: zhou.page.locator(".hand .firm[aria-disabled=false]").count())
    zhou.press("我来")
    lin.page.wait_for_selector(FIELD)
    zhou.page.wait_for_selector(FIELD)
    assert time.monotonic() - began < 60
    assert lin.page.input_value(".pane .composer textarea") == "写了一半"
    assert lin.page.locator("dialog[open], [aria-modal=true]").count() == 0

    write(lin, brood["asked"])
    zhou.until(lambda: said(zhou) == [["theirs", brood["asked"]]])
    write(zhou, brood["advised"])
    lin.until(lambda: said(lin)[-1:] == [["theirs", brood["advised"]]])
    look("3-words", lin, zhou, phone)
    assert lin.spoken == [("theirs", "老板三个月没发工资了")], "Enter sent nothing to her"
    assert lin.page.input_value(".pane .composer textarea") == "写了一半"
    lin.page.press(".pane .composer textarea", "Enter")
    phone.until(lambda: phone.heard == ["写了一半"])
    assert len(said(lin)) == 2, "and nothing of hers to Zhou"
    assert phone.page.inner_text("body").startswith(before[:20])
    for canary in (brood["asked"], brood["advised"], ZHOU, "举手"):
        assert canary not in phone.page.content()
    assert rows(site, "triage_siderow") >= 5
    assert not search(brood, site.folder).hits

    zhou.page.fill(FIELD, brood["draft"])  # begun, and kept while the talk opens beside it
    zhou.page.locator(".hand .ask-in").click()
    lin.sees(f"{ZHOU}（督导）想进来一起陪。")
    assert ZHOU not in phone.page.inner_text("body"), "a person admits them, nobody else"
    lin.press(f"让{ZHOU}进来")
    zhou.page.wait_for_selector(".pane .members-now")
    phone.until(lambda: ZHOU in phone.members())
    came = f"{ZHOU}（督导）进来了，从现在起能看到你们说的话。前面的话，{ZHOU}看不到。"
    assert came in phone.events
    assert ZHOU in phone.page.inner_text(".composer .send"), "before her next word"
    assert zhou.page.input_value(FIELD) == brood["draft"]
    assert [text for _, text in said(zhou)] == [brood["asked"], brood["advised"]]
    look("4-beside", lin, zhou, phone)

    lin.press("说完了，关上")
    lin.until(lambda: not lin.page.locator(FIELD).count())
    zhou.sees("说完了，关上了。这里说的话两边都没有留。")
    assert brood["draft"] in zhou.page.inner_text("body"), "what was begun can be copied"
    look("5-closed", lin, zhou, phone)
    lin.until(lambda: rows(site, "triage_siderow") == 0)
    for desk in (lin, zhou):
        assert brood["asked"] not in desk.page.content()
        assert brood["advised"] not in desk.page.content()
    assert not search(brood, site.folder).hits
    assert not any([phone.trouble, lin.trouble, zhou.trouble])


@pytest.mark.soak
def test_whoever_reloads_meets_again_and_from_the_overview_one_asks_into_any_talk(
    browsers: Chromiums, site: Site
) -> None:
    phone, lin, zhou = met(browsers, site)
    lin.page.click("#raise-hand")
    zhou.until(lambda: zhou.page.locator(".hand .firm[aria-disabled=false]").count())
    zhou.press("我来")
    lin.page.wait_for_selector(FIELD)
    write(lin, "第一间里的")
    zhou.until(lambda: said(zhou) == [["theirs", "第一间里的"]])
    lin.reload()
    lin.page.wait_for_selector(FIELD)
    assert said(lin) == [], "no keys and no words outlive the page"
    write(lin, "第二间里的")
    zhou.until(lambda: said(zhou)[-1:] == [["theirs", "第二间里的"]])
    zhou.page.reload()
    zhou.page.wait_for_selector(FIELD)
    write(zhou, "第三间里的")
    lin.until(lambda: said(lin)[-1:] == [["theirs", "第三间里的"]])
    zhou.press("说完了，关上")
    zhou.press("知道了")
    zhou.page.locator(".going-on .ask-in").click()
    zhou.sees("已经问了，等接谈话的人点头。")
    look("6-overview", lin, zhou, phone)
    lin.press(f"让{ZHOU}进来")
    phone.until(lambda: ZHOU in phone.members())
    assert not any([phone.trouble, lin.trouble, zhou.trouble])

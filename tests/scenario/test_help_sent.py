"""Help is sent to somebody who wants it: real browsers, a place nobody else learns, and what is left.

Seen to fail when the place stayed on the desk's computer or on the phone after they were there, and when
erasing took back help that was on its way.
"""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.scenario.canaries import Brood, Canary, characters, search
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Person, Phone
from tests.scenario.site import Site

pytestmark = pytest.mark.soak
CALLED: Final = "打过电话了"


class Story:
    """Sana in danger, Lin with her, Zhou supervising, and a place drawn for this run."""

    def __init__(self, browsers: Chromiums, site: Site) -> None:
        self.browsers, self.site = browsers, site
        self.phone = Phone(browsers.launch("sana", PHONE), site.origin)
        self.lin = Desk(browsers.launch("lin", DESK), site.origin)
        self.zhou = Desk(browsers.launch("zhou", DESK), site.origin)
        self.where = f"{characters()}粉店门口"
        self.brood = Brood({"place": Canary("place", self.where)})
        self.lin.sign_in(site.data, "lin")
        self.zhou.sign_in(site.data, "zhou")

    def meet(self) -> None:
        """A word of a person is on her screen, and the danger is open."""
        phone, lin = self.phone, self.lin
        phone.start()
        lin.take()
        phone.talks()
        lin.say("我在。")
        phone.until(lambda: phone.heard == ["我在。"])
        lin.press("这个人可能有危险")
        lin.page.select_option("select[name=danger]", "now")
        lin.page.click("form.lower .firm")
        self.zhou.page.wait_for_selector(".danger-row")

    def ask(self) -> None:
        """Lin asks, and her phone shows what that means."""
        self.lin.page.click("#offer-help")
        self.lin.page.click(".help .ask .firm")
        self.phone.sees("要不要我们替你打电话叫人来")
        self.phone.press("看一看")
        self.phone.sees("门卫会看到")

    def consent(self) -> None:
        """Outside the plant, and one tap that names who reads it."""
        self.ask()
        page = self.phone.page
        assert page.get_attribute("#help-yes", "aria-disabled") == "true"
        page.click("text=厂外的地方，比如路口、店门口")
        page.fill("#help-place", self.where)
        self.phone.press("可以，发给林 Lin")
        self.lin.page.wait_for_selector(f".helps :text('{self.where}')")
        self.lin.page.wait_for_selector(".helps [data-state=consented]")

    def shown(self, person: Person) -> str:
        return person.page.inner_text("body")

    def assert_nobody_else_knows(self) -> None:
        """Neither the service's files, nor a supervisor's screen."""
        assert not search(self.brood, self.site.folder).hits
        assert self.where not in self.shown(self.zhou)

    def assert_gone(self) -> None:
        """From both devices, as far as their pages can show it, now and after a reload."""
        for person in (self.phone, self.lin):
            person.until(lambda person=person: self.where not in self.shown(person))  # type: ignore[misc]
            person.reload()
            person.until(lambda person=person: person.page.locator(".members-now").count())  # type: ignore[misc]
            assert self.where not in self.shown(person)
            assert "wheres" not in person.records
        assert not search(self.brood, self.site.folder).hits
        troubles = [self.phone.trouble, self.lin.trouble, self.zhou.trouble]
        assert not any(troubles), troubles


@pytest.fixture
def story(browsers: Chromiums, site: Site) -> Story:
    found = Story(browsers, site)
    found.meet()
    return found


def test_120_is_called_to_a_place_outside_and_once_it_is_there_nobody_has_the_place(
    story: Story,
) -> None:
    phone, lin, zhou = story.phone, story.lin, story.zhou
    story.consent()
    assert "wheres" in lin.records, "the search sees where it is kept"
    zhou.sees("地点只在林 Lin的电脑上。")
    lin.press("打了120")
    phone.sees(CALLED)
    zhou.page.wait_for_selector(".helps [data-state=called]")
    lin.page.fill(".calling input", "A-17")
    lin.page.keyboard.press("Tab")  # the field is left: what was typed is kept
    lin.page.click(".helps .answers .firm")  # they come
    zhou.page.wait_for_selector(".helps [data-state=accepted]")
    lin.reload()
    lin.page.wait_for_selector(f".helps :text('{story.where}')")
    assert lin.page.input_value(".calling input") == "A-17"
    story.assert_nobody_else_knows()
    phone.page.click("nav.bar >> text=更多")
    phone.press("叫人来帮")
    phone.sees(story.where)
    phone.press("人来了")
    lin.until(lambda: lin.page.locator(".helps").count() == 0)
    zhou.until(lambda: zhou.page.locator(".helps").count() == 0)
    phone.until(lambda: any("这台手机上删掉了" in event for event in phone.events))
    story.assert_gone()


def test_a_volunteer_with_a_code_goes_and_meets_her_and_learns_nothing(
    story: Story, browsers: Chromiums
) -> None:
    phone, lin, zhou = story.phone, story.lin, story.zhou
    story.consent()
    zhou.press("叫人过去，给个口令")
    zhou.page.wait_for_selector(".spoken .digits")
    code = zhou.page.inner_text(".spoken .digits")
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", code)
    going = Person(browsers.launch("wu", PHONE), story.site.origin)
    going.page.goto(f"{going.origin}/zh/coming/")
    going.page.fill("#code", "1234 1234 1234")
    going.press("看一看")
    going.sees("这个口令不能用")
    going.page.fill("#code", code)
    going.press("看一看")
    going.sees("有个人在等人去接")
    case = lin.page.inner_text(".pane .code")
    for secret in (story.where, case, "林", "周"):
        assert secret not in going.page.content()
    going.page.click("text=30 分钟内")
    going.press("我去")
    going.sees("说好了，你去")
    zhou.sees("说30分钟内到")
    phone.sees(CALLED)
    going.page.reload()  # an old phone that was put away: the same code again
    going.page.fill("#code", code)
    going.press("看一看")
    going.press("来了，见到了")
    going.sees("记下了，谢谢你")
    lin.until(lambda: lin.page.locator(".helps").count() == 0)
    phone.sees("现在没有人在替你叫人")
    phone.press("回到聊天")
    phone.until(lambda: any("叫人这件事到此为止" in event for event in phone.events))
    going.page.reload()
    going.page.fill("#code", code)
    going.press("看一看")
    going.sees("这个口令不能用")
    story.assert_gone()


def test_who_erases_while_120_is_on_its_way_is_forgotten_and_still_met(story: Story) -> None:
    phone, lin = story.phone, story.lin
    story.consent()
    lin.press("打了120")
    phone.sees(CALLED)
    phone.press("更多")
    phone.press("删掉我说过的话")
    phone.sees("打电话的人那里留着这几个字")
    phone.press("删掉")
    phone.sees("我们机器上和这台手机上都没有了")
    assert story.where not in story.shown(phone)
    lin.sees("删掉了的谈话")
    assert story.where in story.shown(lin), "they wanted it, and it is on its way"
    story.assert_nobody_else_knows()
    lin.page.reload()
    lin.page.wait_for_selector(f".helps :text('{story.where}')")
    lin.page.click(".helps .others summary")
    lin.page.locator(".helps .answers").get_by_role("button", name="人到了").click()
    lin.until(lambda: lin.page.locator(".helps").count() == 0)
    lin.until(lambda: story.where not in story.shown(lin))
    lin.page.reload()
    lin.page.wait_for_selector(".board")
    assert story.where not in story.shown(lin)
    assert "wheres" not in lin.records
    assert not search(story.brood, story.site.folder).hits


def test_who_says_no_is_asked_for_nothing(story: Story) -> None:
    story.ask()
    story.phone.press("先不用")
    story.lin.sees("对方说先不用叫人。")
    story.lin.until(lambda: story.lin.page.locator(".helps").count() == 0)
    story.lin.until(lambda: story.lin.page.get_attribute("#offer-help", "aria-disabled") == "false")

"""Those who run the staff, in the pages at a real server: somebody is invited and joins, is cleared,
is suspended while at work; a lost phone takes two; the first page says who runs all this; and all of it
stands in a record that shows when somebody rewrites it.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.door import PASSWORD, code_of
from tests.browser.gallery import chromium
from tests.scenario.people import DESK, PATIENCE, PHONE, Desk
from tests.scenario.site import Built, Site

GONE_WITHIN: Final = 3.5
"""Seconds: two by promise, and a margin in which a busy machine draws it."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, built: Built) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("office") / "site", built)
    with site.open():
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def seat(browser: Browser, service: Site, size: tuple[int, int] = DESK) -> Desk:
    """A browser of one's own."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(PATIENCE * 1000)
    return Desk(context, service.origin)


@pytest.fixture(scope="module")
def wang(browser: Browser, service: Site) -> Desk:
    """The administrator."""
    found = seat(browser, service)
    found.sign_in(service.data, "wang", on=False)
    return found


@pytest.fixture(scope="module")
def zhou(browser: Browser, service: Site) -> Desk:
    """The supervisor."""
    found = seat(browser, service)
    found.sign_in(service.data, "zhou", on=False)
    return found


def turn_to(person: Desk, tab: str) -> None:
    """Opens a page of the console, as it is now."""
    person.page.click("#tab-own")
    person.page.click(f"#tab-{tab}")
    person.page.wait_for_selector(".office .rows")


def open_line(person: Desk, name: str) -> None:
    """Finds somebody in the list by their name."""
    person.page.fill("#find-people", name)
    line = person.page.locator(".staff-line", has_text=name)
    line.click()
    person.page.wait_for_selector(".staff-more")


def finish_joining(page: Page, sign_in_name: str) -> None:
    """What somebody does who was given a link."""
    secret = base64.b32decode(page.inner_text(".secret").replace(" ", ""))
    if sign_in_name:
        page.fill("[name=username]", sign_in_name)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", code_of(secret))
    page.click("button.act")
    page.wait_for_selector(".codes li")


def test_from_the_invitation_to_a_person_who_may_take_people(
    browser: Browser, service: Site, wang: Desk, zhou: Desk
) -> None:
    turn_to(wang, "people")
    wang.page.click("#begin-invite")
    wang.page.fill("#invite-name", "李 Li")
    wang.page.click(".card .firm")
    link = wang.page.input_value(".link-once input")
    assert urlsplit(link).path == "/zh/staff/"

    # Shown once means once, not "until another tab is looked at"; a half-typed name stays too.
    wang.page.click("#begin-invite")
    wang.page.fill("#invite-name", "赵")
    turn_to(wang, "organisation")
    turn_to(wang, "people")
    assert wang.page.input_value(".link-once input") == link
    assert wang.page.input_value("#invite-name") == "赵"

    newcomer = seat(browser, service, PHONE)
    newcomer.page.goto(link)
    newcomer.sees("李 Li，你好")
    finish_joining(newcomer.page, "xiaoli")

    turn_to(zhou, "people")
    open_line(zhou, "李 Li")
    zhou.sees("还没有督导确认，接不了真人")
    zhou.press("确认可以接真人")
    zhou.sees("记下了：你确认李 Li可以接真人。")
    turn_to(wang, "people")
    wang.page.wait_for_selector(".staff-line:has-text('李 Li') >> text=可以接真人")
    wang.page.locator(".pending", has_text="李 Li").wait_for(state="detached")  # it was used
    assert newcomer.trouble == wang.trouble == zhou.trouble == []
    newcomer.context.close()


def test_whoever_is_suspended_is_out_of_their_console_at_once(
    browser: Browser, service: Site, wang: Desk
) -> None:
    lin = seat(browser, service)
    lin.sign_in(service.data, "lin", on=False)
    lin.page.wait_for_selector(".wire[data-link=online]")
    turn_to(wang, "people")
    open_line(wang, "林 Lin")
    wang.press("停用")
    assert "两秒内退出" in wang.page.inner_text(".ask")
    wang.page.click(".ask .firm")
    lin.page.wait_for_selector("[name=password]", timeout=GONE_WITHIN * 1000)
    wang.sees("林 Lin停用了，两秒内从所有地方退出。")
    wang.press("恢复")
    wang.sees("林 Lin恢复了")
    assert lin.trouble == []
    lin.context.close()


def test_a_lost_phone_takes_two_people_and_neither_is_the_one_it_is_about(
    browser: Browser, service: Site, wang: Desk, zhou: Desk
) -> None:
    turn_to(zhou, "people")
    open_line(zhou, "陈 Chen")
    zhou.press("申请重新登记")
    zhou.page.click(".ask .firm")
    zhou.sees("替陈 Chen申请了。")
    waiting = zhou.page.locator(".pending", has_text="陈 Chen")
    assert "等另一个人同意" in waiting.inner_text()
    assert waiting.locator("button").count() == 0, "nobody agrees with themselves"

    turn_to(wang, "people")
    wang.page.locator(".pending", has_text="陈 Chen").locator("text=看看要不要同意").click()
    assert "先当面或者打视频问" in wang.page.inner_text(".ask")
    wang.page.click(".ask .firm")
    card = wang.page.locator(".link-once", has_text="重新登记")
    link = card.locator("input").input_value()

    chen = seat(browser, service, PHONE)
    chen.page.goto(link)
    chen.sees("陈 Chen")
    assert chen.page.locator("[name=username]").count() == 0, "the name to sign in with stays"
    finish_joining(chen.page, "")
    turn_to(zhou, "people")
    zhou.page.locator(".pending", has_text="陈 Chen").wait_for(state="detached")
    assert chen.trouble == []
    chen.context.close()


def test_the_first_page_says_at_once_what_the_organisation_calls_itself(
    browser: Browser, service: Site, wang: Desk, zhou: Desk
) -> None:
    turn_to(wang, "organisation")
    wang.page.fill("#identity-level", "市总工会")
    wang.page.fill("#identity-name", "暖心热线")
    seen = wang.page.inner_text(".as-seen p")
    wang.page.click(".card form .firm")
    wang.sees("存下了。")
    phone = seat(browser, service, PHONE)
    phone.until(lambda: _first_page(phone) == seen)
    assert seen == "市总工会 暖心热线开办，厂里的人没有账号。"
    phone.context.close()

    turn_to(zhou, "organisation")
    assert zhou.page.locator("#identity-name").count() == 0
    zhou.page.click("#rang-12356")
    zhou.page.click(".ask .firm")
    zhou.sees("记下了：你今天打通了12356。")
    turn_to(wang, "organisation")
    wang.page.wait_for_selector(
        ".number-row:has-text('12356') >> text=上次打通：今天，周 Zhou打的。"
    )
    assert wang.trouble == zhou.trouble == []


def test_the_auditor_finds_what_was_done_and_that_somebody_rewrote_it(
    browser: Browser, service: Site, wang: Desk
) -> None:
    turn_to(wang, "people")
    if wang.page.locator("#invite-name").count() == 0:
        wang.page.click("#begin-invite")
    wang.page.fill("#invite-name", "钱")
    wang.page.click(".card .firm")
    wang.page.wait_for_selector(".link-once:has-text('钱')")

    sun = seat(browser, service)
    sun.sign_in(service.data, "sun", on=False)
    sun.sees("你在这里做的事会记下来。")
    sun.press("看看记什么")
    sun.page.click("#told-known")
    sun.page.locator("#told-known").wait_for(state="detached")
    sun.page.select_option("#trail-what", "invited")
    sun.page.press("#trail-case", "Enter")
    row = sun.page.locator(".entry", has_text="邀请了一位倾听员").first
    row.wait_for()
    sun.until(lambda: all("邀请" in one for one in sun.page.locator(".entry").all_inner_texts()))
    assert "王 Wang（管理员）" in row.inner_text()
    with sun.page.expect_download() as saving:
        sun.page.click("#trail-file")
    text = saving.value.path().read_text(encoding="utf-8-sig")
    assert "王 Wang" in text
    assert "钱" not in text, "no word somebody typed"

    sun.page.click("#verify")
    sun.sees("记录和当时写的一样。")
    _rewrite(service)
    sun.page.click("#verify")
    sun.sees("条被改过。")
    assert sun.trouble == wang.trouble == []
    sun.context.close()


def _rewrite(service: Site) -> None:
    """Somebody who owns the database makes it another person's act."""
    with sqlite3.connect(service.data / "counsel.sqlite3") as database:
        database.execute("DROP TRIGGER counsel_auditentry_update")
        database.execute(
            "UPDATE counsel_auditentry SET by = about WHERE id = (SELECT min(id) FROM counsel_auditentry)"
        )


def _first_page(phone: Desk) -> str:
    """Who runs it, as a worker reads it; the answer is written anew once a second."""
    phone.page.goto(f"{phone.origin}/zh/")
    phone.page.wait_for_selector(
        "[data-state=nobody]:not([hidden]), [data-state=open]:not([hidden])"
    )
    return phone.page.inner_text(".who span")

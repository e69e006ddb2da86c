"""A place that helps: checked and signed by a supervisor, passed on in a talk, looked up by oneself."""

from __future__ import annotations

from tests.browser.gallery import soon
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Site
from tests.scenario.story import meet

AID = "工会法律援助站（样例）"
PARTS = "**/assets/part-*"
"""What a page fetches of itself when it is needed."""


def test_a_place_is_passed_on_and_looked_up_without_a_question_to_anybody(
    browsers: Chromiums, site: Site
) -> None:
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    desk = Desk(browsers.launch("lin", DESK), site.origin)
    desk.sign_in(site.data, "lin")
    meet(phone, desk)
    phone.page.route(PARTS, lambda route: route.abort())
    _pass_on(desk)
    _keeps_and_calls(phone, desk)
    _looks_up(phone)
    assert not phone.trouble
    assert not desk.trouble


def _pass_on(desk: Desk) -> None:
    """Lin wants legal aid for her; the look-up lies beside the talk."""
    page = desk.page
    page.click("#look-up")
    page.locator(".case .lookup select").select_option("44")
    page.fill(".case .lookup input[type=search]", "讨薪")
    page.wait_for_selector(f".case .hit h2:text-is('{AID}')")
    assert page.locator(".case .hit").count() == 1
    page.click(".case .hit .second")
    page.wait_for_selector(f".pane .line.card h2:text-is('{AID}')")


def _keeps_and_calls(phone: Phone, desk: Desk) -> None:
    """The card stands in Sana's talk, also after her line broke as it came, and after a reload; a
    touch of its number is calling.
    """
    phone.page.wait_for_selector(".line.card :text('没打开')")
    phone.page.unroute(PARTS)
    phone.page.click(".line.card button:text-is('再试一次')")
    phone.page.wait_for_selector(f".line.card h2:text-is('{AID}')")
    phone.reload()
    dial = phone.page.locator(".line.card a[href='tel:12348']")
    dial.wait_for()
    # The dialler takes the page away: the test stays, but what is said before leaving is said.
    phone.page.evaluate(
        "addEventListener('click', event => event.target.closest('a[href^=\"tel:\"]')"
        " && event.preventDefault())"
    )
    dial.click()
    desk.sees("在打电话")
    phone.page.locator(".call button").first.wait_for()
    phone.page.locator(".call button").first.click()
    desk.until(lambda: desk.page.locator("text=在打电话").count() == 0)


def _looks_up(phone: Phone) -> None:
    """One fetch of the province; then whatever is typed, nothing leaves."""
    page = phone.page
    phone.press("更多")
    phone.press("能帮忙的地方")
    page.wait_for_selector(f".screen section h2:text-is('{AID}')")  # what was passed on
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.locator(".lookup select").select_option("44")
    page.wait_for_selector(".lookup .hit")
    assert [url for url in fetched if "/directory/" in url] == [f"{phone.origin}/directory/44.bin"]
    fetched.clear()
    for words, found in (("急诊", "精神科急诊（样例）"), ("12333", "12333 劳动保障热线")):
        page.fill(".lookup input[type=search]", words)
        page.wait_for_selector(f".lookup .hit h2:text-is('{found}')")
    page.fill(".lookup input[type=search]", "")
    for chip in ("法律援助", "现在开着的"):
        page.click(f".lookup .chip:has-text('{chip}')")
        page.wait_for_selector(f".lookup .chip.on:has-text('{chip}')")
        page.click(f".lookup .chip:has-text('{chip}')")
    page.click(".lookup button:has-text('厂区里')")
    page.wait_for_selector(".lookup .hit h2:text-is('厂内职工服务点（样例）')")
    assert fetched == [], "looking something up is nobody's business"


def test_what_a_supervisor_changes_reaches_phones_once_it_is_signed(
    browsers: Chromiums, site: Site
) -> None:
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    zhou = Desk(browsers.launch("zhou", DESK), site.origin)
    zhou.sign_in(site.data, "zhou")
    page = zhou.page
    page.click("#tab-keys")
    page.click("#keys-issuer ~ .second")
    page.locator("#keys-issuer ~ .second").wait_for(state="detached")
    page.click("#tab-directory")
    page.click("#open-sample-station")
    page.fill("input[name=name]", "改了名的驿站")
    page.click("form .answers .firm")
    zhou.sees("改了名的驿站存下了")
    page.click("form > .answers .second")
    assert _names(phone) == [AID, "工会驿站（样例）"]
    page.click("#pack")
    zhou.sees("改了的（1）")
    page.click("#sign-directory")
    page.click(".ask .firm")
    zhou.until(lambda: page.locator("text=第2版签发了").count())
    assert _names(phone) == [AID, "改了名的驿站"]


def _names(phone: Phone) -> list[str]:
    """What her phone finds of the union's places, read anew."""
    page = phone.page
    if page.url == "about:blank":
        phone.start()
    phone.reload()
    phone.press("更多")
    phone.press("能帮忙的地方")
    page.locator(".lookup select").select_option("44")
    page.fill(".lookup input[type=search]", "样例市总工会")
    names = ".lookup .hit h2"
    soon(page, lambda: page.locator(names).count() == 2)
    return sorted(page.locator(names).all_inner_texts())

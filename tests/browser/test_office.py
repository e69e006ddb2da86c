"""The pages of people and organisation without a server behind them: every state on a phone, and the
keyboard alone. At a desk the console's own gallery shows and judges them (`test_console_gallery.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Dialog, Page, ViewportSize

from tests.browser.gallery import chromium, has_cursor, serve, soon
from tests.browser.test_console_gallery import build, judge, open_state, states

PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("office")
    build(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK)
    found = context.new_page()
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    found.on("dialog", note)
    yield found
    assert asked == [], "the browser's own boxes stop everything and say too little"
    context.close()


def _named(page: Page, address: str) -> list[str]:
    found = [
        one for one in states(page, address) if one.startswith(("people", "organisation", "trail"))
    ]
    assert len(found) > 40
    return found


def _too_wide(page: Page, state: str) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{state}: {wide} px wide"] if wide > PHONE["width"] else []


def test_states_fit_a_phone(page: Page, address: str) -> None:
    """Every fourth of them here; all of them, and more, in the long run below."""
    page.set_viewport_size(PHONE)
    wrong = []
    for state in _named(page, address)[::4]:
        open_state(page, address, "zh", state)
        wrong += _too_wide(page, state)
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_is_accessible_and_fits_a_phone(
    browser: Browser, address: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")
    wrong, nodes = [], 0
    for state in (named := _named(page, address)):
        open_state(page, address, language, state)
        found, passed = judge(page)
        wrong += [f"{state}: {one}" for one in found] + _too_wide(page, state)
        nodes += passed
    page.close()
    assert not wrong, "\n".join(wrong)
    print(f"{len(named)} states, {nodes} nodes judged")
    assert nodes > 1_000


# --- the keyboard alone -------------------------------------------------------------------------


def tab_to(page: Page, selector: str) -> None:
    """Step by step, with a focus one can see at each of them."""
    for _ in range(60):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
              return [e.id || e.className || e.tagName,
                      s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }"""
        )
        assert seen or name == "BODY", f"{name} shows no focus"
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def wait_for_focus(page: Page, name: str) -> None:
    """Until the keyboard is at the element of this id: a page moves it after it has drawn."""
    soon(page, lambda: page.evaluate("document.activeElement.id") == name)


def test_somebody_is_suspended_by_keyboard_after_a_plain_question(page: Page, address: str) -> None:
    open_state(page, address, "zh", "people")
    tab_to(page, "#person-p2")
    page.keyboard.press("Enter")
    tab_to(page, "#suspend-p2")
    page.keyboard.press("Enter")
    ask = page.locator(".ask")
    assert "停用陈？" in ask.inner_text()
    assert "两秒内退出" in ask.inner_text()
    has_cursor(page, "不停用")  # the harmless one
    page.keyboard.press("Escape")
    ask.wait_for(state="detached")
    wait_for_focus(page, "suspend-p2")
    page.keyboard.press("Enter")
    has_cursor(page, "不停用")
    tab_to(page, ".ask .firm")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=陈停用了，两秒内从所有地方退出。")
    wait_for_focus(page, "person-p2")


def test_one_of_150_is_found_by_keyboard(page: Page, address: str) -> None:
    open_state(page, address, "zh", "people-150")
    assert page.locator(".staff-row").count() == 150
    tab_to(page, "#find-people")
    page.keyboard.type("华")
    page.wait_for_selector("[role=status] >> text=150个人里的15个。")
    assert page.locator(".staff-row").count() == 15
    tab_to(page, "[role=search] select")
    page.keyboard.press("End")
    page.wait_for_selector("text=150个人里的1个。")
    page.keyboard.press("Home")
    tab_to(page, ".staff-line")
    page.keyboard.press("Enter")
    page.wait_for_selector(".staff-more")
    assert page.locator(".staff-more").count() == 1
    assert page.get_attribute(".staff-line[aria-expanded=true]", "aria-controls")


def test_the_link_is_copied_once_and_put_away_only_after_a_question(
    page: Page, address: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_state(page, address, "zh", "people")
    tab_to(page, "#begin-invite")
    page.keyboard.press("Enter")
    wait_for_focus(page, "invite-name")
    open_state(page, address, "zh", "people-link")
    page.wait_for_selector("text=复制好了。")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{address}/zh/console.html#join=ONCE"
    assert page.input_value(".link-once input") == copied
    page.click("#link-ONCE")
    assert "收起来就再也看不到" in page.inner_text(".ask")
    page.keyboard.press("Escape")
    assert page.locator(".link-once").count() == 1
    page.click("#link-ONCE")
    page.click(".ask .firm")
    page.locator(".link-once").wait_for(state="detached")
    wait_for_focus(page, "people-title")


def test_a_refusal_loses_nothing_of_what_was_typed(page: Page, address: str) -> None:
    open_state(page, address, "zh", "people-invite-taken")
    assert "已经有人叫李 Li了" in page.inner_text("form [role=alert]")
    assert page.input_value("#invite-name") == "李 Li"
    open_state(page, address, "zh", "people-suspend-offline")
    assert "断着网，没办成。" in page.inner_text(".ask [role=alert]"), "said where it was asked"
    open_state(page, address, "zh", "organisation-add-refused")
    assert page.input_value("#add-number") == "0769-2211 3344"
    assert page.input_value("#add-hours") == "每天8点到22点"
    open_state(page, address, "zh", "organisation-refused")
    assert page.input_value("#identity-name") == "暖心热线"


def test_auditor_and_supervisor_find_nothing_to_press_that_is_not_theirs(
    page: Page, address: str
) -> None:
    open_state(page, address, "zh", "people-auditor")
    offered = page.locator(".office button:not(.staff-line)")
    assert offered.count() == 0
    open_state(page, address, "zh", "organisation-auditor")
    assert offered.count() == 0
    assert page.locator(".office input").count() == 0
    open_state(page, address, "zh", "people-supervisor")
    shown = page.locator(".staff-more button").all_inner_texts()
    assert shown == ["确认可以接真人", "申请重新登记"]
    assert page.locator("#begin-invite").count() == 0
    open_state(page, address, "zh", "organisation-supervisor")
    assert set(page.locator(".office button").all_text_contents()) == {
        f"我刚打过，有人接：{number}"
        for number in ("120", "110", "12356", "12351", "12338", "12355", "0769-1234567")
    }


def test_a_number_is_amber_before_it_is_missing_and_says_so_in_words(
    page: Page, address: str
) -> None:
    open_state(page, address, "zh", "organisation")
    said = {
        row.get_attribute("data-standing"): row.inner_text()
        for row in page.locator(".number-row").all()
    }
    assert set(said) == {"fresh", "due", "missing"}
    rows = page.locator(".number-row")
    assert "上次打通：27天前，周打的。还算3天，该打了。" in rows.nth(2).inner_text()
    assert "上次打通：31天前，周打的。过了30天，不算数了。" in rows.nth(3).inner_text()
    assert "还没有人打通过。" in rows.nth(4).inner_text()
    assert "有2个号码不算数，要打。" in page.inner_text(".office")
    colours = [
        page.evaluate("e => getComputedStyle(e.querySelector('.called')).color", row)
        for row in (rows.nth(0).element_handle(), rows.nth(2).element_handle())
    ]
    assert colours[0] != colours[1]

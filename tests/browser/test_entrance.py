"""Signing in, joining and one's own page without a server behind them: on a phone, by keyboard alone.

At a desk the console's own gallery shows and judges them (`test_console_gallery.py`); with a server
they are used in `test_staff_signin.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.gallery import chromium, serve
from tests.browser.test_console_gallery import build, judge, open_state, states

PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
OURS: Final = ("sign-in", "joining", "own")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("entrance")
    build(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page(viewport=DESK)
    trouble: list[str] = []
    found.on("pageerror", lambda error: trouble.append(str(error)))
    yield found
    assert trouble == []
    found.close()


def _ours(page: Page, address: str) -> list[str]:
    found = [one for one in states(page, address) if one.startswith(OURS)]
    assert len(found) >= 28
    return found


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.soak)])
def test_every_state_fits_a_phone(page: Page, address: str, language: str) -> None:
    page.set_viewport_size(PHONE)
    wide = {}
    for state in _ours(page, address):
        open_state(page, address, language, state)
        wide[state] = page.evaluate("document.documentElement.scrollWidth")
    assert {state: width for state, width in wide.items() if width > PHONE["width"]} == {}


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_on_a_phone_is_accessible(
    browser: Browser, address: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")
    wrong, nodes = [], 0
    for state in _ours(page, address):
        open_state(page, address, language, state)
        found, passed = judge(page)
        wrong += [f"{state}: {one}" for one in found]
        nodes += passed
    page.close()
    assert not wrong, "\n".join(wrong)
    assert nodes > 1_000


# --- the keyboard alone -------------------------------------------------------------------------

_FOCUSED: Final = """() => { const e = document.activeElement; const s = getComputedStyle(e);
  return [e.getAttribute('aria-label') || e.name || e.textContent.trim() || e.tagName,
          s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }"""


def _has_cursor(page: Page, name: str) -> None:
    """It comes once what was pressed is drawn."""
    page.wait_for_selector(f"[name={name}]:focus", timeout=10_000)


def _reached(page: Page, steps: int) -> list[str]:
    """What the Tab key leads to, in this order; each shows that it has the focus."""
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        name, visible = page.evaluate(_FOCUSED)
        assert visible, f"{name} shows no focus"
        seen.append(name)
    return seen


def test_signing_in_by_keyboard_in_the_order_of_the_page(page: Page, address: str) -> None:
    open_state(page, address, "zh", "sign-in")
    _has_cursor(page, "username")  # ready to type
    assert _reached(page, 6) == [
        *("password", "code", "手机不在身边？用恢复码", "登录"),
        *("用通行密钥登录", "都不在手边，进不来？"),
    ]


def test_the_code_is_cleared_and_has_the_cursor_after_a_refusal(page: Page, address: str) -> None:
    open_state(page, address, "zh", "sign-in-wrong")
    _has_cursor(page, "code")
    assert page.input_value("[name=code]") == "", "a code works once"
    assert page.input_value("[name=username]") == "lin", "what else was typed stays"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=动态码是6位数字")


def test_while_a_name_is_slowed_only_the_passkey_is_open(page: Page, address: str) -> None:
    open_state(page, address, "zh", "sign-in-slowed")
    assert page.get_attribute("button.act", "aria-disabled") == "true"
    assert page.get_attribute(".by-passkey .other", "aria-disabled") == "false"
    assert "通行密钥" in page.inner_text("[role=alert] >> nth=0")


def test_nobody_goes_on_before_the_codes_are_kept(page: Page, address: str) -> None:
    open_state(page, address, "zh", "joining-codes")
    page.wait_for_selector("text=先收好，再打上勾")  # the scene has pressed the button already
    assert page.locator(".codes li").count() == 10
    page.check(".tick input")
    assert page.get_attribute(".recovery .act", "aria-disabled") == "false"
    assert page.locator("text=先收好，再打上勾").count() == 0


def test_paper_shows_the_codes_and_not_whose_they_are(page: Page, address: str) -> None:
    open_state(page, address, "zh", "own-codes")
    page.emulate_media(media="print")
    shown = page.inner_text("body")
    assert "cdfg-hjkm-npqr" in shown
    assert "倾听员" not in shown
    assert "演练" not in shown


def test_what_is_chosen_can_be_looked_at(page: Page, address: str) -> None:
    open_state(page, address, "zh", "joining")
    assert page.get_attribute("[name=password]", "type") == "text"
    page.get_by_role("button", name="遮住密码").click()
    assert page.get_attribute("[name=password]", "type") == "password"
    assert page.get_attribute("[name=password]", "autocomplete") == "new-password"


def test_a_refusal_leads_to_the_field_it_is_about(page: Page, address: str) -> None:
    for state, field in (
        ("joining-weak", "password"),
        ("joining-taken", "username"),
        ("joining-wrong", "code"),
    ):
        open_state(page, address, "zh", state)
        _has_cursor(page, field)
        assert page.input_value("[name=username]") == "xiaolin"


def test_a_form_of_ones_own_page_opens_and_closes_by_keyboard(page: Page, address: str) -> None:
    open_state(page, address, "zh", "own")
    opener = page.get_by_role("button", name="改密码")
    opener.focus()
    page.keyboard.press("Enter")
    _has_cursor(page, "old")
    names = _reached(page, 5)
    assert names == ["password", "显示密码", "code", "改好", "先不改"]
    page.keyboard.press("Enter")
    page.wait_for_selector("button:focus:text-is('改密码')", timeout=10_000)
    assert page.get_by_role("button", name="删掉“手机”").count() == 1

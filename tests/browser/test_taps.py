"""How many taps it takes to a place in the queue, and how much there is to read on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.gallery import build, chromium, comes_true, open_state, serve

MOST_TAPS: Final = 4
"""To a place, "开始" on the first page counted in (people.md: few screens)."""
MOST_TO_READ: Final = 480
"""Characters on all screens of a way, what can be pressed included: a minute and a half to read."""
KEEP: Final = "开始，留在这台手机上"
WAYS: Final[dict[str, Sequence[str]]] = {
    "safe, no such thoughts": ("安全", "没有", KEEP),
    "such thoughts today": ("说不准", "今天也有", KEEP),
    "would rather not say": ("安全", "不想说", KEEP),
    "skips both": ("跳过", "跳过", KEEP),
    "answers none": ("都不答，直接排队", KEEP),
    "worries about somebody else": ("我替别人着急", "说不准", KEEP),
    "is hurting themselves": ("我正在伤害自己，或者刚做过",),
    "is being hurt": ("有人正在伤害我，或身边有危险",),
    "might hurt somebody": ("我可能会伤到别人",),
    "presses the danger button": ("我现在很危险",),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("taps")
    build(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 360, "height": 740})


def _pressed(page: Page, words: str) -> int:
    """How much there was to read before this was pressed."""
    read = len("".join(page.inner_text("#app main").split()))
    page.locator(f"#app button:has-text('{words}')").first.click()
    return read


@pytest.mark.parametrize("way", WAYS)
def test_a_place_is_at_most_four_taps_away(page: Page, address: str, way: str) -> None:
    open_state(page, address, "zh", "safe")
    page.evaluate("acts.length = 0")
    taps, read = 1, 0
    for words in WAYS[way]:
        page.wait_for_selector(f"#app button:has-text('{words}')")
        taps, read = taps + 1, read + _pressed(page, words)
    comes_true(page, "acts.some(act => act[0] === 'start')")
    print(f"{way}: {taps} taps, {read} characters")
    assert taps <= MOST_TAPS
    assert read <= MOST_TO_READ


def test_in_danger_the_numbers_are_on_the_next_screen_and_the_four_taps_below_them(
    page: Page, address: str
) -> None:
    open_state(page, address, "zh", "safe")
    page.evaluate("acts.length = 0")
    page.click("#app .bar .calls")
    page.wait_for_selector("#app a[href='tel:120']")
    comes_true(page, "acts.some(act => act[0] === 'start')")
    taps = page.locator("#app .options button").all_inner_texts()
    assert taps == ["正在发生", "我怕自己会做", "有人要伤害我", "点错了"]
    first = page.locator("#app a[href='tel:120']").bounding_box()
    assert first is not None
    assert first["y"] < 740 / 2


def test_skipping_is_as_large_as_any_answer(page: Page, address: str) -> None:
    for state in ("safe", "wish", "plan", "often"):
        open_state(page, address, "zh", state)
        boxes = page.evaluate(
            """() => [...document.querySelectorAll('.option')].map(option => {
              const box = option.getBoundingClientRect(); return [box.width, box.height]; })"""
        )
        widths = {width for width, _ in boxes}
        assert len(widths) == 1
        assert page.inner_text(".option.skips") == "跳过"
        assert boxes[-1][1] >= min(height for _, height in boxes)

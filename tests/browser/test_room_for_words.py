"""Screens that hold their words where there is little room: large letters, a small desk, a short phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import gallery, test_console_gallery
from tests.browser.gallery import LANGUAGES, ROOT, chromium, serve

TABS: Final = (
    "desk", "rota", "follow", "keys", "people", "organisation", "directory", "gate", "behalf", "stories",
    "desks", "own", "trail", "review",
)  # fmt: skip
"""All a supervisor has; the gallery's desk shows fewer, so the rest is put beside them."""
PUT_BESIDE: Final = """names => {
  const [, one, ...rest] = document.querySelector('.tabs').children;
  rest.forEach(tab => tab.remove());
  for (const name of names) {
    const tab = one.cloneNode();
    tab.textContent = name;
    one.before(tab);
  }
  one.remove();
}"""
OVER_THE_EXIT: Final = """() => {
  const exit = document.querySelector('.exit').getBoundingClientRect();
  return [...document.querySelectorAll('.bar button')].filter(button => {
    const at = button.getBoundingClientRect();
    return at.right > exit.left && at.left < exit.right && at.bottom > exit.top && at.top < exit.bottom;
  }).map(button => button.textContent);
}"""
LINES: Final = """button => {
  const words = document.createRange();
  words.selectNodeContents(button);
  return new Set([...words.getClientRects()].map(part => part.top)).size;
}"""
TOO_SMALL: Final = """() => [...document.querySelectorAll('.screen button')]
  .filter(button => button.scrollHeight > button.clientHeight).map(button => button.textContent)"""


LONG: Final = {
    "zh": ("林", "欧阳春华夜班第三组接线员甲乙丙丁戊己庚辛壬癸"),
    "en": ("Lin", "Bartholomew-Alexander Fitzgerald"),
}
RENAMED: Final = """([from, to]) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(from, to);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("seeker")
    gallery.build(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 360, "height": 740})
    yield found
    found.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_twice_as_large_cover_neither_the_way_out_nor_their_buttons(
    phone: Page, phones: str, language: str
) -> None:
    for state in ("chat", "waiting", "menu"):
        gallery.open_state(phone, phones, language, state)
        assert phone.locator(".bar button").count() == 2
        phone.evaluate("document.documentElement.style.fontSize = '200%'")
        assert phone.evaluate(OVER_THE_EXIT) == [], state
        assert phone.evaluate(TOO_SMALL) == [], state
        assert phone.evaluate("document.documentElement.scrollWidth") == 360, state
        phone.evaluate("document.documentElement.style.fontSize = ''")


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_letters_as_they_come_what_stands_in_the_bar_is_one_line(
    phone: Page, phones: str, language: str
) -> None:
    for state in ("choose", "chat", "waiting"):
        gallery.open_state(phone, phones, language, state)
        for button in phone.locator(".bar button").all():
            assert button.evaluate(LINES) == 1, (state, button.inner_text())


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_not_safe_finds_that_answer_without_scrolling(
    phone: Page, phones: str, language: str
) -> None:
    gallery.open_state(phone, phones, language, "cue-raised")
    card = phone.locator(".call.cue")
    seen, answer = card.bounding_box(), card.locator(".danger").bounding_box()
    assert seen is not None
    assert answer is not None
    assert answer["y"] + answer["height"] <= seen["y"] + seen["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_readers_begins_with_a_comma(phone: Page, phones: str, language: str) -> None:
    gallery.open_state(phone, phones, language, "member")
    readers = phone.locator(".members-now .one")
    assert readers.count() == 3
    assert readers.evaluate_all("a => a.map(one => one.getClientRects().length)") == [1, 1, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_working_name_leaves_the_line_of_readers_and_its_proof_on_the_screen(
    phone: Page, phones: str, language: str
) -> None:
    gallery.open_state(phone, phones, language, "member")
    phone.evaluate(RENAMED, list(LONG[language]))
    assert LONG[language][1] in phone.inner_text(".members-now")
    for part in phone.locator(".members-now .name, .members-now button").all():
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360, part.inner_text()


def test_a_supervisors_tabs_stand_in_one_row_on_every_desk(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("console")
    test_console_gallery.build(folder)
    page = browser.new_page()
    with serve(folder) as address:
        for language in LANGUAGES:
            texts = json.loads((ROOT / "counsel" / "locale" / f"{language}.json").read_text())
            test_console_gallery.open_state(page, address, language, "overview")
            page.evaluate(PUT_BESIDE, [texts["nav"][name] for name in TABS[1:]])
            for width in (1440, 1280, 1180, 1024):
                page.set_viewport_size({"width": width, "height": 800})
                tops = page.locator(".tabs > *").evaluate_all("a => a.map(tab => tab.offsetTop)")
                assert len(tops) == len(TABS)
                assert len(set(tops)) == 1, (language, width)
    page.close()

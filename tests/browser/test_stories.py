"""Stories on the pages to read: words a second person let out, and never more than words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.gallery import build_page, chromium, serve

BITES: Final = "<img src=x onerror=\"document.title='bitten'\"><a href=//evil.example>1</a>"
STORIES: Final = {
    "zh": [
        {"title": "讨回来了", "text": f"三个月的钱。\n\n{BITES}"},
        {"title": "<h1>二</h1>", "text": "睡着了"},
    ],
    "en": [{"title": "I sleep again", "text": "<script>document.title='bitten'</script>"}],
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("page")
    build_page(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def answer(body: str, route: Route) -> None:
    route.fulfill(body=body, content_type="application/json")


def opened(page: Page, address: str, language: str) -> None:
    with page.expect_response("**/stories.json"):
        page.goto(f"{address}/{language}/reading/")


def test_stories_stand_below_the_pages_as_the_words_that_were_sent(
    browser: Browser, address: str
) -> None:
    page = browser.new_page()
    page.route("**/stories.json", partial(answer, json.dumps(STORIES)))
    title = page.title
    for language, told in STORIES.items():
        opened(page, address, language)
        page.wait_for_selector("#stories article")
        assert page.locator("#stories h3").all_inner_texts() == [one["title"] for one in told]
        words = [part for one in told for part in one["text"].split("\n\n")]
        assert page.locator("#stories article p").all_inner_texts() == words
        assert page.locator("#stories article *:not(h3):not(p)").count() == 0
        assert title() != "bitten"
        by = {"zh": "由工会的人写的", "en": "Written by union staff"}[language]
        assert by in page.inner_text("#stories")
        below = "!(document.querySelector('#stories').compareDocumentPosition(one) & 4)"
        assert page.locator("section.read:not(#stories)").evaluate_all(
            f"a => a.every(one => {below})"
        )
    page.close()


def test_without_stories_or_without_script_nothing_else_is_missing(
    browser: Browser, address: str
) -> None:
    silent = browser.new_context(java_script_enabled=False)
    page = silent.new_page()
    page.goto(f"{address}/zh/reading/")
    pages = page.locator("section.read:not(#stories)").all_inner_texts()
    assert len(pages) == 4
    assert page.locator("#stories").is_hidden()
    silent.close()
    page = browser.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    for bad in ('{"zh":[]}', "<html>", '{"zh":[{"title":1,"text":"x"}]}'):
        page.route("**/stories.json", partial(answer, bad))
        opened(page, address, "zh")
        page.evaluate("fetch('/stories.json').then(a => a.text())")  # what came before is read now
        assert page.locator("section.read:not(#stories)").all_inner_texts() == pages
        assert page.locator("#stories").is_hidden()
    assert failed == []
    page.close()

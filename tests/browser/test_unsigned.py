"""In the console, what waits for a clinical lead's name says so where it is shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.test_console_gallery import address, browser, open_state

__all__ = ["address", "browser"]


@pytest.mark.parametrize(("language", "words"), [("zh", "待临床负责人签字"), ("en", "sign-off")])
def test_what_a_story_must_leave_out_says_that_nobody_has_signed_it(
    browser: Browser, address: str, language: str, words: str
) -> None:
    page = browser.new_page()
    open_state(page, address, language, "story-own")
    assert words in page.inner_text(".stories form .unsigned")
    page.close()

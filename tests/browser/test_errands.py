"""Whoever needs a desk, sits at one, or is beside somebody: readable on a phone and on a laptop,
in both languages, by day and by night.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import gallery, test_console_gallery
from tests.browser.sheet_list import BY_NAME
from tests.browser.test_console_gallery import judge

SIZES: Final = {"phone": (360, 740), "desk": (1280, 800)}
NAMES: Final = BY_NAME["errands"]
SOURCES: Final = {"seeker": gallery, "staff": test_console_gallery}
Views = dict[str, str]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    found: Views = {}
    folders = {who: tmp_path_factory.mktemp(who) for who in SOURCES}
    for who, source in SOURCES.items():
        source.build(folders[who])
    with gallery.serve(folders["seeker"]) as one, gallery.serve(folders["staff"]) as other:
        found["seeker"], found["staff"] = one, other
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with gallery.chromium() as found:
        yield found


def looked_at(page: Page, address: str, who: str, language: str) -> tuple[list[str], int]:
    """What is wrong with any of these states, and how many there are."""
    source = SOURCES[who]
    wide = page.viewport_size or {"width": 0}
    wrong: list[str] = []
    names = [name for name in source.states(page, address) if name.startswith(NAMES)]
    for state in names:
        source.open_state(page, address, language, state)
        found, nodes = judge(page)
        assert nodes > 0
        wrong += [f"{state}: {one}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth") > wide["width"]:
            wrong.append(f"{state} is wider than the screen")
    return wrong, len(names)


@pytest.mark.soak
@pytest.mark.parametrize("who", SOURCES)
@pytest.mark.parametrize(
    ("language", "size", "scheme"), list(itertools.product(("zh", "en"), SIZES, ("light", "dark")))
)
def test_whoever_needs_a_desk_can_read_it_anywhere(
    browser: Browser,
    addresses: Views,
    who: str,
    language: str,
    size: str,
    scheme: Literal["light", "dark"],
) -> None:
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    wrong, count = looked_at(page, addresses[who], who, language)
    page.close()
    assert not wrong, "\n".join(wrong)
    assert count >= 10

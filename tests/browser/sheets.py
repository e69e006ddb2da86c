"""Contact sheets: every screen at one look, for whoever judges or discusses the design.

`python -m tests.browser.sheets [FOLDER]` (`make sheets`) writes them into `counsel/docs/screens/`,
with an index. Seeker's and console's states come from the galleries, without a server behind them;
the pages are those of the real build. Nothing on them was ever said by anybody.
"""

from __future__ import annotations

import base64
import html
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, Route

from tests.browser import gallery, test_console_gallery
from tests.browser.sheet_list import ACROSS, BY_NAME, DESK, ERRANDS, INTAKE, PHONE, SHEETS, Sheet

SCREENS: Final = gallery.ROOT / "counsel" / "docs" / "screens"
SHEET_AT_MOST: Final = 600_000
QUALITY: Final = 40
"""Of a WebP, of 100: words stay sharp enough to be read at that."""
ALL_AT_MOST: Final = 8_500_000
"""Bytes: whoever clones the repository carries them."""

# fmt: off
DOORS: Final = {
    "landing, open": {"mode": "demo", "open": True, "listeners": 1, "build": "test"},
    "landing, nobody on duty": {"mode": "demo", "open": True, "listeners": 0, "build": "test"},
    "landing, closed": {
        "mode": "rehearsal", "open": False, "listeners": 0, "build": "test",
        "opens": "2026-11-24T20:00", "weekday": 2,
    },
}
# fmt: on
"""What /now.json says, by caption."""
PLAIN: Final = {
    "numbers": "numbers/",
    "promises": "promises/",
    "to read": "reading/",
    "after leaving": "units/",
    "not found": "notfound/",
}

TO_WHAT_IS_SAID: Final = """['.ask', '.attention:not(.link-once *)', '.done']
  .map(kind => document.querySelector(kind)).find(Boolean)?.scrollIntoView({block: 'nearest'})"""
"""A question, else what went wrong, else what was done: that is what the state is about."""

Shown = tuple[str, bytes]
"""A caption and the picture (PNG) above it."""


# --- photographs -----------------------------------------------------------------------------


def of_states(
    sheet: Sheet, page: Page, address: str, source: Callable[..., None], names: Sequence[str]
) -> list[Shown]:
    """Every state of a gallery as it stands on a screen of this size."""
    shown = []
    for name in sheet.only or names:
        source(page, address, sheet.language, name)
        page.evaluate(TO_WHAT_IS_SAID)
        shown.append((name, page.screenshot()))
    return shown


def _answer(body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body)


def of_pages(sheet: Sheet, page: Page, address: str) -> list[Shown]:
    """The built pages in their whole length, with what their own script does to them."""
    start = f"{address}/{sheet.language}/"
    shown = []
    for caption, now in DOORS.items():
        page.route("**/now.json", _answer(json.dumps(now)))
        page.goto(start)
        state = "open" if now["listeners"] else "nobody" if now["open"] else "closed"
        page.wait_for_selector(f"[data-state={state}]:not([hidden])")
        shown.append((caption, page.screenshot(full_page=True)))
        page.unroute("**/now.json")
    for caption, path in PLAIN.items():
        page.goto(start + path)
        shown.append((caption, page.screenshot(full_page=True)))
    plain = page.context.browser
    assert plain is not None, "a page of a launched browser"
    silent = plain.new_context(viewport=page.viewport_size, java_script_enabled=False)
    without = silent.new_page()
    without.emulate_media(color_scheme=sheet.scheme)
    without.goto(start)
    shown.append(("landing, without script", without.screenshot(full_page=True)))
    silent.close()
    return shown


def of_kind(kind: str, names: Sequence[str]) -> list[str]:
    """Those states of the console's gallery that stand on sheets of this kind."""
    elsewhere = tuple(start for starts in BY_NAME.values() for start in starts)
    if kind in BY_NAME:
        return [name for name in names if name.startswith(BY_NAME[kind])]
    return [name for name in names if not name.startswith(elsewhere)]


def of_seekers(kind: str, names: Sequence[str]) -> list[str]:
    """Those states of the seeker's gallery that stand on sheets of this kind."""
    if kind == "errands":
        return [name for name in names if name.startswith(ERRANDS)]
    elsewhere = {*gallery.PAGES, *INTAKE}
    return [name for name in names if name not in elsewhere and not name.startswith(ERRANDS)]


def photograph(sheet: Sheet, browser: Browser, addresses: dict[str, str]) -> list[Shown]:
    """All pictures of one sheet, in their order."""
    width, height = sheet.size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=sheet.scheme,
        reduced_motion="reduce",
    )
    ours = {"seeker": "seeker", "intake": "seeker", "pages": "pages"}
    if sheet.size == PHONE:  # a desk answers at a desk
        ours["errands"] = "seeker"
    address = addresses[ours.get(sheet.kind, "console")]
    try:
        if sheet.kind == "pages":
            return of_pages(sheet, page, address)
        if sheet.kind not in ours:
            names = of_kind(sheet.kind, test_console_gallery.states(page, address))
            return of_states(sheet, page, address, test_console_gallery.open_state, names)
        names = of_seekers(sheet.kind, gallery.states(page, address))
        return of_states(sheet, page, address, gallery.open_state, names)
    finally:
        page.close()


# --- laying out ------------------------------------------------------------------------------

STYLE: Final = """
body { margin: 0; padding: 20px; background: #d9dcdc; color: #1d2b2f; width: max-content;
  font: 14px/1.4 system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0 0 16px; }
div { display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }
figure { margin: 0; } img { display: block; border-radius: 6px; box-shadow: 0 1px 4px #0004; }
figcaption { margin: 6px 2px 0; }
.overview { flex-wrap: nowrap; align-items: center; gap: 28px; padding: 12px; }
.overview img { border-radius: 10px; box-shadow: 0 2px 10px #0004; }
"""


def _picture(image: bytes, width: float) -> str:
    data = base64.b64encode(image).decode()
    return f'<img width="{width:.0f}" src="data:image/png;base64,{data}" alt="">'


def capture(browser: Browser, body: str, width: int, form: Literal["webp", "png"]) -> bytes:
    """The page made of `body` as one picture."""
    page = browser.new_page(viewport={"width": width, "height": 600})
    page.set_content(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}")
    gallery.comes_true(page, "[...document.images].every(image => image.complete)")
    box = page.evaluate("({ w: document.body.offsetWidth, h: document.body.offsetHeight })")
    asked: dict[str, object] = {
        "format": form,
        "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": box["w"], "height": box["h"], "scale": 1},
    }
    if form == "webp":
        asked["quality"] = QUALITY
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    page.close()
    return base64.b64decode(taken["data"])


def lay_out(browser: Browser, sheet: Sheet, shown: Sequence[Shown]) -> bytes:
    """All pictures of a sheet beside each other, each with its name under it (WebP)."""
    width = 260 if sheet.size == PHONE else 620
    figures = "".join(
        f"<figure style='width:{width}px'>{_picture(image, width)}"
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        for caption, image in shown
    )
    across = ACROSS[sheet.kind]
    body = f"<h1>{html.escape(sheet.title)}</h1><div style='width:{across - 40}px'>{figures}</div>"
    return capture(browser, body, across, "webp")


def overview(browser: Browser, addresses: dict[str, str]) -> bytes:
    """The README's picture: a talk on the phone, and the same talk on the listener's desk (PNG)."""
    pictures = []
    for kind, state, size, width in (
        ("seeker", "chat", PHONE, 270),
        ("console", "one-talk", DESK, 888),
    ):
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
        )
        source = gallery if kind == "seeker" else test_console_gallery
        source.open_state(page, addresses[kind], "zh", state)
        pictures.append(_picture(page.screenshot(), width))
        page.close()
    return capture(browser, f"<div class=overview>{''.join(pictures)}</div>", 1300, "png")


def index(sheets: Sequence[Sheet]) -> str:
    """The list of sheets, as the page a reader opens first."""
    lines = [
        "# All screens",
        "",
        "Made by `make sheets` from the galleries and the built pages; the words on them are made up.",
        "Read them as somebody frightened, at one in the morning: *would I write here what I have told",
        "nobody?*",
        "",
        "![A talk on the phone and on the listener's desk](overview.png)",
        "",
        *(f"- [{sheet.title}]({sheet.name}.webp)" for sheet in sheets),
    ]
    return "\n".join(lines) + "\n"


def main(folder: Path) -> int:
    """Writes all sheets; 1 if they are heavier than a repository should carry."""
    folder.mkdir(parents=True, exist_ok=True)
    builders = {
        "seeker": gallery.build,
        "console": test_console_gallery.build,
        "pages": gallery.build_page,
    }
    sizes = {}
    with ExitStack() as stack:
        made = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = stack.enter_context(gallery.chromium())
        addresses = {}
        for kind, build in builders.items():
            (made / kind).mkdir()
            build(made / kind)
            addresses[kind] = stack.enter_context(gallery.serve(made / kind))
        for sheet in SHEETS:
            image = lay_out(browser, sheet, photograph(sheet, browser, addresses))
            sizes[f"{sheet.name}.webp"] = len(image)
            (folder / f"{sheet.name}.webp").write_bytes(image)
        image = overview(browser, addresses)
        sizes["overview.png"] = len(image)
        (folder / "overview.png").write_bytes(image)
    (folder / "index.md").write_text(index(SHEETS))
    for name, size in sizes.items():
        print(f"{size / 1000:7.0f} kB  {name}")
    heavy = [name for name, size in sizes.items() if size > SHEET_AT_MOST]
    if heavy or sum(sizes.values()) > ALL_AT_MOST:
        print(f"too heavy: {', '.join(heavy) or 'all together'}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else SCREENS))

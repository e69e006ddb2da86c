"""The console's screens without a server behind them: shown, photographed, and judged by axe-core.

`python -m tests.browser.test_console_gallery FOLDER [STATE …]` only takes the pictures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import pytest
from django.template import Context, Engine
from playwright.sync_api import Browser, Page

from tests.browser.gallery import (
    LANGUAGES,
    NODE,
    ROOT,
    chromium,
    comes_true,
    has_cursor,
    serve,
    soon,
)

SIZES: Final = {"desk": (1280, 800), "tablet": (820, 1180)}
AXE: Final = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def build(folder: Path) -> None:
    """Writes `<language>/console.html` and what it loads into `folder`."""
    script = ROOT / "tests" / "client" / "gallery" / "buildConsole.mjs"
    subprocess.run([NODE, script, folder], check=True, cwd=ROOT)
    (folder / "icon.svg").write_bytes((ROOT / "counsel" / "client" / "icon.svg").read_bytes())
    engine = Engine(dirs=[str(ROOT / "templates")])
    for language, other in LANGUAGES.items():
        texts = json.loads((ROOT / "counsel" / "locale" / f"{language}.json").read_text())
        assets = {name: f"/{language}/{name}.css" for name in ("style", "desk")}
        context = {
            "lang": language,
            "other_lang": other,
            "t": texts,
            "assets": {
                **assets,
                "console": f"/{language}/console.js",
                "icon": "/icon.svg",
                "caller": "/caller.js",
            },
            "demo": True,
        }
        html = engine.get_template("console.html").render(Context(context))
        (folder / language / "console.html").write_text(html)


def open_state(page: Page, address: str, language: str, state: str) -> None:
    """Shows one state of the console's gallery."""
    page.goto(f"{address}/{language}/console.html#{state}")
    page.wait_for_selector(f"body[data-ready='{state}']")


def states(page: Page, address: str) -> list[str]:
    """The names of all states, as the gallery itself lists them."""
    open_state(page, address, "zh", "board-empty")
    return list(page.evaluate("window.states"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("console")
    build(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 1280, "height": 800})
    yield found
    found.close()


def judge(page: Page) -> tuple[list[str], int]:
    """What axe-core finds wrong on this page, one sentence each, and how many nodes it passed."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate(
        "rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", list(RULES)
    )
    found = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    return found, sum(len(rule["nodes"]) for rule in result["passes"])


@pytest.mark.parametrize(
    ("language", "size", "scheme", "nth"),
    [
        ("zh", "desk", "light", 8),
        pytest.param("zh", "desk", "light", 1, marks=pytest.mark.soak),
        pytest.param("zh", "tablet", "dark", 1, marks=pytest.mark.soak),
        pytest.param("en", "desk", "dark", 1, marks=pytest.mark.soak),
        pytest.param("en", "tablet", "light", 1, marks=pytest.mark.soak),
    ],  # every pair of the three, at half the time of all eight
)
def test_every_state_is_accessible_and_fits(
    browser: Browser,
    address: str,
    language: str,
    size: str,
    scheme: Literal["light", "dark"],
    nth: int,
) -> None:
    """Every eighth state each time the tests run; all of them in the long run."""
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    wrong: list[str] = []
    nodes = 0
    names = states(page, address)[::nth]
    for state in names:
        open_state(page, address, language, state)
        found, passed = judge(page)
        wrong += [f"{state}: {one}" for one in found]
        assert passed > 0
        nodes += passed
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{state}: {wide} px wide"] if wide > width else []
    page.close()
    assert not wrong, "\n".join(wrong)
    assert not errors, errors
    print(f"{len(names)} states, {nodes} nodes judged")
    assert nodes > 1_000


def test_enter_sends_in_the_talk_with_the_cursor_and_in_no_other(page: Page, address: str) -> None:
    open_state(page, address, "zh", "two-talks")
    fields = page.locator(".composer textarea")
    assert fields.count() == 2
    fields.nth(0).fill("给第一个人")
    fields.nth(1).fill("给第二个人")
    fields.nth(0).press("Enter")
    assert page.evaluate("acts") == [["say", "11" * 16, "给第一个人"]]
    assert fields.nth(0).input_value() == ""
    assert fields.nth(1).input_value() == "给第二个人"


def test_enter_that_confirms_chinese_input_sends_nothing(page: Page, address: str) -> None:
    open_state(page, address, "zh", "one-talk")
    field = page.locator(".composer textarea")
    field.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2})
    field.dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "keyCode": 229, "bubbles": True}
    )
    assert page.evaluate("acts") == []
    session.send("Input.insertText", {"text": "你"})
    assert field.input_value() == "你"
    field.press("Enter")
    soon(page, lambda: page.evaluate("acts") == [["say", "11" * 16, "你"]])


def test_a_half_written_line_stays_with_its_talk(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    open_state(page, address, "zh", "two-talks")
    page.locator(".held").nth(0).click()
    page.locator(".composer textarea").fill("给第一个人的半句")
    page.locator(".held").nth(1).click()
    page.wait_for_selector(".pane-top .code >> text=C4XT")
    assert page.locator(".composer textarea").input_value().startswith("听着很难")
    page.keyboard.press("Alt+KeyK")
    page.wait_for_selector(".pane-top .code >> text=K7RM")
    assert page.locator(".composer textarea").input_value() == "给第一个人的半句"


def test_ending_asks_inside_the_page_and_ends_only_that_talk(page: Page, address: str) -> None:
    open_state(page, address, "zh", "two-talks")
    page.locator(".composer textarea").nth(1).click()
    page.keyboard.press("Alt+KeyQ")
    assert "C4XT" in page.locator(".ask").inner_text()
    has_cursor(page, "先不结束")
    page.keyboard.press("Escape")
    page.locator(".ask").wait_for(state="detached")
    page.keyboard.press("Alt+KeyQ")
    page.locator(".ask .firm").click()
    comes_true(page, "acts.length === 1")
    assert page.evaluate("acts") == [["end", "22" * 16]]


def test_after_a_change_of_members_the_button_names_everybody_who_will_read(
    page: Page, address: str
) -> None:
    open_state(page, address, "zh", "readers")
    assert page.locator(".composer .send").inner_text() == "发给工友和周"
    page.locator(".composer textarea").press("Enter")
    assert page.evaluate("acts") == [], "the named button is the consent, not the key"
    page.locator(".release button").click()
    page.locator(".composer .send").click()
    comes_true(page, "acts.length === 2")
    assert [act[0] for act in page.evaluate("acts")] == ["release", "say"]


def test_one_tap_sends_the_numbers_to_the_talk_in_front(page: Page, address: str) -> None:
    open_state(page, address, "zh", "two-talks")
    page.locator(".composer textarea").nth(1).click()
    page.keyboard.press("Alt+KeyU")
    page.keyboard.press("Enter")
    comes_true(page, "acts.length === 1")
    assert page.evaluate("acts") == [["numbers", "22" * 16]]


ALT_U: Final = """() => {
  const press = { key: 'u', code: 'KeyU', altKey: true, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', press));
  return document.activeElement.id;
}"""


def test_an_enter_right_behind_the_keys_for_the_numbers_is_not_for_the_field(
    page: Page, address: str
) -> None:
    open_state(page, address, "zh", "two-talks")
    page.locator(".composer textarea").nth(1).click()
    assert page.evaluate(ALT_U) == "send-numbers"


def test_the_address_and_the_title_name_nobody(page: Page, address: str) -> None:
    open_state(page, address, "zh", "two-talks")
    before = page.url
    page.locator(".held").nth(1).click()
    assert page.url == before
    assert page.title() == "在线服务"


def test_everything_is_reached_by_keyboard_with_a_visible_focus(page: Page, address: str) -> None:
    open_state(page, address, "zh", "two-talks")
    seen: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        what = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
              return [e.id || e.className || e.tagName,
                      s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }"""
        )
        if what[0] == "BODY" or "skip" in what[0]:
            continue
        assert what[1], f"{what[0]} shows no focus"
        seen.append(what[0])
    for wanted in ("act", "person held", "send-numbers", "ask-end", "ask-keys", "ask-sign-out"):
        assert wanted in seen, (wanted, seen)
    assert sum(name.startswith("write-") for name in set(seen)) == 2


def main(folder: Path, only: list[str]) -> None:
    """Pictures of every state, both languages, both sizes, light and dark."""
    built = folder / "built"
    built.mkdir(parents=True, exist_ok=True)
    build(built)
    with serve(built) as address, chromium() as browser:
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                for state in only or states(page, address):
                    for language in LANGUAGES:
                        open_state(page, address, language, state)
                        page.screenshot(path=folder / f"{state}-{language}-{size}-{scheme}.png")
                page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

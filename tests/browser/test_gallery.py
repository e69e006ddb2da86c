"""The seeker's screens, one by one: readable by everybody, honest in words, safe to type in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.gallery import PAGES, ROOT, SIZES, build, chromium, open_state, serve, states

AXE: Final = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
BY_LIGHT: Final[dict[str, dict[str, object]]] = {
    "light": {"type": "tag", "values": list(RULES)},
    "dark": {"type": "rule", "values": ["color-contrast"]},  # nothing else changes with the light
}
NEVER_SAID: Final = re.compile(
    r"会话|用户|系统异常|红色|[!！]|\b(?:user|session|error|patient)", re.I
)
NO_TEXT: Final = re.compile(r"\b[a-z]+\.[a-z_]+(?:\.[a-z_]+)*\b")
"""A place in the language files that has no sentence: it stands on the screen itself."""

TARGET: Final = 48
"""CSS pixels a thumb needs (look.md)."""

VIEWS: Final = (("zh", "phone"), ("en", "desk"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gallery")
    build(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 360, "height": 740})
    yield found
    found.close()


def _violations(page: Page, rules: dict[str, object]) -> tuple[list[str], int]:
    """What axe-core finds wrong in what is on screen, and how many nodes it judged."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate("rules => axe.run(document, { runOnly: rules })", rules)
    found = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    return found, sum(len(rule["nodes"]) for rule in result["passes"])


@pytest.mark.parametrize(
    ("language", "size"), [VIEWS[0], pytest.param(*VIEWS[1], marks=pytest.mark.soak)]
)
def test_every_state_is_accessible(
    browser: Browser, address: str, language: str, size: str
) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    wrong: list[str] = []
    nodes = 0
    names = states(page, address)
    for state in names:
        open_state(page, address, language, state)
        for scheme, rules in BY_LIGHT.items():
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found, passed = _violations(page, rules)
            wrong += [f"{state}, {scheme}: {one}" for one in found]
            nodes += passed
    page.close()
    assert not wrong, "\n".join(wrong)
    assert not complaints, complaints
    print(f"{len(names)} states, {nodes} nodes judged ({language}, {size}, light and dark)")
    assert nodes > 1_000


@dataclass(frozen=True)
class Facts:
    """What one look at a screen of 360×740 shows."""

    title: str
    text: str
    wide: int
    small: list[str]
    """What can be pressed and is smaller than a thumb."""
    corner: tuple[int, int] | None
    """Where the way out stands, if nothing lies over it."""
    dials: list[str]


LOOK: Final = """least => {
  const shown = one => one.offsetParent !== null;
  const box = exit => { const b = exit.getBoundingClientRect();
    const top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
    return top === exit ? [Math.round(b.x), Math.round(b.y)] : null; };
  const small = [...document.querySelectorAll('a[href], button, textarea, .chip')]
    .filter(one => shown(one) && !one.classList.contains('skip'))
    .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
    .filter(([, b]) => b.height < least - 0.5 || b.width < least - 0.5)
    .map(([text, b]) => `${text} ${Math.round(b.width)}×${Math.round(b.height)}`);
  const exit = document.getElementById('exit');
  return { title: document.title, text: document.body.innerText,
    wide: document.documentElement.scrollWidth, small, corner: exit && box(exit),
    dials: [...document.querySelectorAll('a[href^="tel:"]')].filter(shown)
      .map(one => one.getAttribute('href').slice(4)) };
}"""


@pytest.fixture(scope="module", params=["zh", "en"])
def looks(request: pytest.FixtureRequest, browser: Browser, address: str) -> dict[str, Facts]:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    found: dict[str, Facts] = {}
    for state in states(page, address):
        open_state(page, address, request.param, state)
        seen = page.evaluate(LOOK, TARGET)
        corner = tuple(seen.pop("corner") or ()) or None
        found[state] = Facts(**seen, corner=corner)
    page.close()
    return found


def test_every_state_fits_the_phone_and_the_thumb(looks: dict[str, Facts]) -> None:
    wide = [f"{state}: {look.wide} px wide" for state, look in looks.items() if look.wide > 360]
    small = [f"{state}: {one}" for state, look in looks.items() for one in look.small]
    assert wide + small == []


def test_no_state_says_what_is_never_said(looks: dict[str, Facts]) -> None:
    found = [
        f"{state}: …{look.text[max(0, word.start() - 20) : word.end() + 20]}…"
        for state, look in looks.items()
        for word in [*NEVER_SAID.finditer(look.text), *NO_TEXT.finditer(look.text)]
    ]
    assert found == []


def test_no_title_tells_what_this_is(looks: dict[str, Facts]) -> None:
    allowed = {"在线服务", "Online service", "常用单位换算", "Common units"}
    assert {look.title for look in looks.values()} <= allowed


def test_the_way_out_keeps_its_corner_and_nothing_lies_over_it(looks: dict[str, Facts]) -> None:
    corners = {state: look.corner for state, look in looks.items() if state != "units"}
    assert len(set(corners.values())) == 1, corners
    assert None not in corners.values()


def test_the_numbers_are_at_most_one_tap_away(
    looks: dict[str, Facts], page: Page, address: str
) -> None:
    for state, look in looks.items():
        if state == "units":
            continue
        dials = look.dials
        if not {"120", "110", "12356"} <= set(dials):
            open_state(page, address, "zh", state)
            page.click(".bar .calls")
            dials = page.evaluate(LOOK, TARGET)["dials"]
        assert {"120", "110", "12356"} <= set(dials), state


def test_whoever_talks_already_calls_for_more_without_losing_the_talk(
    page: Page, address: str
) -> None:
    open_state(page, address, "zh", "calls")
    page.click("main button:text-is('我现在很危险')")
    assert ["ask"] in page.evaluate("acts")
    assert "正在叫督导" in page.inner_text("main.danger [role=status]")
    page.click("button:text-is('回到聊天')")
    assert page.is_visible("#write")


def test_without_a_line_nobody_is_said_to_be_called(page: Page, address: str) -> None:
    open_state(page, address, "zh", "alarm-offline")
    told = page.inner_text("main.danger [role=status]")
    assert "没叫到的话，一连上就叫" in told
    assert "正在叫" not in told


@pytest.mark.parametrize("state", ["follow-card", "follow-visit-missed", "follow-choose"])
def test_a_reminder_says_that_no_clinical_lead_has_signed_it(
    page: Page, address: str, state: str
) -> None:
    open_state(page, address, "zh", state)
    page.wait_for_selector("text=待临床负责人签字 >> visible=true")
    assert page.locator(".back-card .unsigned, .revisit .unsigned").count() == 1


def test_enter_sends(page: Page, address: str) -> None:
    open_state(page, address, "zh", "chat")
    page.fill("#write", "睡不着")
    page.press("#write", "Enter")
    assert page.evaluate("acts") == [["say", "睡不着"]]
    assert page.input_value("#write") == ""


def test_enter_that_confirms_chinese_input_sends_nothing(page: Page, address: str) -> None:
    open_state(page, address, "zh", "chat")
    page.focus("#write")
    keyboard = page.context.new_cdp_session(page)
    shui = {"text": "shui", "selectionStart": 4, "selectionEnd": 4}
    keyboard.send("Input.imeSetComposition", shui)
    composing = {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True}
    page.dispatch_event("#write", "keydown", composing)
    keyboard.send("Input.insertText", {"text": "睡不着"})
    # Safari tells of this Enter only after the composition has ended; its key code is 229.
    after = {"key": "Enter", "keyCode": 229, "bubbles": True, "cancelable": True}
    page.dispatch_event("#write", "keydown", after)
    assert page.evaluate("acts") == []
    assert page.input_value("#write") == "睡不着"


def test_shift_enter_is_a_new_line(page: Page, address: str) -> None:
    open_state(page, address, "zh", "chat")
    page.fill("#write", "一")
    page.press("#write", "Shift+Enter")
    assert page.evaluate("acts") == []
    assert page.input_value("#write") == "一\n"


def test_after_a_change_only_the_button_with_the_names_sends(page: Page, address: str) -> None:
    open_state(page, address, "zh", "member")
    page.fill("#write", "好")
    page.press("#write", "Enter")
    assert page.evaluate("acts") == []
    page.click("text=发给林和周")
    assert page.evaluate("acts") == [["say", "好"]]


def test_words_written_while_waiting_go_only_by_a_tap(page: Page, address: str) -> None:
    open_state(page, address, "zh", "came")
    assert page.is_visible("text=你先写好的话还没发")
    assert page.evaluate("acts") == []
    page.click("button:has-text('发给林')")
    assert page.evaluate("acts") == [["releaseWaiting"]]


def test_words_can_be_held_back_after_it_is_seen_who_came(page: Page, address: str) -> None:
    open_state(page, address, "zh", "came")
    page.click("text=先不发")
    assert page.is_visible("#write")
    page.click("text=拿回来改")
    assert page.evaluate("acts")[0][0] == "withdraw"
    assert page.input_value("#write") != ""


def test_unsent_words_can_be_sent_again_copied_or_taken_back(page: Page, address: str) -> None:
    open_state(page, address, "zh", "unsent")
    for word in ("再发一次", "复制", "拿回来改"):
        assert page.is_visible(f"button:has-text('{word}')")
    page.click("text=再发一次")
    assert page.evaluate("acts")[0][0] == "retry"


def test_where_one_works_is_asked_and_may_be_left_empty(page: Page, address: str) -> None:
    open_state(page, address, "zh", "start")
    page.click(".choice >> nth=1")
    page.click("text=不想碰到谁")
    page.get_by_label("在哪个省做工").select_option("广东")
    page.get_by_label("做哪一行").select_option("电子厂")
    page.click(".choice >> nth=0")
    nothing, named = [act[1] for act in page.evaluate("acts")]
    assert (nothing["region"], nothing["industry"]) == ("", "")
    assert (named["region"], named["industry"]) == ("44", "electronics")
    assert page.is_visible(
        "text=发出去排队用的，只有“有多急”、你选的大概话题、省和行业，还有语言。"
    )


def test_leaving_empties_the_screen_at_once_and_leaves_nothing_to_go_back_to(
    page: Page, address: str
) -> None:
    page.goto("about:blank")
    open_state(page, address, "zh", "chat")
    took = page.evaluate(
        """() => { const from = performance.now(); document.getElementById('exit').click();
          return [performance.now() - from, document.body.innerText]; }"""
    )
    assert took[0] < 200
    assert took[1] == ""
    page.wait_for_url("**/zh/units/")
    assert "米" in page.inner_text("main")
    page.go_back()
    assert page.url == "about:blank"


def test_every_page_helps_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{address}/zh/{name}.html")
        if name != "units":
            assert page.locator("a[href='tel:120']").first.is_visible()
            assert page.locator("text=演练，不接真人").first.is_visible()
            assert page.locator("#exit").get_attribute("href") == "/zh/units/"
    page.goto(f"{address}/zh/seeker.html")
    assert not page.locator("#start").is_visible()
    assert page.is_visible("text=这台手机没能打开聊天")
    context.close()

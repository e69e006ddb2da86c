"""The console around the desk: tabs, the duty bar, the rota and the gate, by hand and by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.gallery import chromium, comes_true, has_cursor, serve, soon
from tests.browser.test_console_gallery import build, judge, open_state, states

OURS: Final = ("watching", "off-duty", "duty-", "rota", "gate")
"""How the names of the states begin that belong here."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("standing")
    build(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Somewhere else in the world, so that the organisation's hours are not this computer's."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, timezone_id="America/New_York"
    )
    yield context.new_page()
    context.close()


def asked(page: Page) -> list[tuple[str, Any]]:
    """What the server was asked besides looking, as paths and bodies."""
    return [(path, json.loads(body)) for path, body in page.evaluate("acts")]


@pytest.mark.parametrize(
    ("language", "scheme", "only"),
    [
        ("zh", "dark", ("off-duty", "rota-planner", "rota-staffing-two", "gate")),
        pytest.param("zh", "dark", (), marks=pytest.mark.soak),
        pytest.param("en", "light", (), marks=pytest.mark.soak),
    ],
)
def test_it_fits_a_phone_and_is_accessible_there(
    browser: Browser,
    address: str,
    language: str,
    scheme: Literal["light", "dark"],
    only: tuple[str, ...],
) -> None:
    # As long as the page is: axe judges the contrast of what is in sight and of nothing else.
    page = browser.new_page(viewport={"width": 360, "height": 4000}, color_scheme=scheme)
    names = only or [name for name in states(page, address) if name.startswith(OURS)]
    assert only or len(names) > 12
    wrong: list[str] = []
    for name in names:
        open_state(page, address, language, name)
        wrong += [f"{name}: {one}" for one in judge(page)[0]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{name}: {wide} px wide"] if wide > 360 else []
    page.close()
    assert not wrong, "\n".join(wrong)


# --- tabs ---------------------------------------------------------------------------------------


def test_the_desk_lives_on_under_another_tab(page: Page, address: str) -> None:
    open_state(page, address, "zh", "two-talks")
    page.locator(".composer textarea").nth(0).fill("写到一半")
    page.keyboard.press("Alt+Digit2")
    page.wait_for_selector(".week")
    assert not page.is_visible(".composer")
    page.wait_for_selector("#tab-rota:focus")
    assert "2个人在等" in page.inner_text("#tab-desk")
    page.keyboard.press("Alt+Digit1")
    page.wait_for_selector(".composer")
    assert page.locator(".composer textarea").nth(0).input_value() == "写到一半"


def test_words_that_came_under_another_tab_stay_unread(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota")
    assert "2句没看" in page.inner_text("#tab-desk")
    assert page.is_visible(".week")
    presence = "document.body.dataset.presence"
    assert page.evaluate(presence) == "hidden", "the desk is told that nobody looks at it"
    page.keyboard.press("Alt+Digit1")
    comes_true(page, f"{presence} === 'here'")


def test_arrows_look_around_and_only_enter_opens(page: Page, address: str) -> None:
    open_state(page, address, "zh", "gate")
    page.focus("#tab-gate")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#tab-directory:focus")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#tab-follow:focus")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#tab-rota:focus")
    assert page.is_visible(".gate-items"), "looking around opens nothing"
    page.keyboard.press("Enter")
    page.wait_for_selector(".week")
    assert page.get_attribute("#tab-rota", "aria-selected") == "true"
    assert page.get_attribute("#panel-rota", "aria-labelledby") == "tab-rota"
    page.keyboard.press("Tab")
    page.wait_for_selector("#panel-rota:focus")


def test_a_key_of_the_desk_brings_the_desk_back(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota")
    page.keyboard.press("Alt+KeyM")
    comes_true(page, "document.activeElement.tagName === 'TEXTAREA'")
    assert page.is_visible(".desk")


def test_a_supervisor_takes_nobody(page: Page, address: str) -> None:
    open_state(page, address, "zh", "watching")
    assert page.is_visible(".person")
    assert page.locator(".take").count() == 0
    page.keyboard.press("Alt+KeyN")
    assert asked(page) == []


# --- duty ---------------------------------------------------------------------------------------


def test_a_shift_is_started_when_it_is_due_and_else_as_a_walk_in(page: Page, address: str) -> None:
    open_state(page, address, "zh", "duty-late")
    assert "20:00–23:30" in page.inner_text(".duty"), "the organisation's hours"
    page.click("#check-in")
    open_state(page, address, "zh", "off-duty")
    assert "星期三22:00–次日02:00" in page.inner_text(".duty")
    assert page.inner_text("#check-in") == "现在来值班"
    page.click("#check-in")
    soon(page, lambda: asked(page)[-1:] == [("duty/check-in", {"shift": 0})])


def test_a_due_shift_is_named(page: Page, address: str) -> None:
    open_state(page, address, "zh", "duty-late")
    page.click("#check-in")
    comes_true(page, "acts.length > 0")
    ((path, body),) = asked(page)
    assert path == "duty/check-in"
    assert body["shift"] > 0


def test_leaving_with_people_on_ones_hands_is_asked_once(page: Page, address: str) -> None:
    open_state(page, address, "zh", "duty-leaving")
    assert "你手上还有2个人" in page.inner_text(".duty")
    has_cursor(page, "先不下班")
    assert asked(page) == []
    page.click(".duty .firm")
    comes_true(page, "acts.length > 0")
    assert asked(page) == [("duty/check-out", {})]


def test_the_test_page_is_acknowledged(page: Page, address: str) -> None:
    open_state(page, address, "zh", "watching")
    page.click("text=我看到了")
    comes_true(page, "acts.length > 0")
    assert asked(page) == [("duty/page-seen", {})]


def test_a_closed_door_says_why_and_when(page: Page, address: str) -> None:
    open_state(page, address, "zh", "off-duty")
    said = page.inner_text(".door-closed")
    assert "没有督导空着手在值班；值班的不到两个人，或者没有倾听员在。" in said
    assert "下次能开：星期三20:00。" in said


def test_a_debrief_lasts_its_quarter_hour(page: Page, address: str) -> None:
    open_state(page, address, "zh", "duty-debrief")
    assert "20:45以前不接新的人" in page.inner_text(".duty")
    resume = page.get_by_role("button", name="接着值班")
    assert resume.get_attribute("aria-disabled") == "true"
    resume.click(force=True)
    assert asked(page) == []


def test_what_may_be_old_is_not_shown(page: Page, address: str) -> None:
    open_state(page, address, "zh", "duty-offline")
    soon(page, lambda: asked(page) == [("duty/pause", {})])
    page.wait_for_selector(".duty >> text=正在看")
    assert page.locator(".duty button").count() == 0


# --- the rota and the gate ------------------------------------------------------------------------


def test_a_shift_past_midnight_stands_on_the_day_it_begins(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota")
    wednesday = page.locator(".day", has_text="星期三")
    assert "22:00–次日02:00" in wednesday.inner_text()
    assert "次日" not in page.locator(".day", has_text="星期四").inner_text()
    across = [page.locator(".day").nth(place).bounding_box() for place in (0, 6)]
    assert across[0] is not None
    assert across[1] is not None
    assert across[0]["y"] == across[1]["y"], "a grid where there is room"
    page.set_viewport_size({"width": 360, "height": 740})
    tops = [page.locator(".day").nth(place).bounding_box() for place in (0, 6)]
    assert tops[0] is not None
    assert tops[1] is not None
    assert tops[0]["x"] == tops[1]["x"], "a list on a phone"


def test_every_state_of_a_shift_is_a_word(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota")
    shown = page.inner_text(".week")
    for word in ("空着，等人报名", "定了", "在值班", "在歇", "值完了", "没来", "找人替", "我的班"):
        assert word in shown


def test_taking_giving_back_and_covering_name_their_shift(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota")
    for word, act in (
        ("我来", "sign-up"),
        ("退回", "give-back"),
        ("找人替", "ask-cover"),
        ("我替", "cover"),
    ):
        before = len(asked(page))
        page.get_by_role("button", name=f"{word}：").first.click()
        comes_true(page, f"acts.length > {before}")
        path, body = asked(page)[-1]
        assert path == f"rota/{act}"
        assert body["shift"] > 0
        page.wait_for_selector(".inside [role=status] p")


def test_cancelling_is_asked_once(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota-planner")
    already = asked(page)
    page.get_by_role("button", name="不取消").click()
    assert asked(page) == already
    page.get_by_role("button", name="取消这个班：").first.click()
    page.locator(".shift .firm").click()
    comes_true(page, f"acts.length > {len(already)}")
    assert asked(page)[-1][0] == "rota/cancel"


def test_a_series_is_planned_in_the_organisations_hours(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota-planner")
    page.fill("[name=day]", "2026-11-30")
    page.fill("[name=from]", "22:00")
    page.fill("[name=to]", "02:00")
    page.fill("[name=weeks]", "12")
    before = len(asked(page))
    page.press("[name=weeks]", "Enter")
    comes_true(page, f"acts.length > {before}")
    plan = {"role": "counsellor", "places": 1, "weeks": 12}
    hours = {"starts": "2026-11-30T22:00", "ends": "2026-12-01T02:00"}
    assert asked(page)[-1] == ("rota/plan", plan | hours)
    page.wait_for_selector("text=排上了4个班")


def test_the_gate_says_of_each_thing_whether_it_is_there(page: Page, address: str) -> None:
    open_state(page, address, "zh", "gate")
    said = page.inner_text(".gate-page")
    assert "还差7样。" in said
    assert "刘医生，11月21日20:30" in said
    assert "还差：120、12356" in said
    assert "还差：两分钟以内的担保、数据库里不许改记录的规定" in said
    met = page.locator(".gate-item .met").all_inner_texts()
    assert [word.split()[-1] for word in met].count("有了") == 3
    assert [word.split()[-1] for word in met].count("还没有") == 7


def test_only_a_supervisor_writes_down_who_signed(page: Page, address: str) -> None:
    open_state(page, address, "zh", "gate-auditor")
    assert page.locator(".sign").count() == 0
    open_state(page, address, "zh", "gate")
    page.locator(".gate-item", has_text="时限").locator("input").fill("刘医生")
    page.keyboard.press("Enter")
    comes_true(page, "acts.length > 0")
    assert asked(page) == [("gate/sign", {"what": "timers", "signer": "刘医生"})]


def test_the_rota_is_worked_by_keyboard_alone(page: Page, address: str) -> None:
    open_state(page, address, "zh", "rota")
    page.focus("#tab-rota")
    seen: list[str] = []
    for _ in range(10):
        page.keyboard.press("Tab")
        name, shown = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
              return [e.getAttribute('aria-label') || e.textContent,
                      s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }"""
        )
        assert shown, f"{name} shows no focus"
        seen.append(name)
    assert "下一周" in seen
    taking = next(name for name in seen if name.startswith("我来："))
    assert taking == "我来：20:00–23:30，倾听员"

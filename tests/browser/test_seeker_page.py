"""The seeker's real page as it is built, with nothing behind it: what a phone with a bad network
sees, what stays on it, and what the first load weighs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.gallery import NODE, build_page, chromium, serve

LANDING_AT_MOST: Final = 22 * 1024
"""Bytes, compressed: page, style and script (performance.md, the stretch)."""

COMPRESSED: Final = """process.argv.slice(1).reduce((sum, file) => sum
  + zlib.brotliCompressSync(fs.readFileSync(file)).length, 0)"""

LEFT: Final = """async () => ({
  cookies: document.cookie, session: sessionStorage.length, local: localStorage.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length })"""
NOTHING: Final = {
    "cookies": "", "session": 0, "local": 0, "databases": 0, "caches": 0, "workers": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages, laid out as they are served."""
    found: Path = tmp_path_factory.mktemp("page")
    build_page(found)
    return found


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport={"width": 360, "height": 740})
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def start(page: Page, address: str, choice: str) -> None:
    """From the landing to the queue. `choice`: the words on the button."""
    page.goto("about:blank")
    page.goto(f"{address}/zh/")
    page.click("#start")
    page.click("text=都不答，直接排队")
    page.fill(".first-line textarea", "睡不着")
    page.click("text=欠薪")
    page.click(f"text={choice}")
    page.wait_for_selector("text=在给你找人")


def _answer(body: str, route: Route) -> None:
    route.fulfill(body=body)


def test_the_first_page_says_who_runs_it_and_something_true_before_it_knows(
    page: Page, context: BrowserContext, address: str
) -> None:
    who = page.locator(".who span")
    for by, said in (
        ("", "工会"),
        ("市总工会 暖心热线", "市总工会 暖心热线"),
        ("<b>甲</b>", "<b>甲</b>"),
    ):
        now = {"mode": "live", "open": True, "listeners": 1, "by": by, "build": ""}
        page.route("**/now.json", partial(_answer, json.dumps(now)))
        page.goto(f"{address}/zh/")
        page.wait_for_selector("text=现在有人值班")
        assert who.inner_text() == f"{said}开办，厂里的人没有账号。"
        page.unroute("**/now.json")
    browser = context.browser
    assert browser is not None
    silent = browser.new_context(java_script_enabled=False)
    without = silent.new_page()
    without.goto(f"{address}/en/")
    said = without.locator(".who span").inner_text()
    assert said == "Run by a trade union. Nobody at the plant has an account."
    silent.close()


def test_the_door_says_whether_somebody_is_there(page: Page, address: str) -> None:
    states = {
        "现在有人值班": {"open": True, "listeners": 1},
        "现在没有人值班": {"open": True, "listeners": 0},
        "现在没有人在线": {"open": False, "listeners": 0},
    }
    for said, now in states.items():
        answer = json.dumps({"mode": "live", "build": "", **now})
        page.route("**/now.json", partial(_answer, answer))
        page.goto(f"{address}/zh/")
        page.wait_for_selector(f"text={said}")
        assert page.is_visible("#start") is now["open"]
        page.unroute("**/now.json")


@pytest.mark.parametrize(
    ("language", "opens", "weekday", "said"),
    [
        ("zh", "2026-11-24T20:00", 2, "下次开门：星期二晚上8点。"),
        ("zh", "2026-11-29T00:30", 7, "下次开门：星期天半夜12点30分。"),
        ("en", "2026-11-24T20:00", 2, "We open next on Tuesday at 20:00."),
        ("zh", "", 0, ""),
    ],
)
def test_a_closed_door_names_weekday_and_hour(
    page: Page, address: str, language: str, opens: str, weekday: int, said: str
) -> None:
    now = {"mode": "rehearsal", "build": "", "open": False, "listeners": 0}
    answer = json.dumps({**now, "opens": opens, "weekday": weekday})
    page.route("**/now.json", partial(_answer, answer))
    page.goto(f"{address}/{language}/")
    page.wait_for_selector("[data-state=closed]")
    assert page.is_visible("#opens") is bool(said)
    assert not said or page.inner_text("#opens") == said
    assert not page.is_visible("#start")
    assert page.locator("a[href='tel:120']").first.is_visible()


def test_a_script_that_fails_leaves_numbers_and_promises(page: Page, address: str) -> None:
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{address}/zh/")
    assert page.is_visible("text=这台手机没能打开聊天")
    assert page.locator("a.dial[href='tel:120']").is_visible()
    assert page.is_visible("text=厂里看不到")


def test_a_talk_that_cannot_be_loaded_says_what_to_do(page: Page, address: str) -> None:
    page.goto(f"{address}/zh/")
    page.wait_for_selector("text=现在有人值班")
    page.route("**/*.js", lambda route: route.abort())
    page.click("#start")
    page.wait_for_selector("text=这一页没打开全")
    assert page.inner_text("#start") == "开始"


def test_words_for_nobody_yet_stay_on_the_phone(page: Page, address: str) -> None:
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(f"{asked.url} {asked.post_data_buffer!r}"))
    start(page, address, "开始，留在这台手机上")
    assert page.is_visible("text=还没发，等你点一下")
    page.reload()
    page.wait_for_selector("text=在给你找人")
    page.wait_for_selector("text=睡不着")
    assert not any("睡不着".encode().hex() in one or "睡不着" in one for one in sent)
    assert {one.split("/")[2] for one in sent} == {address.removeprefix("http://")}


def test_leaving_without_keeping_leaves_nothing(page: Page, address: str) -> None:
    start(page, address, "开始，不留")
    page.click("#exit")
    page.wait_for_url("**/zh/units/")
    assert page.evaluate(LEFT) == NOTHING
    page.go_back()
    assert page.url == "about:blank"


def test_leaving_a_kept_talk_keeps_it(page: Page, address: str) -> None:
    start(page, address, "开始，留在这台手机上")
    page.fill("#write", "还没写完")
    page.click("#exit")
    page.wait_for_url("**/zh/units/")
    page.goto(f"{address}/zh/")
    page.wait_for_selector("text=睡不着")
    assert page.input_value("#write") == "还没写完"


def test_leave_and_clear_leaves_nothing_of_a_kept_talk(page: Page, address: str) -> None:
    start(page, address, "开始，留在这台手机上")
    page.click("text=更多")
    page.click("text=离开并清掉这台手机上的记录")
    page.click("button:has-text('离开并清掉')")
    page.wait_for_url("**/zh/units/")
    assert page.evaluate(LEFT) == NOTHING


def test_a_talk_that_was_not_kept_cannot_be_opened_from_a_new_tab(
    context: BrowserContext, address: str
) -> None:
    first = context.new_page()
    start(first, address, "开始，不留")
    first.close()
    second = context.new_page()
    second.goto(f"{address}/zh/")
    second.wait_for_selector("text=现在有人值班")
    assert not second.is_visible("text=睡不着")


def test_a_call_is_noticed_before_the_phone_leaves_and_asked_about_once(
    page: Page, address: str
) -> None:
    start(page, address, "开始，不留")
    page.evaluate(
        "document.addEventListener('click', event => event.preventDefault())"
    )  # the test machine has no telephone
    page.click("a[href='tel:12356']:visible")
    page.wait_for_selector("text=打通了吗？", timeout=8_000)
    page.click("button:has-text('没打通')")
    assert page.is_visible("text=别一个人待着")
    page.click("text=知道了")
    assert not page.is_visible("text=打通了吗？")


def test_the_first_load_is_small(folder: Path) -> None:
    names: dict[str, Any] = json.loads((folder / "static" / "manifest.json").read_text())
    for language, assets in names.items():
        files = [folder / language / "index.html"]
        files += [folder / assets[name].lstrip("/") for name in ("landing", "style", "icon")]
        shared = (folder / "static" / "assets").glob("part-*.js")
        landing = files[1].read_text()
        files += [part for part in shared if f'from"./{part.name}"' in landing]
        size = int(subprocess.check_output([NODE, "-p", COMPRESSED, *files]))
        print(f"{language}: landing {size / 1024:.1f} KiB, page, style and script")
        assert size <= LANDING_AT_MOST

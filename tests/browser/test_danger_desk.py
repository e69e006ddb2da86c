"""What a desk does where somebody may be in danger: what leaves it, and what stays a person's own button."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from tests.browser.gallery import comes_true
from tests.browser.test_console_gallery import address, browser, open_state, page

__all__ = ["address", "browser", "page"]


def told(page: Page) -> list[dict[str, str]]:
    """All that left the desk, where it was about danger."""
    acts = page.evaluate("acts")
    assert {name for name, *_ in acts} == {"danger"}
    return [json.loads(command) for _, command in acts]


def test_of_five_taps_only_the_tier_and_that_somebody_asked_leave(page: Page, address: str) -> None:
    open_state(page, address, "zh", "risk-asking")
    risk = page.locator(".risk")
    risk.locator(".sum button").click(force=True)
    assert page.evaluate("acts") == [], "two are missing"
    risk.get_by_label("现在", exact=True).click()
    risk.get_by_label("有人陪").click()
    risk.locator(".sum button").click()
    comes_true(page, "acts.length === 1")
    assert told(page) == [{"kind": "Assess", "caseCode": "K7RM"}]


def test_taps_that_are_graver_than_the_queue_knows_raise_it_first(page: Page, address: str) -> None:
    open_state(page, address, "zh", "risk-harmed")
    page.locator(".risk .sum button").click()
    comes_true(page, "acts.length === 2")
    raised = {"kind": "Raise", "caseCode": "K7RM", "danger": "now", "reason": "judged"}
    assert told(page) == [raised, {"kind": "Assess", "caseCode": "K7RM"}]


def test_a_quiet_mark_stands_while_nobody_asked(page: Page, address: str) -> None:
    open_state(page, address, "zh", "danger-talk")
    assert page.locator(".pane-top .unasked").inner_text() == "◌ 还没问有多险"
    open_state(page, address, "zh", "one-talk")
    assert page.locator(".pane-top .unasked").count() == 0


def test_what_was_learned_is_chosen_and_never_written(page: Page, address: str) -> None:
    open_state(page, address, "zh", "review-one")
    assert page.locator(".review input:not([type=checkbox]), .review textarea").count() == 0
    assert page.locator(".timeline li").count() == 10
    page.locator(".learn").get_by_label("人来得晚了").click()
    page.locator(".learn button").click()
    page.get_by_text("周记下的。").wait_for()


def test_whoever_lost_the_seat_sees_no_words_of_the_talk(page: Page, address: str) -> None:
    open_state(page, address, "zh", "one-talk")
    said = page.locator(".line.theirs .text").first.inner_text()
    open_state(page, address, "zh", "lost")
    shown = page.locator(".pane").inner_text()
    assert "已由别人接着" in shown
    assert said not in shown
    assert "听着很难" in shown, "what was begun is not lost"


def test_going_on_and_giving_back_are_a_persons_own_buttons(page: Page, address: str) -> None:
    open_state(page, address, "zh", "danger-left")
    silent, let_go = page.locator(".take-over").all()
    assert "起没有林的消息。现在没有人陪着。" in silent.inner_text()
    assert "林的网页接不下去，谈话放回来了。" in let_go.inner_text()
    assert "之前和林说的话，你看不到；往后的话，林看不到。" in silent.inner_text()
    assert page.evaluate("acts") == []
    silent.get_by_role("button", name="我接着陪").click()
    comes_true(page, "acts.length === 1")
    assert page.evaluate("acts") == [["take-over", "T2BK"]]
    open_state(page, address, "zh", "danger-left-off")
    assert "要值着班、手上空着，才能接着陪。" in page.locator(".take-over").inner_text()
    assert page.locator(".take-over button").count() == 0
    open_state(page, address, "zh", "refused")
    assert "没了结的危险照样开着。" in page.locator(".pane").inner_text()
    page.get_by_role("button", name="放开这次谈话").click()
    comes_true(page, "acts.some(([what]) => what === 'let-go')")
    assert page.locator(".pane").count() == 0, "nothing of it stays in front"

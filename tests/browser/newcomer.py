"""Somebody new on the staff: invited, joining in a browser of their own or without one, signing in."""

from __future__ import annotations

import base64
import time

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.door import PASSWORD, Visitor, code_of


class Newcomer:
    """Somebody with a browser of their own, and later a name, a secret and codes on paper."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 800})
        self.context.set_default_timeout(20_000)
        self.origin = origin
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.name = ""
        self.secret = b""
        self.recovery: list[str] = []
        self._step = 0

    # --- what they do -----------------------------------------------------------------------------

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self.origin}/zh/staff/{fragment}")

    def tab_to(self, selector: str) -> None:
        """By the keyboard alone, with a focus one can see."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                width = "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
                assert self.page.evaluate(width) >= 2, f"{selector} shows no focus"
                return
        raise AssertionError(f"no way to {selector} by keyboard")

    def code(self) -> str:
        """The next code that was not used yet; each is good once."""
        now = int(time.time() // 30)
        self._step = max(now, self._step + 1)
        assert self._step <= now + 1, "codes are used up: ask for less in one half-minute"
        return code_of(self.secret, ahead=self._step - now)

    def fill(self, *, password: str = PASSWORD, code: str) -> None:
        self.page.fill("[name=username]", self.name)
        self.page.fill("[name=password]", password)
        self.page.fill("[name=code]", code)

    def sign_in(self, code: str) -> None:
        self.fill(code=code)
        self.page.click("button[type=submit]")

    def sign_out(self) -> None:
        self.page.click("#ask-sign-out")
        self.page.click(".panel .firm")
        self.sees("退出了")

    # --- what they see ----------------------------------------------------------------------------

    def sees(self, words: str) -> None:
        self.page.wait_for_selector(f"text={words}")

    def is_inside(self) -> None:
        self.page.wait_for_selector(".console .tabs")

    @property
    def cookie(self) -> str:
        cookies = self.context.cookies(self.origin)
        return next((one["value"] for one in cookies if one["name"].endswith("staff")), "")


def join(person: Newcomer, wang: Visitor, working_name: str, role: str = "counsellor") -> str:
    """From the link to the desk, by the keyboard alone. The token."""
    status, answer = wang.ask("people/invite", working_name=working_name, role=role)
    assert status == 200, answer
    person.name = f"name of {working_name}"
    person.open(f"#join={answer['token']}")
    person.sees(f"{working_name}，你好")
    person.secret = base64.b32decode(person.page.inner_text(".secret").replace(" ", ""))
    for selector, text in (
        ("[name=username]", person.name),
        ("[name=password]", PASSWORD),
        ("[name=code]", person.code()),
    ):
        person.tab_to(selector)
        person.page.keyboard.type(text)
    person.page.keyboard.press("Enter")
    person.sees(f"设好了，{working_name}")
    person.recovery = person.page.locator(".codes li").all_inner_texts()
    person.tab_to(".recovery .tick input")
    person.page.keyboard.press("Space")
    person.tab_to(".recovery .act")
    person.page.keyboard.press("Enter")
    person.is_inside()
    return str(answer["token"])


def hire(person: Newcomer, wang: Visitor, working_name: str, role: str = "counsellor") -> None:
    """The same without a page, for stories that begin later. (Who listens loads a desk: slower.)"""
    status, answer = wang.ask("people/invite", working_name=working_name, role=role)
    assert status == 200, answer
    person.name = f"name of {working_name}"
    elsewhere = Visitor(person.origin, wang.port)
    _, shown = elsewhere.ask("join/code", token=answer["token"])
    person.secret = base64.b32decode(shown["secret"])
    status, joined = elsewhere.ask(
        "join/finish",
        token=answer["token"],
        sign_in_name=person.name,
        password=PASSWORD,
        code=person.code(),
    )
    assert status == 200, joined
    person.recovery = joined["recovery"]

"""Sana on her phone and Lin at his desk, each with a Chromium of their own, as they use the pages.

`Phone` and `Desk` do what a person does and see what a person sees; what passes over their sockets
is counted on the way.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from django_otp.oath import TOTP
from playwright.sync_api import BrowserContext, Page, Playwright, WebSocket, sync_playwright

from tests import requisites
from tests.browser.gallery import CHROMIUM_ARGS

PHONE: Final = (360, 740)
DESK: Final = (1280, 800)
PATIENCE: Final = 20.0
"""Seconds a person of a story waits for what must come."""

SPOKEN: Final = """() => [...document.querySelectorAll('.lines > .words')].map(line =>
  [line.classList.contains('mine') ? 'mine' : 'theirs', line.querySelector('.text').textContent])"""
STATES: Final = """() => [...document.querySelectorAll('.lines > .words.mine')].map(line =>
  ['waiting-tap', 'sending', 'stored', 'seen', 'unsent'].find(s => line.classList.contains(s)))"""
EVENTS: Final = """() => [...document.querySelectorAll('.lines > .event p')].map(line =>
  line.firstChild.textContent.trim())"""

RECORDS: Final = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done, fail) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result); asked.onerror = fail; });
    for (const store of db.objectStoreNames) {
      found.push(...await new Promise((done, fail) => {
        const asked = db.transaction(store).objectStore(store).getAllKeys();
        asked.onsuccess = () => done(asked.result.map(String)); asked.onerror = fail; }));
    }
    db.close();
  }
  return found.join(' ');
}"""
"""The names of all that this browser's own stores hold, as far as the page itself can read them."""

TOLD_AT_THE_DOOR: Final = ", ".join(
    f"#door [data-state={state}]:not([hidden])" for state in ("open", "nobody", "closed")
)

Spoken = list[tuple[str, str]]


class Chromiums:
    """One playwright, and a browser with a profile folder of its own for each person."""

    def __init__(self, playwright: Playwright, folder: Path, stack: ExitStack) -> None:
        self._playwright = playwright
        self._folder = folder
        self._stack = stack

    def launch(self, name: str, size: tuple[int, int], *more: str) -> BrowserContext:
        """A browser; `more` are switches for it. Started again under its name it is the same one."""
        context = self._playwright.chromium.launch_persistent_context(
            self._folder / name,
            executable_path=requisites.chromium(),
            args=[*CHROMIUM_ARGS, *more],
            viewport={"width": size[0], "height": size[1]},
            ignore_https_errors=True,
        )
        context.set_default_timeout(PATIENCE * 1000)
        self._stack.callback(context.close)
        return context


@contextmanager
def chromiums(folder: Path) -> Iterator[Chromiums]:
    """Closes every browser afterwards."""
    with sync_playwright() as playwright, ExitStack() as stack:
        yield Chromiums(playwright, folder, stack)


class Person:
    """Somebody in front of a page."""

    def __init__(self, context: BrowserContext, origin: str, language: str = "zh") -> None:
        self.context = context
        self.origin = origin
        self.language = language
        self.sent: set[int] = set()
        self.received: set[int] = set()
        self.trouble: list[str] = []
        self.page = context.pages[0] if context.pages else context.new_page()
        self._watch(self.page)

    def _watch(self, page: Page) -> None:
        page.on("websocket", self._listen_in)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def _listen_in(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda payload: self.sent.add(len(payload)))
        socket.on("framereceived", lambda payload: self.received.add(len(payload)))

    def until(self, true: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait for something to become true, with what is on the page if it never does."""
        until = time.monotonic() + patience
        while not true():
            assert time.monotonic() < until, self.page.inner_text("body")
            self.page.wait_for_timeout(30)

    def sees(self, words: str) -> None:
        """Wait for a sentence to be there for the eye."""
        self.page.wait_for_selector(f"text={words}")

    def press(self, name: str) -> None:
        """Press the button of exactly this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def say(self, text: str) -> None:
        """Write it and press the button, which names who will read it when that has changed."""
        self.page.fill(".composer textarea", text)
        self.page.click(".composer .send")

    @property
    def spoken(self) -> Spoken:
        """Every line of words on the page, in order: `mine` or `theirs`, and the text."""
        found: list[list[str]] = self.page.evaluate(SPOKEN)
        return [(whose, text) for whose, text in found]

    @property
    def heard(self) -> list[str]:
        """What the other one said."""
        return [text for whose, text in self.spoken if whose == "theirs"]

    @property
    def events(self) -> list[str]:
        """Lines nobody wrote: who came, who went, what happened."""
        return list(self.page.evaluate(EVENTS))

    @property
    def records(self) -> str:
        """Names of everything kept in this browser, sealed or not; lines of a talk begin with `line.`."""
        return str(self.page.evaluate(RECORDS))

    def delivered(self) -> bool:
        """Whether everything said here is known to be stored."""
        states: list[str] = self.page.evaluate(STATES)
        return all(state in {"stored", "seen"} for state in states)

    def members(self) -> str:
        """The line that says who can read this."""
        return self.page.inner_text(".members-now b")


class Phone(Person):
    """A seeker's."""

    def start(
        self,
        *,
        topic: str = "欠薪",
        first_line: str = "",
        keep: bool = True,
        answers: Sequence[str] = ("安全", "没有"),
    ) -> None:
        """From the landing to the queue; `answers` are pressed one after the other."""
        self.arrive()
        for answer in answers:
            self.answer(answer)
        self.page.click(f".chip:has-text('{topic}')")
        if first_line:
            self.page.fill(".first-line textarea", first_line)
        self.page.click(".choice >> nth=0" if keep else ".choice >> nth=1")
        self.page.wait_for_selector(".waiting, .asks")  # some are asked more once they have it

    def arrive(self) -> None:
        """From the landing to the first question. A door that has just opened may say so a second late."""
        self.until(self._finds_the_door_open)
        self.page.click("#start")
        self.page.wait_for_selector(".asks h1, .danger h1")

    def _finds_the_door_open(self) -> bool:
        self.page.goto(f"{self.origin}/{self.language}/")
        self.page.wait_for_selector(TOLD_AT_THE_DOOR)
        return self.page.is_visible("#start")

    def answer(self, words: str) -> None:
        """Press the answer of exactly these words, and wait for the next screen."""
        asked = self.page.inner_text("h1")
        self.press(words)
        self.until(lambda: self.page.inner_text("#app h1") != asked)

    def told(self) -> str:
        """The title of the waiting room."""
        return self.page.inner_text(".waiting h1")

    def release(self) -> None:
        """See who came, and let go of what was written before."""
        self.page.click(".release .act")

    def talks(self) -> None:
        """Wait until somebody is there."""
        self.page.wait_for_selector("main.fill .members-now")

    def reload(self) -> None:
        """As a page that was put away and comes back."""
        self.page.reload()

    def end(self) -> None:
        """End the talk: asked once."""
        self.press("更多")
        self.press("结束这次谈话")
        self.press("结束")
        self.sees("这次谈话结束了")

    def erase(self) -> None:
        """From the end of a talk: everything goes, now."""
        self.press("把说过的话现在就删掉")
        self.press("删掉")
        self.sees("我们机器上和这台手机上都没有了")


class Desk(Person):
    """A counsellor's, or a supervisor's."""

    def sign_in(self, data: Path, name: str, *, ahead: int = 0, on: bool = True) -> None:
        """With the demo's password and code; a second time in half a minute needs `ahead=1`.

        With `on` they start their shift then: nobody else takes anybody.
        """
        drawn: dict[str, Any] = json.loads((data / "demo" / "drawn.json").read_text())
        person = next(one for one in drawn["staff"] if one["sign_in_name"] == name)
        self.page.goto(f"{self.origin}/{self.language}/staff/")
        self.page.fill("input[name=username]", name)
        self.page.fill("input[name=password]", person["password"])
        self.page.fill("input[name=code]", _code(person["totp"], ahead))
        self.page.click("button.act")
        self.page.wait_for_selector(".console")
        if on:
            self.start_shift()

    def start_shift(self) -> None:
        """Start a shift, unless one is under way."""
        self.page.wait_for_selector(".duty .answers button")
        if self.page.locator("#check-in").count():
            self.page.click("#check-in")
        self.until(lambda: not self.page.locator("#check-in").count())

    def accept(self) -> None:
        """Take whom one is offered."""
        self.page.click(".offer .firm")
        self.page.wait_for_selector(".pane .members-now")

    def take(self) -> None:
        """Take the next person, as soon as somebody waits."""
        self.page.click(".take .act[aria-disabled=false]")
        self.page.wait_for_selector(".pane .members-now")

    def end(self) -> None:
        """End the talk in front: asked once. Hands are free for the next one then."""
        self.page.click("#ask-end")
        self.page.click(".ask .firm")
        self.sees("这次谈话结束了")

    def reload(self) -> None:
        """The browser's own button; then the talk that was open is opened again."""
        self.page.reload()
        self.page.wait_for_selector(".console")
        self.page.wait_for_selector(".pane .members-now")


def _code(secret: str, ahead: int) -> str:
    totp = TOTP(bytes.fromhex(secret))
    totp.time = time.time() + 30 * ahead
    return str(totp.token()).zfill(6)


def mirrored(spoken: Sequence[tuple[str, str]]) -> Spoken:
    """The same talk as the other one sees it."""
    other = {"mine": "theirs", "theirs": "mine"}
    return [(other[whose], text) for whose, text in spoken]

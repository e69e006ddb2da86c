"""An evening of acted talks: staff who stay on, and a browser of its own for each who comes.

Some numbers are smaller so that it fits into minutes (`HURRIED`); the rests between two people in
danger are left out, because three people play all of it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext

from tests.counsel.serving import ROOT
from tests.scenario import elsewhen
from tests.scenario.alarmed import TELEPHONES, Alarmed, Words, alarmed, says
from tests.scenario.people import DESK, PATIENCE, PHONE, Desk, Phone
from tests.scenario.site import Built

GONE_AFTER: Final = 20
"""Seconds after which a supervisor's page, and somebody in danger, count as gone: more than a beat."""
LADDERS: Final = 0.2
"""What is left of each time: duty after 6 s, somebody attended after 12 s, led after two minutes."""
HURRIED: Final = (
    "-m", "tests.scenario.hurried", f"STAFF_GONE_AFTER={GONE_AFTER}", f"lost={GONE_AFTER}",
    f"ladders={LADDERS}", "REST_AFTER_RED=0", "DEBRIEF_FOR=0",
)  # fmt: skip
HIDE: Final = """state => {
  Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
  Object.defineProperty(document, 'hidden', { get: () => state === 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
"""A browser without a screen hides nothing by itself."""


@dataclass
class Evening:
    """The site with its telephones, and who is on."""

    there: Alarmed
    lin: Desk
    chen: Desk
    zhou: Desk
    browser: Browser
    stack: ExitStack
    words: Words

    @property
    def desks(self) -> tuple[Desk, Desk, Desk]:
        """Everybody who is on."""
        return self.lin, self.chen, self.zhou

    def comes(self) -> Phone:
        """Somebody with a phone nobody has used."""
        return Phone(fresh(self.browser, self.stack, PHONE), self.there.origin)

    def rung(self) -> dict[str, int]:
        """How often each telephone has rung about somebody in danger."""
        return {name: len(self.there.rung(number)) for name, number in TELEPHONES.items()}

    def is_told_of(self, code: str, state: str) -> None:
        """The supervisor's page says that this person's danger is in this state."""
        row = f".danger-row[data-state={state}]:has-text('{code}')"
        self.zhou.until(lambda: self.zhou.page.locator(row).count(), patience=GONE_AFTER + 25)

    def has(self, desk: Desk) -> str:
        """The case code of the talk in front."""
        return desk.page.inner_text(".pane .code >> nth=0").strip()

    def takes(self, desk: Desk) -> None:
        """The next person, as soon as somebody waits."""
        desk.page.click(".take .act[aria-disabled=false]")
        desk.until(lambda: desk.page.locator(".pane .members-now").count())

    def is_over(self, desk: Desk) -> None:
        """The talk ends, and the quarter-hour after it, if there is one."""
        desk.page.click("#ask-end")
        desk.page.click(".ask .firm")
        desk.page.wait_for_selector("#ask-end", state="detached")
        self.goes_on(desk)

    def goes_on(self, desk: Desk) -> None:
        """Ready for the next one: nothing of the last one lies open, and the rest after it is over."""
        desk.page.click(f".pane-top button:has-text('{self.words('console.pane.put_away_short')}')")
        desk.page.wait_for_selector(".pane", state="detached")
        desk.page.reload()
        rests, works = (self.words.begin(f"duty.{state}") for state in ("debrief", "on"))
        desk.until(lambda: any(one in said(desk) for one in (rests, works)))
        if rests in said(desk):
            desk.press(self.words("duty.do.resume"))
            desk.until(lambda: works in said(desk))

    def settle(self, desk: Desk, **chosen: str) -> None:
        """A person ends the one danger there is."""
        says(desk, "settle", **chosen)
        desk.page.wait_for_selector(".danger-row", state="detached")


def said(desk: Desk) -> str:
    """How they stand: on, or in the quarter-hour after somebody in danger."""
    return desk.page.inner_text(".duty") if desk.page.locator(".duty").count() else ""


@contextmanager
def evening(folder: Path, built: Built, browser: Browser) -> Iterator[Evening]:
    """Everybody signed in and on."""
    with ExitStack() as stack:
        there = stack.enter_context(alarmed(folder, built, command=HURRIED, mode="rehearsal"))
        desks = {}
        for name in ("lin", "chen", "zhou"):
            desks[name] = Desk(fresh(browser, stack, DESK), there.origin)
            desks[name].sign_in(there.data, name)
        desks["zhou"].press("我看到了")  # a rehearsal's door opens by it
        yield Evening(there, **desks, browser=browser, stack=stack, words=Words("zh"))


def fresh(browser: Browser, stack: ExitStack, size: tuple[int, int]) -> BrowserContext:
    """A browser of somebody's own, gone when the evening is over."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(PATIENCE * 1000)
    stack.callback(context.close)
    return context


def says_in(desk: Desk, code: str, step: str, **chosen: str) -> None:
    """A step in the row of this case, once it is there."""
    row = desk.page.locator(f".danger-row:has-text('{code}')")
    label = Words(desk.language)(f"danger.steps.{step}")
    row.get_by_role("button", name=label, exact=True).click()
    for name, value in chosen.items():
        row.locator(f"select[name={name}]").select_option(value)
    if chosen:
        row.locator("form .firm").click()


def away(phone: Phone) -> None:
    """Something else is in front: a telephone call."""
    phone.page.evaluate(HIDE, "hidden")


def back(phone: Phone) -> None:
    """The page is in front again."""
    phone.page.evaluate(HIDE, "visible")


def lock(phone: Phone) -> None:
    """The screen goes dark: the page is hidden, then the system stops it."""
    away(phone)
    phone.page.wait_for_timeout(400)
    phone.context.set_offline(True)
    _freeze(phone, "frozen")


def unlock(phone: Phone) -> None:
    """Back in the hand."""
    _freeze(phone, "active")
    phone.context.set_offline(False)
    back(phone)


def _freeze(phone: Phone, state: str) -> None:
    session = phone.context.new_cdp_session(phone.page)
    session.send("Page.setWebLifecycleState", {"state": state})
    session.detach()


def report(
    env: Mapping[str, str], *, later: float = 0
) -> tuple[int, dict[str, tuple[float, bool]]]:
    """What `manage.py rehearse report` says, asked so many seconds later: its exit code, and of each
    line the number and whether it is as it must be."""
    command = ["manage.py", "rehearse", "--language", "en", "report"]
    if later:
        ahead = Path(env["DATA"]) / "later"
        elsewhen.set_ahead(ahead, later)
        command = ["-m", "tests.scenario.elsewhen", str(ahead), *command]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=dict(env), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    lines = {}
    for line in done.stdout.splitlines():
        what, _, said = line.rpartition(": ")
        lines[what] = (float(said.split()[0]), "[NOT MET]" not in said)
    assert lines, done.stderr
    return done.returncode, lines

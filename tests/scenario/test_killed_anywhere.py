"""The server is killed at every step of a talk; what it had acknowledged is there, once, in order.

Real browsers, a real process, SIGKILL. A few deaths here, all of them in `make soak`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.scenario import killable
from tests.scenario.killable import Death, draw
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone, mirrored
from tests.scenario.site import Built, Site

SEEDS: Final = range(8)
AT_MOST: Final = 40
"""Rounds of a talk until every death drawn for it must have come."""
PRESS: Final = "button => document.querySelector(button)?.click()"
A_FEW: Final[Sequence[Death]] = (
    ("take, committed", 1, 0.0),
    ("claim a key, committed", 1, 0.0),
    ("words, committed", 2, 0.05),
    ("pump, before it sends", 4, 0.0),
    ("append, before the commit", 2, 0.05),
    ("erase, committed", 1, 0.0),
)


class Mortal:
    """A site whose server dies as planned and comes back by itself."""

    def __init__(self, site: Site, plan: Sequence[Death]) -> None:
        self.site = site
        self.plan = plan
        self.woken = 0

    @property
    def deaths(self) -> int:
        """How often it has died so far."""
        return self.site.server.printed.count("died at: ")

    def wake(self, *people: Phone | Desk) -> None:
        """After a death: as if the network of each had just come back, so that nobody waits."""
        deaths = self.deaths
        if deaths > self.woken and self.site.server.printed.count("Ctrl-C") > deaths:
            self.woken = deaths
            for person in people:
                person.page.evaluate("void dispatchEvent(new Event('online'))")


@contextmanager
def mortal(folder: Path, built: Built, plan: Sequence[Death]) -> Iterator[Mortal]:
    """Dies at each point of the plan, one life after the other."""
    command = ("-m", killable.__name__, json.dumps(plan))
    with Site(folder, built, command=command).open() as site:
        yield Mortal(site, plan)


class Story:
    """Two people who talk on, whatever the server does."""

    def __init__(self, mortal: Mortal, browsers: Chromiums) -> None:
        self.mortal = mortal
        origin = mortal.site.origin
        self.phone = Phone(browsers.launch("sana", PHONE), origin)
        self.desk = Desk(browsers.launch("lin", DESK), origin)
        self.said: dict[str, list[str]] = {"phone": [], "desk": []}

    def until(self, true: Callable[[], object]) -> None:
        """Wait, and wake everybody after each death."""

        def awake() -> object:
            self.mortal.wake(self.phone, self.desk)
            return true()

        self.desk.until(awake, patience=30)

    def begin(self) -> None:
        """Start, take, sit down: pressed again where it did not work."""
        self.desk.sign_in(self.mortal.site.data, "lin")
        self.phone.start()
        self.until(self._has_taken)
        self.until(lambda: self.phone.page.is_visible("main.fill .members-now"))
        self.until(lambda: "工友" in self.desk.members())

    def _has_taken(self) -> bool:
        if self.desk.page.is_visible(".pane .members-now"):
            return True
        self.desk.page.evaluate(PRESS, ".held[data-open=false], .take .act[aria-disabled=false]")
        self.desk.page.wait_for_timeout(100)
        return False

    def talk(self, deaths: int) -> None:
        """Both speak at once, until so many deaths have come; in the end both see the same."""
        for number in range(AT_MOST):
            if self.mortal.deaths >= deaths and number >= 3:
                return
            if number % 8 == 7:
                self._close_the_phone_meanwhile()
            self._say(self.phone, f"手机说第{number}句 📱")
            self._say(self.desk, f"电脑说第{number}句 🖥")
            self.until(self._agree)
        raise AssertionError(f"never died: {self.mortal.plan[self.mortal.deaths]}")

    def _close_the_phone_meanwhile(self) -> None:
        """Somebody has to be behind, or a server that died in between is never asked for what was missed."""
        self.phone.page.goto("about:blank")
        self._say(self.desk, f"关着的时候说的第{len(self.said['desk'])}句")
        self.until(self.desk.delivered)
        self.until(self._is_open_again)

    def _is_open_again(self) -> bool:
        try:
            self.phone.page.goto(f"{self.phone.origin}/zh/", timeout=5_000)
            self.phone.page.wait_for_selector("main.fill .members-now", timeout=5_000)
        except PlaywrightError:
            return False
        return True

    def _say(self, person: Phone | Desk, text: str) -> None:
        person.say(text)
        self.said["phone" if person is self.phone else "desk"].append(text)

    def _agree(self) -> bool:
        spoken, other = self.phone.spoken, self.desk.spoken
        if len(spoken) < sum(map(len, self.said.values())):
            return False
        return spoken == mirrored(other) and self.phone.delivered() and self.desk.delivered()

    def check(self) -> None:
        """Every word once, in the order of the log, on both sides."""
        for person, mine, theirs in (
            (self.phone, "phone", "desk"),
            (self.desk, "desk", "phone"),
        ):
            spoken = person.spoken
            assert [text for whose, text in spoken if whose == "mine"] == self.said[mine]
            assert [text for whose, text in spoken if whose == "theirs"] == self.said[theirs]

    def reload(self) -> None:
        """Both pages, as often as it takes: a page may be loading when the server dies."""
        for person, sign in ((self.phone, "main.fill .members-now"), (self.desk, ".pane .words")):
            for _ in range(5):
                try:
                    person.page.reload()
                    person.page.wait_for_selector(sign, timeout=5_000)
                    break
                except PlaywrightError:
                    self.mortal.wake(self.phone, self.desk)
            person.page.wait_for_selector(sign)
        self.until(self._agree)

    def finish(self) -> None:
        """End and erase."""
        self.phone.press("更多")
        self.phone.press("结束这次谈话")
        self.phone.press("结束")
        self.until(lambda: self.phone.page.is_visible("text=这次谈话结束了"))
        self.phone.press("把说过的话现在就删掉")
        self.phone.press("删掉")
        self.until(lambda: self.phone.page.is_visible("text=我们机器上和这台手机上都没有了"))


def live_through(folder: Path, built: Built, browsers: Chromiums, plan: Sequence[Death]) -> None:
    """The whole story with these deaths in it."""
    in_talk = sum(killable.POINTS[name].phase == "talk" for name, _, _ in plan)
    before = [killable.POINTS[name].phase for name, _, _ in plan].index("talk")
    with mortal(folder, built, plan) as there:
        story = Story(there, browsers)
        story.begin()
        story.talk(before + in_talk)
        story.check()
        story.reload()
        story.check()
        story.finish()
        assert there.deaths == len(plan), there.site.server.printed
        assert "Traceback" not in there.site.server.printed


def test_a_talk_goes_on_whenever_the_server_dies(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    live_through(tmp_path / "site", built, browsers, A_FEW)


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_a_talk_goes_on_wherever_the_server_dies(
    seed: int, tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    plan = draw(seed)
    print(*plan, sep="\n")
    live_through(tmp_path / "site", built, browsers, plan)

"""What leaves a phone before anybody has come: one request of fixed size, and nothing of the answers.

The pages' own traffic is read: every message a phone sends is taken apart with the server's own
tables, on sockets and where everything goes by POST.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.sync_api import Request, WebSocket, WebSocketRoute

from chat import wire
from counsel.limits import REQUEST, SIZES
from tests.scenario.people import PHONE, Chromiums, Phone
from tests.scenario.site import Site
from triage.queue.wire import read_request, topics_of

ALLOWED: Final = {"Start", "Resume", "Here", "TopUp", "Read", "Ask", "News"}
"""What a phone says before a match; none of it has room for an answer. `News` is the server's own,
said back by a phone that polls."""
WRITTEN: Final = "这句话先留在手机上"
URGENT: Final = {
    0: "要马上有人", 1: "要快", 2: "要有人来问一问", 3: "按先来后到",
}  # fmt: skip
"""By tier: what the panel calls it."""


@dataclass(frozen=True)
class Told:
    """What somebody presses, and how urgent that is."""

    name: str
    tier: int
    answers: Sequence[str] = ()
    topics: Sequence[str] = ()
    later: Sequence[str] = ()
    """Answers once there is a place."""
    at_once: bool = False
    """A place is had without choosing what stays on the phone."""


SKIPPED: Final = Told("skips everything", 2, ["跳过", "跳过"])
RED: Final = Told("in danger", 0, ["我正在伤害自己，或者刚做过"], at_once=True)
MOST: Final = Told("most topics", 1, ["说不准", "今天也有"], ["心里难受", "家里的事", "欠债", "欠薪"],
                   ["不想说"])  # fmt: skip
OTHERS: Final = (
    Told("calm", 3, ["安全", "没有"], ["加班"]),
    Told("would rather not say", 2, ["安全", "不想说"]),
    Told("worries about somebody", 1, ["我替别人着急", "说不准"]),
    Told("is being hurt", 0, ["有人正在伤害我，或身边有危险"], later=["不太安全"], at_once=True),
    Told("tried lately", 0, ["安全", "有过，今天没有"], later=["没有", "有"]),
)


@dataclass
class Wire:
    """Everything one phone sent, and the bytes of each."""

    messages: list[bytes] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def listen(self, phone: Phone, *, sockets: bool) -> None:
        """From now on, on this phone."""
        page = phone.page
        if not sockets:
            page.route_web_socket("**/chat", _cut)
        page.on("websocket", self._socket)
        page.on("request", self._request)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda sent: self.messages.append(bytes(sent, "latin-1")
                  if isinstance(sent, str) else sent))  # fmt: skip

    def _request(self, request: Request) -> None:
        if request.method == "GET":
            self.opened.append(request.url)
        elif request.post_data_buffer is not None:
            self.messages.append(request.post_data_buffer)

    def frames(self) -> list[object]:
        """All of it, read with the server's tables."""
        return [said.frame for message in self.messages for said in wire.WIRE.unpack(message)]


def _cut(socket: WebSocketRoute) -> None:
    socket.close()


def tells(phone: Phone, told: Told) -> None:
    """From the landing to a place, then what is asked once it is there."""
    if told.at_once:
        phone.arrive()
        for answer in told.answers:
            phone.answer(answer)
    else:
        phone.arrive()
        for answer in told.answers:
            phone.answer(answer)
        for topic in told.topics:
            phone.page.click(f".chip:has-text('{topic}')")
        phone.page.fill(".first-line textarea", WRITTEN)
        phone.page.click(".choice >> nth=1")
    for answer in told.later:
        phone.page.wait_for_selector(f".option:text-is('{answer}')")
        phone.press(answer)
    phone.page.wait_for_selector(".waiting")


def shown(phone: Phone) -> dict[str, str]:
    """The panel that says what left."""
    phone.press("看看发出去的是什么")
    phone.page.wait_for_selector(".sent dl")
    rows: list[list[str]] = phone.page.evaluate(
        """() => [...document.querySelectorAll('.sent dl > div')].map(row =>
          [row.querySelector('dt').textContent, row.querySelector('dd').textContent])"""
    )
    phone.press("回到排队")
    return {row[0]: row[1] for row in rows}


def leaves_only_the_request(phone: Phone, told: Told, *, sockets: bool) -> int:
    """The size of what asked for a place, after looking inside everything that was sent."""
    sent = Wire()
    sent.listen(phone, sockets=sockets)
    tells(phone, told)
    phone.until(lambda: any(isinstance(frame, wire.Here | wire.TopUp) for frame in sent.frames())
                or len(sent.messages) > 1)  # fmt: skip
    panel = shown(phone)
    frames = sent.frames()
    assert {type(frame).__name__ for frame in frames} <= ALLOWED
    assert {len(message) for message in sent.messages} <= set(SIZES)
    for message in sent.messages:
        for words in (WRITTEN, *told.answers, *told.topics, "intake", "unsure", "today"):
            assert words.encode() not in message, words
    asked = [frame.request for frame in frames if isinstance(frame, wire.Start | wire.Ask)]
    request = read_request(asked[-1])
    assert request.tier == told.tier
    assert panel["有多急"].startswith(URGENT[request.tier])
    assert panel["大概话题"] == "、".join(told.topics or ["没说"])
    assert len(topics_of(request.topics)) == len(told.topics)
    assert panel["说什么话"] == "中文"
    assert not any("?" in url for url in sent.opened), sent.opened
    assert len(request_bytes := asked[-1]) == REQUEST, request_bytes
    return len(sent.messages[0])


def test_nothing_of_the_answers_leaves_before_somebody_has_come(
    browsers: Chromiums, site: Site
) -> None:
    asks = {
        (sockets, leaves_only_the_request(
            Phone(browsers.launch(f"{told.name} {sockets}", PHONE), site.origin),
            told,
            sockets=sockets,
        ))
        for told, sockets in ((SKIPPED, True), (RED, True), (MOST, True), (MOST, False))
    }  # fmt: skip
    assert len(asks) == 2, "one size on each way, in danger or not"


@pytest.mark.soak
@pytest.mark.parametrize("sockets", [True, False], ids=["sockets", "POST"])
def test_every_way_through_the_questions_looks_the_same_on_the_wire(
    browsers: Chromiums, site: Site, sockets: bool
) -> None:
    sizes = {
        leaves_only_the_request(
            Phone(browsers.launch(told.name, PHONE), site.origin), told, sockets=sockets
        )
        for told in (SKIPPED, RED, MOST, *OTHERS)
    }
    assert len(sizes) == 1

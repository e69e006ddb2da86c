"""A seeker who waits: what the page says of the queue, and what the server hears of the person.

The server's side of the socket is played here with the server's own frames.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute

from chat.wire import WIRE, Done, Here, News, Resume, Seated, Start
from counsel.framing import Said, pack
from tests.browser.gallery import build_page, chromium, serve, soon


class Desk:
    """Answers like a server with this many people ahead and on duty; notes what it is told."""

    def __init__(self, page: Page, *, ahead: int, listeners: int) -> None:
        self.ahead = ahead
        self.listeners = listeners
        self.heard: list[str] = []
        self.starts: list[Start] = []
        page.route_web_socket("**/chat", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        socket.on_message(lambda message: self._hear(socket, message))

    def _hear(self, socket: WebSocketRoute, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        for said in WIRE.unpack(message):
            match said.frame:
                case Start() | Resume():
                    if isinstance(said.frame, Start):
                        self.starts.append(said.frame)
                    socket.send(self._seat(said.correlation))
                case Here(presence=presence):
                    self.heard.append(presence)
                    socket.send(pack([Said(Done(), said.correlation)]))
                case _:
                    socket.send(pack([Said(Done(), said.correlation)]))

    def _seat(self, correlation: int) -> bytes:
        seated = Seated(
            role="seeker", ref=b"r" * 16, case_code="K7", language="zh", topics=(), keys_left=3
        )
        news = News(
            state="waiting", group=0, epoch=0, last_seq=0, presence="",
            ahead=self.ahead, listeners=self.listeners, keys_left=3,
        )  # fmt: skip
        return pack([Said(seated, correlation), Said(news, 0)])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("waiting")
    build_page(folder)
    with serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def wait_in_line(page: Page, address: str, *, first_line: str = "") -> None:
    page.goto(f"{address}/zh/")
    page.click("#start")
    page.fill(".first-line textarea", first_line)
    page.click("text=开始，不留")


@pytest.mark.parametrize(
    ("ahead", "listeners", "said"),
    [
        (3, 2, "前面大约还有3个人"),
        (1, 2, "前面还有1个人"),
        (0, 2, "下一个就是你"),
        (0, 0, "是我们人手不够，不是你的事不要紧"),
    ],
)
def test_the_wait_is_told_as_it_is(
    page: Page, address: str, ahead: int, listeners: int, said: str
) -> None:
    Desk(page, ahead=ahead, listeners=listeners)
    wait_in_line(page, address)
    page.wait_for_selector(f".waiting >> text={said}")
    assert "分钟" not in page.inner_text(".waiting"), "nobody knows how many minutes"


def test_only_topics_and_language_leave_the_phone(page: Page, address: str) -> None:
    desk = Desk(page, ahead=1, listeners=1)
    page.goto(f"{address}/zh/")
    page.click("#start")
    page.click("text=欠薪")
    page.fill(".first-line textarea", "睡不着")
    page.click("text=开始，不留")
    page.wait_for_selector("text=前面还有1个人")
    (start,) = desk.starts
    assert (start.language, start.topics) == ("zh", ("wages",))
    assert "睡不着".encode() not in pack([Said(start, 1)])


def test_the_server_hears_of_a_call_before_the_phone_leaves(page: Page, address: str) -> None:
    desk = Desk(page, ahead=1, listeners=1)
    wait_in_line(page, address)
    page.wait_for_selector("text=前面还有1个人")
    page.evaluate("document.addEventListener('click', event => event.preventDefault())")
    page.click("a[href='tel:120']:visible")
    soon(page, lambda: desk.heard[-1:] == ["calling"])
    page.wait_for_selector("text=打通了吗？", timeout=8_000)
    page.click("button:has-text('打通了')")
    soon(page, lambda: desk.heard[-1:] == ["here"])

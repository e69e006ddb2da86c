"""The story every set-up must tell: somebody comes, is taken, they talk, it ends, it is gone."""

from __future__ import annotations

from typing import Final

from counsel.limits import SIZES
from tests.scenario.people import Desk, Phone, mirrored

FIRST: Final = "老板三个月没发工资了，睡不着 😔"
TALK: Final = (
    ("phone", "你好，有人在吗？"),
    ("desk", "在的，我是林。慢慢说 🙂"),
    ("phone", "I don't know where to begin… 👨‍👩‍👧‍👦 𠮷野家 ñ"),
    ("desk", "Wherever you like. 没有对错。"),
    ("phone", "一行\n两行"),
    ("desk", "<b>不是</b> &amp; 一行 🇨🇳👍🏽"),
)
AT_ONCE: Final = ("一起", "说话", "也不乱")


def meet(phone: Phone, desk: Desk) -> None:
    """Start, wait, take; the first line goes when it was seen who came."""
    phone.start(first_line=FIRST)
    desk.take()
    phone.talks()
    assert "林 Lin（倾听员）" in phone.members()
    assert desk.spoken == [], "what was written before goes by a tap only"
    phone.release()
    desk.until(lambda: desk.heard == [FIRST])


def talk(phone: Phone, desk: Desk) -> None:
    """In turn, both pages reloaded in the middle, then both at once: the same words on both sides."""
    people: dict[str, Phone | Desk] = {"phone": phone, "desk": desk}
    said = [("mine", FIRST)]
    for number, (who, text) in enumerate(TALK):
        people[who].say(text)
        said.append(("mine" if who == "phone" else "theirs", text))
        phone.until(lambda: phone.spoken == said)
        desk.until(lambda: desk.spoken == mirrored(said))
        if number == 2:
            phone.reload()
            desk.reload()
    for text in AT_ONCE:
        phone.say(text)
        desk.say(f"{text}。")
    phone.until(lambda: len(phone.spoken) == len(said) + 6 and phone.delivered())
    desk.until(lambda: desk.spoken == mirrored(phone.spoken) and desk.delivered())
    assert phone.spoken[: len(said)] == said
    assert phone.heard[-3:] == [f"{text}。" for text in AT_ONCE]
    assert desk.heard[-3:] == list(AT_ONCE)


def part(phone: Phone, desk: Desk) -> None:
    """End, then erase: nothing is left on either page."""
    phone.end()
    desk.sees("这次谈话结束了")
    phone.erase()
    desk.until(lambda: not desk.spoken)
    assert FIRST not in desk.page.inner_text("body")


def assert_only_five_sizes(*people: Phone | Desk) -> None:
    """Whatever passed over a socket, in either direction, was one of five lengths."""
    for person in people:
        assert person.sent
        assert person.received
        assert person.sent | person.received <= set(SIZES)
        assert not person.trouble

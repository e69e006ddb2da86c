"""Somebody writes that they do not want to live: the phone asks, once, and tells nobody their words."""

from __future__ import annotations

from typing import Final

from chat import wire
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Site
from tests.scenario.test_waiting_room import tiers
from tests.scenario.test_what_leaves import ALLOWED, Wire
from triage.queue.tiers import Asked, Tier
from triage.queue.wire import read_request

GRAVE: Final = "我今晚就不想活了"
AGAIN: Final = "真的，今晚我就去死"
CARD: Final = "你现在安全吗？"
TOLD: Final = "手机提醒了能看到的人：先问问你安不安全。"
NOTE: Final = "先问一句：现在安全吗？"


def heard(phone: Phone, words: str) -> None:
    """Writes it, and waits until the phone has kept it and listened to it."""
    phone.say(words)
    phone.until(lambda: phone.spoken[-1:] == [("mine", words)])


def asked(sent: Wire) -> list[tuple[Asked, Tier]]:
    """What the queue was asked for after the place was had."""
    found = [read_request(one.request) for one in sent.frames() if isinstance(one, wire.Ask)]
    return [(Asked(one.event), Tier(one.tier)) for one in found]


def test_alone_the_phone_asks_once_and_with_somebody_there_they_are_told(
    browsers: Chromiums, site: Site
) -> None:
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    wei = Phone(browsers.launch("wei", PHONE), site.origin)
    wei.start()
    lin.take()
    wei.talks()
    heard(wei, GRAVE)
    lin.page.wait_for_selector(f".cue:has-text('{NOTE}')")
    wei.until(lambda: TOLD in wei.events)
    assert not wei.page.is_visible(f".cue:has-text('{CARD}')"), "a person asks, not a card"

    sana, sent = Phone(browsers.launch("sana", PHONE), site.origin), Wire()
    sent.listen(sana, sockets=True)
    sana.start()
    lin.until(lambda: tiers(lin) == ["○ 照常"])
    heard(sana, "睡不着，再等等")
    heard(sana, GRAVE)
    sana.page.wait_for_selector(f".cue:has-text('{CARD}')")
    lin.until(lambda: tiers(lin) == ["■ 问一问"])
    assert sana.page.locator(".cue").count() == 1
    sana.press("先不说")
    sana.page.wait_for_selector(".cue", state="detached")
    heard(sana, AGAIN)
    heard(sana, "还在")  # listened to after the one before
    sana.page.wait_for_timeout(300)
    assert not sana.page.locator(".cue").count(), "it was put off, and is not asked again"
    assert tiers(lin) == ["■ 问一问"], "one step up at most"

    assert asked(sent) == [(Asked.WORSE, Tier.YELLOW)]
    assert {type(frame).__name__ for frame in sent.frames()} <= ALLOWED
    for words in (GRAVE, AGAIN, "想活"):
        assert not [one for one in sent.messages if words.encode() in one], "words left the phone"
    assert not lin.trouble + wei.trouble + sana.trouble

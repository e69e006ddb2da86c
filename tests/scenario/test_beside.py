"""A supervisor beside a counsellor: three browsers, and who can read what, after.

Seen to fail when whoever left was not taken out of the group, and when she kept her seat.
"""

from __future__ import annotations

from typing import Final, TypeGuard

import pytest
from playwright.sync_api import WebSocketRoute

from chat.wire import WIRE, Envelope
from counsel.framing import Frame, pack
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Person, Phone
from tests.scenario.seats import field_of, sits_down
from tests.scenario.site import Site

BEFORE: Final = ("鸟一：进来以前说的", "鸟二：进来以前答的")
BESIDE: Final = ("鸟三：三个人都在", "鸟四：我是督导周", "鸟五：我们都在")
AFTER: Final = ("鸟六：周走了以后", "鸟七：只有我们俩了")
ZHOU: Final = "周 Zhou"


def met(browsers: Chromiums, site: Site) -> tuple[Phone, Desk, Desk]:
    """In danger, taken, and words of a person on the screen; a supervisor sees it on the board."""
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    zhou = Desk(browsers.launch("zhou", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    zhou.sign_in(site.data, "zhou")
    phone.start()
    lin.take()
    phone.talks()
    phone.say(BEFORE[0])
    lin.until(lambda: lin.heard == [BEFORE[0]])
    lin.say(BEFORE[1])
    phone.until(lambda: phone.heard == [BEFORE[1]])
    lin.press("这个人可能有危险")
    lin.page.select_option("select[name=danger]", "now")
    lin.page.click("form.lower .firm")
    zhou.until(lambda: zhou.page.locator(".danger-row .ask-in").count())
    return phone, lin, zhou


def come_in(lin: Desk, zhou: Desk) -> None:
    """Asked by one person, admitted by another."""
    zhou.page.click(".danger-row .ask-in")
    lin.press(f"让{ZHOU}进来")
    zhou.page.wait_for_selector(".pane .members-now")


def test_who_can_read_what_after_a_supervisor_came_and_went(
    browsers: Chromiums, site: Site
) -> None:
    phone, lin, zhou = met(browsers, site)
    zhou.page.click(".danger-row .ask-in")
    lin.sees(f"{ZHOU}（督导）想进来一起陪。")
    lin.press("现在先不")
    zhou.sees("接谈话的人说现在先不。这件事还开着，可以再问。")
    assert zhou.page.locator(".danger-row[data-kind=now]").count() == 1, "it goes on as it was"
    assert ZHOU not in phone.page.inner_text("body")
    come_in(lin, zhou)

    phone.until(lambda: ZHOU in phone.members())
    came = f"{ZHOU}（督导）进来了，从现在起能看到你们说的话。前面的话，{ZHOU}看不到。"
    assert came in phone.events
    assert ZHOU in phone.page.inner_text(".composer .send"), "the button is the consent"
    assert came in lin.events
    lin.until(lambda: ZHOU in lin.members())
    zhou.until(lambda: "林 Lin" in zhou.members())
    phone.say(BESIDE[0])
    zhou.until(lambda: zhou.heard == [BESIDE[0]])
    zhou.say(BESIDE[1])
    phone.until(lambda: phone.heard == [BEFORE[1], BESIDE[1]])
    lin.until(lambda: lin.heard == [BEFORE[0], BESIDE[0], BESIDE[1]])
    lin.say(BESIDE[2])
    zhou.until(lambda: zhou.heard == [BESIDE[0], BESIDE[2]])
    assert not any(old in zhou.page.content() for old in BEFORE)

    field = field_of(zhou)
    assert sits_down(zhou, field), "as long as she is there"
    zhou.page.click("#step-out")
    phone.until(lambda: ZHOU not in phone.members())
    assert not sits_down(zhou, field), "asking all the same is asking for a talk that is not there"
    assert f"{ZHOU}（督导）走了，往后的话看不到了。" in phone.events
    phone.say(AFTER[0])
    lin.until(lambda: lin.heard[-1] == AFTER[0])
    lin.say(AFTER[1])
    phone.until(lambda: phone.heard[-1] == AFTER[1])
    assert zhou.page.locator(".pane").count() == 0
    assert not any(word in zhou.page.content() for word in (*BEFORE, *BESIDE, *AFTER))
    zhou.until(lambda: "line." not in zhou.records)
    assert [text for _, text in phone.spoken] == [*BEFORE, *BESIDE, *AFTER]
    assert not any([phone.trouble, lin.trouble, zhou.trouble])


def withhold_commits(somebody: Person) -> list[int]:
    """From now on this line loses what changes the group: the places of the log it was not given."""
    lost: list[int] = []

    def lie(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            told = WIRE.unpack(message)
            commits = [one.frame.seq for one in told if is_commit(one.frame)]
            lost.extend(commits)
            kept = [one for one in told if not is_commit(one.frame)]
            route.send(pack(kept) if commits else message)

        server.on_message(pass_on)

    somebody.page.route_web_socket("**/chat", lie)
    return lost


def is_commit(frame: Frame) -> TypeGuard[Envelope]:
    """As the server itself can tell."""
    return isinstance(frame, Envelope) and frame.what == "commit"


@pytest.mark.soak
def test_a_removal_that_is_withheld_is_told_by_the_next_words(
    browsers: Chromiums, site: Site
) -> None:
    phone, lin, zhou = met(browsers, site)
    come_in(lin, zhou)
    phone.until(lambda: ZHOU in phone.members())
    lin.say(BESIDE[2])
    phone.until(lambda: phone.heard[-1] == BESIDE[2])
    lost = withhold_commits(phone)
    phone.reload()  # the lying line is a new one
    phone.until(lambda: ZHOU in phone.members())

    lin.page.click("#take-out")
    lin.until(lambda: ZHOU not in lin.members())
    zhou.sees("你不在这次谈话里了，这里没有留下任何话。")
    assert ZHOU in phone.members(), "whoever could still read is still named"
    lin.say(AFTER[1])
    phone.page.wait_for_selector("main.screen .attention")
    assert lost
    assert AFTER[1] not in phone.page.inner_text("body")
    assert phone.page.locator("a[href^='tel:']").count() > 0, "the numbers to call are there"
    assert not any(word in zhou.page.content() for word in (*BEFORE, *BESIDE, *AFTER))

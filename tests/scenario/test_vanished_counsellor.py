"""A counsellor's line goes dead in the middle of a talk: the next one continues, knowing nothing.

Seen to fail when whoever was left went to the end of the queue.
"""

from __future__ import annotations

from typing import Final

from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Site

OLD: Final = ("第一个人才知道的事", "我在听，慢慢说。")
HELD: Final = "还在吗？"


def test_the_next_counsellor_continues_in_a_fresh_group(browsers: Chromiums, site: Site) -> None:
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    phone.start()
    lin.take()
    phone.talks()
    phone.say(OLD[0])
    lin.until(lambda: lin.heard == [OLD[0]])
    lin.say(OLD[1])
    phone.until(lambda: phone.heard == [OLD[1]])

    lin.context.set_offline(True)
    wait_until_returned(site, phone)
    assert phone.spoken[:2] == [("mine", OLD[0]), ("theirs", OLD[1])]
    phone.say(HELD)

    chen = Desk(browsers.launch("chen", DESK), site.origin)
    chen.sign_in(site.data, "chen")
    chen.sees("上一个人断了，先接")
    chen.take()
    phone.until(lambda: "陈 Chen" in phone.members())
    assert "林" not in phone.members()
    assert "现在是陈 Chen。之前和林 Lin说的话，陈 Chen看不到，要不要说由你。" in phone.events
    assert chen.spoken == []
    phone.release()
    chen.until(lambda: chen.heard == [HELD])
    chen.say("在。我是陈，从头来也可以。")
    phone.until(lambda: phone.heard[-1].startswith("在。我是陈"))
    assert [text for _, text in phone.spoken][:3] == [*OLD, HELD]
    assert not any(old in chen.page.inner_text("body") for old in OLD)

    lin.context.set_offline(False)
    lin.sees("已由别人接着")
    assert lin.spoken == []


def wait_until_returned(site: Site, phone: Phone) -> None:
    """A drill's clock for one life of the server: nobody has three minutes here."""
    site.server.kill()
    site.server.start(SILENT_AFTER="1")
    phone.sees("听我们的机器说，林 Lin那边断了")
    assert phone.page.is_visible(".waiting")
    site.server.kill()
    site.server.start()

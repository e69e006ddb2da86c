"""Talks of the script, acted in browsers on one evening, and what the rows say of them afterwards.

The order is that of the evening: the report comes last, and then three that went wrong on purpose.

Seen to fail when a mistake was paged for, when timers ran during a call, and when erased read as safe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.scenario.alarmed import NAMES, answers, ask, presses_danger, speaks, tap_risk
from tests.scenario.evening import (
    GONE_AFTER,
    LADDERS,
    Evening,
    away,
    back,
    evening,
    lock,
    report,
    says_in,
    unlock,
)
from tests.scenario.people import Desk, Phone
from tests.scenario.site import Built

pytestmark = pytest.mark.soak

REDS, MEDIAN, WORST, LOST = (
    "reds that were played",
    "a person's words seen, half of them within (s)",
    "a person's words seen, the slowest (s)",
    "words lost",
)
UNHEARD = "reds that never saw a person's words"
BELIEVED = "believed that somebody read when nobody did"
SELF: Final = "我正在伤害自己，或者刚做过"
WAITED: Final = 4
"""Seconds until somebody takes the first red of the evening: the report has to find them."""
HARM: Final = "我可能会伤到别人"
_STEPS: Final = """
import json, sys
from triage.escalation.rows import EscalationStep
steps = EscalationStep.objects.order_by("pk")
if sys.argv[1]:
    steps = steps.filter(escalation__session__case_code=sys.argv[1])
print(json.dumps([[s.event, s.called or s.reason] for s in steps]))
"""


@pytest.fixture(scope="module")
def tonight(
    tmp_path_factory: pytest.TempPathFactory, built: Built, chromium: Browser
) -> Iterator[Evening]:
    with evening(tmp_path_factory.mktemp("evening") / "site", built, chromium) as found:
        yield found
        assert "Traceback" not in found.there.site.server.printed


def in_danger(
    tonight: Evening, desk: Desk, answer: str = SELF, *, waits: float = 0
) -> tuple[Phone, str]:
    """Red at the first question; after so many seconds this desk takes them and says a first word."""
    phone = tonight.comes()
    phone.arrive()
    phone.answer(answer)
    phone.page.wait_for_selector(".waiting")
    phone.page.wait_for_timeout(waits * 1000)
    tonight.takes(desk)
    phone.talks()
    speaks(desk, phone, "我在。现在安全吗？")
    answers(phone, desk, "不知道")
    return phone, tonight.has(desk)


def everything(desk: Desk) -> str:
    """All that is said on the page, whether the line is there among it."""
    return desk.page.inner_text("body")


def steps(tonight: Evening, code: str = "") -> list[tuple[str, str]]:
    """What happened to the danger of this case, or of all: what, and whom it called or why."""
    return [(event, more) for event, more in ask(tonight.there.site, _STEPS, code)]


def test_by_mistake_and_nobody_rings_but_somebody_asks(tonight: Evening) -> None:
    """red-mistake"""
    before = tonight.rung()
    phone = tonight.comes()
    presses_danger(phone, "mistake")
    phone.page.wait_for_selector(".waiting")
    tonight.zhou.page.wait_for_selector(".danger-row[data-state=check]")
    phone.page.wait_for_timeout(60_000 * LADDERS + 2_000)
    assert tonight.rung() == before, "past the times of duty and supervisor: nobody was rung"
    tonight.takes(tonight.lin)
    phone.talks()
    speaks(tonight.lin, phone, "刚才按了危险，又说点错了。现在安全吗？")
    answers(phone, tonight.lin, "安全，真的点错了")
    tonight.settle(tonight.lin, outcome="mistake", unassessed="no-danger")
    tonight.is_over(tonight.lin)
    assert [event for event, _ in steps(tonight)] == ["raise", "mistake", "close"]


def test_a_call_and_a_locked_screen_are_no_vanishing_and_a_dead_phone_is(tonight: Evening) -> None:
    """red-dials; what is locked says so; what is dead is looked for."""
    sana, hers = in_danger(tonight, tonight.lin, waits=WAITED)
    mei, locked = in_danger(tonight, tonight.chen)
    tonight.is_told_of(hers, "attended")
    sana.page.evaluate("document.addEventListener('click', event => event.preventDefault())")
    sana.press("求助电话")
    sana.page.click("a[href='tel:120'] >> visible=true")
    away(sana)
    lock(mei)
    tonight.lin.sees("对方在打电话，先别催。")
    tonight.chen.sees("对方没在看这一页")
    told = len(steps(tonight, hers))
    tonight.zhou.page.wait_for_timeout(1000 * (GONE_AFTER + 24))
    assert len(steps(tonight, hers)) == told, "while they call nothing counts down"
    tonight.chen.sees("对方没在看这一页")
    tonight.is_told_of(locked, "attended")
    assert "vanish" not in [event for event, _ in steps(tonight, locked)]

    back(sana)
    sana.sees("打通了吗？")
    assert sana.page.locator(".call").count() == 1
    sana.press("打通了")
    tonight.lin.until(lambda: steps(tonight, hers)[told:][:1] == [("page", "supervisor")])
    sana.press("回到聊天")
    speaks(tonight.lin, sana, "他们怎么说？")
    unlock(mei)
    speaks(tonight.chen, mei, "还在吗？")
    answers(mei, tonight.chen, "在，刚才锁屏了")

    mei.context.set_offline(True)  # the battery is empty: nothing is said any more
    tonight.is_told_of(locked, "lost")
    says_goodbye(tonight, tonight.lin, outcome="cared")
    tonight.settle(tonight.zhou, outcome="left", unassessed="gone")
    tonight.is_over(tonight.chen)


def says_goodbye(tonight: Evening, desk: Desk, *, outcome: str) -> None:
    """Asked; less urgent by two; ended by the supervisor; the talk ends."""
    code = tonight.has(desk)
    says_in(tonight.zhou, code, "act", what="watches")
    tonight.is_told_of(code, "led")
    tap_risk(desk, plan="none", means="none", time="none", alone="near", place="safe")
    tonight.is_told_of(code, "assessed")
    says_in(desk, code, "propose", tier="yellow", reason="safe")
    says_in(tonight.zhou, code, "confirm")
    tonight.is_told_of(code, "lowered")
    says_in(tonight.zhou, code, "settle", outcome=outcome)
    gone = f".danger-row:has-text('{code}')"
    tonight.zhou.page.wait_for_selector(gone, state="detached")
    tonight.is_over(desk)


def test_the_supervisors_network_is_cut_the_server_dies_and_she_erases(tonight: Evening) -> None:
    """supervisor-cut, server-killed and red-erases, in one talk."""
    lin, zhou = tonight.lin, tonight.zhou
    sana, code = in_danger(tonight, lin)
    tonight.is_told_of(code, "attended")
    zhou.page.click(".ask-in")
    lin.press(f"让{NAMES['zhou']}进来")
    zhou.page.wait_for_selector(".pane .members-now")
    zhou.until(lambda: NAMES["lin"] in zhou.members())
    sana.until(lambda: NAMES["zhou"] in sana.members())
    speaks(zhou, sana, "我是周。")

    zhou.context.set_offline(True)
    gone = f"督导这会儿不在，{NAMES['lin']}还在陪你。人有危险，先打120或110，别等。"
    sana.until(lambda: gone in sana.page.inner_text("body"), patience=GONE_AFTER + 15)
    assert lin.page.locator(f".danger-row:has-text('{code}')").count() == 1, "it stays open"
    sana.say("那你还在吗？")
    lin.until(lambda: lin.heard[-1] == "那你还在吗？")
    speaks(lin, sana, "我在，不走。")
    lead = len(tonight.there.rung("10009"))
    lin.until(lambda: len(tonight.there.rung("10009")) > lead, patience=40)
    zhou.context.set_offline(False)
    sana.until(lambda: gone not in sana.page.inner_text("body"))
    zhou.until(lambda: zhou.heard == ["那你还在吗？", "我在，不走。"])

    tonight.there.site.server.kill()
    for text in ("一", "二", "三"):
        sana.say(text)
    sana.sees("网断了。你写的先存在这台手机上")
    tonight.there.site.server.start()
    lin.until(lambda: lin.heard[-3:] == ["一", "二", "三"], patience=30)
    assert sana.delivered()
    zhou.until(lambda: tonight.words("console.bar.offline") not in everything(zhou), patience=60)

    sana.press("更多")
    sana.press("删掉我说过的话")
    ways = [sana.page.locator(f"button:text-is('{name}')") for name in ("删掉", "不删，只是离开")]
    assert [way.count() for way in ways] == [1, 1]
    boxes = [way.bounding_box() for way in ways]
    assert boxes[0]
    assert boxes[1]
    assert abs(boxes[0]["height"] - boxes[1]["height"]) < 2, "both are offered alike"
    sana.sees("留下的只有两样")
    sana.press("删掉")
    sana.sees("我们机器上和这台手机上都没有了")
    lin.until(lambda: not lin.spoken)
    zhou.page.wait_for_selector(".danger-row", state="detached")
    told = len(tonight.there.gateway.said)
    zhou.page.click("#tab-review")
    zhou.sees("自己删掉了，不等于安全")
    zhou.page.click("#tab-desk")
    assert len(tonight.there.gateway.said) == told
    assert steps(tonight)[-1][0] == "erase"
    tonight.goes_on(lin)


def test_a_minor_a_threat_to_others_and_somebody_who_only_wants_that(tonight: Evening) -> None:
    """minor, harm-others, sexual-caller."""
    chen, lin = tonight.chen, tonight.lin
    young = tonight.comes()
    young.start()
    tonight.takes(chen)
    young.talks()
    speaks(chen, young, "我在听。")
    answers(young, chen, "我十六，厂里不知道")
    chen.press("这个人可能有危险")
    chen.page.select_option("select[name=danger]", "orange")
    chen.page.click("form.lower .firm")
    minor = tonight.has(chen)
    tonight.is_told_of(minor, "attended")

    angry, threat = in_danger(tonight, lin, HARM)
    answers(angry, lin, "我现在就去找工头")
    angry.release() if angry.page.locator(".release .act").count() else None
    says_in(tonight.zhou, threat, "act", what="advised")
    lin.page.select_option(".risk .about select", "harm")
    tap_risk(lin, whom="somebody", means="none", time="later", held="yes", self="no")
    tonight.is_told_of(threat, "assessed")
    says_in(lin, threat, "propose", tier="orange", reason="judged")
    says_in(tonight.zhou, threat, "confirm")
    tonight.is_told_of(threat, "lowered")
    says_in(tonight.zhou, threat, "settle", outcome="accompanied")
    tonight.is_over(lin)

    tap_risk(chen, plan="none", means="none", time="none", alone="near", place="safe")
    says_in(chen, minor, "settle", outcome="safe")
    tonight.is_over(chen)

    caller = tonight.comes()
    caller.start()
    tonight.takes(chen)
    caller.talks()
    speaks(chen, caller, "这里不聊这个。要是有难处，可以说。")
    tonight.is_over(chen)
    caller.sees("对方结束了这次谈话")


def test_the_report_says_what_the_evening_was(tonight: Evening) -> None:
    code, found = report(tonight.there.site.server.env)
    print(found)
    assert found[REDS][0] >= 4
    assert found[UNHEARD] == (0, True)
    assert WAITED <= found[WORST][0] <= 180
    assert found[MEDIAN][0] <= found[WORST][0], "one of them waited longer than the others"
    assert found[MEDIAN][1]
    assert found[LOST] == (0, True)
    assert found[BELIEVED] == (0, True)
    assert code == 0
    assert not [one for desk in tonight.desks for one in desk.trouble]


def test_a_red_that_nobody_takes_is_said(tonight: Evening) -> None:
    """red-first-minute, spoiled: everybody looks on."""
    left = tonight.comes()
    presses_danger(left, "afraid")
    tonight.zhou.page.wait_for_selector(".danger-row[data-state=raised]")
    code, found = report(tonight.there.site.server.env)
    assert (code, found[UNHEARD]) == (1, (1, False))
    tonight.takes(tonight.lin)
    left.talks()
    speaks(tonight.lin, left, "对不起，让你等了。")
    assert report(tonight.there.site.server.env)[1][UNHEARD] == (0, True)


def test_a_word_that_was_taken_and_is_gone_is_said(tonight: Evening) -> None:
    """While somebody talks with Lin, a line of their log is lost on our disk."""
    ask(tonight.there.site, """
from chat.models import Envelope
Envelope.objects.filter(what="words", session__state="active").order_by("-pk").first().delete()
""")  # fmt: skip
    code, found = report(tonight.there.site.server.env)
    assert (code, found[LOST]) == (1, (1, False))


def test_who_wrote_to_a_listener_who_was_gone_is_said(tonight: Evening) -> None:
    """Our machine is down and nobody takes Lin out: some minutes on, it is counted."""
    tonight.there.site.server.kill()
    env = tonight.there.site.server.env
    assert report(env, later=5)[1][BELIEVED] == (0, True)
    code, found = report(env, later=240)
    assert (code, found[BELIEVED]) == (1, (1, False))

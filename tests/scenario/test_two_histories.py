"""A server shows two people two logs, or an old one, or a practice page under a public name.

Real pages, real conversations: who stops, the sentence that is read, and how far it goes at most.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Route, WebSocketRoute

from chat.wire import WIRE, Envelope
from counsel.framing import Said, pack
from counsel.keys.log import ROW, issued
from tests.scenario.lying import Contexts
from tests.scenario.lying_stage import Stage, stops
from tests.scenario.people import DESK, STATES, Desk, Phone

pytestmark = pytest.mark.soak

SPLIT: Final = "核对工作证用的名单，两边看到的不一样。"
BEHIND: Final = "核对工作证用的名单不全，有一段没给到这里。"
REVOKED: Final = "对方的工作证已经作废了。"
LATER: Final = timedelta(hours=5)
ASLEEP: Final = f"""(() => {{
  const There = Date, later = {LATER.total_seconds() * 1000};
  globalThis.Date = class extends There {{
    constructor(...given) {{ given.length ? super(...given) : super(There.now() + later); }}
    static now() {{ return There.now() + later; }}
  }};
}})()"""
"""A phone that comes back from so long a sleep."""
DIGITS: Final = ".keys-page .head .digits"
PUBLIC: Final = "https://talk.example.org"


@pytest.fixture(autouse=True)
def hands_are_free(stage: Stage) -> None:
    """Where both sides stopped, nobody ends the talk."""
    stage.enemy.close_talks()


def another() -> bytes:
    """A row for something nobody has heard of."""
    return issued(secrets.token_bytes(200))


def met(stage: Stage, contexts: Contexts, desk: Desk) -> Phone:
    """A talk that goes well so far."""
    phone = stage.phone(contexts)
    phone.start()
    desk.take()
    phone.talks()
    phone.say("在吗？")
    desk.until(lambda: desk.heard == ["在吗？"])
    desk.say("我在。")
    phone.until(lambda: phone.heard == ["我在。"])
    desk.until(lambda: desk.page.evaluate(STATES) == ["seen"])  # the phone has nothing left to send
    return phone


def stopped_in_the_talk(phone: Phone, desk: Desk, sentence: str) -> None:
    """What was read can be read; what was said last has not left."""
    phone.until(lambda: phone.heard == ["我在。"])
    phone.say("还在吗？")
    stops(phone, sentence)
    assert phone.spoken == [("mine", "在吗？"), ("theirs", "我在。"), ("mine", "还在吗？")]
    assert desk.heard == ["在吗？"]


# --- two histories --------------------------------------------------------------------------------


def test_two_histories_that_part_before_she_came_on_duty(stage: Stage, contexts: Contexts) -> None:
    lin = stage.honest(contexts)
    rows = stage.enemy.rows()
    phone = stage.phone(contexts)
    stage.enemy.ship(phone.context, rows[:-ROW] + another() + rows[-ROW:])
    before = stage.sent_by_seekers()
    phone.start(first_line="别发出去")
    lin.take()
    stops(phone, SPLIT)
    assert phone.page.evaluate(STATES) == ["waiting-tap"]
    assert stage.sent_by_seekers() == before
    lin.end()


def parted_after_she_came(stage: Stage, contexts: Contexts, lin: Desk) -> Phone:
    """Lin knows a log that has grown one way, this phone one that has grown another."""
    rows = stage.enemy.rows()
    stage.enemy.log(another())
    lin.page.reload()
    lin.page.wait_for_selector(".board")
    phone = stage.phone(contexts)
    stage.enemy.ship(phone.context, rows + another())
    return phone


def test_two_histories_that_part_after_she_came_meet_in_the_group(
    stage: Stage, contexts: Contexts
) -> None:
    lin = stage.honest(contexts)
    phone = parted_after_she_came(stage, contexts, lin)
    phone.start(first_line="别发出去")
    lin.take()
    stops(phone, SPLIT)
    assert phone.page.evaluate(STATES) == ["waiting-tap"]
    assert lin.heard == []
    assert any("林 Lin" in event for event in phone.events), "she was let in, and then spoke"


def spoil_her_first_word(socket: WebSocketRoute) -> None:
    """The first thing a counsellor says in a group is which log she knows."""
    server = socket.connect_to_server()
    own: set[bytes] = set()
    hers: list[bytes] = []

    def to_server(message: str | bytes) -> None:
        assert isinstance(message, bytes)
        own.update(getattr(one.frame, "client_id", b"") for one in WIRE.unpack(message))
        server.send(message)

    def to_phone(message: str | bytes) -> None:
        assert isinstance(message, bytes)
        said = WIRE.unpack(message)
        words = [one.frame for one in said if isinstance(one.frame, Envelope)]
        hers.extend(
            one.client_id for one in words if one.what == "words" and one.client_id not in own
        )
        socket.send(pack(spoilt(one, hers[:1]) for one in said) if hers else message)

    socket.on_message(to_server)
    server.on_message(to_phone)


def spoilt(said: Said, which: list[bytes]) -> Said:
    """The same row, but nothing anybody can open."""
    frame = said.frame
    if isinstance(frame, Envelope) and frame.client_id in which:
        frame = replace(frame, sealed=secrets.token_bytes(len(frame.sealed)))
    return Said(frame, said.correlation)


def test_her_word_about_the_log_is_spoilt_on_its_way_then_hers_is_the_client_that_stops(
    stage: Stage, contexts: Contexts
) -> None:
    lin = stage.honest(contexts)
    phone = parted_after_she_came(stage, contexts, lin)
    phone.page.route_web_socket("**/chat", spoil_her_first_word)
    phone.start(first_line="别发出去")
    lin.take()
    lin.sees(SPLIT)
    assert lin.heard == []
    assert phone.page.evaluate(STATES) == ["waiting-tap"]


def test_two_of_the_staff_who_read_digits_to_each_other_find_it_out(
    stage: Stage, contexts: Contexts
) -> None:
    for name in ("zhou", "wang"):
        desk = Desk(contexts.launch(DESK), stage.site.origin)
        desk.sign_in(stage.site.data, name, on=False)
        desk.page.click("#tab-keys")
        desk.page.wait_for_selector(DIGITS)
        stage.signed_in[name] = desk.context.storage_state()
        desk.context.close()
    rows = stage.enemy.rows()
    zhou = digits_shown(stage, contexts, "zhou", rows)
    assert digits_shown(stage, contexts, "wang", rows) == zhou
    assert digits_shown(stage, contexts, "wang", rows[:-ROW] + another()) != zhou


def digits_shown(stage: Stage, contexts: Contexts, name: str, rows: bytes) -> str:
    """What somebody of the staff reads out on a browser that is shown this log."""
    desk = Desk(contexts.launch(DESK, stage.signed_in[name]), stage.site.origin)
    desk.context.route("**/api/certify", lambda route: route.abort())  # nothing is issued meanwhile
    stage.enemy.ship(desk.context, rows)
    desk.page.goto(f"{stage.site.origin}/zh/staff/")
    desk.page.click("#tab-keys")
    desk.sees("开班时在电话里互相念一遍")
    return desk.page.inner_text(DIGITS)


def test_a_log_rolled_back_behind_a_reload_has_lost_what_was_verified_once(
    stage: Stage, contexts: Contexts
) -> None:
    lin = stage.honest(contexts)
    stage.enemy.log(another())  # her statement knows less than the phone will
    phone = met(stage, contexts, lin)
    stage.enemy.ship(phone.context, stage.enemy.rows()[:-ROW])
    phone.reload()
    stopped_in_the_talk(phone, lin, BEHIND)
    lin.end()


# --- taken back -----------------------------------------------------------------------------------


def test_taken_back_in_mid_talk_the_next_words_meet_the_new_log(
    stage: Stage, contexts: Contexts
) -> None:
    chen = stage.honest(contexts, "chen")
    phone = met(stage, contexts, chen)
    stage.enemy.revoke_last()
    phone.reload()
    stopped_in_the_talk(phone, chen, REVOKED)


def test_what_the_server_keeps_to_itself_counts_for_one_shift_at_the_most(
    stage: Stage, contexts: Contexts
) -> None:
    chen = stage.honest(contexts, "chen")
    before = stage.enemy.rows()
    stage.enemy.revoke_last()
    phone = stage.phone(contexts)
    stage.enemy.ship(phone.context, before)
    stage.enemy.ship(chen.context, before)
    phone.start()
    chen.take()
    phone.talks()
    phone.say("在吗？")
    chen.until(lambda: chen.heard == ["在吗？"])

    phone.page.add_init_script(ASLEEP)
    phone.reload()
    phone.talks()
    phone.say("还在吗？")
    phone.sees("值班时间到了，这一句先没发。")
    assert chen.heard == ["在吗？"]
    assert phone.page.evaluate(STATES)[-1] in {"sending", "waiting-tap", "unsent"}
    chen.end()


# --- a practice page ------------------------------------------------------------------------------


def under_a_public_name(stage: Stage, context: BrowserContext) -> None:
    """What the service here answers, as if it came from there."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        headers = route.request.headers | {"origin": stage.site.origin}
        route.fulfill(response=route.fetch(url=stage.site.origin + path, headers=headers))

    context.route(f"{PUBLIC}/**", answer)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "这是演练用的版本，不能接真人。要找人说话，先打下面的电话。"),
     ("en", "This is a practice version and cannot take real people. "
            "To talk to someone, call the numbers below.")],
)  # fmt: skip
def test_a_practice_organisation_under_a_public_name_does_not_even_begin(
    stage: Stage, contexts: Contexts, language: str, sentence: str
) -> None:
    phone = stage.phone(contexts, language)
    under_a_public_name(stage, phone.context)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    phone.page.goto(f"{PUBLIC}/{language}/")
    phone.page.click("#start")
    phone.sees(sentence)
    assert phone.page.locator("a[href^='tel:']").count() > 0
    assert not phone.sent
    assert not [path for path in asked if path.startswith("/chat")]

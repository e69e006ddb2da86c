"""Staff come in: by a link, with a code, once with a recovery code, with a passkey; and are put out.

In a real Chromium with an authenticator of its own, at a service of two processes on one database.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser, Route, sync_playwright

from tests import requisites
from tests.browser.door import PASSWORD, Visitor, code_of, drawn
from tests.browser.gallery import CHROMIUM_ARGS
from tests.browser.newcomer import Newcomer, hire, join
from tests.scenario.site import Built, Site

GONE_WITHIN = 2.0
"""Seconds a person who was put out may still be connected (security.md, section 3)."""
MARGIN = 1.5
"""Seconds more for a busy machine to draw it."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, built: Built) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("door") / "site", built, processes=2)
    for server in site.servers:
        server.env["ORIGIN"] = site.origin
    with site.open():
        yield site


@dataclass(frozen=True)
class Computers:
    """Two browsers at one address; their lines lead to different processes."""

    here: Browser
    there: Browser


@pytest.fixture(scope="module")
def computers(service: Site) -> Iterator[Computers]:
    first, second = (server.port for server in service.servers)
    across = f"--host-resolver-rules=MAP localhost:{first} 127.0.0.1:{second}"
    with sync_playwright() as playwright:
        here, there = (
            playwright.chromium.launch(
                executable_path=requisites.chromium(), args=[*CHROMIUM_ARGS, *more]
            )
            for more in ((), (across,))
        )
        yield Computers(here, there)
        here.close()
        there.close()


@pytest.fixture(scope="module")
def wang(service: Site) -> Visitor:
    """The administrator, signed in on the other process."""
    visitor = Visitor(service.origin, service.servers[1].port)
    person = drawn(service.data, "wang")
    code = code_of(bytes.fromhex(person["totp"]))
    status, _ = visitor.ask("sign-in", name="wang", password=person["password"], code=code)
    assert status == 200
    return visitor


INTERNAL: Final = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
"""An authenticator inside the computer that knows its owner, as a laptop with a finger's print."""


@pytest.fixture
def newcomer(computers: Computers, service: Site) -> Iterator[Newcomer]:
    person = Newcomer(computers.here, service.origin)
    yield person
    assert person.trouble == []
    person.context.close()


@pytest.fixture
def second(computers: Computers, service: Site) -> Iterator[Newcomer]:
    """Another browser, at the other process: the same person's, or somebody else's."""
    person = Newcomer(computers.there, service.origin)
    yield person
    assert person.trouble == []
    person.context.close()


def test_a_link_makes_somebody_one_of_us_once(
    newcomer: Newcomer, second: Newcomer, wang: Visitor
) -> None:
    token = join(newcomer, wang, "吴")
    assert len(set(newcomer.recovery)) == 10
    assert token not in newcomer.page.evaluate("location.href + JSON.stringify(history.state)")
    assert newcomer.page.evaluate("JSON.stringify(sessionStorage)").find(token) == -1
    second.open(f"#join={token}")
    second.sees("这个链接不能用了")
    assert second.page.evaluate("location.hash") == ""


def test_a_password_that_is_too_weak_costs_neither_the_link_nor_the_secret(
    newcomer: Newcomer, wang: Visitor
) -> None:
    _, answer = wang.ask("people/invite", working_name="卫", role="counsellor")
    newcomer.open(f"#join={answer['token']}")
    secret = newcomer.page.inner_text(".secret")
    newcomer.secret = base64.b32decode(secret.replace(" ", ""))
    newcomer.name = "wei"
    newcomer.fill(password="password1234", code=newcomer.code())
    newcomer.page.click("button.act")
    newcomer.sees("不能太常见")
    newcomer.page.wait_for_selector("[name=password]:focus")
    newcomer.page.reload()  # as a phone does that was away at its authenticator
    assert newcomer.page.inner_text(".secret") == secret
    newcomer.fill(code=newcomer.code())
    newcomer.page.click("button.act")
    newcomer.sees("设好了")


def test_a_code_signs_in_once_and_the_cookie_is_a_fresh_one(
    newcomer: Newcomer, second: Newcomer, wang: Visitor, service: Site
) -> None:
    hire(newcomer, wang, "郑", role="auditor")
    # Somebody planted a cookie of theirs in this browser beforehand, a real one of this service.
    planted = Visitor(service.origin, service.servers[0].port)
    planted.ask("passkey/ask")
    (name,) = (one for one in planted.cookies if one.endswith("staff"))
    newcomer.context.add_cookies(
        [{"name": name, "value": planted.cookies[name], "url": service.origin}]
    )
    newcomer.open()
    code = newcomer.code()
    newcomer.sign_in(code)
    newcomer.is_inside()
    assert newcomer.cookie not in {"", planted.cookies[name]}
    assert planted.ask("me") == (401, {"code": "signed-out"})
    # What was just typed, typed again by somebody who looked over a shoulder.
    second.name = newcomer.name
    second.open()
    second.sign_in(code)
    second.sees("没对上")
    assert second.cookie == ""


def test_of_two_posts_of_one_code_at_the_same_instant_one_passes(
    newcomer: Newcomer, second: Newcomer, wang: Visitor
) -> None:
    hire(newcomer, wang, "王二", role="auditor")
    second.name = newcomer.name
    code = newcomer.code()
    held: list[Route] = []
    for person in (newcomer, second):
        person.open()
        person.fill(code=code)
        person.page.route("**/api/sign-in", lambda route: held.append(route))
        person.page.click("button.act")
    while len(held) < 2:
        newcomer.page.wait_for_timeout(20)
    for route in held:
        route.continue_()
    outcomes = []
    for person in (newcomer, second):
        person.page.wait_for_selector(".console .tabs, [role=alert] .attention")
        outcomes.append(person.page.locator(".console .tabs").count())
    assert sorted(outcomes) == [0, 1]


def test_a_recovery_code_signs_in_once(newcomer: Newcomer, wang: Visitor) -> None:
    hire(newcomer, wang, "冯", role="auditor")
    first, other = newcomer.recovery[3], newcomer.recovery[4].replace("-", " ").upper()

    def try_it(code: str) -> None:
        newcomer.page.click(".swap .quiet")
        newcomer.sign_in(code)

    newcomer.open()
    try_it(first)
    newcomer.is_inside()
    newcomer.sign_out()
    try_it(first)
    newcomer.sees("没对上")
    newcomer.sign_in(other)  # however it was copied from the paper
    newcomer.is_inside()


def test_a_passkey_signs_in_with_one_tap_also_while_the_name_is_slowed(
    newcomer: Newcomer, wang: Visitor, service: Site
) -> None:
    hire(newcomer, wang, "陈二", role="administrator")
    newcomer.open()
    newcomer.sign_in(newcomer.code())
    line = newcomer.context.new_cdp_session(newcomer.page)
    line.send("WebAuthn.enable")
    authenticator = line.send("WebAuthn.addVirtualAuthenticator", {"options": INTERNAL})
    newcomer.page.click("#told-known")  # one thing at a time: first what is recorded
    newcomer.sees("加一把通行密钥吧")
    newcomer.page.click(".wanted .firm")
    newcomer.page.click("[aria-labelledby=own-passkeys] > .second")
    newcomer.page.fill("[name=passkey]", "家里的电脑")
    newcomer.page.fill("[aria-labelledby=own-passkeys] [name=code]", newcomer.recovery[0])
    newcomer.page.click("[aria-labelledby=own-passkeys] .firm")
    newcomer.sees("加好了")
    assert newcomer.page.inner_text(".passkeys li b") == "家里的电脑"

    guesser = Visitor(service.origin, service.servers[1].port)
    for _ in range(6):
        status, answer = guesser.ask("sign-in", name=newcomer.name, password="x", code="000000")
    assert (status, answer["code"]) == (429, "slow-down")
    newcomer.sign_out()
    newcomer.sign_in("123456")
    newcomer.sees("先停一停")
    newcomer.page.click(".by-passkey .other")
    newcomer.is_inside()

    # The device is there, and its owner is not.
    newcomer.sign_out()
    away = {"authenticatorId": authenticator["authenticatorId"], "isUserVerified": False}
    line.send("WebAuthn.setUserVerified", away)
    newcomer.page.click(".by-passkey .other")
    newcomer.sees("没用成")


def test_who_is_suspended_on_one_process_is_out_on_the_other_within_two_seconds(
    newcomer: Newcomer, wang: Visitor
) -> None:
    ended: list[float] = []
    newcomer.page.on(
        "websocket", lambda line: line.on("close", lambda _: ended.append(time.time()))
    )
    hire(newcomer, wang, "褚")
    newcomer.open()
    newcomer.sign_in(newcomer.code())
    newcomer.page.wait_for_selector("[data-link=online]")
    _, answer = wang.ask("people")
    (person,) = (one["person"] for one in answer["people"] if one["working_name"] == "褚")
    assert wang.ask("people/suspend", person=person)[0] == 200
    began = time.time()
    newcomer.sees("你在这里的登录结束了")
    assert ended, "nothing was connected"
    assert ended[0] - began < GONE_WITHIN + MARGIN
    newcomer.page.click(".swap .quiet")
    newcomer.sign_in(newcomer.recovery[0])
    newcomer.sees("没对上")


@pytest.mark.soak
def test_a_changed_password_ends_the_other_login_and_this_one_goes_on(
    newcomer: Newcomer, second: Newcomer, wang: Visitor
) -> None:
    hire(newcomer, wang, "蒋")
    newcomer.open()
    newcomer.sign_in(newcomer.code())
    newcomer.page.wait_for_selector("[data-link=online]")
    second.name, second.recovery = newcomer.name, newcomer.recovery
    second.open()
    second.page.click(".swap .quiet")
    second.sign_in(second.recovery[0])
    second.is_inside()
    newcomer.page.click("#tab-own")
    card = "[aria-labelledby=own-password]"
    newcomer.page.click(f"{card} .second")
    newcomer.page.fill(f"{card} [name=old]", PASSWORD)
    newcomer.page.fill(f"{card} [name=password]", "tomorrow the river will rise")
    newcomer.page.fill(f"{card} [name=code]", newcomer.recovery[1])
    newcomer.page.click(f"{card} .firm")
    newcomer.sees("密码改好了")
    second.sees("你在这里的登录结束了")
    newcomer.page.wait_for_timeout(GONE_WITHIN * 1000)
    newcomer.page.wait_for_selector("[data-link=online]")
    assert newcomer.page.locator("#tab-own[aria-selected=true]").count() == 1

"""A browser is called while its page is elsewhere: the real page, its worker, and a call as it arrives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.door import Visitor, code_of, drawn
from tests.browser.gallery import chromium, soon
from tests.browser.newcomer import Newcomer, join
from tests.scenario.site import Built, Site

CALL = "在线服务\n有人需要你，请现在打开看看。\n编号 7f3a\n{origin}/zh/staff/#page"
SUBSCRIBES = """() => {
  PushManager.prototype.subscribe = async function (asked) {
    const pair = await crypto.subtle.generateKey({name: "ECDH", namedCurve: "P-256"}, true, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const text = (bytes) => btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    window.askedWith = asked.applicationServerKey;
    const keys = {p256dh: text(point), auth: text(crypto.getRandomValues(new Uint8Array(16)))};
    return {toJSON: () => ({endpoint: "https://push.maker.example/abc", keys})};
  }; }"""
"""The maker's part, which no machine without a way to it can play: everything before and behind is real."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, built: Built) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("called") / "site", built)
    site.servers[0].env["PAGE_PUSH_HOSTS"] = "push.maker.example"
    with site.open():
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def newcomer(browser: Browser, service: Site) -> Iterator[Newcomer]:
    wang = Visitor(service.origin, service.servers[0].port)
    person = drawn(service.data, "wang")
    code = code_of(bytes.fromhex(person["totp"]))
    assert wang.ask("sign-in", name="wang", password=person["password"], code=code)[0] == 200
    one = Newcomer(browser, service.origin)
    join(one, wang, "吴")
    yield one
    assert one.trouble == []
    one.context.close()


@pytest.mark.soak
def test_whoever_wants_it_is_called_by_their_browser_and_no_page_passes_its_worker(
    newcomer: Newcomer, service: Site
) -> None:
    page, context = newcomer.page, newcomer.context
    page.click("#tab-own")
    page.select_option(".reach [name=channel]", "push")
    page.click(".reach button[type=submit]")
    newcomer.sees("浏览器没让弹通知")
    context.grant_permissions(["notifications"], origin=service.origin)
    page.click(".reach button[type=submit]")
    newcomer.sees("连不上浏览器公司的服务器")
    page.evaluate(SUBSCRIBES)
    page.click(".reach button[type=submit]")
    newcomer.sees("加上了。")
    newcomer.sees("push.maker.example")
    assert len(page.evaluate("askedWith")) == 87

    cdp = context.new_cdp_session(page)
    known: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(one["registrationId"] for one in event["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    soon(page, lambda: bool(known))
    said = {"origin": service.origin, "registrationId": known[0]}
    call = CALL.format(origin=service.origin)
    for _ in range(2):  # the same page twice is one notice
        cdp.send("ServiceWorker.deliverPushMessage", {**said, "data": call})
    shown = """async () => (await (await navigator.serviceWorker.getRegistrations())[0].getNotifications())
        .map((one) => [one.title, one.body, one.data])"""
    soon(page, lambda: page.evaluate(shown) != [])
    assert page.evaluate(shown) == [
        ["在线服务", "有人需要你，请现在打开看看。\n编号 7f3a", f"{service.origin}/zh/staff/#page"]
    ]
    page.reload()
    assert page.evaluate("navigator.serviceWorker.controller") is None

"""Nobody is certified by a machine: people compare digits, put each other on duty, take cards back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.own_root import Organisation, found
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Site


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """Its ceremony and its pages, once."""
    return found(tmp_path_factory.mktemp("own"))


@pytest.fixture
def own(tmp_path: Path, organisation: Organisation) -> Iterator[Site]:
    """One web process that trusts its root."""
    root = organisation.root
    with Site(
        tmp_path / "site", organisation.built, MODE="rehearsal", ORG_ROOT=root
    ).open() as site:
        yield site


class Office:
    """Zhou's browser, with a card and an issuer's powers from a ceremony."""

    def __init__(self, organisation: Organisation, site: Site, browsers: Chromiums) -> None:
        self.zhou = zhou = Desk(browsers.launch("zhou", DESK), site.origin)
        zhou.sign_in(site.data, "zhou", on=False)
        zhou.page.click("#tab-own")
        zhou.page.click(".waits-for-card summary")
        card = zhou.page.inner_text(".waits-for-card code")
        zhou.page.click("#tab-keys")
        zhou.press("在这台电脑上做一把发证的钥匙")
        powers = zhou.page.inner_text(".keys-page .code code")
        organisation.hold(site, card, powers)
        zhou.page.reload()
        zhou.page.wait_for_selector("#overview-waits")
        zhou.start_shift()
        self.put_on("周 Zhou")

    def put_on(self, name: str) -> None:
        """The tap this person waits for."""
        self.zhou.page.click("#tab-keys")
        self.zhou.press(f"放{name}上岗")
        self.zhou.sees(f"{name}上岗了")

    def give(self, desk: Desk) -> None:
        """The card for a browser whose digits are the same here and there; then it opens by itself."""
        self.give_by(desk, ".sheet .digits")
        desk.page.wait_for_selector(".board")

    def give_by(self, desk: Desk, where: str) -> None:
        """The same for digits that are shown at this place."""
        desk.page.wait_for_selector(where)
        digits, zhou = desk.page.inner_text(where), self.zhou
        zhou.page.click("#tab-keys")
        zhou.page.wait_for_selector(f".pending:has-text('{digits}')")
        zhou.page.click(f".pending:has-text('{digits}') >> text=发工作证")
        zhou.press("一样，发")
        zhou.sees("发好了")


@pytest.mark.soak
def test_a_lost_laptop_reads_nothing_new_and_the_talk_goes_on_elsewhere(
    organisation: Organisation, own: Site, browsers: Chromiums
) -> None:
    office = Office(organisation, own, browsers)
    lin = Desk(browsers.launch("lin", DESK), own.origin)
    lin.sign_in(own.data, "lin", on=False)
    office.give(lin)
    lin.start_shift()
    lin.sees("还没有人放你上岗")
    office.put_on("林 Lin")
    phone = Phone(browsers.launch("sana", PHONE), own.origin)
    phone.start()
    lin.take()
    phone.talks()
    phone.say("在吗？")
    lin.until(lambda: lin.heard == ["在吗？"])
    lin.say("在的。")
    phone.until(lambda: phone.heard == ["在的。"])

    spare = Desk(browsers.launch("spare", DESK), own.origin)
    spare.sign_in(own.data, "lin", ahead=1, on=False)
    office.give(spare)
    spare.page.click("#tab-own")
    spare.page.click(".pending:has-text('别的电脑') >> text=丢了，或者不用了")
    spare.press("丢了，作废它")
    spare.sees("报了丢失，等着作废")
    lin.sees("你在这里的登录结束了")
    office.put_on("林 Lin")
    phone.until(lambda: any("林 Lin回来了" in event for event in phone.events))
    zhou = office.zhou
    zhou.page.click(".pending:has-text('丢了') >> text=作废")
    zhou.page.click(".ask .firm")
    zhou.sees("林 Lin的这张作废了")

    spare.page.click("#tab-desk")
    spare.page.wait_for_selector(".pane .members-now")
    phone.say("换了电脑？")
    spare.until(lambda: spare.heard == ["换了电脑？"])
    spare.say("旧的丢了，这台是新的。")
    phone.until(lambda: phone.heard[-1] == "旧的丢了，这台是新的。")
    assert "换了电脑？" not in lin.page.inner_text("body")


@pytest.mark.soak
def test_somebody_leaves_the_team_and_their_computer_is_good_for_nothing_more(
    organisation: Organisation, own: Site, browsers: Chromiums
) -> None:
    office = Office(organisation, own, browsers)
    lin = Desk(browsers.launch("lin", DESK), own.origin)
    lin.sign_in(own.data, "lin", on=False)
    office.give(lin)
    first = organisation.size(own)
    assert organisation.run(own, "people", "off", "lin").returncode == 0
    lin.sees("你在这里的登录结束了")
    zhou = office.zhou
    zhou.page.click("#tab-keys")
    zhou.page.click(".pending:has-text('林 Lin已经不做这份工作了') >> text=作废")
    zhou.page.click(".ask .firm")
    zhou.sees("林 Lin的这张作废了")
    zhou.until(lambda: organisation.size(own) == first + 1)

    back = "from counsel.models import Staff; Staff.objects.update(is_active=True)"
    assert organisation.run(own, "shell", "-c", back).returncode == 0
    lin.sign_in(own.data, "lin", ahead=1, on=False)
    lin.sees("这台电脑的工作证作废了")
    lin.page.click("#tab-own")
    lin.press("办一张")
    office.give_by(lin, ".waits-for-card .digits")
    lin.page.click("#tab-desk")
    lin.press("再试一次")
    lin.page.wait_for_selector(".board")

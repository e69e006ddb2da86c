"""A server in enemy hands brings somebody to a phone, with whatever it can get hold of.

Each time a whole conversation in real pages: the seeker waits with a line not sent yet, somebody
takes them, the phone stops and says why in one sentence; nothing has left, and nobody is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, StorageState

from counsel.keys.log import issued
from counsel.statements import public_key
from tests.scenario.lying import OFFLINE, ONLINE, Contexts, Enemy, Papers, believing, one_chromium
from tests.scenario.people import DESK, PHONE, STATES, Desk, Phone
from tests.scenario.site import Built, Site

DRAFT: Final = "别发出去"
IN_ENGLISH: Final = {"answers": ("Safe", "No"), "topic": "Unpaid wages"}

Bring = Callable[[Enemy, bytes], Papers]


@dataclass(frozen=True)
class Stranger:
    """Somebody with papers that are not right, and the sentence the seeker reads."""

    name: str
    papers: Bring
    sentence: str
    language: str = "zh"


def uncertified(enemy: Enemy, key: bytes) -> Papers:
    """Certified by a root of the enemy's own, who does not have the organisation's."""
    by = enemy.admit(OFFLINE, Ed25519PrivateKey.generate())
    identity = enemy.certify(enemy.person("lin"), key, by=by)
    return enemy.on_duty(identity, by=by)


def of_another_device(enemy: Enemy, key: bytes) -> Papers:
    """Lin's own card, as it lies in the database, and Lin is on duty."""
    return enemy.on_duty(enemy.card_of("lin"))


def run_out(enemy: Enemy, key: bytes) -> Papers:
    """It held once, and for fifty days."""
    return enemy.on_duty(enemy.certify(enemy.person("lin"), key, days=(-60, -10)))


def taken_back(enemy: Enemy, key: bytes) -> Papers:
    """A lost laptop: on duty by a statement from before the log said so."""
    identity = enemy.certify(enemy.person("lin"), key)
    papers = enemy.on_duty(identity)
    enemy.revoke(identity)
    return papers


def told_nobody(enemy: Enemy, key: bytes) -> Papers:
    """Signed with the issuer's stolen key, and in no log."""
    return enemy.on_duty(enemy.certify(enemy.person("lin"), key, logged=False))


def beyond_its_role(enemy: Enemy, key: bytes) -> Papers:
    """A supervisor by the word of a supervisor's browser, which certifies counsellors only."""
    by = enemy.admit(ONLINE, enemy.root)
    enemy.log(issued(by[1]))
    holder = replace(enemy.person("lin"), role="supervisor")
    return enemy.on_duty(enemy.certify(holder, key, by=by), by=by)


def in_no_talk(enemy: Enemy, key: bytes) -> Papers:
    """An administrator, well certified."""
    holder = replace(enemy.person("lin"), role="administrator")
    return enemy.on_duty(enemy.certify(holder, key))


def of_yesterday(enemy: Enemy, key: bytes) -> Papers:
    """Rightly certified; the shift was yesterday's."""
    identity = enemy.certify(enemy.person("lin"), key)
    return enemy.on_duty(identity, ago=timedelta(hours=20))


FIRST: Final = Stranger(
    "another device", of_another_device, "工作证是真的，但拿着它的不是本人的电脑。"
)
STRANGERS: Final = (
    Stranger("uncertified", uncertified, "对方的工作证不是真的。"),
    Stranger("uncertified, in English", uncertified, "The other side's work pass is not genuine.",
             "en"),
    Stranger("run out", run_out, "对方的工作证过期了，或者还没生效。"),
    Stranger("taken back", taken_back, "对方的工作证已经作废了。"),
    Stranger("told nobody", told_nobody, "对方的工作证不在我们公开的名单里。"),
    Stranger("beyond its issuer's role", beyond_its_role, "对方的工作证不许做这件事。"),
    Stranger("administrator", in_no_talk, "对方的工作证不许做这件事。"),
    Stranger("of yesterday", of_yesterday, "对方现在不在值班时间里，或者这台机器的时间不对。"),
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """The service, who has it, and Lin's and Chen's places signed in."""

    site: Site
    enemy: Enemy
    scripts: dict[str, str]
    signed_in: dict[str, StorageState]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for all."""
    with one_chromium() as found:
        yield found


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, built: Built, chromium: Browser
) -> Iterator[Stage]:
    """Served once; honest consoles have signed in and started their shifts."""
    folder = tmp_path_factory.mktemp("lying")
    with Site(folder / "site", built).open() as site, ExitStack() as stack:
        signed_in = {}
        for name in ("lin", "chen"):
            desk = Desk(Contexts(chromium, stack).launch(DESK), site.origin)
            desk.sign_in(site.data, name)
            signed_in[name] = desk.context.storage_state()
            desk.context.close()
        yield Stage(site, Enemy(site), believing(built.static), signed_in)


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[Contexts]:
    """Fresh ones for this story."""
    with ExitStack() as stack:
        yield Contexts(chromium, stack)


def comes(stage: Stage, contexts: Contexts, papers: Bring, name: str = "lin") -> Desk:
    """Somebody sits down whom the enemy gives these papers."""
    context = contexts.believer(DESK, stage.signed_in[name], stage.scripts)
    stage.enemy.hand_out(context, lambda key: papers(stage.enemy, key))
    return opened(stage, Desk(context, stage.site.origin))


def opened(stage: Stage, desk: Desk) -> Desk:
    """Their console, signed in as it is."""
    desk.page.goto(f"{stage.site.origin}/zh/staff/")
    desk.page.wait_for_selector(".board")
    return desk


def left_by_the_seeker(enemy: Enemy) -> int:
    """Sealed rows of this talk that came from the phone."""
    with enemy.database() as db:
        (count,) = db.execute(
            "SELECT count(*) FROM chat_envelope JOIN chat_seat ON seat_id = chat_seat.id "
            "WHERE role = 'seeker'"
        ).fetchone()
    return int(count)


def stops(phone: Phone, sentence: str) -> None:
    """The seeker reads why; the numbers are there, and a new conversation."""
    phone.page.wait_for_selector("main.screen .attention")
    assert phone.page.inner_text("main.screen .attention") == sentence
    assert phone.page.locator("a[href^='tel:']").count() > 0


def brings(stage: Stage, contexts: Contexts, stranger: Stranger) -> None:
    """The whole story of one of them."""
    desk = comes(stage, contexts, stranger.papers)
    before = left_by_the_seeker(stage.enemy)
    phone = Phone(contexts.launch(PHONE), stage.site.origin, stranger.language)
    more = IN_ENGLISH if stranger.language == "en" else {}
    phone.start(first_line=DRAFT, **more)  # type: ignore[arg-type]
    desk.take()
    stops(phone, stranger.sentence)
    assert phone.spoken == [("mine", DRAFT)]
    assert phone.page.evaluate(STATES) == ["waiting-tap"]
    assert left_by_the_seeker(stage.enemy) == before
    assert desk.heard == []
    desk.end()


def test_a_certificate_on_another_device_stops_the_phone(stage: Stage, contexts: Contexts) -> None:
    brings(stage, contexts, FIRST)


@pytest.mark.soak
@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.name)
def test_whoever_should_not_be_there_stops_the_phone(
    stage: Stage, contexts: Contexts, stranger: Stranger
) -> None:
    brings(stage, contexts, stranger)

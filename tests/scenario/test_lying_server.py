"""A server in enemy hands brings somebody to a phone, with whatever it can get hold of.

Each time a whole conversation in real pages: the seeker waits with a line not sent yet, somebody
takes them, the phone stops and says why in one sentence; nothing has left, and nobody is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel.keys.log import issued
from tests.scenario.lying import EVERYTHING, ONLINE, Contexts, Enemy, Papers
from tests.scenario.lying_stage import Bring, Stage, stops
from tests.scenario.people import STATES

DRAFT: Final = "别发出去"


@dataclass(frozen=True)
class Stranger:
    """Somebody with papers that are not right, and the sentence the seeker reads."""

    name: str
    papers: Bring
    sentence: str
    language: str = "zh"


def uncertified(enemy: Enemy, key: bytes) -> Papers:
    """Certified by a root of the enemy's own, who does not have the organisation's."""
    by = enemy.admit(EVERYTHING, Ed25519PrivateKey.generate())
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
    """An administrator, well certified, whom an issuer of the root's even puts on duty."""
    by = enemy.admit(EVERYTHING, enemy.root)
    enemy.log(issued(by[1]))
    holder = replace(enemy.person("lin"), role="administrator")
    return enemy.on_duty(enemy.certify(holder, key, by=by), by=by)


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


def brings(stage: Stage, contexts: Contexts, stranger: Stranger) -> None:
    """The whole story of one of them."""
    desk = stage.comes(contexts, stranger.papers)
    before = stage.sent_by_seekers()
    phone = stage.phone(contexts, stranger.language)
    if stranger.language == "en":
        phone.start(first_line=DRAFT, answers=("Safe", "No"), topic="Unpaid wages")
    else:
        phone.start(first_line=DRAFT)
    desk.take()
    stops(phone, stranger.sentence)
    assert phone.spoken == [("mine", DRAFT)]
    assert phone.page.evaluate(STATES) == ["waiting-tap"]
    assert stage.sent_by_seekers() == before
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

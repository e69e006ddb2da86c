"""Nothing of a seeker is written anywhere, and whoever looks for it would have found it.

Canaries are the words actually said in real browsers, the token that opened the talk, and all that
a network tells about who asks. They are looked for in everything the service and its stores can
have written, while it runs, after it was killed, and after the talk was erased.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.wire import WIRE, Resume, Start
from tests.scenario.canaries import WORDS, Brood, Canary, Found, search, search_memory
from tests.scenario.leaking import LEAKS
from tests.scenario.nest import Counsellor, Nest, nest
from tests.scenario.people import DESK, PHONE, Chromiums, Phone, chromiums
from tests.scenario.site import Built

AT_ONCE = {"user agent", "token"}
"""Leaks that `make test` looks for; all others are left to `make soak`."""


# --- a visit, without a browser -------------------------------------------------------------------


def test_every_spelling_is_found_wherever_it_stands(tmp_path: Path) -> None:
    canary = Canary("words", "夜班以后睡不着")
    for number, needle in enumerate(canary.needles):
        (tmp_path / str(number)).write_bytes(b"\0" * (number * 7919 % 5000) + needle + b"\0")
    found = search(Brood({"words": canary}), tmp_path)
    assert {spelling for _, spelling, _ in found.hits} == set(canary.needles.values())
    assert len({place for _, _, place in found.hits}) == len(canary.needles)


@pytest.mark.parametrize(
    "leak", [pytest.param(n, marks=() if n in AT_ONCE else pytest.mark.soak) for n in LEAKS]
)
def test_a_leak_is_found(leak: str, tmp_path: Path, built: Built) -> None:
    with nest(tmp_path / "nest", built, leak=leak) as leaking:
        leaking.visit()
        if leak == "core files":
            assert leaking.abort() or not leaking.writes_cores()
        found = leaking.search()
    print(leak, found)
    assert LEAKS[leak][1] <= found.names


# --- a talk, in real browsers ---------------------------------------------------------------------


class Talk:
    """Sana and somebody real, through the network that tells everything."""

    def __init__(self, where: Nest, browsers: Chromiums, *, keep: bool = True) -> None:
        self.where = where
        self.keep = keep
        self.tokens: set[bytes] = set()
        where.hire()
        self.desk = Counsellor(browsers.launch("he", DESK), where.origin)
        agent = f"--user-agent=Mozilla/5.0 (Linux; Android 9) {where.brood['user agent']}/1.0"
        self.phone = Phone(browsers.launch("sana", PHONE, agent), where.origin)
        self.phone.page.on(
            "websocket", lambda socket: socket.on("framesent", lambda sent: self._hear(sent))
        )

    def _hear(self, sent: str | bytes) -> None:
        assert isinstance(sent, bytes)
        frames = (said.frame for said in WIRE.unpack(sent))
        self.tokens |= {frame.token for frame in frames if isinstance(frame, Start | Resume)}

    def begin(self) -> None:
        """She writes while she waits; somebody comes; both speak; she has begun one more line."""
        brood, phone, desk = self.where.brood, self.phone, self.desk
        desk.sign_in_at(self.where)
        phone.page.goto(f"{phone.origin}/zh/{brood['path']}?from={brood['query']}")
        phone.start(first_line=f"{brood['first line']}，睡不着", keep=self.keep)
        phone.say(f"还有{brood['held words']}")
        desk.take()
        phone.talks()
        phone.release()
        desk.until(lambda: len(desk.heard) == 2)
        phone.say(f"厂里叫我{brood['Chinese words']}")
        phone.say(f"they call me {brood['English words']} 😔")
        desk.say(f"{brood['answer']}，我在")
        phone.page.fill(".composer textarea", brood["draft"])
        phone.until(lambda: phone.heard and phone.delivered())
        desk.until(lambda: len(desk.heard) == 4 and desk.delivered())

    @property
    def brood(self) -> Brood:
        """With the token her phone drew."""
        (token,) = self.tokens
        return self.where.brood.having("token", token)

    def mark(self) -> Brood:
        """What is rightly stored while the talk lives: who looks for it sees where he looks."""
        (token,) = self.tokens
        return Brood({"hash": Canary("hash", hashlib.sha256(token).digest())})


@pytest.fixture
def browsers(tmp_path: Path) -> Iterator[Chromiums]:
    with chromiums(tmp_path / "profiles") as found:
        yield found


def tell(when: str, found: Found) -> Found:
    """For whoever reads the output of a run."""
    print(f"{when}: {found}")
    return found


def test_a_talk_leaves_nothing(tmp_path: Path, built: Built, browsers: Chromiums) -> None:
    with nest(tmp_path / "nest", built) as tidy:
        talk = Talk(tidy, browsers)
        talk.begin()
        brood = talk.brood
        assert not tell("running", tidy.search(brood)).hits
        assert tidy.search(talk.mark()).names == {"hash"}
        memory = search_memory(brood.only(*WORDS), tidy.server.pid)
        assert not tell("its memory", memory).hits
        assert tidy.written_elsewhere() == []

        tidy.server.kill()
        assert not tell("killed", tidy.search(brood)).hits
        tidy.server.start()
        talk.phone.end()
        talk.phone.erase()
        assert not tell("erased", tidy.search(brood)).hits
        assert not tidy.search(talk.mark()).hits
        assert tidy.abort() == []
        assert not tell("aborted", tidy.search(brood)).hits

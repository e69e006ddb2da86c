"""Nothing of a seeker is written anywhere, and whoever looks for it would have found it.

Canaries are the words actually said in real browsers, the token that opened the talk, and all that
a network tells about who asks. They are looked for in everything the service and its stores can
have written, while it runs, after it was killed, and after the talk was erased.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Request

from chat.wire import WIRE, Resume, Start
from tests.counsel.serving import ROOT
from tests.scenario.canaries import WORDS, Brood, Canary, Found, search, search_memory
from tests.scenario.leaking import LEAKS, PAGES, build_leaking
from tests.scenario.nest import Counsellor, Nest, nest
from tests.scenario.people import DESK, PHONE, Chromiums, Phone, chromiums
from tests.scenario.site import Built
from tests.scenario.stores import stores

SPOKEN = set(WORDS) - {"draft"}
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
        self.phone.page.on("request", lambda asked: self._hear(_posted(asked)))
        self.phone.page.on(
            "websocket", lambda socket: socket.on("framesent", lambda sent: self._hear(sent))
        )

    def _hear(self, sent: str | bytes) -> None:
        assert isinstance(sent, bytes)
        frames = (said.frame for said in WIRE.unpack(sent)) if sent else ()
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


def _posted(asked: Request) -> bytes:
    return (asked.post_data_buffer or b"") if asked.url.endswith("/chat/exchange") else b""


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


# --- the long ones --------------------------------------------------------------------------------


@pytest.mark.soak
def test_a_talk_leaves_nothing_in_postgresql_and_redis(
    tmp_path: Path, built: Built, browsers: Chromiums, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        stores(monkeypatch) as both,
        nest(tmp_path / "nest", built, settings=both.settings) as tidy,
    ):
        talk = Talk(tidy, browsers)
        talk.begin()
        brood = talk.brood
        assert not tell("running", tidy.search(brood, both.write_all())).hits
        assert tidy.search(talk.mark(), both.folder).names == {"hash"}
        assert b"PUBLISH" in both.wiretap.read_bytes()
        tidy.server.kill()
        assert not tell("killed", tidy.search(brood, both.write_all())).hits
        tidy.server.start()
        talk.phone.end()
        talk.phone.erase()
        assert not tell("erased", tidy.search(brood, both.write_all())).hits


@pytest.mark.soak
@pytest.mark.parametrize("leak", ["token", "doorbell"])
def test_a_leak_is_found_in_postgresql_and_redis(
    leak: str, tmp_path: Path, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        stores(monkeypatch) as both,
        nest(tmp_path / "nest", built, leak=leak, settings=both.settings) as leaking,
    ):
        leaking.visit()
        found = tell(leak, search(leaking.brood, both.write_all()))
    assert {"token": "token", "doorbell": "user agent"}[leak] in found.names
    places = {place.removeprefix(str(both.folder)) for _, _, place in found.hits}
    assert any("monitor" in place if leak == "doorbell" else "pg_wal" in place for place in places)


@pytest.mark.soak
def test_a_talk_without_sockets_leaves_nothing(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    with nest(tmp_path / "nest", built, sockets=False) as tidy:
        talk = Talk(tidy, browsers)
        talk.begin()
        assert not tell("running", tidy.search(talk.brood)).hits
        assert tidy.search(talk.mark()).names == {"hash"}
        tidy.server.kill()
        assert not tell("killed", tidy.search(talk.brood)).hits


@pytest.mark.parametrize("leak", PAGES)
def test_what_a_leaking_page_has_otherwise_is_there_once(leak: str) -> None:
    for file, before, _ in PAGES[leak]:
        assert (ROOT / file).read_text(encoding="utf-8").count(before) == 1, (file, before)


@pytest.mark.soak
def test_words_that_leave_unsealed_are_found(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    open_pages = build_leaking(built, tmp_path / "static", "words leave unsealed")
    with nest(tmp_path / "nest", open_pages) as leaking:
        Talk(leaking, browsers).begin()
        assert tell("SQLite", leaking.search()).names == SPOKEN
        memory = search_memory(leaking.brood.only(*WORDS), leaking.server.pid)
        assert tell("memory", memory).names >= SPOKEN
        leaking.server.kill()
        assert tell("killed", leaking.search()).names == SPOKEN


@pytest.mark.soak
def test_words_that_leave_unsealed_are_found_in_postgresql(
    tmp_path: Path, built: Built, browsers: Chromiums, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_pages = build_leaking(built, tmp_path / "static", "words leave unsealed")
    with (
        stores(monkeypatch) as both,
        nest(tmp_path / "nest", open_pages, settings=both.settings) as leaking,
    ):
        Talk(leaking, browsers).begin()
        found = tell("PostgreSQL", search(leaking.brood, both.write_all()))
        # A long row of plain words is compressed, and lies there in pieces: any of them rings.
        assert found.names
        assert found.names <= SPOKEN
        assert any("pg_wal" in place for _, _, place in found.hits)


@pytest.mark.soak
def test_a_first_line_in_what_the_queue_is_asked_is_found(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    open_pages = build_leaking(built, tmp_path / "static", "the first line is asked")
    with nest(tmp_path / "nest", open_pages, leak="any request") as leaking:
        phone = Phone(browsers.launch("sana", PHONE), leaking.origin)
        phone.start(first_line=f"{leaking.brood['first line']}，睡不着")
        phone.until(lambda: leaking.search().names == {"first line"})


# --- what stays on the phone ----------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize("how", ["left at once", "left and cleared", "erased", "killed"])
def test_a_phone_keeps_no_words(
    how: str, tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    with nest(tmp_path / "nest", built) as tidy:
        talk = Talk(tidy, browsers, keep=how in {"left and cleared", "killed"})
        talk.begin()
        _leave(talk.phone, how)
        profile = tmp_path / "profiles" / "sana"
        shutil.copytree(profile, tmp_path / "seized", symlinks=True)
        talk.phone.context.close()
        private = talk.brood.only(*WORDS, "token", "password")
        for folder in (tmp_path / "seized", profile):
            assert not tell(how, search(private, folder)).hits
        others = search(talk.brood.without(*private.all), profile)
        for name, spelling, place in sorted(others.hits):
            print(f"the browser itself keeps: {name}, {spelling}, {Path(place).name}")


@pytest.mark.soak
def test_an_open_vault_is_found_on_the_phone(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    open_pages = build_leaking(built, tmp_path / "static", "the vault is open")
    with nest(tmp_path / "nest", open_pages) as leaking:
        phone = Phone(browsers.launch("sana", PHONE), leaking.origin)
        phone.start(first_line=f"{leaking.brood['first line']}，睡不着")
        _leave(phone, "left and cleared")
        phone.context.close()
        found = tell("open vault", search(leaking.brood, tmp_path / "profiles" / "sana"))
        assert found.names == {"first line"}


def _leave(phone: Phone, how: str) -> None:
    if how == "left at once":
        phone.page.click("#exit")
        phone.page.wait_for_url("**/zh/units/")
    elif how == "left and cleared":
        phone.press("更多")
        phone.press("离开并清掉这台手机上的记录")
        phone.press("离开并清掉")
        phone.page.wait_for_url("**/zh/units/")
    elif how == "erased":
        phone.end()
        phone.erase()

"""The story on PostgreSQL and Redis with two web processes behind HTTPS, as deploy/README.md has it.

The seeker's line leads to one process and the counsellor's to the other, which is asserted.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import pytest
from redis import Redis, RedisError

from tests import requisites
from tests.counsel.serving import manage_all
from tests.scenario import remains
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone, mirrored
from tests.scenario.proxy import Proxy, make_certificate
from tests.scenario.site import Built, Server, Site
from tests.scenario.story import assert_only_five_sizes, meet, part, talk

HOST: Final = "counsel.localhost"


class Doorbell:
    """A real Redis that can be killed and started again at the same address."""

    def __init__(self) -> None:
        self.port = requisites.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = tempfile.mkdtemp(prefix="counsel-doorbell-")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Listening when this returns."""
        program = str(requisites.redis_program())
        self._process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 10
        while self.listeners() is None:
            assert time.monotonic() < until
            time.sleep(0.02)

    def kill(self) -> None:
        """Gone, with everything it knew."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)

    def listeners(self) -> int | None:
        """Processes that listen for the bell; None when nobody answers."""
        try:
            with Redis.from_url(self.url) as redis:
                names = redis.pubsub_channels("*group*")
                return max((count for _, count in redis.pubsub_numsub(*names)), default=0)
        except RedisError:
            return None

    def close(self) -> None:
        """Killed and swept up."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass
class Deployed:
    """Two processes, the proxy in front of each, and what they share."""

    site: Site
    proxies: tuple[Proxy, Proxy]
    bell: Doorbell
    database: str

    def rules(self, number: int) -> str:
        """The switch that leads a browser to one of the two proxies."""
        return f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{self.proxies[number].port}"


@contextmanager
def deployed(folder: Path, built: Built) -> Iterator[Deployed]:
    """Everything fresh, running, and gone afterwards."""
    with ExitStack() as stack:
        database = stack.enter_context(requisites.postgres())
        bell = Doorbell()
        stack.callback(bell.close)
        bell.start()
        site = Site(
            folder, built, processes=2,
            ORIGIN=f"https://{HOST}", DATABASE_URL=database, REDIS_URL=bell.url,
        )  # fmt: skip
        manage_all(site.servers[0].env, "migrate", "demo")
        stack.enter_context(site.open())
        pem = make_certificate(folder, HOST)
        first, second = (
            stack.enter_context(Proxy(server.port, certificate=pem)) for server in site.servers
        )
        yield Deployed(site, (first, second), bell, database)


@pytest.fixture
def there(tmp_path: Path, built: Built) -> Iterator[Deployed]:
    with deployed(tmp_path / "site", built) as found:
        yield found


def lines(server: Server) -> int:
    """Connections this process has from its proxy right now."""
    open_ones = psutil.Process(server.pid).net_connections("tcp")
    return sum(one.status == "ESTABLISHED" and one.laddr[1] == server.port for one in open_ones)


def test_the_story_with_each_side_on_another_process(browsers: Chromiums, there: Deployed) -> None:
    first, second = there.site.servers
    phone = Phone(browsers.launch("sana", PHONE, there.rules(0)), there.site.origin)
    desk = Desk(browsers.launch("lin", DESK, there.rules(1)), there.site.origin)
    assert (lines(first), lines(second)) == (0, 0)
    desk.sign_in(there.site.data, "lin")
    assert lines(first) == 0
    assert lines(second) > 0
    before = remains.in_postgres(there.database)
    sent = there.proxies[1].forwarded
    meet(phone, desk)
    assert lines(first) > 0
    assert there.proxies[0].forwarded > 0
    assert there.proxies[1].forwarded > sent
    assert there.bell.listeners() == 2
    talk(phone, desk)

    there.bell.kill()
    say_and_hear(phone, desk, "铃坏了")
    say_and_hear(phone, desk, "还是听得到")
    there.bell.start()
    phone.until(lambda: there.bell.listeners() == 2)
    say_and_hear(phone, desk, "铃好了")

    during = remains.in_postgres(there.database)
    part(phone, desk)
    remains.assert_one_tombstone(before, during, remains.in_postgres(there.database))
    assert_only_five_sizes(phone, desk)
    assert phone.page.evaluate("isSecureContext && location.protocol") == "https:"


def say_and_hear(phone: Phone, desk: Desk, text: str) -> None:
    """One word each way."""
    phone.say(text)
    desk.until(lambda: desk.heard[-1] == text, patience=5)
    desk.say(f"{text}。")
    phone.until(lambda: phone.heard[-1] == f"{text}。", patience=5)
    assert desk.spoken == mirrored(phone.spoken)

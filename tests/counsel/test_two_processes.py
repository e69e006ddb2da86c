"""Whoever is out is out everywhere: what one process decides closes the sockets of another.

Two processes of one site: sockets are open on the second, everything is asked of the first.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django_otp.oath import TOTP

from counsel import limits
from counsel.errors import SignedOutError
from counsel.framing import Said, pack
from tests.counsel.serving import ROOT, Line, Service, hang_up, running
from tests.counsel.staff_room import PASSWORD, pad
from tests.requisites import free_port
from triage.wire import Watch

WITHIN = 2.0
"""Seconds (the issue's own number)."""

HIRE = """
import django, sys; django.setup()
from tests.counsel.staff_room import hire
for name, role in (("ma", "administrator"), ("hu", "counsellor")):
    print(hire(name, name, role).device.key, end=" ")
"""
PLACE = "/api/"


@dataclass
class Remote:
    """A browser that speaks to one process over the loopback."""

    origin: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        host = self.origin.removeprefix("http://")
        return {"host": host, "origin": self.origin, "cookie": cookie}

    def ask(self, question: str, **said: object) -> tuple[int, dict[str, Any]]:
        """As pages ask: the token, then the question."""
        token = self._post("csrf", {}, "")[1]["csrf"]
        return self._post(question, said, token)

    def _post(self, question: str, said: object, token: str) -> tuple[int, dict[str, Any]]:
        headers = self.headers() | {"content-type": "application/json", "x-csrf-token": token}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("POST", PLACE + question, body=pad(said), headers=headers)
            response = line.getresponse()
            for cookie in response.headers.get_all("set-cookie") or ():
                self.cookies |= {m.key: m.value for m in SimpleCookie(cookie).values()}
            return response.status, json.loads(response.read())
        finally:
            line.close()

    def watch(self, port: int) -> Line:
        """The board, open on some process."""
        line = Line(port, "/board", **self.headers()).open()
        assert line.status == 101
        line.say(pack([Said(Watch(version=limits.WIRE_VERSION), 1)]))
        assert line.hear()[0] == 2
        return line


@dataclass
class Site:
    """Both processes, and two people of them."""

    first: Service
    second: Service
    keys: list[str]

    def sign_in(self, name: str) -> Remote:
        """On the first process, with the code after the present one if need be."""
        browser = Remote(self.first.origin, self.first.port)
        index = ("ma", "hu").index(name)
        for ahead in (0, 1):
            code = code_of(self.keys[index], ahead)
            if browser.ask("sign-in", name=name, password=PASSWORD, code=code)[0] == 200:
                return browser
        raise AssertionError(f"{name} does not get in")


def code_of(key: str, ahead: int) -> str:
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * ahead
    return str(totp.token()).zfill(6)


@pytest.fixture(scope="module")
def site(env: dict[str, str], service: Service) -> Iterator[Site]:
    """The running service, and one more process on the same database."""
    own = env | {"DJANGO_SETTINGS_MODULE": "counsel.settings"}
    command = [sys.executable, "-c", HIRE]
    hired = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=True)
    more = env | {"PORT": str(free_port()), "ORIGIN": service.origin}
    with running(more) as second:
        yield Site(service, second, hired.stdout.split())
    hang_up()


def closed_after(line: Line, began: float) -> float:
    """Seconds until this socket was closed, and by that code."""
    assert line.closed_with() == SignedOutError.close
    return time.monotonic() - began


def test_what_one_process_decides_closes_the_sockets_of_the_other(site: Site) -> None:
    ma, hu = site.sign_in("ma"), site.sign_in("hu")
    person = hu.ask("me")[1]["me"]["person"]
    old, there = hu.cookies.copy(), hu.watch(site.second.port)
    # Another browser of hers ends all others: one is left, and its socket stays.
    other = site.sign_in("hu")
    stays = other.watch(site.second.port)
    began = time.monotonic()
    assert other.ask("me/logins/end")[0] == 200
    assert closed_after(there, began) < WITHIN
    assert Remote(hu.origin, site.second.port, old).ask("me")[0] == 401
    # Suspended by somebody else: this one goes too, and no cookie opens another.
    began = time.monotonic()
    assert ma.ask("people/suspend", person=person)[0] == 200
    assert closed_after(stays, began) < WITHIN
    assert other.ask("me")[0] == 401
    late = Line(site.second.port, "/board", **other.headers()).open()
    late.say(pack([Said(Watch(version=limits.WIRE_VERSION), 1)]))
    assert late.closed_with() == SignedOutError.close

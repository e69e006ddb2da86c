"""Staff at a real server's door, without a page: they ask questions as the pages do, over HTTP.

For what a story needs done and does not show: somebody is invited, suspended, guessed at.
"""

from __future__ import annotations

import http.client
import json
import time
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django_otp.oath import TOTP

from tests.counsel.staff_room import pad

PASSWORD = "the river is quiet tonight"


class Visitor:
    """A browser without a screen. It may knock at any process of the service."""

    def __init__(self, origin: str, port: int) -> None:
        self._origin = origin
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, **said: object) -> tuple[int, dict[str, Any]]:
        """Status and answer; the token is asked for first, as the pages do."""
        _, token = self._post("csrf", {}, "")
        return self._post(path, said, token["csrf"])

    def _post(self, path: str, said: object, token: str) -> tuple[int, dict[str, Any]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "host": self._origin.partition("://")[2],
            "origin": self._origin,
            "content-type": "application/json",
            "x-csrf-token": token,
            "cookie": cookies,
        }
        try:
            line.request("POST", f"/api/{path}", pad(said), headers)
            answer = line.getresponse()
            for value in answer.headers.get_all("set-cookie") or ():
                self.cookies |= {name: one.value for name, one in SimpleCookie(value).items()}
            return answer.status, json.loads(answer.read())
        finally:
            line.close()


def drawn(data: Path, name: str) -> dict[str, Any]:
    """Password and code secret of one of the demo's people."""
    people = json.loads((data / "demo" / "drawn.json").read_text())["staff"]
    return next(dict(one) for one in people if one["sign_in_name"] == name)


def code_of(secret: bytes, *, ahead: int = 0) -> str:
    """What an authenticator shows, or will show some half-minutes later."""
    totp = TOTP(secret)
    totp.time = time.time() + 30 * ahead
    return str(totp.token()).zfill(6)

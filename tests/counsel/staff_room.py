"""Staff for the tests of the door: people with an authenticator, and browsers that post JSON."""

from __future__ import annotations

import json
import time
from base64 import b32decode
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsel import limits
from counsel.enrolment import enrol
from counsel.lifecycle import Role
from counsel.models import Staff
from counsel.places import DESKS

PASSWORD = "eine lange Nacht"


@dataclass
class Person:
    """A member of staff and the app on their phone."""

    staff: Staff
    device: TOTPDevice

    @property
    def name(self) -> str:
        return self.staff.sign_in_name

    def code(self, *, steps: int = 0) -> str:
        """What the app shows now, or some 30-second steps before or after."""
        totp = TOTP(self.device.bin_key, self.device.step, self.device.t0, self.device.digits)
        totp.time = time.time() + steps * self.device.step
        return str(totp.token()).zfill(self.device.digits)

    def forget_used_codes(self) -> None:
        """As if half a minute had passed: the present code is good again."""
        TOTPDevice.objects.filter(pk=self.device.pk).update(last_t=-1)


def hire(name: str = "lin", working_name: str = "林", role: str = "counsellor") -> Person:
    """Somebody new."""
    return Person(
        *enrol(
            sign_in_name=name,
            working_name=working_name,
            role=role,
            password=PASSWORD,
            desk=DESKS[0] if role == Role.DESK else "",
        )
    )


def wrong(code: str) -> str:
    """A code that is not this one, nor one of its neighbours but by a chance of one in 250,000."""
    return str((int(code) + 500_000) % 1_000_000).zfill(6)


def fresh_request() -> HttpRequest:
    """A request of a browser nobody has signed in on."""
    request = HttpRequest()
    request.session = SessionStore()
    return request


def pad(data: object) -> bytes:
    """A body as the pages make it."""
    body = json.dumps(data).encode()
    return body.ljust(next(size for size in limits.SIZES if len(body) <= size))


@dataclass
class Browser:
    """A browser on one of our pages. Every answer is checked for its size before it is read."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    origin: str = settings.ORIGIN
    tokens: tuple[str, ...] = ()
    """The cookie the token belongs to, and the token."""

    def post(
        self, path: str, body: bytes, *, token: str = "", origin: str | None = None
    ) -> HttpResponse:
        """Raw bytes to a question."""
        headers = {"origin": self.origin if origin is None else origin, "x-csrf-token": token}
        response = self.client.post(
            f"/api/{path}",
            data=body,
            content_type="application/json",
            headers={name: value for name, value in headers.items() if value},
        )
        assert len(response.content) in limits.SIZES
        assert response.headers["cache-control"] == "no-store"
        return cast(HttpResponse, response)

    def ask(self, path: str, **said: object) -> tuple[int, dict[str, Any]]:
        """A question as the pages ask it: first the token, if there is none for this cookie yet."""
        if not self.tokens or self.tokens[0] != self._csrf_cookie():
            token = json.loads(self.post("csrf", pad({})).content)["csrf"]
            self.tokens = (self._csrf_cookie(), token)
        response = self.post(path, pad(said), token=self.tokens[1])
        return response.status_code, json.loads(response.content)

    def _csrf_cookie(self) -> str:
        cookie = self.client.cookies.get(settings.CSRF_COOKIE_NAME)
        return cookie.value if cookie else ""

    def sign_in(self, person: Person, **changed: str) -> tuple[int, dict[str, Any]]:
        """Name, password and the present code."""
        said = {"name": person.name, "password": PASSWORD, "code": person.code(), **changed}
        return self.ask("sign-in", **said)

    def scope(self) -> dict[str, Any]:
        """The handshake of a socket this browser would open."""
        cookies = "; ".join(f"{name}={item.value}" for name, item in self.client.cookies.items())
        return {"type": "websocket", "headers": [(b"cookie", cookies.encode())]}


def settle(name: str, working_name: str, role: str) -> tuple[Person, Browser]:
    """Somebody who joined long ago, and a browser they are signed in on."""
    person, browser = hire(name, working_name, role), Browser()
    Staff.objects.update(joined_at=timezone.now() - limits.TRUSTED_AFTER)
    assert browser.sign_in(person)[0] == 200
    person.forget_used_codes()
    return person, browser


def app_code(browser: Browser, token: str, *, steps: int = 0) -> str:
    """What an app shows that has read the picture of this link."""
    secret = browser.ask("join/code", token=token)[1]["secret"]
    totp = TOTP(b32decode(secret))
    totp.time = time.time() + 30 * steps
    return str(totp.token()).zfill(6)


def finish_joining(browser: Browser, token: str, **changed: str) -> tuple[int, dict[str, Any]]:
    """Everything the page asks for, and the app's code."""
    said = {"token": token, "sign_in_name": "chen", "password": PASSWORD, **changed}
    if "code" not in said:
        said["code"] = app_code(browser, token)
    return browser.ask("join/finish", **said)

"""Passkeys of people in tests: how they are added and used, and every wrong way of doing either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.counsel.authenticator import PRESENT, VERIFIED, Authenticator
from tests.counsel.staff_room import Browser, Person

Change = Callable[[Authenticator], object]


def add_passkey(
    desk: Browser, person: Person, key: Authenticator, **changed: Any
) -> tuple[int, dict[str, Any]]:
    """Register this key; `changed` is what the attestation says otherwise."""
    options = desk.ask("me/passkeys/ask")[1]["options"]
    said = {"credential": key.make(options, **changed), "name": "手机", "code": person.code()}
    return desk.ask("me/passkeys/add", **said)


def come_in(key: Authenticator, browser: Browser | None = None) -> tuple[int, dict[str, Any]]:
    """Sign in by this key on a browser of one's own."""
    browser = browser or Browser()
    options = browser.ask("passkey/ask")[1]["options"]
    return browser.ask("passkey/sign-in", credential=key.sign(options))


def with_said(**said: Any) -> Change:
    return lambda key: key.said.update(said)


def with_field(name: str, value: Any) -> Change:
    return lambda key: setattr(key, name, value)


FORGED: dict[str, Change] = {
    "another origin": with_field("origin", "https://evil.example"),
    "another port": with_field("origin", "http://localhost:8001"),
    "another relying party": with_field("party", "evil.example"),
    "nobody there": with_field("flags", VERIFIED),
    "nobody verified": with_field("flags", PRESENT),
    "backed up though it cannot be": with_field("flags", PRESENT | VERIFIED | 0x10),
    "in a frame of another site": with_said(crossOrigin=True),
    "under another site": with_said(topOrigin="https://evil.example"),
    "a frame said oddly": with_said(crossOrigin="false"),
    "another challenge": with_said(challenge="A" * 43),
    "no challenge": with_said(challenge=""),
    "the other ceremony": with_said(type="webauthn.create"),
    "no handle": with_field("handle", ""),
    "the handle of somebody else": with_field("handle", "A" * 22),
}

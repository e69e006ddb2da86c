"""A server in enemy hands: its database, its answers, and the keys of a demo that lay on it.

What it cannot change is the page on the seeker's phone. Whoever it brings sits in front of a console
whose client believes everything, because an enemy writes their own; see `believing`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, BrowserContext, Route, StorageState, sync_playwright

from counsel import limits
from counsel.answers import pad_json, read_json
from counsel.keys.issuing import Holder, Powers, make_device, make_duty, make_head, make_issuer
from counsel.keys.log import Rows, issued, read_rows, revoked
from counsel.statements import commitment_of, decode, encode, first_statement, public_key
from tests import requisites
from tests.browser.gallery import CHROMIUM_ARGS
from tests.scenario.people import PATIENCE
from tests.scenario.site import Site

ONLINE: Final = Powers(("counsellor",), ("counsellor", "supervisor"), 20, "周 Zhou", offline=False)
"""What the root lets a supervisor's browser do."""
_ALL: Final = ("administrator", "counsellor", "supervisor")
EVERYTHING: Final = Powers(_ALL, _ALL, 20, "外人", offline=True)
"""What only a root can give."""

BELIEVES: Final = {
    "async staff": """async staff(identity, key) {
      const cut = 66 + (identity[0] << 8 | identity[1]), device = identity.slice(cut);
      const said = device.slice(2, 2 + (device[0] << 8 | device[1]));
      const { person, name } = JSON.parse(new TextDecoder().decode(said));
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", device));
      const text = btoa(String.fromCharCode(...digest)).replaceAll("+", "-");
      const certificate = text.replaceAll("/", "_").replaceAll("=", "");
      return { person, name, role: "counsellor", key, certificate, from: 0, until: 8e15,
               issuer: {}, commitment: "", demo: false };
    }""",
    "async duties": """async duties(bytes, members) {
      return members.map(({ certificate }) => ({ certificate, from: 0, until: 8e15 }));
    }""",
    "async requireLogged": "async requireLogged() {}",
    "requireCurrent": "requireCurrent() {}",
    "requireOnDuty": "requireOnDuty() {}",
}
"""By the head of a method of `counsel/client/certificates.ts`: what an enemy's client does instead."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What somebody calls themselves staff with: two statements each."""

    identity: bytes
    duty: bytes


@dataclass
class Enemy:
    """Everything a server in enemy hands can do, and has: one of a demo holds the demo's keys."""

    site: Site
    root: Ed25519PrivateKey = field(init=False)
    issuer: Ed25519PrivateKey = field(init=False)
    issuer_statement: bytes = field(init=False)

    def __post_init__(self) -> None:
        drawn = json.loads((self.site.data / "demo" / "drawn.json").read_text())
        seed = Ed25519PrivateKey.from_private_bytes
        self.root, self.issuer = seed(decode(drawn["root"])), seed(decode(drawn["issuer"]))
        self.issuer_statement = decode(drawn["issuer_statement"])

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """What its owner can do, while the service runs."""
        path = self.site.data / "counsel.sqlite3"
        with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
            yield connection

    def close_talks(self) -> None:
        """Every talk is over, whatever the clients in it think: hands are free again."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        with self.database() as db:
            db.execute("UPDATE chat_seat SET ended_at = ? WHERE ended_at IS NULL", (now,))
            db.execute(
                "UPDATE chat_counselsession SET state = 'closed', closed_at = ? "
                "WHERE state <> 'closed'", (now,),
            )  # fmt: skip
            db.execute("DELETE FROM triage_place")

    # --- the log ----------------------------------------------------------------------------------

    def rows(self) -> bytes:
        """The log as the service ships it, without its head."""
        with self.database() as db:
            found = db.execute("SELECT row FROM counsel_logrow ORDER BY place").fetchall()
        return b"".join(row for (row,) in found)

    def read(self, rows: bytes) -> Rows:
        """The chain over these rows."""
        return read_rows(public_key(self.root), rows)

    def shipped(self, rows: bytes) -> bytes:
        """These rows under a head of today: a log every client can read."""
        read = self.read(rows)
        now = datetime.now(UTC)
        return (
            self.issuer_statement
            + make_head(self.issuer, size=read.size, head=read.head, at=now)
            + rows
        )

    def log(self, *fresh: bytes) -> None:
        """Appends, as an issuer's browser does."""
        before = self.rows()
        whole = before + b"".join(fresh)
        head = self.shipped(whole)[: -len(whole)]
        size = self.read(before).size
        with self.database() as db:
            db.execute("UPDATE counsel_stafflog SET size = ?, head = ?", (size + len(fresh), head))
            db.executemany(
                "INSERT INTO counsel_logrow (place, row) VALUES (?, ?)",
                list(enumerate(fresh, start=size)),
            )

    def revoke(self, identity: bytes) -> None:
        """The row that takes this device statement back."""
        device = first_statement(identity)[1]
        self.log(revoked(self.read(self.rows()).places[commitment_of(device)]))

    def revoke_last(self) -> None:
        """The same for what the last row stands for."""
        self.log(revoked(self.read(self.rows()).size - 1))

    # --- papers -----------------------------------------------------------------------------------

    def person(self, name: str) -> Holder:
        """Somebody who works here, as the certificates name them."""
        with self.database() as db:
            found = db.execute(
                "SELECT person, role, working_name FROM counsel_staff WHERE sign_in_name = ?",
                (name,),
            ).fetchone()
        return Holder(*found)

    def card_of(self, name: str) -> bytes:
        """The newest identity this person was given."""
        with self.database() as db:
            (found,) = db.execute(
                "SELECT identity FROM counsel_devicecard WHERE staff_id = "
                "(SELECT id FROM counsel_staff WHERE sign_in_name = ?) ORDER BY place DESC",
                (name,),
            ).fetchone()
        return bytes(found)

    def certify(
        self,
        holder: Holder,
        key: bytes,
        *,
        days: tuple[int, int] = (-1, 80),
        by: tuple[Ed25519PrivateKey, bytes] | None = None,
        logged: bool = True,
    ) -> bytes:
        """An identity. `days` from today; `by` another issuer than the demo's, with its statement."""
        private, statement = by or (self.issuer, self.issuer_statement)
        first, last = (datetime.now(UTC).date() + timedelta(days=day) for day in days)
        device = make_device(private, holder=holder, key=key, first=first, last=last)
        if logged:
            self.log(issued(device))
        return statement + device

    def on_duty(
        self,
        identity: bytes,
        *,
        ago: timedelta = timedelta(minutes=5),
        by: tuple[Ed25519PrivateKey, bytes] | None = None,
    ) -> Papers:
        """With a duty statement that began so long ago."""
        private, statement = by or (self.issuer, self.issuer_statement)
        read, begins = self.read(self.rows()), datetime.now(UTC) - ago
        duty = make_duty(
            private, device=first_statement(identity)[1], size=read.size, head=read.head,
            from_at=begins, until_at=begins + limits.DUTY_AT_MOST,
        )  # fmt: skip
        return Papers(identity, statement + duty)

    def admit(self, powers: Powers, root: Ed25519PrivateKey) -> tuple[Ed25519PrivateKey, bytes]:
        """A fresh issuer by the word of this root."""
        private, today = Ed25519PrivateKey.generate(), datetime.now(UTC).date()
        statement = make_issuer(
            root, key=public_key(private), powers=powers,
            first=today - timedelta(days=70), last=today + timedelta(days=300),
        )  # fmt: skip
        return private, statement

    # --- what it answers --------------------------------------------------------------------------

    def hand_out(self, context: BrowserContext, papers: Callable[[bytes], Papers]) -> None:
        """This browser is given these papers for the key it has drawn."""
        made: dict[bytes, Papers] = {}

        def answer(route: Route) -> None:
            key = decode(read_json(route.request.post_data_buffer or b"")["key"])
            if key not in made:
                made[key] = papers(key)
            until = (datetime.now(UTC) + timedelta(days=80)).strftime("%Y-%m-%d")
            data: dict[str, Any] = {"state": "certified", "until": until}
            data |= {"identity": encode(made[key].identity), "statement": encode(made[key].duty)}
            route.fulfill(body=pad_json(data), content_type="application/json")

        context.route("**/api/certify", answer)

    def ship(self, context: BrowserContext, rows: bytes) -> None:
        """This browser, and no other, is shown this log."""
        file = self.shipped(rows)
        kind = "application/octet-stream"
        context.route("**/staff-log.bin", lambda route: route.fulfill(body=file, content_type=kind))


def believing(static: Path) -> dict[str, str]:
    """The pages' scripts that check papers, by name, as an enemy's client has them."""
    found = {}
    for path in (static / "assets").glob("*.js"):
        script = path.read_text()
        if not re.search(r"async requireLogged\(", script):
            continue
        for head, body in BELIEVES.items():
            method, name = rf"(?<![.\w ]){head}\(", head.rpartition(" ")[2]
            parts = re.split(method, script)
            assert len(parts) == 2, f"{head} in {path.name}"
            script = (body + head.replace(name, f"was_{name}") + "(").join(parts)
        found[path.name] = script
    assert found
    return found


class Contexts:
    """One Chromium; everybody in it is a stranger to everybody else."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self._browser = browser
        self._stack = stack

    def launch(self, size: tuple[int, int], state: StorageState | None = None) -> BrowserContext:
        """Somebody's browser; signed in where `state` says so."""
        viewport = {"width": size[0], "height": size[1]}
        context = self._browser.new_context(viewport=viewport, storage_state=state)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE * 1000)
        self._stack.callback(context.close)
        return context

    def believer(
        self, size: tuple[int, int], state: StorageState, scripts: dict[str, str]
    ) -> BrowserContext:
        """The enemy's: pages as the service has them, but with these scripts."""
        context = self.launch(size, state)

        def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            if name in scripts:
                route.fulfill(body=scripts[name], content_type="text/javascript")
            else:
                route.continue_()

        context.route("**/static/assets/*.js", answer)
        return context


@contextmanager
def one_chromium() -> Iterator[Browser]:
    """For a whole module."""
    with sync_playwright() as playwright:
        path = str(requisites.chromium())
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()

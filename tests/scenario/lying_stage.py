"""What is there before a lying server's story begins, and what its people do and see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, StorageState

from tests.scenario.lying import Contexts, Enemy, Papers, believing
from tests.scenario.people import DESK, PHONE, Desk, Phone
from tests.scenario.site import Built, Site

Bring = Callable[[Enemy, bytes], Papers]
"""What somebody is given for the key their browser drew."""


@dataclass(frozen=True)
class Stage:
    """The service, who has it, and consoles that have signed in and started their shifts."""

    site: Site
    enemy: Enemy
    scripts: dict[str, str]
    signed_in: dict[str, StorageState]

    def comes(self, contexts: Contexts, papers: Bring, name: str = "lin") -> Desk:
        """Somebody sits down whom the enemy gives these papers, and whose client believes them."""
        context = contexts.believer(DESK, self.signed_in[name], self.scripts)
        self.enemy.hand_out(context, lambda key: papers(self.enemy, key))
        return self._open(Desk(context, self.site.origin))

    def honest(self, contexts: Contexts, name: str = "lin") -> Desk:
        """A counsellor as they are: one card and one duty statement, both true."""
        context, enemy = contexts.launch(DESK, self.signed_in[name]), self.enemy
        person = enemy.person(name)
        enemy.hand_out(context, lambda key: enemy.on_duty(enemy.certify(person, key)))
        return self._open(Desk(context, self.site.origin))

    def _open(self, desk: Desk) -> Desk:
        desk.page.goto(f"{self.site.origin}/zh/staff/")
        desk.page.wait_for_selector(".board")
        return desk

    def phone(self, contexts: Contexts, language: str = "zh") -> Phone:
        """A seeker's, never used before."""
        return Phone(contexts.launch(PHONE), self.site.origin, language)

    def sent_by_seekers(self) -> int:
        """Sealed rows in the database that came from phones."""
        with self.enemy.database() as db:
            (count,) = db.execute(
                "SELECT count(*) FROM chat_envelope JOIN chat_seat ON seat_id = chat_seat.id "
                "WHERE role = 'seeker'"
            ).fetchone()
        return int(count)


@contextmanager
def staged(folder: Path, built: Built, chromium: Browser) -> Iterator[Stage]:
    """Served until the last story has ended."""
    with Site(folder / "site", built).open() as site, ExitStack() as stack:
        signed_in = {}
        for name in ("lin", "chen"):
            desk = Desk(Contexts(chromium, stack).launch(DESK), site.origin)
            desk.sign_in(site.data, name)
            signed_in[name] = desk.context.storage_state()
            desk.context.close()
        yield Stage(site, Enemy(site), believing(built.static), signed_in)


def stops(phone: Phone, sentence: str) -> None:
    """The seeker reads why; the numbers are there."""
    phone.page.wait_for_selector("main.screen .attention")
    assert phone.page.inner_text("main.screen .attention") == sentence
    assert phone.page.locator("a[href^='tel:']").count() > 0

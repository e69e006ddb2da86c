"""A site that can call people: a real gateway for telephones, a real mail server, and who has which.

Beside the demo's people there is a second supervisor, Wu: less urgent takes two, and a review is
written by somebody who was not in it.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.counsel.serving import ROOT, manage_all
from tests.scenario.people import Desk, Person, Phone
from tests.scenario.site import SERVE, Built, Site
from tests.triage.escalation.receivers import Heard, http, smtp

LEAD: Final = "10009"
TELEPHONES: Final = {"lin": "10001", "zhou": "10002", "wu": "10003"}
ZHOU_MAIL: Final = "zhou@example.org"
NAMES: Final = {"lin": "林 Lin", "chen": "陈 Chen", "zhou": "周 Zhou", "wu": "吴 Wu"}

_REACH: Final = """
import json, sys
from datetime import UTC, datetime
from counsel.models import Staff, home
from triage.escalation.rows import Receiver
for name, channel, address in json.loads(sys.argv[1]):
    staff = Staff.objects.get(sign_in_name=name) if name else None
    Receiver.objects.create(organisation=home(), staff=staff, channel=channel, address=address,
                            added_at=datetime.now(UTC))
"""
_PAGES: Final = """
import json
from triage.escalation.rows import Call
calls = Call.objects.exclude(step=None).order_by("pk")
print(json.dumps(list(calls.values_list("page", "receiver__address"))))
"""


@dataclass(frozen=True)
class Alarmed:
    """The site, and everything that was heard of it."""

    site: Site
    gateway: Heard
    mail: Heard

    @property
    def origin(self) -> str:
        """Its address."""
        return self.site.origin

    @property
    def data(self) -> Path:
        """Its folder."""
        return self.site.data

    def rung(self, telephone: str) -> list[str]:
        """The pages about somebody in danger that this telephone rang for, in order: no page is a test."""
        needed = texts("zh")["paging"]["needed"]
        heard = [one for one in self.gateway.said if one["to"] == telephone]
        return [one["page"] for one in heard if needed in one["message"]]

    def calls(self) -> list[tuple[str, str]]:
        """Every page about somebody in danger and whom it goes to, as the rows say."""
        return [(page, to) for page, to in ask(self.site, _PAGES)]

    def check_pages(self) -> None:
        """Whoever was called was rung, under the id that stands in the rows, and nobody else was."""
        calls = set(self.calls())
        needed = texts("zh")["paging"]["needed"]
        about = [one for one in self.gateway.said if needed in one["message"]]
        assert {(one["page"], one["to"]) for one in about} == {
            (page, to) for page, to in calls if "@" not in to
        }
        written = {page for page, to in calls if to == ZHOU_MAIL}
        letters = [one for one in self.mail.mails if ZHOU_MAIL in one]
        assert all(any(page in _plain(one) for one in letters) for page in written)


@contextmanager
def alarmed(
    folder: Path, built: Built, *, command: Sequence[str] = SERVE, mode: str = "demo"
) -> Iterator[Alarmed]:
    """Everything there and running, and gone afterwards."""
    with http() as gateway, smtp() as mail:
        site = Site(
            folder, built, command=command,
            PAGE_GATEWAY=f"http://127.0.0.1:{gateway.port}/page",
            PAGE_MAIL=f"mailto://127.0.0.1:{mail.port}?from=pages@example.org&mode=insecure",
            MODE=mode,
        )  # fmt: skip
        hire(site, "wu", "supervisor")
        phones = [(name, "sms", number) for name, number in TELEPHONES.items()]
        reach = [*phones, ("zhou", "mail", ZHOU_MAIL), ("", "sms", LEAD)]
        ask(site, _REACH, json.dumps(reach))
        with site.open():
            yield Alarmed(site, gateway, mail)


def hire(site: Site, name: str, role: str) -> None:
    """One more person of the demo, before it is served."""
    drawn = site.data / "demo" / "drawn.json"
    found = json.loads(drawn.read_text())
    found["staff"].append({
        "sign_in_name": name, "working_name": NAMES[name], "role": role,
        "password": "-".join(secrets.token_hex(3) for _ in range(3)), "totp": secrets.token_hex(20),
    })  # fmt: skip
    drawn.write_text(json.dumps(found))
    manage_all(site.servers[0].env, "demo")


def ask(site: Site, script: str, *arguments: str) -> Any:
    """What a script on the site's own database prints as JSON, if it prints anything."""
    begin = "import django; django.setup()\n"
    env = {**site.servers[0].env, "DJANGO_SETTINGS_MODULE": "counsel.settings"}
    done = subprocess.run(
        [sys.executable, "-c", begin + script, *arguments], cwd=ROOT, env=env, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def texts(language: str) -> dict[str, Any]:
    """Every sentence of the product."""
    said = (ROOT / "counsel" / "locale" / f"{language}.json").read_text(encoding="utf-8")
    return dict(json.loads(said))


class Words:
    """The product's sentences in one language, by their keys."""

    def __init__(self, language: str) -> None:
        self._texts = texts(language)

    def __call__(self, key: str, **fields: str) -> str:
        """`words("danger.steps.act")`."""
        return self._raw(key).format(**fields)

    def begin(self, key: str) -> str:
        """What stands before the first field of it."""
        return self._raw(key).split("{")[0]

    def _raw(self, key: str) -> str:
        found: Any = self._texts
        for part in key.split("."):
            found = found[part]
        return str(found)


# --- what people do about somebody in danger -------------------------------------------------------


def row(desk: Desk) -> str:
    """All that the one row of danger says."""
    return desk.page.inner_text(".danger-row")


def stands(desk: Desk, state: str) -> None:
    """Wait until the one row is in this state."""
    desk.page.wait_for_selector(f".danger-row[data-state={state}]")


def says(desk: Desk, step: str, **chosen: str) -> None:
    """Press a step in the row of danger, and choose what its form asks."""
    words = Words(desk.language)
    desk.page.locator(".dangers").get_by_role("button", name=words(f"danger.steps.{step}")).click()
    for name, value in chosen.items():
        desk.page.select_option(f".dangers select[name={name}]", value)
    if chosen:
        desk.page.click(".dangers form .firm")


def tap_risk(desk: Desk, **answers: str) -> None:
    """The five taps beside the talk, then that all is asked."""
    for item, option in answers.items():
        desk.page.check(f"fieldset[data-item={item}] input[value={option}]", force=True)
    desk.page.click(".risk .sum button")


def presses_danger(phone: Phone, tap: str = "") -> None:
    """From the landing: the button, and one tap for what it is."""
    words = Words(phone.language)
    phone.arrive()
    phone.press(words("intake.danger.button"))
    phone.page.wait_for_selector("#app a[href='tel:120']", timeout=2_000)
    if tap:
        phone.press(words(f"intake.danger.taps.{tap}"))


def speaks(desk: Desk, phone: Phone, text: str) -> None:
    """A person's words, until the phone shows them."""
    desk.say(text)
    phone.until(lambda: text in phone.heard)


def answers(phone: Phone, desk: Desk, text: str) -> None:
    """And back."""
    phone.say(text)
    desk.until(lambda: text in desk.heard)


def end_talk(desk: Desk) -> None:
    """As `Desk.end`, in any language."""
    desk.page.click("#ask-end")
    desk.page.click(".ask .firm")
    desk.sees(Words(desk.language)("console.pane.closed"))


def no_trouble(*people: Person) -> None:
    """No page of anybody broke meanwhile."""
    assert not [one for person in people for one in person.trouble]


def _plain(letter: str) -> str:
    import email

    payload = email.message_from_string(letter).get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else letter

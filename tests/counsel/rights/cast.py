"""Everybody who asks, and everybody they could ask about, in two organisations side by side.

One world for all questions: each request is sent into it and taken back, so that the next finds
everything as it was.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any, Final, cast

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from counsel.audit.models import AuditEntry
from counsel.lifecycle import Role
from counsel.models import Hotline, Invitation, Organisation, Staff
from counsel.statements import encode
from tests import people
from tests.counsel.staff_room import Person, hire, pad
from triage.directory import book
from triage.directory.nesting import read_json
from triage.models import Shift

STAFF: Final = (Role.COUNSELLOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.DESK)
MARK: Final = "elsewhere"
"""In every word another organisation holds: what carries it has leaked."""
SECRET: Final = "login."
"""In every name somebody signs in with: no answer tells one."""

_PASSING: Final = {"login", "session", "slowedname", "totpdevice", "statictoken", "staticdevice"}
"""Rows any request may write, refused or not: that a login is in use, that a code was."""


@dataclass
class Browser:
    """One browser of one role, on our own page, with its token."""

    client: Client
    token: str = ""

    @contextmanager
    def as_it_was(self) -> Iterator[None]:
        """Cookies that come in here are forgotten behind it."""
        before = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        yield
        self.client.cookies = before

    def ask(self, address: str, said: Mapping[str, Any]) -> HttpResponse:
        """One question, or a look at what is only read."""
        if address in {"now.json", "staff-log.bin", "desks.json", "stories.json"}:
            return cast(HttpResponse, self.client.get(f"/{address}"))
        if "<slug:name>" in address:
            named = address.replace("<slug:name>", str(said.get("name", "nonsense")))
            return cast(HttpResponse, self.client.get(f"/{named}"))
        headers = {"origin": settings.ORIGIN, "x-csrf-token": self.token}
        return cast(
            HttpResponse,
            self.client.post(
                f"/{address}", data=pad(said), content_type="application/json", headers=headers
            ),
        )

    def read(self, address: str, **said: Any) -> dict[str, Any]:
        """What a question answers that is asked on the way to another."""
        found: dict[str, Any] = json.loads(self.ask(address, said).content)
        return found


@dataclass(frozen=True)
class Answer:
    """What came back, and whether it was refused and something is kept otherwise than before."""

    status: int
    raw: bytes
    changed: bool
    recorded: tuple[tuple[str, str], ...]
    """What the trail got of it: the kind, and the role of whoever did it."""

    @property
    def code(self) -> str:
        """The refusal's code; empty where it was done."""
        return "" if self.status == 200 else str(json.loads(self.raw)["code"])


@dataclass
class World:
    """Who asks, in which browser, and who else is there."""

    askers: dict[str, Person]
    browsers: dict[str, Browser]
    mate: Person
    chief: Person
    gone: Person
    outsider: Person
    elsewhere: Organisation

    def asker(self, role: str) -> Person | None:
        """Who asks in this role; nobody for a stranger and a seeker."""
        return self.askers.get(role)

    def seen_by(self, role: str) -> Staff:
        """Whose eyes decide what is own and what is another's; nobody's are those of a colleague."""
        return self.askers.get(role, self.mate).staff

    def ask(self, role: str, address: str, say: Callable[[], Mapping[str, Any]]) -> Answer:
        """Send what `say` says, once it has put there what it names; all of it is taken back."""
        browser, after = self.browsers[role], None
        with taken_back(), browser.as_it_was():
            said = say()
            with taken_back():
                known = list(AuditEntry.objects.values_list("pk", flat=True))
                with CaptureQueriesContext(connection) as asked:
                    response = browser.ask(address, said)
                fresh = AuditEntry.objects.exclude(pk__in=known).order_by("pk")
                recorded = tuple(fresh.values_list("what", "role"))
                refused = response.status_code != 200
                if refused and any(_writes(query["sql"]) for query in asked):
                    after = what_is_kept()
            changed = after is not None and after != what_is_kept()
        return Answer(response.status_code, response.content, changed, recorded)


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens in here has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _writes(sql: str) -> bool:
    """Whether this may change a row that counts; most only note that a login is in use."""
    return sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(
        f'_{name}"' in sql.partition("(")[0] for name in _PASSING
    )


def what_is_kept() -> list[Any]:
    """Every row of every table a refusal must leave alone."""
    kept = (one for one in apps.get_models() if one._meta.model_name not in _PASSING)
    return [row for model in kept for row in model._default_manager.order_by("pk").values_list()]


def gather() -> World:
    """Everybody, signed in where they can be."""
    Staff.objects.update(is_active=False)  # whoever was here before has no part in this
    world = World(
        askers={role.value: _hire(role, role.value) for role in STAFF},
        browsers={},
        mate=_hire(Role.COUNSELLOR, "mate"),
        chief=_hire(Role.SUPERVISOR, "chief"),
        gone=_hire(Role.COUNSELLOR, "gone"),
        outsider=_hire(Role.COUNSELLOR, f"{MARK} out"),
        elsewhere=Organisation.objects.create(name=MARK, level=MARK),
    )
    Staff.objects.update(joined_at=timezone.now() - timedelta(days=30))
    cleared = [world.mate, world.chief, *world.askers.values()]
    Staff.objects.filter(pk__in=[one.staff.pk for one in cleared]).update(cleared_at=timezone.now())
    Staff.objects.filter(pk=world.gone.staff.pk).update(is_active=False)
    Staff.objects.filter(pk=world.outsider.staff.pk).update(organisation=world.elsewhere)
    for one in (world.mate, world.chief, world.gone, world.outsider, *world.askers.values()):
        one.staff.refresh_from_db()
    _furnish(world)
    for role in ("stranger", "seeker", *world.askers):
        world.browsers[role] = _open(role, world.asker(role))
    return world


def _hire(role: Role, name: str) -> Person:
    return hire(SECRET + name.replace(" ", "."), name.title(), role.value)


def _furnish(world: World) -> None:
    """The other organisation has a rota, numbers and links too; every list could tell of them."""
    now = timezone.now()
    Shift.objects.create(
        organisation=world.elsewhere, staff=world.outsider.staff, role=Role.COUNSELLOR.value,
        starts_at=now, ends_at=now + timedelta(hours=1), state="taken",
    )  # fmt: skip
    Hotline.objects.create(organisation=world.elsewhere, number="1", name=MARK, hours=MARK)
    book.take_in(world.elsewhere, read_json({"id": MARK, "name": MARK, "status": "active"}))
    Invitation.objects.create(
        kind=Invitation.JOIN, organisation=world.elsewhere, token_hash=secrets.token_bytes(32),
        working_name=f"{MARK} new", role=Role.COUNSELLOR.value, asked_by=world.outsider.staff,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip


def _open(role: str, person: Person | None) -> Browser:
    """A seeker has a token of a talk, which is no login wherever it is put."""
    client = Client(enforce_csrf_checks=True)
    if person is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = people.sign_in(person.staff).cookie
    elif role == "seeker":
        client.cookies[settings.SESSION_COOKIE_NAME] = encode(people.Seeker().token)
    browser = Browser(client)
    browser.token = browser.read("api/csrf")["csrf"]
    return browser

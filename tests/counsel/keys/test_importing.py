"""What a ceremony issued comes in whole, once, and only if every client would believe it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from counsel.audit.kinds import Kind
from counsel.audit.models import AuditEntry
from counsel.audit.trail import SHELL, name_key
from counsel.errors import CounselError, ValueRefusedError
from counsel.keys import importing, ledger
from counsel.keys.bundle import Bundle, write_bundle
from counsel.keys.issuing import make_head, make_root
from counsel.keys.log import issued, read_rows, revoked
from counsel.keys.models import DeviceCard, IssuerCard
from counsel.keys.root import trusted_root
from counsel.statements import decode, first_statement, public_key
from tests.counsel.keys.office import ON_A_DEVICE, Office, Signer
from tests.counsel.staff_room import Person, hire

pytestmark = pytest.mark.django_db
KEY = bytes(range(32))


@pytest.fixture
def office(settings: LazySettings) -> Office:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Office(settings)


@pytest.fixture
def zhou(office: Office) -> Person:
    return hire("zhou", "周", "supervisor")


def longer(office: Office, *rows: bytes) -> bytes:
    """The log that was exported, and what the ceremony appended."""
    data = ledger.whole()
    behind = first_statement(first_statement(data)[1])[1] + b"".join(rows)
    read = read_rows(trusted_root().key, behind)
    head = make_head(office.safe.private, size=read.size, head=read.head, at=office.now)
    return office.safe.statement + head + behind


def ceremony(office: Office, zhou: Person) -> tuple[Bundle, Signer]:
    """Zhou's browser becomes an issuer, and Zhou's laptop gets a card."""
    desk = office.draw(ON_A_DEVICE)
    identity = office.identity(zhou.staff, KEY)
    rows = issued(desk.statement), issued(first_statement(identity)[1])
    root = decode(office.settings.ORG_ROOT)
    return Bundle(root, longer(office, *rows), (desk.statement,), (identity,)), desk


def test_issuer_and_card_come_in_and_a_second_time_changes_nothing(
    office: Office, zhou: Person, tmp_path: Path
) -> None:
    bundle, _ = ceremony(office, zhou)
    file = tmp_path / "bundle.json"
    file.write_text(write_bundle(bundle))
    out = io.StringIO()
    call_command("keys", "import", str(file), stdout=out)
    assert out.getvalue() == "issuers: 周\ncards: 周\ntaken back: 0; rows of the log: 3\n"
    assert DeviceCard.objects.get().staff == zhou.staff
    call_command("keys", "import", str(file), stdout=out)
    assert (IssuerCard.objects.count(), DeviceCard.objects.count()) == (2, 1)
    call_command("keys", "show", stdout=out)
    assert "issuer: 周, until" in out.getvalue()
    said = AuditEntry.objects.filter(role=SHELL).values_list("what", flat=True)
    assert [what for what in said.order_by("pk") if what != Kind.ADDED] == [
        "issuer-imported", "device-certified", "log-extended", "log-extended", "keys-read",
    ]  # fmt: skip


def test_what_goes_out_for_the_next_ceremony_is_the_log_and_no_more(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "staff-log.bin"
    call_command("keys", "export", str(file), stdout=io.StringIO())
    assert file.read_bytes() == ledger.whole()
    assert file.stat().st_mode & 0o077 == 0


def test_a_ceremony_takes_back_too(office: Office, zhou: Person) -> None:
    card = office.give(zhou.staff, zhou.staff)
    root = decode(office.settings.ORG_ROOT)
    bundle = Bundle(root, longer(office, revoked(card.place)))
    assert importing.take(bundle, now=office.now).revoked == 1
    card.refresh_from_db()
    assert card.revoked_place == 2


@pytest.mark.parametrize("which", ["issuer", "card"])
def test_what_was_taken_back_since_is_passed_over(office: Office, zhou: Person, which: str) -> None:
    """A box keeps in its bundle whatever it ever issued."""
    bundle, _ = ceremony(office, zhou)
    importing.take(bundle, now=office.now)
    place = (IssuerCard if which == "issuer" else DeviceCard).objects.latest("pk").place
    later = replace(bundle, log=longer(office, revoked(place)))
    for _ in range(2):
        assert importing.take(later, now=office.now).issuers == ()
    assert (IssuerCard.objects.count(), DeviceCard.objects.count()) == (2, 1)
    DeviceCard.objects.all().delete()  # a backup was put back
    IssuerCard.objects.exclude(place=0).delete()
    taken = importing.take(later, now=office.now)
    assert (taken.issuers, taken.devices) == (((), ("周",)) if which == "issuer" else (("周",), ()))


def test_the_ceremony_of_three_months_later_comes_in_too(office: Office, zhou: Person) -> None:
    bundle, _ = ceremony(office, zhou)
    office.now += timedelta(days=91)
    fresh = office.identity(zhou.staff, bytes(32))
    rows = (
        issued(bundle.issuers[0]),
        *(issued(first_statement(one)[1]) for one in (*bundle.identities, fresh)),
    )
    later = replace(bundle, log=longer(office, *rows), identities=(*bundle.identities, fresh))
    assert importing.take(later, now=office.now).devices == ("周",)
    assert DeviceCard.objects.get().key == bytes(32)


def test_a_card_of_somebody_who_joined_after_the_backup_is_in_the_way_until_it_is_taken_back(
    office: Office, zhou: Person
) -> None:
    bundle, _ = ceremony(office, zhou)
    zhou.staff.delete()
    with pytest.raises(ValueRefusedError, match="nobody who works here"):
        importing.take(bundle, now=office.now)
    rows = issued(bundle.issuers[0]), issued(first_statement(bundle.identities[0])[1])
    later = replace(bundle, log=longer(office, *rows, revoked(2)))
    assert importing.take(later, now=office.now).devices == ()
    assert ledger.size() == 4


def test_an_issuer_that_is_taken_back_is_in_the_trail_once(office: Office, zhou: Person) -> None:
    bundle, desk = ceremony(office, zhou)
    importing.take(bundle, now=office.now)
    key = public_key(desk.private)
    place = IssuerCard.objects.get(key=key).place
    back = Bundle(decode(office.settings.ORG_ROOT), longer(office, revoked(place)))
    for _ in range(2):
        importing.take(back, now=office.now)
    (entry,) = AuditEntry.objects.filter(what=Kind.ISSUER_REVOKED)
    assert (entry.role, entry.thing) == (SHELL, name_key(key))


def test_when_the_log_went_on_meanwhile_nothing_of_it_comes_in(
    office: Office, zhou: Person, tmp_path: Path
) -> None:
    bundle, _ = ceremony(office, zhou)
    office.give(zhou.staff, zhou.staff)
    file = tmp_path / "bundle.json"
    file.write_text(write_bundle(bundle))
    with pytest.raises(CommandError, match="export it again"):
        call_command("keys", "import", str(file))
    assert (IssuerCard.objects.count(), ledger.size()) == (1, 2)


@pytest.mark.parametrize(
    "wrong", ["another root", "not logged", "of nobody here", "of another root"]
)
def test_what_no_client_would_believe_does_not_come_in(
    office: Office, zhou: Person, wrong: str
) -> None:
    bundle, _ = ceremony(office, zhou)
    stranger = Office.__new__(Office)
    if wrong == "another root":
        bundle = replace(
            bundle, root=make_root(office.safe.private, name="x", demo=False, **office.days)
        )
    elif wrong == "not logged":
        bundle = replace(bundle, issuers=(*bundle.issuers, office.draw(ON_A_DEVICE).statement))
    elif wrong == "of nobody here":
        zhou.staff.working_name = "吴"
        zhou.staff.save()
    else:
        stranger.root, stranger.days = office.safe.private, office.days
        bundle = replace(bundle, issuers=(stranger.draw(ON_A_DEVICE).statement,))
    with pytest.raises(CounselError):
        importing.take(bundle, now=office.now)
    assert (IssuerCard.objects.count(), DeviceCard.objects.count(), ledger.size()) == (1, 0, 1)

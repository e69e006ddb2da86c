"""`manage.py keys`: what a ceremony issued comes in, and what the next one needs goes out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import CounselError, LostRaceError
from counsel.keys import cards, importing, ledger
from counsel.keys.bundle import read_bundle
from counsel.keys.codes import DEVICE, Request, digits_of_hash, digits_of_key, write_request
from counsel.keys.models import DeviceCard, IssuerCard
from counsel.keys.root import trusted_root
from counsel.models import Staff, home


class Command(BaseCommand):
    """No private key is read or written here."""

    help = "Import a ceremony's bundle, export the log for the next one, show what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        take = commands.add_parser("import", help="take over what a ceremony issued")
        take.add_argument("file", type=Path)
        give = commands.add_parser("export", help="write the log, to be taken to the ceremony")
        give.add_argument("file", type=Path)
        commands.add_parser("show", help="issuers, cards, who waits, and the log's head")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "import":
                self._import(options["file"])
            elif options["what"] == "export":
                self._export(options["file"])
            else:
                self._show()
        except LostRaceError as error:
            raise CommandError(
                "The log here has gone on since it was taken to the ceremony: export it again, and"
                " repeat the ceremony's last step with it."
            ) from error
        except CounselError as error:
            raise CommandError(str(error)) from error

    def _import(self, file: Path) -> None:
        try:
            text = file.read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        taken = importing.take(read_bundle(text), now=timezone.now())
        self.stdout.write(f"issuers: {', '.join(taken.issuers) or 'none new'}")
        self.stdout.write(f"cards: {', '.join(taken.devices) or 'none new'}")
        self.stdout.write(f"taken back: {taken.revoked}; rows of the log: {ledger.size()}")

    def _export(self, file: Path) -> None:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(ledger.whole())
        self.stdout.write(f"{file}: the log of {ledger.size()} rows; nothing in it is secret")

    def _show(self) -> None:
        now, root = timezone.now(), trusted_root()
        record(Kind.KEYS_READ, by=None, now=now)
        self.stdout.write(f"root: {root.name}{' (demo)' if root.demo else ''}")
        rows, at = ledger.rows(), ledger.headed_at()
        signed = "never signed" if at is None else f"signed {at:%Y-%m-%d %H:%M} UTC"
        self.stdout.write(f"log: {rows.size} rows   {digits_of_hash(rows.head)}   {signed}")
        for issuer in IssuerCard.objects.order_by("place"):
            gone = " taken back" if issuer.revoked_place is not None else ""
            self.stdout.write(f"issuer: {issuer.name}, until {issuer.until}{gone}")
        for card in cards.listed(home(), now):
            self.stdout.write(f"card: {_line(card)}")
        for request in cards.waiting(home()):
            self.stdout.write(f"waits: {_asks(request.staff, bytes(request.key))}")


def _line(card: DeviceCard) -> str:
    marks = [
        *(["lost"] if card.lost_at is not None else []),
        *(["taken back"] if card.revoked_place is not None else []),
    ]
    who = f"{card.staff.working_name} ({card.role})"
    return f"{who}, until {card.until}, row {card.place}{''.join(f', {mark}' for mark in marks)}"


def _asks(staff: Staff, key: bytes) -> str:
    request = Request(DEVICE, key, staff.person, staff.role, staff.working_name)
    who = f"{staff.working_name} ({staff.role})"
    return f"{who}, digits {digits_of_key(key)}\n  code {write_request(request)}"

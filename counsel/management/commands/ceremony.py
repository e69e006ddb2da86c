"""`manage.py ceremony`: the organisation's root, its offline issuer, and what two people issue.

Run it on a machine that is on no network, as `deploy/runbooks/ceremony.md` says.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from counsel.errors import ValueRefusedError
from counsel.keys import ceremony, codes
from counsel.keys.box import Box
from counsel.keys.lockbox import Passphrases, check_passphrases


class Command(BaseCommand):
    """Asks two people for their passphrases, says what was done, what to carry and what to lock away."""

    help = "Draw the root, admit issuers, certify browsers, revoke. Offline; two people."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path("ceremony"), help="its files")
        parser.add_argument(
            "--passphrases-from", nargs=2, type=int, metavar="FD",
            help="read each passphrase from a file descriptor instead of asking",
        )  # fmt: skip
        verbs = parser.add_subparsers(dest="what", required=True)
        root = verbs.add_parser("root", help="draw the organisation's root")
        root.add_argument("--name", required=True, help="the organisation, as its pages call it")
        issuer = verbs.add_parser("issuer", help="the offline issuer, or a supervisor's browser")
        which = issuer.add_mutually_exclusive_group(required=True)
        which.add_argument("--offline", metavar="NAME", help="who keeps it: 'the safe'")
        which.add_argument("--request", help="the code a supervisor's browser shows")
        device = verbs.add_parser("device", help="certify a browser for ninety days")
        device.add_argument("--request", required=True, help="the code the browser shows")
        off = verbs.add_parser("revoke", help="a certificate holds no longer")
        row = off.add_mutually_exclusive_group(required=True)
        row.add_argument("--row", type=int, help="its row in the log")
        row.add_argument("--answer", help="the answer code it was given by")
        verbs.add_parser("head", help="sign the log as it is, under today's date")
        log = verbs.add_parser("log", help="take the server's log along, before issuing anew")
        log.add_argument("file", type=Path)
        verbs.add_parser("show", help="what lies in the folder")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs: dict[str, Callable[[Box, dict[str, Any]], None]] = {
            "root": self._root, "issuer": self._issuer, "device": self._device,
            "revoke": self._revoke, "head": self._head, "log": self._log, "show": self._show,
        }  # fmt: skip
        self.now = datetime.now(UTC)
        try:
            verbs[options["what"]](Box(options["folder"]), options)
        except (ValueRefusedError, OSError) as error:
            raise CommandError(str(error)) from error

    # --- verbs ----------------------------------------------------------------------------------

    def _root(self, box: Box, options: dict[str, Any]) -> None:
        self._date()
        both = self._ask(options, fresh=True)
        root = ceremony.draw_root(box, both, name=options["name"], now=self.now)
        self._say(f"The root of {root.name} is drawn. Its digits: {codes.digits_of_key(root.key)}")
        self._say("Build it into the pages, here and in /etc/counsel/env:")
        self._say(f"ORG_ROOT={box.path('root.txt').read_text().strip()}")
        self._say(f"Lock away, on two media in two places: {box.path('root.pem')}")

    def _issuer(self, box: Box, options: dict[str, Any]) -> None:
        if options["request"] is None:
            self._date()
            both, name = self._ask(options), options["offline"]
            ceremony.draw_offline_issuer(box, both, name=name, now=self.now)
            self._say(f"Lock away, apart from the root: {box.path('issuer.pem')}")
        else:
            request = self._read(options["request"])
            both = self._ask(options)
            answer = ceremony.admit_issuer(box, both, request=request, now=self.now)
            self._answer(answer)
        self._carry(box)

    def _device(self, box: Box, options: dict[str, Any]) -> None:
        request = self._read(options["request"])
        both = self._ask(options)
        self._answer(ceremony.certify_device(box, both, request=request, now=self.now))
        self._carry(box)

    def _revoke(self, box: Box, options: dict[str, Any]) -> None:
        place = options["row"]
        if place is None:
            place = ceremony.place_of(box, codes.read_answer(options["answer"]))
        ceremony.revoke(box, self._ask(options), place=place, now=self.now)
        self._say(f"Row {place} holds no longer.")
        self._carry(box)

    def _head(self, box: Box, options: dict[str, Any]) -> None:
        self._date()
        ceremony.sign_head(box, self._ask(options), now=self.now)
        self._carry(box)

    def _log(self, box: Box, options: dict[str, Any]) -> None:
        rows = box.take_log(options["file"].read_bytes())
        self._say(f"The log here has {rows.size} rows now.")

    def _show(self, box: Box, options: dict[str, Any]) -> None:
        root, log = box.root(), box.log()
        self._say(f"{root.name}   {codes.digits_of_key(root.key)}")
        if log is None:
            self._say("No log yet: draw the offline issuer.")
            return
        rows = log.rows
        held = len(rows.places) - len(rows.revoked)
        self._say(f"{rows.size} rows, {held} certificates not revoked")
        self._say(f"head   {codes.digits_of_hash(rows.head)}   {log.signed_at:%Y-%m-%d %H:%M} UTC")

    # --- asking and saying ----------------------------------------------------------------------

    def _read(self, code: str) -> codes.Request:
        request = codes.read_request(code)
        self._date()
        self._say(f"{request.what} of {request.name}, {request.role}")
        self._say(f"Its digits, to be heard from that person: {codes.digits_of_key(request.key)}")
        return request

    def _date(self) -> None:
        self._say(f"This machine says: {self.now:%Y-%m-%d %H:%M} UTC. If that is wrong, stop here.")

    def _ask(self, options: dict[str, Any], *, fresh: bool = False) -> Passphrases:
        if options["passphrases_from"]:
            one, two = (_line_of(number) for number in options["passphrases_from"])
        else:
            one, two = (_typed(who, fresh=fresh) for who in ("first", "second"))
        both = Passphrases(one, two)
        if fresh:
            check_passphrases(both)
        return both

    def _answer(self, statements: bytes) -> None:
        self._say("The answer code:")
        self._say(codes.write_answer(statements))

    def _carry(self, box: Box) -> None:
        self._say(f"Carry to the server: {box.path('bundle.json')}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)


def _line_of(number: int) -> str:
    with os.fdopen(number, encoding="utf-8") as file:
        return file.readline().rstrip("\n")


def _typed(who: str, *, fresh: bool) -> str:
    typed = getpass.getpass(f"The {who} person's passphrase: ")
    if fresh and getpass.getpass("Once more: ") != typed:
        raise ValueRefusedError("These were two different ones.")
    return typed

"""`manage.py people`: who works here, from the shell."""

from __future__ import annotations

import getpass
import io
import sys
from typing import Any

import segno
from django.core.management.base import BaseCommand, CommandError, CommandParser

from counsel.models import STAFF_ROLES, Staff
from counsel.signin import deactivate, enrol, fold_name

_SHORTEST = 12


class Command(BaseCommand):
    """Adds, lists and lets go. The password is typed by the person, not told to anybody."""

    help = "Add, list or deactivate members of staff."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        add = commands.add_parser("add", help="add somebody and show their code secret once")
        add.add_argument("--working-name", required=True, help="what seekers see")
        add.add_argument("--sign-in-name", required=True)
        add.add_argument("--role", required=True, choices=[role.value for role in STAFF_ROLES])
        commands.add_parser("list", help="who is there")
        off = commands.add_parser("off", help="end somebody's access, and their logins, now")
        off.add_argument("sign_in_name")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "add":
            self._add(options)
        elif options["what"] == "off":
            self._off(options["sign_in_name"])
        else:
            for staff in Staff.objects.order_by("sign_in_name"):
                marks = ("" if staff.is_active else " off") + (" demo" if staff.demo else "")
                self.stdout.write(
                    f"{staff.sign_in_name:<16} {staff.working_name:<12} {staff.role}{marks}"
                )

    def _add(self, options: dict[str, Any]) -> None:
        try:
            staff, device = enrol(
                sign_in_name=options["sign_in_name"],
                working_name=options["working_name"],
                role=options["role"],
                password=_ask_password(),
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        url = str(device.config_url)
        self.stdout.write(f"{staff.working_name} ({staff.role}) signs in as {staff.sign_in_name}.")
        self.stdout.write("Scan this with an authenticator app; it is not shown again:")
        picture = io.StringIO()
        segno.make(url, micro=False).terminal(out=picture, compact=True)
        self.stdout.write(picture.getvalue() + url)

    def _off(self, name: str) -> None:
        staff = Staff.objects.filter(sign_in_name=fold_name(name)).first()
        if staff is None:
            raise CommandError(f"Nobody signs in as {name}.")
        deactivate(staff)
        self.stdout.write(f"{staff.working_name} is out; open pages close within two seconds.")


def _ask_password() -> str:
    """Typed twice at a terminal, read as one line from a pipe."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("Password (12 characters or more): ")
        if getpass.getpass("Once more: ") != password:
            raise CommandError("These were two different ones.")
    if len(password) < _SHORTEST:
        raise CommandError(f"Use {_SHORTEST} characters or more; a sentence is fine.")
    return password

"""`manage.py people`: who works here, from the shell."""

from __future__ import annotations

import getpass
import io
import sys
from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.colleagues import deactivate
from counsel.enrolment import enrol, invite
from counsel.errors import CounselError
from counsel.factors import check_password_rules
from counsel.models import STAFF_ROLES, Staff, home
from counsel.slowing import fold_name


class Command(BaseCommand):
    """Invites, adds, lists and lets go. A password is typed by the person, not told to anybody."""

    help = "Invite, add, list or deactivate members of staff."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        link = commands.add_parser("invite", help="print a link by which one new person joins")
        add = commands.add_parser("add", help="add somebody and show their code secret once")
        for verb in (link, add):
            verb.add_argument("--working-name", required=True, help="what seekers see")
            verb.add_argument("--role", required=True, choices=[role.value for role in STAFF_ROLES])
            verb.add_argument("--desk", default="", help="which one, with --role desk")
        add.add_argument("--sign-in-name", required=True)
        commands.add_parser("list", help="who is there")
        off = commands.add_parser("off", help="end somebody's access, and their logins, now")
        off.add_argument("sign_in_name")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "invite":
            self._invite(options)
        elif options["what"] == "add":
            self._add(options)
        elif options["what"] == "off":
            self._off(options["sign_in_name"])
        else:
            record(Kind.PEOPLE_READ, by=None, now=timezone.now())
            for staff in Staff.objects.order_by("sign_in_name"):
                marks = ("" if staff.is_active else " off") + (" demo" if staff.demo else "")
                self.stdout.write(
                    f"{staff.sign_in_name:<16} {staff.working_name:<12} {staff.role}{marks}"
                )

    def _invite(self, options: dict[str, Any]) -> None:
        try:
            token = invite(
                home(),
                working_name=options["working_name"],
                role=options["role"],
                desk=options["desk"],
                asked_by=None,
                now=timezone.now(),
            )
        except CounselError as error:
            raise CommandError(str(error)) from error
        hours = limits.INVITED_FOR // timedelta(hours=1)
        self.stdout.write(f"For {options['working_name']} alone; good once, for {hours} hours:")
        self.stdout.write(f"{settings.ORIGIN}/zh/staff/#join={token}")

    def _add(self, options: dict[str, Any]) -> None:
        names = options["sign_in_name"], options["working_name"]
        try:
            check_password_rules(password := _ask_password(), *names)
            staff, device = enrol(
                sign_in_name=names[0],
                working_name=names[1],
                role=options["role"],
                desk=options["desk"],
                password=password,
            )
        except CounselError as error:
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
        with transaction.atomic():
            deactivate(staff)
            record(Kind.SUSPENDED, by=None, about=staff, now=timezone.now())
        self.stdout.write(f"{staff.working_name} is out; open pages close within two seconds.")


def _ask_password() -> str:
    """Typed twice at a terminal, read as one line from a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass(f"Password ({limits.PASSWORD_LEAST} characters or more): ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("These were two different ones.")
    return password

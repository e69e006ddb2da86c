"""`manage.py demo_code`: what the authenticator apps of the demo people would show now."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from counsel import demo


class Command(BaseCommand):
    """Prints codes; says so when one was used, because no code passes twice."""

    help = "Print the current sign-in codes of the demo staff."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="lin, chen, zhou; all of them without a name")
        parser.add_argument(
            "--plain", action="store_true", help="the digits alone, waiting for an unused code"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not options["names"]:
                demo.refuse_unless_demo()
                demo.drawn()  # of a folder without people that is said, and no table asked for
            for name in options["names"] or demo.names():
                self._show(name, plain=options["plain"])
        except demo.DemoError as error:
            raise CommandError(str(error)) from error

    def _show(self, name: str, *, plain: bool) -> None:
        code = demo.current_code(name)
        while plain and code.used:
            time.sleep(code.seconds_left)
            code = demo.current_code(name)
        left = code.seconds_left
        if plain:
            self.stdout.write(code.digits)
        elif code.used:
            self.stdout.write(f"{name:<5} 用过了,等 {left} 秒再来 · used, the next in {left} s")
        else:
            self.stdout.write(f"{name:<5} {code.digits}  还有 {left} 秒 · {left} s left")

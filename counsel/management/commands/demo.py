"""`manage.py demo`: a demo root, its issuer and log, five people, their rota, and a sample directory."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from counsel import demo
from counsel.keys import demo_issuer
from triage import demo_rota
from triage.directory import samples


class Command(BaseCommand):
    """Draws what is missing; the second time changes nothing."""

    help = "Draw a demo root and demo staff into DATA/demo. Refused where real talks happen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hint", choices=["zh", "en"], help="also print where and how staff sign in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo.draw()
        except demo.DemoError as error:
            raise CommandError(str(error)) from error
        now = timezone.now()
        if demo_issuer.certifies():
            demo_issuer.begin(now)
        demo_rota.draw(now)
        samples.draw(now)
        self.stdout.write("demo root and demo staff are there")
        if options["hint"]:
            self.stdout.write(demo.sign_in_hint(options["hint"]))

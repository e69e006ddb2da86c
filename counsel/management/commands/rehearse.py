"""`manage.py rehearse`: thirty talks to be acted before the first evening, and what the rows say of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from triage.rehearsal import report
from triage.rehearsal.scenes import SCENES, WORDS, script


class Command(BaseCommand):
    """Never where real people come: what is acted would stand among what they said."""

    help = "Print the talks to act, or report on those that were. Exit code 1 if a line is missed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=sorted(WORDS), default="zh")
        commands = parser.add_subparsers(dest="what", required=True)
        play = commands.add_parser("script", help="who plays what, scene by scene")
        play.add_argument("scene", nargs="?", default="", choices=["", *(s["id"] for s in SCENES)])
        told = commands.add_parser("report", help="what the rows say of it")
        told.add_argument("--days", type=int, default=1, help="of today and so many days before")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "live":
            raise CommandError(
                "MODE=live: talks are acted where nobody real comes (MODE=rehearsal)."
            )
        if options["what"] == "script":
            for line in script(options["language"], options["scene"]):
                self.stdout.write(line)
        else:
            self._report(WORDS[options["language"]], options["days"])

    def _report(self, words: dict[str, Any], days: int) -> None:
        now = timezone.now()
        lines = report.lines(now - timedelta(days=days), now)
        for line in lines:
            said = "count" if line.bound is None else "met" if line.met else "unmet"
            bound = "" if line.bound is None else f" ≤ {line.bound:g}"
            self.stdout.write(
                f"{words['lines'][line.code]}: {line.value:g}{bound}  [{words[said]}]"
            )
        if not lines[0].value:
            raise CommandError(words["nothing"])
        if not all(line.met for line in lines):
            raise SystemExit(1)

"""`manage.py serve`: the service, until Ctrl-C."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.management.base import BaseCommand, CommandError

from counsel import demo, pages, runner
from counsel.checks import database_is_current, pages_to_serve


class Command(BaseCommand):
    """Refuses in one sentence, or serves."""

    help = "Serve pages, sockets and clock in this process, until Ctrl-C."
    requires_system_checks: list[str] = []  # noqa: RUF012  (run below, with the database)

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_unready()
        try:
            built = pages_to_serve()
            sockets = runner.listen(settings.HOST, settings.PORT)
        except (pages.PagesError, runner.CannotListenError) as error:
            raise CommandError(str(error)) from error

        def compose() -> Any:
            from counsel.asgi import compose as around

            return around(built)

        runner.run(sockets, compose, self._say_ready)

    def _refuse_unready(self) -> None:
        """One sentence for each thing that is not as it must be; warnings are printed."""
        found = checks.run_checks(include_deployment_checks=settings.SECURE, databases=["default"])
        if not settings.SECURE:
            found += database_is_current(databases=["default"])
        grave = [one for one in found if one.is_serious(checks.ERROR)]
        for one in found:
            self.stderr.write(f"{one.msg}{f' {one.hint}' if one.hint else ''} ({one.id})")
        if grave:
            raise CommandError("Not started.")

    def _say_ready(self) -> None:
        where = settings.ORIGIN
        lines = [
            "",
            f"来的人 Seekers:  {where}/  ·  {where}/en/",
            *self._staff_lines(where),
            "",
            "Ctrl-C 停 stops it.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _staff_lines(self, where: str) -> list[str]:
        if settings.ORG_ROOT and not pages.is_demo(settings.ORG_ROOT):
            return [f"倾听员 Staff:  {where}/zh/staff/  ·  {where}/en/staff/"]
        try:
            return ["", demo.sign_in_hint("zh"), "", demo.sign_in_hint("en")]
        except demo.DemoError as error:
            return [str(error)]

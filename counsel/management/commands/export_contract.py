"""Writes what is generated from the tables: the client's contracts and four documents."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from counsel.management import access, diagrams, typescript

ROOT: Final = Path(__file__).resolve().parents[3]
GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "counsel/client/contract.ts": typescript.contract,
    "counsel/client/staffContract.ts": typescript.staff_contract,
    "counsel/client/referralContract.ts": typescript.referral_contract,
    "counsel/docs/lifecycle.md": diagrams.lifecycle,
    "counsel/docs/frames.md": diagrams.frames,
    "counsel/docs/errors.md": diagrams.errors,
    "counsel/docs/rights.md": access.document,
}
"""Each generated file and the function that gives its text."""


class Command(BaseCommand):
    """`manage.py export_contract`, or `--check` to fail when a file is stale."""

    help = "Write the client contracts and the generated documents."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        for name, generate in GENERATED.items():
            try:
                text = generate()
            except (KeyError, FileNotFoundError) as error:
                raise CommandError(f"{name}: nothing there for {error}.") from error
            if is_fresh(name, text):
                continue
            if check:
                raise CommandError(f"{name} is stale. Run `make fix`.")
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote {name}")


def is_fresh(name: str, text: str) -> bool:
    """Whether the file on disk is exactly this text."""
    path = ROOT / name
    return path.is_file() and path.read_text(encoding="utf-8") == text

"""`manage.py directory`: Open Referral HSDS 3 files in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import CounselError
from counsel.models import home
from triage.directory import book, samples
from triage.directory.nesting import Row, Rows, Tree, read_json, write_json, write_tables
from triage.directory.shapes import LISTS
from triage.directory.tables import read_csv, write_csv

_TABLES: Final = ("csv", "tabular")


class Command(BaseCommand):
    """Takes files in field by field, gives them out without loss; signs nothing."""

    help = "Import or export the directory as HSDS 3 JSON or CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        into = commands.add_parser("import", help="JSON files, CSV files, or folders of CSV files")
        into.add_argument("files", nargs="+", type=Path)
        into.add_argument(
            "--objects", default="", choices=["", *sorted(LISTS)],
            help="what the objects of a JSON file are, where it does not tell",
        )  # fmt: skip
        into.add_argument("--region", default="", help="the province of services that name none")
        out = commands.add_parser("export", help="one JSON file, or a folder of CSV files")
        out.add_argument("to", type=Path)
        out.add_argument(
            "--as", dest="shape", default="tabular", choices=[*_TABLES, *sorted(LISTS)],
            help="every row of every table, or a list of these with what is nested in them",
        )  # fmt: skip
        commands.add_parser("national", help="take in the national lines the service comes with")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "export":
                self._export(options["to"], options["shape"])
            elif options["what"] == "national":
                self._took(samples.national())
            else:
                self._import(options)
        except (CounselError, OSError, ValueError) as error:
            raise CommandError(f"Nothing was changed: {error}") from error

    def _import(self, options: dict[str, Any]) -> None:
        brought = _read(options["files"], options["objects"])
        for row in (row for rows in brought for row in rows):
            if row.table == "services" and options["region"]:
                row.fields.setdefault("region", options["region"])
        self._took(*brought)

    def _took(self, *brought: Rows) -> None:
        with transaction.atomic():
            taken = sum(book.take_in(home(), rows) for rows in brought)
            record(Kind.DIRECTORY_IMPORTED, by=None, thing=str(taken), now=timezone.now())
        self.stdout.write(f"{taken} rows were taken in. Phones get them once an issuer has signed.")

    def _export(self, to: Path, shape: str) -> None:
        rows = book.read(home())
        if shape == "csv":
            to.mkdir(parents=True, exist_ok=True)
            for name, data in write_csv(rows).items():
                (to / name).write_bytes(data.encode())
        else:
            found = write_tables(rows) if shape == "tabular" else write_json(rows, shape)
            to.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
        self.stdout.write(f"{len(rows)} rows are in {to}.{_left_out(rows, shape)}")


def _read(files: list[Path], objects: str) -> list[Rows]:
    tables: dict[str, str] = {}
    found = []
    for path in files:
        if path.is_dir() or path.suffix == ".csv":
            for one in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
                tables[one.name] = _text(one)
        else:
            found.append(read_json(json.loads(_text(path)), objects))
    return [*found, read_csv(tables)] if tables else found


def _text(path: Path) -> str:
    """As it was written, every line end; without the mark that Windows puts in front."""
    return path.read_bytes().decode("utf-8-sig")


def _left_out(rows: list[Row], shape: str) -> str:
    if shape in _TABLES:
        return ""
    tree = Tree(rows)
    tree.objects(shape)
    left = len(rows) - len(tree.told)
    return f" {left} of them belong to none of these: --as tabular has every one." if left else ""

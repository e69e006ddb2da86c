"""`manage.py audit`: whether the trail is what was written, and what makes it hard to rewrite."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from counsel.audit import checkpoints, guards, sealing, verifying
from counsel.audit.checkpoints import CheckpointError
from counsel.audit.verifying import Fault, Verdict, Wrong
from counsel.statements import MINUTE, encode

_WRONG = {
    Wrong.CHANGED: "row {first} (entry {entry}) is not what was written",
    Wrong.MISSING: "rows {first} to {last} are missing",
    Wrong.REWRITTEN: "one of the rows {first} to {last} was changed, and all behind it written anew",
    Wrong.CUT: "rows {first} to {last} were there and are not: the end was cut off, or an older copy "
    "of the database brought back",
    Wrong.BACKDATED: "row {first} (entry {entry}) says it is older than a checkpoint it came behind",
    Wrong.CHECKPOINT: "line {first} of the checkpoints was not signed by this key",
}
_FAULTY, _UNKNOWN = 1, 2


class Command(BaseCommand):
    """Verifies, seals, prints the key's public half, and says what a server's own role may not do."""

    help = "Verify the staff's trail, and set up what makes rewriting it impossible to hide."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        verify = commands.add_parser(
            "verify", help="0: as written; 1: not; 2: nothing to tell it by"
        )
        verify.add_argument("--checkpoints", action="append", type=Path, metavar="FILE")
        verify.add_argument("--key", action="append", help="as `audit key` printed it: --key=…")
        commands.add_parser("seal", help="link what is new and write a checkpoint now")
        draw = commands.add_parser("draw-key", help="draw a key into a file that is not there yet")
        draw.add_argument("file", type=Path)
        commands.add_parser("key", help="print the public half of the key")
        grants = commands.add_parser(
            "grants", help="print what the tables' owner grants the server"
        )
        grants.add_argument("--role", required=True)
        grants.add_argument("--apply", action="store_true", help="and do it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match options["what"]:
                case "verify":
                    self._verify(options["checkpoints"] or [], options["key"] or [])
                case "seal":
                    self._seal()
                case "draw-key":
                    self._draw_key(options["file"])
                case "key":
                    key = checkpoints.read_key(settings.AUDIT_KEY_FILE)
                    self.stdout.write(encode(key.public_key().public_bytes_raw()))
                case _:
                    self._grant(options["role"], apply=options["apply"])
        except CheckpointError as error:
            raise CommandError(str(error), returncode=_UNKNOWN) from error

    def _verify(self, files: list[Path], said: list[str]) -> None:
        keys = [checkpoints.read_public(key) for key in said]
        keys = keys or [checkpoints.read_key(settings.AUDIT_KEY_FILE).public_key()]
        lines = [
            line
            for file in files or [settings.AUDIT_CHECKPOINTS]
            for line in checkpoints.lines(file)
        ]
        kept, strange = verifying.read_checkpoints(lines, keys)
        verdict = verifying.verify(kept)
        fault = verdict.fault or strange
        self._say_window(verdict)
        if fault is not None:
            raise CommandError(f"The trail is not what was written: {_spell(fault)}.")
        if verdict.vouched is None:
            raise CommandError("No checkpoint says what it should be.", returncode=_UNKNOWN)
        self.stdout.write("The trail is what was written.")

    def _say_window(self, verdict: Verdict) -> None:
        """What stands, up to where, and what cannot be told."""
        vouched = verdict.vouched
        if vouched is not None:
            at = vouched.at.astimezone(UTC).strftime(MINUTE)
            self.stdout.write(f"Rows 1 to {vouched.seq} are what was written until {at}.")
        since = vouched.at.astimezone(UTC).strftime(MINUTE) if vouched else "the beginning"
        now = timezone.now().astimezone(UTC).strftime(MINUTE)
        self.stdout.write(
            f"Not vouched for: {verdict.open_rows} rows read here, and whatever happened between "
            f"{since} and {now}."
        )

    def _seal(self) -> None:
        sealing.Sealer().link()
        seq, hashed = sealing.head()
        sealing.keep(seq, hashed, timezone.now())
        handed = sealing.hand_over()
        self.stdout.write(
            f"{seq} rows." + ("" if handed else " The hook did not take the checkpoint.")
        )

    def _draw_key(self, path: Path) -> None:
        if path.exists():
            raise CommandError(f"{path} is there already, and is left alone.")
        checkpoints.draw_key(path)
        key = checkpoints.read_key(path)
        self.stdout.write(encode(key.public_key().public_bytes_raw()))

    def _grant(self, role: str, *, apply: bool) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite knows no roles: whoever owns the file can do anything.")
        said = guards.grants(connection.ops.quote_name(role))
        for sentence in said:
            self.stdout.write(f"{sentence};")
        if apply:
            with transaction.atomic(), connection.cursor() as cursor:
                for sentence in said:
                    cursor.execute(sentence)


def _spell(fault: Fault) -> str:
    return _WRONG[fault.wrong].format(first=fault.first, last=fault.last, entry=fault.entry)

"""Sealing: entries get their place in the chain, and the chain its checkpoints.

Whoever acts waits for nobody: entries are linked afterwards, by whichever process comes first. Two at
once cannot fork the chain, because a place is taken once.
"""

from __future__ import annotations

import logging
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from counsel import limits
from counsel.audit import checkpoints
from counsel.audit.chain import FIELDS, GENESIS, Row, extend
from counsel.audit.checkpoints import Checkpoint, CheckpointError
from counsel.audit.models import AuditEntry, AuditLink

log = logging.getLogger(__name__)

_BATCH: Final = 500
_LOOK_BACK: Final = 1_000
"""Entries behind the last linked one among which one may still be on its way: a transaction that
began before others and ended after them. At a process's start all of them are looked through."""
_LOCK: Final = 0x636F756E
"""PostgreSQL's number for "somebody is linking"."""
_HOOK_WITHIN: Final = 10.0


class Sealer:
    """Links and checkpoints, once a second, for one process."""

    def __init__(self) -> None:
        self._from = 0

    def is_behind(self) -> bool:
        """Whether an entry has no place yet."""
        newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if self._unlinked().exists():
            return True
        self._from = max(newest - _LOOK_BACK, 0)
        return False

    def link(self) -> None:
        """Give every entry its place."""
        while self._link_some() == _BATCH:
            pass

    def _unlinked(self) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(pk__gt=self._from, link=None).order_by("pk")

    def _link_some(self) -> int:
        with transaction.atomic():
            _link_alone()
            seq, before = head()
            fresh = []
            for values in self._unlinked().values_list(*FIELDS)[:_BATCH]:
                row, seq = Row(*values), seq + 1
                before = extend(before, seq, row)
                fresh.append(AuditLink(seq=seq, entry_id=row.id, hash=before))
            AuditLink.objects.bulk_create(fresh)
        return len(fresh)


def head() -> tuple[int, bytes]:
    """The last place in the chain and its hash."""
    last = AuditLink.objects.order_by("-seq").first()
    return (last.seq, bytes(last.hash)) if last is not None else (0, GENESIS)


def _link_alone() -> None:
    """On SQLite there is one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


# --- checkpoints ----------------------------------------------------------------------------------


def newest(path: Path | None = None) -> Checkpoint | None:
    """The last checkpoint in the file, if our own key signed it."""
    line = checkpoints.last_line(path or settings.AUDIT_CHECKPOINTS)
    if not line:
        return None
    key = checkpoints.read_key(settings.AUDIT_KEY_FILE)
    try:
        return checkpoints.read(line, [key.public_key()])
    except CheckpointError:
        return None


def default_key() -> Path:
    """Where a key is drawn by itself; one named elsewhere is drawn by a person."""
    path: Path = settings.DATA / "audit" / "key"
    return path


def is_due(seq: int, last: Checkpoint | None, now: datetime) -> bool:
    """Whether the chain has to be vouched for again. Never backwards: that is for a person to see."""
    if last is None:
        return True
    if seq <= last.seq:
        return False
    return seq - last.seq >= limits.CHECKPOINT_ROWS or now - last.at >= limits.CHECKPOINT_EVERY


def went_back(seq: int) -> bool:
    """Whether the chain, which has so many rows now, is shorter than our last checkpoint says."""
    last = newest()
    return last is not None and seq < last.seq


def keep(seq: int, hashed: bytes, now: datetime) -> bool:
    """Write a checkpoint of this head if one is due; whether one was. Touches no database."""
    path: Path = settings.AUDIT_CHECKPOINTS
    if default_key() == settings.AUDIT_KEY_FILE:
        checkpoints.draw_key(settings.AUDIT_KEY_FILE)
    with checkpoints.alone(path):
        last = newest()
        if not is_due(seq, last, now):
            return False
        key = checkpoints.read_key(settings.AUDIT_KEY_FILE)
        if last is not None and last.at.date() < now.date():
            checkpoints.thin(path, now.date().isoformat())
        checkpoints.append(path, checkpoints.sign(Checkpoint(seq, hashed, now), key))
    return True


def hand_over() -> bool:
    """Give the newest checkpoint to the hook, which brings it to another machine; whether all is there.

    One line on its standard input; it says by 0 that it has it. What it did not take is offered again.
    """
    hook: Path | None = settings.AUDIT_HOOK
    line = checkpoints.last_line(settings.AUDIT_CHECKPOINTS)
    if hook is None or not line or line == handed():
        return True
    try:
        subprocess.run(
            [str(hook)], input=f"{line}\n", text=True, check=True, timeout=_HOOK_WITHIN,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        log.error("the hook did not take a checkpoint: %s", type(error).__name__)
        return False
    _handed().write_text(f"{line}\n")
    return True


def is_handed(now: datetime) -> bool:
    """Whether the hook took the last checkpoint, or is still within its time to."""
    last = newest()
    if last is None or checkpoints.last_line(settings.AUDIT_CHECKPOINTS) == handed():
        return True
    return now - last.at <= limits.CHECKPOINT_WITHIN and handed() != ""


def handed() -> str:
    """The last line the hook took."""
    return checkpoints.last_line(_handed())


def _handed() -> Path:
    path: Path = settings.AUDIT_CHECKPOINTS
    return path.with_name(f"{path.name}.handed")

"""Whether the trail is kept as live needs it: what is wanting, by code."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection

from counsel import limits
from counsel.audit import checkpoints, guards, sealing
from counsel.audit.checkpoints import Checkpoint, CheckpointError

KEY: Final = "key"
CHECKPOINTS: Final = "checkpoints"
BACK: Final = "back"
OUTSIDE: Final = "outside"
GRANTS: Final = "grants"


def wanting(now: datetime) -> tuple[list[str], Checkpoint | None]:
    """What is wanting, and the last checkpoint.

    `key`: there is none. `checkpoints`: what was done is older than two minutes and nobody vouches for
    it. `back`: the trail is shorter than a checkpoint says. `outside`: the hook did not take the last
    one, or whoever owns the database owns the file. `grants`: this server's role may rewrite.
    """
    found = []
    try:
        checkpoints.read_key(settings.AUDIT_KEY_FILE)
        last = sealing.newest()
    except CheckpointError:
        return [KEY], None
    seq, _ = sealing.head()
    if last is None or (seq > last.seq and now - last.at > limits.CHECKPOINT_WITHIN):
        found.append(CHECKPOINTS)
    if last is not None and seq < last.seq:
        found.append(BACK)
    if settings.AUDIT_HOOK is None:
        if connection.vendor == "sqlite":
            found.append(OUTSIDE)
    elif not sealing.is_handed(now):
        found.append(OUTSIDE)
    if guards.what_we_may(connection):
        found.append(GRANTS)
    return found, last

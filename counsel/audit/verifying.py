"""Whether the trail is what was written: recomputed, and held against the checkpoints kept elsewhere.

What it says has two halves: the first row that is not as it was, and what nobody can vouch for, which
is whatever came behind the last checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from counsel.audit import checkpoints
from counsel.audit.chain import FIELDS, GENESIS, Row, extend
from counsel.audit.checkpoints import Checkpoint, CheckpointError
from counsel.audit.kinds import Kind, Noun, noun_of
from counsel.audit.models import AuditEntry, AuditLink

_LATE: Final = timedelta(minutes=15)
"""How far machines' clocks may be apart before a row is called backdated."""
_DAYS: Final = timedelta(days=2)
"""The same for a row that knows its day only, in whatever zone."""


class Wrong(StrEnum):
    """What is not as it was; sentences are in `audit.verdict` of the language files."""

    CHANGED = "changed"
    """This row, or its hash, says something else than when it was linked."""
    MISSING = "missing"
    """There is no row at this place."""
    REWRITTEN = "rewritten"
    """The rows fit each other, and not the checkpoint: one of these was changed, all behind it anew."""
    CUT = "cut"
    """The trail ends before a row that was there: its end was cut off, or an older copy brought back."""
    BACKDATED = "backdated"
    """This row says it is older than a checkpoint it came behind."""
    CHECKPOINT = "checkpoint"
    """This line of the file was not signed by the key."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a place in the chain (for `CHECKPOINT`: a line of the file)."""

    wrong: Wrong
    first: int
    last: int
    entry: int = 0
    """The id of the row, where there is one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `vouched` is the last checkpoint everything before which is as it was."""

    rows: int
    """Rows with a place, as far as they were looked at."""
    unlinked: int
    """Entries that have none yet."""
    vouched: Checkpoint | None
    fault: Fault | None = None

    @property
    def open_rows(self) -> int:
        """How many rows and entries nobody vouches for."""
        return self.rows - (self.vouched.seq if self.vouched else 0) + self.unlinked


@dataclass(frozen=True, slots=True)
class _Link:
    seq: int
    hash: bytes
    row: Row


def read_checkpoints(
    lines: Sequence[str], keys: Sequence[Ed25519PublicKey]
) -> tuple[list[Checkpoint], Fault | None]:
    """Those that count, in the order of the chain, and the first line that is none."""
    found, fault = list[Checkpoint](), None
    for number, line in enumerate(lines, start=1):
        try:
            found.append(checkpoints.read(line, keys))
        except CheckpointError:
            fault = fault or Fault(Wrong.CHECKPOINT, number, number)
    return sorted(found, key=lambda one: (one.seq, one.at)), fault


def verify(kept: Sequence[Checkpoint]) -> Verdict:
    """The whole trail, row by row, up to the first one that is wrong. `kept` is in order."""
    anchors: dict[int, list[Checkpoint]] = {}
    for one in kept:
        anchors.setdefault(one.seq, []).append(one)
    verdict = _at(Verdict(0, _unlinked(), None), GENESIS, anchors)
    before = GENESIS
    for link in _links():
        if verdict.fault is not None:
            return verdict
        before, verdict = _look(link, before, verdict, anchors)
    last = kept[-1] if kept else None
    if verdict.fault is None and last is not None and last.seq > verdict.rows:
        return replace(verdict, fault=Fault(Wrong.CUT, verdict.rows + 1, last.seq))
    return verdict


def _look(
    link: _Link, before: bytes, verdict: Verdict, anchors: Mapping[int, Sequence[Checkpoint]]
) -> tuple[bytes, Verdict]:
    place = verdict.rows + 1
    if link.seq != place:
        return before, replace(verdict, fault=Fault(Wrong.MISSING, place, link.seq - 1))
    hashed = extend(before, place, link.row)
    if hashed != link.hash:
        return before, replace(verdict, fault=Fault(Wrong.CHANGED, place, place, link.row.id))
    if verdict.vouched is not None and _is_late(link.row, verdict.vouched.at):
        return before, replace(verdict, fault=Fault(Wrong.BACKDATED, place, place, link.row.id))
    return hashed, _at(replace(verdict, rows=place), hashed, anchors)


def _at(verdict: Verdict, hashed: bytes, anchors: Mapping[int, Sequence[Checkpoint]]) -> Verdict:
    """The verdict once the checkpoints of this very place were asked."""
    here = anchors.get(verdict.rows, ())
    if any(one.hash != hashed for one in here):
        first = (verdict.vouched.seq if verdict.vouched else 0) + 1
        return replace(verdict, fault=Fault(Wrong.REWRITTEN, first, verdict.rows))
    return replace(verdict, vouched=here[0]) if here else verdict


def _is_late(row: Row, vouched_at: datetime) -> bool:
    """A row behind a checkpoint is younger than it; of a talk the row knows only the day."""
    return row.at + (_DAYS if row.what in _OF_A_TALK else _LATE) < vouched_at


_OF_A_TALK: Final = frozenset(kind.value for kind in Kind if noun_of(kind) is Noun.CASE)


def _links() -> Iterator[_Link]:
    """Every row with its place, in the order of places. One whose entry is gone is gone too."""
    columns = [f"entry__{name}" for name in FIELDS]
    rows = AuditLink.objects.order_by("seq").values_list("seq", "hash", *columns)
    for seq, hashed, *values in rows.iterator(chunk_size=2000):
        yield _Link(seq, bytes(hashed), Row(*values))


def _unlinked() -> int:
    return AuditEntry.objects.filter(link=None).count()

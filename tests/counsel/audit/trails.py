"""A trail to look at, and an enemy who owns the database it lies in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from counsel.audit import checkpoints, sealing, verifying
from counsel.audit.chain import FIELDS, GENESIS, Row, extend
from counsel.audit.kinds import Kind
from counsel.audit.models import AuditEntry, AuditLink
from counsel.audit.trail import record
from counsel.audit.verifying import Verdict
from counsel.models import Staff

EVENING: Final = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


def act(staff: Staff, count: int, *, now: datetime = EVENING) -> None:
    """So many acts of this person, one a minute."""
    for minute in range(count):
        record(Kind.SIGNED_IN, by=staff, now=now + timedelta(minutes=minute))


def link() -> None:
    """Everything has its place."""
    sealing.Sealer().link()


def vouch(now: datetime) -> None:
    """The head of now is kept outside."""
    link()
    seq, hashed = sealing.head()
    assert sealing.keep(seq, hashed, now)


def judge() -> Verdict:
    """What `manage.py audit verify` finds."""
    key = checkpoints.read_key(settings.AUDIT_KEY_FILE).public_key()
    lines = checkpoints.lines(settings.AUDIT_CHECKPOINTS)
    kept, strange = verifying.read_checkpoints(lines, [key])
    assert strange is None
    return verifying.verify(kept)


def verify(*more: str) -> tuple[int, str]:
    """What `manage.py audit verify` ends with, and what it says."""
    out = io.StringIO()
    try:
        call_command("audit", "verify", *more, stdout=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


# --- what somebody who owns the database can do ---------------------------------------------------


def edit(place: int) -> None:
    """Somebody else did it."""
    entry = AuditLink.objects.get(seq=place).entry_id
    AuditEntry.objects.filter(pk=entry).update(what="signed-out")


def edit_and_hash(place: int) -> None:
    """The same, and this row's own hash fits again."""
    edit(place)
    before = AuditLink.objects.filter(seq=place - 1).first()
    values = AuditEntry.objects.filter(link__seq=place).values_list(*FIELDS).get()
    hashed = extend(bytes(before.hash) if before else GENESIS, place, Row(*values))
    AuditLink.objects.filter(seq=place).update(hash=hashed)


def delete(place: int) -> None:
    """It was never done."""
    link = AuditLink.objects.get(seq=place)
    entry = link.entry
    link.delete()
    entry.delete()


def delete_and_close(place: int) -> None:
    """The same, and those behind it move up."""
    delete(place)
    _renumber([row for row in _rows() if row[0] != place])


def insert(place: int) -> None:
    """Somebody did it who was not there; those behind it make room."""
    like = AuditEntry.objects.get(link__seq=place)
    like.pk = None
    like.by = "x" * 22
    like.save()
    rows = _rows()
    rows.insert(place - 1, (place, like.pk, bytes(32)))
    _renumber(rows)


def reorder(place: int) -> None:
    """This and the next one change places."""
    rows = _rows()
    (one, first, hash_one), (two, second, hash_two) = rows[place - 1], rows[place]
    rows[place - 1], rows[place] = (one, second, hash_one), (two, first, hash_two)
    _renumber(rows)


def cut(place: int) -> None:
    """From here on nothing was done."""
    gone = list(AuditLink.objects.filter(seq__gte=place).values_list("entry_id", flat=True))
    AuditLink.objects.filter(seq__gte=place).delete()
    AuditEntry.objects.filter(pk__in=gone).delete()


def roll_back(place: int) -> None:
    """The copy that was made when this row was not there yet takes the place of what there is."""
    links = list(AuditLink.objects.filter(seq__lt=place))
    copy = list(AuditEntry.objects.filter(pk__in=[one.entry_id for one in links]))
    AuditLink.objects.all().delete()
    AuditEntry.objects.all().delete()
    AuditEntry.objects.bulk_create(copy)
    AuditLink.objects.bulk_create(links)


def rewrite(place: int) -> None:
    """Somebody else did it, and the whole chain is written anew so that it fits."""
    edit(place)
    _rehash()


def forget(place: int) -> None:
    """It was never done, and the whole chain fits."""
    delete_and_close(place)
    _rehash()


def slip_in(place: int) -> None:
    """Somebody did it who was not there, and the whole chain fits."""
    insert(place)
    _rehash()


def swap(place: int) -> None:
    """This and the next one change places, and the whole chain fits."""
    reorder(place)
    _rehash()


def _rows() -> list[tuple[int, int, bytes]]:
    links = AuditLink.objects.order_by("seq").values_list("seq", "entry_id", "hash")
    return [(seq, entry, bytes(hashed)) for seq, entry, hashed in links]


@transaction.atomic
def _renumber(rows: Sequence[tuple[int, int, bytes]]) -> None:
    AuditLink.objects.all().delete()
    AuditLink.objects.bulk_create(
        AuditLink(seq=seq, entry_id=entry, hash=hashed)
        for seq, (_, entry, hashed) in enumerate(rows, start=1)
    )


def _rehash() -> None:
    before = GENESIS
    for link in AuditLink.objects.order_by("seq"):
        values = AuditEntry.objects.filter(pk=link.entry_id).values_list(*FIELDS).get()
        before = extend(before, link.seq, Row(*values))
        AuditLink.objects.filter(seq=link.seq).update(hash=before)

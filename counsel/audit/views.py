"""What auditors ask of the trail, and what everybody is told about it. See `counsel/questions.py`.

An entry is `{id, at, by: colleague or null, role, what, about: colleague or null, noun, thing}`; `at` is
`2026-11-26T20:14Z`, or `2026-11-26` where it is about a talk.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from counsel import limits, moment
from counsel.answers import measure
from counsel.audit import checkpoints, reading, verifying
from counsel.audit.checkpoints import CheckpointError
from counsel.audit.kinds import Kind, noun_of
from counsel.audit.reading import Filter, Shown
from counsel.audit.trail import record
from counsel.errors import AccessError, WireError
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.views import present, spell

_ROOM: Final = limits.SIZES[-1] - 256
"""Bytes of one page of entries: the largest body, less its own frame."""


@question(Right.SEE_AUDIT, reads=Kind.TRAIL_READ)
def trail(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{before, person, what, case, day}` → `{entries, before}`, the newest first.

    `before` of the answer, unless 0, asks for the older ones. Empty words filter nothing; `day` is one
    of the organisation's calendar. The first page has `total` and `people` too: how many there are, and
    who could have done something.
    """
    wanted, before = _filter(staff, said), said.number("before", most=2**53)
    if before:
        return _page(staff, wanted, before)
    people = _people(staff)
    total = reading.count(staff.organisation, wanted)
    return {
        **_page(staff, wanted, before, left=_ROOM - measure(people)),
        "total": total,
        "people": people,
    }


@question(Right.SEE_AUDIT, reads=Kind.TRAIL_READ)
def export(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """The same for a file of the newest `EXPORT_ROWS` entries at the most. Only its first page is an
    export, and says in the trail how many that is.
    """
    wanted, before = _filter(staff, said), said.number("before", most=2**53)
    rows = _page(staff, wanted, before)
    if not before:
        count = min(reading.count(staff.organisation, wanted), limits.EXPORT_ROWS)
        record(Kind.TRAIL_EXPORTED, by=staff, thing=str(count), now=moment.now())
    return rows


@question(Right.SEE_AUDIT, reads=Kind.TRAIL_READ)
def verdict(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{rows, open, vouched: {seq, at} or null, wrong, first, last}`; `wrong` is empty if nothing
    is, and `unknown` where there is nothing to tell it by.
    """
    try:
        key = checkpoints.read_key(settings.AUDIT_KEY_FILE).public_key()
        lines = checkpoints.lines(settings.AUDIT_CHECKPOINTS)
    except CheckpointError:
        lines, key = [], None
    kept, strange = verifying.read_checkpoints(lines, [key] if key else [])
    found = verifying.verify(kept)
    fault = found.fault or strange
    return {
        "rows": found.rows,
        "open": found.open_rows,
        "vouched": found.vouched and {"seq": found.vouched.seq, "at": spell(found.vouched.at)},
        "wrong": fault.wrong.value if fault else "" if found.vouched else "unknown",
        "first": fault.first if fault else 0,
        "last": fault.last if fault else 0,
    }


@question(Right.OWN)
def told(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{}`: they have read what is recorded about them. The first time counts."""
    now = moment.now()
    with transaction.atomic():
        if Staff.objects.filter(pk=staff.pk, told_at=None).update(told_at=now):
            record(Kind.TOLD, by=staff, now=now)
    return {}


def _people(staff: Staff) -> list[dict[str, str]]:
    """Whom one can look for, those who are still here first; as many as half an answer holds."""
    everybody = Staff.objects.filter(organisation=staff.organisation)
    found, left = list[dict[str, str]](), _ROOM // 2
    for one in everybody.order_by("-is_active", "working_name"):
        left -= measure(present(one)) + 1
        if left < 0:
            break
        found.append(present(one))
    return found


def _filter(staff: Staff, said: Said) -> Filter:
    """What was asked for. A person of another organisation is as absent as one nobody knows."""
    person, what, day = said.text("person"), said.text("what"), said.text("day")
    if person and not Staff.objects.filter(organisation=staff.organisation, person=person).exists():
        raise AccessError("nobody there")
    if what and what not in set(Kind):
        raise WireError("no such kind")
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise WireError("no day") from error
    if on is not None and not 2000 <= on.year < 3000:
        raise WireError("no year of ours")
    return Filter(person=person, what=what, case_code=said.text("case", longest=8).upper(), day=on)


def _page(staff: Staff, wanted: Filter, before: int, left: int = _ROOM) -> dict[str, Any]:
    rows, more = reading.page(staff.organisation, wanted, before=before, rows=limits.TRAIL_ROWS)
    entries = list[dict[str, Any]]()
    for row in rows:
        entry = _entry(row)
        left -= measure(entry) + 1
        if left < 0:
            more = True
            break
        entries.append(entry)
    return {"entries": entries, "before": entries[-1]["id"] if more and entries else 0}


def _entry(row: Shown) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "by": present(row.by) if row.by else None,
        "role": row.role,
        "what": row.what,
        "about": present(row.about) if row.about else None,
        "noun": noun_of(Kind(row.what)).value if row.what in set(Kind) else "",
        "thing": row.thing,
    }

"""The log: sealed envelopes of a session in one order, each on disk before anybody hears of it.

`append` takes what many senders want to store at the same moment and commits it once. It locks the
sessions concerned, so what it checks still holds when it writes: the seat is open, the session is
active, the group is the newest, the epoch the present one. Hand-written SQL, because this is the
one place every message passes; PostgreSQL and SQLite run the same four statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from chat import wire
from chat.models import Envelope
from counsel.errors import (
    AccessError,
    ConflictError,
    CounselError,
    IllegalTransitionError,
    StaleEpochError,
)
from counsel.lifecycle import State


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to store. `epoch` means nothing for a Welcome, which begins a group."""

    session_id: int
    seat_id: int
    what: str
    client_id: bytes
    sealed: bytes
    group_id: bytes
    epoch: int = 0
    statement: bytes = b""


class Row(NamedTuple):
    """One stored envelope and whose it is; the frame is what travels."""

    session_id: int
    seat_id: int
    frame: wire.Envelope


@dataclass(slots=True)
class Head:
    """Where a session's log stands. Only changed while its row is locked."""

    state: str
    last_seq: int
    group: int
    group_id: bytes
    epoch: int
    news: int
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a batch: a place or a refusal for each draft, in the order of the drafts."""

    verdicts: tuple[int | CounselError, ...]
    rows: tuple[Row, ...]
    heads: dict[int, Head]


_LOCK: Final = """
    SELECT id, state, last_seq, "group", group_id, epoch, news FROM chat_counselsession
    WHERE id IN ({ids}) ORDER BY id{lock}"""
_SEATS: Final = "SELECT id FROM chat_seat WHERE ended_at IS NULL AND id IN ({ids})"
_KNOWN: Final = """
    SELECT e.session_id, e.seat_id, e.client_id, e.seq, e.sealed, e.statement
    FROM (VALUES {rows}) AS v
    JOIN chat_envelope AS e ON e.seat_id = v.column1 AND e.client_id = v.column2"""
_INSERT: Final = """
    INSERT INTO chat_envelope
    (session_id, seq, "group", what, client_id, seat_id, sealed, statement) VALUES {rows}"""
_RAISE: Final = """
    UPDATE chat_counselsession AS s
    SET last_seq = v.column2, "group" = v.column3, group_id = v.column4, epoch = v.column5,
        news = v.column6
    FROM (VALUES {rows}) AS v WHERE s.id = v.column1"""

_Param = int | str | bytes
_Known = dict[tuple[int, int, bytes], tuple[int, bytes, bytes]]


def append(drafts: Sequence[Draft]) -> Appended:
    """Store a batch in one transaction and say what became of each draft.

    The same seat and client id with the same bytes is the same place again. Verdicts may be
    `AccessError`, `IllegalTransitionError`, `StaleEpochError` and `ConflictError`; one refusal
    touches no other draft. Sessions are locked in the order of their ids, so batches of two
    processes wait for each other and never block for ever.
    """
    with transaction.atomic():
        heads = _lock({draft.session_id for draft in drafts})
        seats = _open_seats({draft.seat_id for draft in drafts})
        known = _already_stored(drafts)
        verdicts: list[int | CounselError] = []
        rows: list[Row] = []
        for draft in drafts:
            try:
                row = _place(draft, heads, seats, known)
            except CounselError as refusal:
                verdicts.append(refusal)
                continue
            if isinstance(row, Row):
                rows.append(row)
                verdicts.append(row.frame.seq)
            else:
                verdicts.append(row)
        if rows:
            _insert(rows)
            _raise_heads(heads)
    return Appended(tuple(verdicts), tuple(rows), {i: h for i, h in heads.items() if h.touched})


def _place(draft: Draft, heads: dict[int, Head], seats: set[int], known: _Known) -> Row | int:
    """The row this draft becomes, or the place it already has; its head moves on."""
    head = heads.get(draft.session_id)
    if head is None or draft.seat_id not in seats:
        raise AccessError
    key = (draft.session_id, draft.seat_id, draft.client_id)
    if before := known.get(key):
        if before[1:] != (draft.sealed, draft.statement):
            raise ConflictError
        return before[0]
    if head.state != State.ACTIVE:
        raise IllegalTransitionError("nobody is in this talk")
    if draft.what == Envelope.WELCOME:
        if draft.group_id == head.group_id:
            raise ConflictError("a fresh group has a fresh id")
        head.group, head.group_id, head.epoch = head.group + 1, draft.group_id, 1
    elif not head.group_id:
        raise IllegalTransitionError("whoever took this talk has not opened a group yet")
    elif (draft.group_id, draft.epoch) != (head.group_id, head.epoch):
        raise StaleEpochError
    elif draft.what == Envelope.COMMIT:
        head.epoch += 1
    head.last_seq += 1
    head.news += 1
    head.touched = True
    known[key] = (head.last_seq, draft.sealed, draft.statement)
    frame = wire.Envelope(
        seq=head.last_seq, group=head.group, what=draft.what, client_id=draft.client_id,
        sealed=draft.sealed, statement=draft.statement,
    )  # fmt: skip
    return Row(draft.session_id, draft.seat_id, frame)


def _ask(sql: str, params: Sequence[_Param] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _numbers(ids: Iterable[int]) -> str:
    """Row ids of ours, as SQL. Nothing a client sent ever comes here."""
    return ",".join(f"{int(i)}" for i in sorted(ids))


def _lock(session_ids: set[int]) -> dict[int, Head]:
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    found = _ask(_LOCK.format(ids=_numbers(session_ids), lock=lock))
    return {row[0]: Head(row[1], row[2], row[3], bytes(row[4]), row[5], row[6]) for row in found}


def _open_seats(seat_ids: set[int]) -> set[int]:
    return {row[0] for row in _ask(_SEATS.format(ids=_numbers(seat_ids)))}


def _already_stored(drafts: Sequence[Draft]) -> _Known:
    pairs: list[tuple[_Param, ...]] = [(draft.seat_id, draft.client_id) for draft in drafts]
    found = _ask(_KNOWN.format(rows=_marks(pairs)), [*chain.from_iterable(pairs)])
    return {
        (row[0], row[1], bytes(row[2])): (row[3], bytes(row[4]), bytes(row[5])) for row in found
    }


def _insert(rows: Sequence[Row]) -> None:
    _write(
        _INSERT,
        [
            (session_id, f.seq, f.group, f.what, f.client_id, seat_id, f.sealed, f.statement)
            for session_id, seat_id, f in rows
        ],
    )


def _raise_heads(heads: dict[int, Head]) -> None:
    _write(
        _RAISE,
        [
            (session_id, head.last_seq, head.group, head.group_id, head.epoch, head.news)
            for session_id, head in heads.items()
            if head.touched
        ],
    )


def _write(sql: str, rows: Sequence[Sequence[_Param]]) -> None:
    """One statement for all rows. Where a trip costs nothing, one row's is planned once for good:
    SQLite would else plan anew for every number of rows, which takes longer than writing them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(sql.format(rows=_marks(rows[:1])), rows)
        else:
            cursor.execute(sql.format(rows=_marks(rows)), [*chain.from_iterable(rows)])


def _marks(rows: Sequence[Sequence[_Param]]) -> str:
    return ",".join([f"({','.join(['%s'] * len(row))})" for row in rows])


_FIELDS: Final = (
    "session_id", "seat_id", "seq", "group", "what", "client_id", "sealed", "statement",
)  # fmt: skip


def read_after(session_id: int, seq: int, limit: int) -> list[Row]:
    """Up to `limit` rows of one session behind the place `seq`, in order."""
    found = Envelope.objects.filter(session_id=session_id, seq__gt=seq).order_by("seq")
    return [_row(values) for values in found.values_list(*_FIELDS)[:limit]]


def read_behind(places: dict[int, int], limit: int) -> list[Row]:
    """Up to `limit` rows behind each session's own place, sessions one after the other."""
    where = " OR ".join(f"(session_id = {int(i)} AND seq > {int(n)})" for i, n in places.items())
    columns = ", ".join(f'"{name}"' for name in _FIELDS)
    found = _ask(
        f"SELECT {columns} FROM chat_envelope WHERE {where} "
        f"ORDER BY session_id, seq LIMIT {int(limit)}"
    )
    return [_row(values) for values in found]


def _row(values: Sequence[Any]) -> Row:
    session_id, seat_id, seq, group, what, client_id, sealed, statement = values
    frame = wire.Envelope(
        seq=seq, group=group, what=what, client_id=bytes(client_id),
        sealed=bytes(sealed), statement=bytes(statement),
    )  # fmt: skip
    return Row(session_id, seat_id, frame)

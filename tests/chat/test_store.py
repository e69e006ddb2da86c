"""The log: order without gaps, once, fenced, and one commit for many."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import durability, keys, store
from chat.access import seat_for_seeker
from chat.models import CounselSession, Envelope, Seat
from chat.store import Draft, Head
from counsel.errors import (
    AccessError,
    ConflictError,
    CounselError,
    IllegalTransitionError,
    NoKeyLeftError,
    StaleEpochError,
)
from counsel.identity import TokenHash
from counsel.lifecycle import Event, Role
from tests.asking import request
from tests.chat.test_lifecycle import NOW, start
from tests.people import APPS, commit, hire, key_package, seal, welcome

pytestmark = pytest.mark.django_db


class Room:
    """An active session with a group, seen from the store."""

    def __init__(self) -> None:
        from chat import sessions

        self.id = start()
        self.lin = hire(secrets.token_hex(8)).staff.pk
        sessions.advance(self.id, Event.TAKE, role=Role.COUNSELLOR, staff_id=self.lin, now=NOW)
        self.seeker = Seat.objects.get(session_id=self.id, role="seeker").pk
        self.listener = Seat.objects.get(session_id=self.id, role="counsellor").pk
        self.group_id = secrets.token_bytes(16)
        self.opening = Draft(
            self.id, self.listener, "welcome", secrets.token_bytes(16), welcome(), self.group_id,
            statement=b"duty",
        )  # fmt: skip
        assert store.append([self.opening]).verdicts == (1,)

    def words(self, epoch: int = 1) -> Draft:
        """Something Sana says."""
        return Draft(
            self.id, self.seeker, "words", secrets.token_bytes(16), seal(self.group_id, epoch),
            self.group_id, epoch,
        )  # fmt: skip

    def commit(self, epoch: int = 1) -> Draft:
        """A commit of hers."""
        return replace(self.words(epoch), what="commit", sealed=commit(self.group_id, epoch))


def kinds(verdicts: tuple[int | CounselError, ...]) -> list[object]:
    """Places as numbers, refusals as their class."""
    return [v if isinstance(v, int) else type(v) for v in verdicts]


def test_a_batch_of_many_sessions_is_one_transaction_of_few_queries() -> None:
    rooms = [Room() for _ in range(5)]
    drafts = [room.words() for _ in range(3) for room in rooms]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        done = store.append(drafts)
    assert kinds(done.verdicts) == [2] * 5 + [3] * 5 + [4] * 5
    assert len([q for q in captured if "SAVEPOINT" not in q["sql"]]) == 5
    for room in rooms:
        assert [row.frame.seq for row in store.read_after(room.id, 0, 99)] == [1, 2, 3, 4]
        assert CounselSession.objects.get(pk=room.id).last_seq == 4


def test_sqlite_plans_what_it_writes_once_however_many_speak() -> None:
    if connection.vendor != "sqlite":
        return
    rooms = [Room() for _ in range(3)]
    written = []
    for drafts in ([rooms[0].words()], [room.words() for _ in range(2) for room in rooms]):
        with CaptureQueriesContext(connection) as captured:
            store.append(drafts)
        said = [q["sql"].partition(" times: ")[2] or q["sql"] for q in captured]
        written.append([sql for sql in said if "INSERT" in sql or "UPDATE" in sql])
    assert len(written[0]) == 2
    assert written[0] == written[1], "one row and many are the same statement"


def test_a_row_of_the_log_is_written_into_two_indexes_and_no_third() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Envelope._meta.db_table)
    written = [one for one in found.values() if one["index"] or one["unique"]]
    indexes = sorted(tuple(one["columns"]) for one in written if not one["primary_key"])
    assert indexes == [("seat_id", "client_id", "session_id"), ("session_id", "seq")]


def test_whether_it_was_stored_already_is_one_probe_for_each() -> None:
    if connection.vendor != "sqlite":
        return
    drafts = [Room().words() for _ in range(3)]
    with CaptureQueriesContext(connection) as captured:
        store.append(drafts)
    (asked,) = [q["sql"] for q in captured if "e.client_id" in q["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
        plan = [row[3] for row in cursor.fetchall()]
    assert [step for step in plan if "(seat_id=? AND client_id=?)" in step and "SEARCH e" in step]
    assert not [step for step in plan if "SCAN e" in step]


def test_what_is_read_back_is_what_was_stored() -> None:
    room = Room()
    draft = room.words()
    done = store.append([draft])
    assert store.read_after(room.id, 1, 99) == list(done.rows)
    assert store.read_behind({room.id: 1}, 99) == list(done.rows)
    assert done.rows[0].frame.sealed == draft.sealed
    assert done.heads == {
        room.id: Head("active", 2, 1, room.group_id, 1, done.heads[room.id].news, touched=True)
    }
    assert store.read_after(room.id, 0, 1)[0].frame.statement == b"duty"


def test_again_is_the_same_place_in_the_same_batch_and_later() -> None:
    room = Room()
    draft = room.words()
    assert kinds(store.append([draft, draft]).verdicts) == [2, 2]
    assert kinds(store.append([draft]).verdicts) == [2]
    other = replace(draft, sealed=seal(room.group_id))
    assert kinds(store.append([other, room.words()]).verdicts) == [ConflictError, 3]
    assert kinds(store.append([replace(room.opening, statement=b"x")]).verdicts) == [ConflictError]


def test_again_is_answered_even_when_the_epoch_has_moved() -> None:
    room = Room()
    draft = room.words()
    store.append([draft, room.commit()])
    assert kinds(store.append([draft, room.words()]).verdicts) == [2, StaleEpochError]


def test_of_two_commits_in_one_batch_the_first_wins() -> None:
    room = Room()
    done = store.append([room.commit(), room.commit(), room.words(1), room.words(2)])
    assert kinds(done.verdicts) == [2, StaleEpochError, StaleEpochError, 3]
    assert CounselSession.objects.get(pk=room.id).epoch == 2


def test_an_old_group_and_a_future_epoch_are_refused() -> None:
    room = Room()
    old = room.words()
    room.group_id = secrets.token_bytes(16)
    fresh = replace(room.opening, group_id=room.group_id, client_id=secrets.token_bytes(16))
    done = store.append([fresh, old, room.words(2), room.words(1)])
    assert kinds(done.verdicts) == [2, StaleEpochError, StaleEpochError, 3]
    assert [row.frame.group for row in done.rows] == [2, 2]


def test_a_group_id_in_use_opens_no_group() -> None:
    room = Room()
    again = replace(room.opening, client_id=secrets.token_bytes(16))
    assert kinds(store.append([again]).verdicts) == [ConflictError]


def test_an_ended_seat_writes_nothing_whatever_it_sends() -> None:
    room = Room()
    draft = replace(room.words(), seat_id=room.listener)
    assert kinds(store.append([draft]).verdicts) == [2]
    Seat.objects.filter(pk=room.listener).update(ended_at=NOW)
    fresh = replace(room.words(), seat_id=room.listener)
    verdicts = store.append([draft, fresh, replace(room.opening, group_id=bytes(16))]).verdicts
    assert kinds(verdicts) == [AccessError] * 3
    assert Envelope.objects.filter(session_id=room.id).count() == 2


@pytest.mark.parametrize("state", ["waiting", "closed"])
def test_nothing_is_stored_in_a_talk_nobody_is_in(state: str) -> None:
    room = Room()
    CounselSession.objects.filter(pk=room.id).update(state=state)
    assert kinds(store.append([room.words()]).verdicts) == [IllegalTransitionError]


def test_nobody_writes_to_the_group_of_who_was_here_before() -> None:
    """A phone that missed the return and the next take must not speak into an empty room."""
    from chat import sessions

    room = Room()
    sessions.advance(room.id, Event.RETURN, role=Role.CLOCK, now=NOW)
    chen = hire(secrets.token_hex(8)).staff.pk
    sessions.advance(room.id, Event.TAKE, role=Role.COUNSELLOR, staff_id=chen, now=NOW)
    assert kinds(store.append([room.words()]).verdicts) == [IllegalTransitionError]


def test_one_refusal_touches_no_neighbour() -> None:
    one, two = Room(), Room()
    CounselSession.objects.filter(pk=one.id).delete()
    assert kinds(store.append([one.words(), two.words()]).verdicts) == [AccessError, 2]


def test_every_stored_row_is_news() -> None:
    room = Room()
    before = CounselSession.objects.get(pk=room.id).news
    store.append([room.words(), room.words()])
    assert CounselSession.objects.get(pk=room.id).news == before + 2


def test_keys_are_given_once_and_the_last_resort_stays() -> None:
    token_hash = TokenHash(secrets.token_bytes(32))
    mine, resort = [key_package(), key_package()], key_package()
    from chat import sessions

    seat = sessions.start_session(
        token_hash, request=request(), key_packages=mine, last_resort=resort, now=NOW
    )
    given = [keys.claim_key_package(seat) for _ in range(4)]
    assert given == [*mine, resort, resort]
    keys.put_key_packages(seat, mine, b"")  # the phone's answer got lost: it says them again
    assert keys.claim_key_package(seat) == resort
    fresh, new_resort = key_package(), key_package()
    keys.put_key_packages(seat, [fresh], new_resort)
    assert [keys.claim_key_package(seat) for _ in range(2)] == [fresh, new_resort]


def test_no_key_is_said_and_too_many_are_not_kept() -> None:
    from chat import sessions
    from counsel import limits

    seat = sessions.start_session(
        TokenHash(secrets.token_bytes(32)),
        request=request(), key_packages=(), last_resort=b"", now=NOW,
    )  # fmt: skip
    with pytest.raises(NoKeyLeftError):
        keys.claim_key_package(seat)
    for _ in range(3):
        keys.put_key_packages(seat, [key_package() for _ in range(5)], b"")
    assert keys.count_left(seat.session_id) == limits.MAX_KEY_PACKAGES


def test_an_ended_seat_claims_nothing() -> None:
    room = Room()
    seat = replace(
        seat_for_seeker(TokenHash(bytes(CounselSession.objects.get(pk=room.id).token_hash))),
        id=room.listener,
    )
    Seat.objects.filter(pk=room.listener).update(ended_at=datetime.now(UTC))
    with pytest.raises(AccessError):
        keys.claim_key_package(seat)
    assert keys.count_left(room.id) == 1


def test_a_database_that_does_not_wait_for_its_disk_is_refused() -> None:
    from django.core.exceptions import ImproperlyConfigured

    durability.check(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL synchronous_commit = off")
        else:
            return  # SQLite cannot change it inside a test's transaction; see below
    with pytest.raises(ImproperlyConfigured):
        durability.check(connection)


@pytest.mark.django_db(transaction=True, available_apps=APPS)
def test_sqlite_without_full_sync_is_refused() -> None:
    from django.core.exceptions import ImproperlyConfigured

    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            with pytest.raises(ImproperlyConfigured):
                durability.check(connection)
        finally:
            cursor.execute("PRAGMA synchronous=FULL")

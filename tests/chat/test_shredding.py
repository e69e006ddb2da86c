"""Erasing: of a whole talk one row stays in the whole database, and it refers to nothing."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from chat import carrying, shredding, wire
from chat.lanes import READ, WRITE
from chat.models import CounselSession, Tombstone
from tests.people import APPS, Browser, Seeker, browsing, commit, talking

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)

STAYS = {
    "counsel_organisation",
    "chat_tombstone", "counsel_staff", "counsel_login", "counsel_slowedname", "django_session",
    "django_migrations", "django_content_type", "auth_permission", "sqlite_sequence",
    "otp_totp_totpdevice", "triage_shift", "triage_handsof", "counsel_auditentry",
}  # fmt: skip
"""Tables that hold rows of the staff or of Django itself."""


def every_row() -> dict[str, list[Any]]:
    """Every row of every table there is, also of tables no model knows."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = {}
        for table in [*tables, *(["sqlite_sequence"] if connection.vendor == "sqlite" else [])]:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = cursor.fetchall()
    return rows


async def test_one_tombstone_stays_and_nothing_else_in_any_table() -> None:
    async with talking() as talk:
        words = secrets.token_bytes(64)
        await talk.phone.ask(talk.words(text=words))
        await talk.desk.ask(wire.ClaimKey())
        sealed = commit(talk.group_id)
        await talk.desk.ask(wire.Send(client_id=secrets.token_bytes(16), sealed=sealed))
        known = await READ(lambda: CounselSession.objects.values().get())
        assert await talk.phone.ask(wire.Erase()) == wire.Done()
        await talk.desk.hear_news(state="erased")
        rows = await READ(every_row)
        assert {table for table, found in rows.items() if found} <= STAYS
        assert len(rows["chat_tombstone"]) == 1
        left = [value for found in rows.values() for row in found for value in row]
        gone: list[Any] = [
            words,
            sealed,
            talk.group_id,
            talk.ref,
            known["case_code"],
            known["token_hash"],
        ]
        as_read = [bytes(v) if isinstance(v, memoryview) else v for v in left]
        for value in gone:
            assert value not in as_read
        tombstone = await READ(Tombstone.objects.get)
        assert tombstone.month.day == 1


async def test_the_case_finds_every_model_there_is() -> None:
    tables = set(await READ(every_row))
    assert {model._meta.db_table for model in apps.get_models()} <= tables


async def test_erasing_twice_is_done_and_a_stranger_is_told_the_same() -> None:
    async with talking() as talk:
        assert await talk.phone.ask(wire.Erase()) == wire.Done()
        assert await talk.phone.ask(wire.Erase()) == wire.Done()
        phone, eve = Browser(), Browser()
        async with browsing(phone, eve):
            answers = []
            for browser, token in ((phone, talk.sana), (eve, Seeker())):
                answers.append([await browser.ask(token.resume()), await browser.ask(wire.Erase())])
                assert not browser.close_code
            assert answers[0] == answers[1]
            assert answers[0] == [wire.Refused(code="no-seat", retry_after=0), wire.Done()]


async def test_who_showed_no_token_erases_nothing() -> None:
    eve = Browser()
    async with browsing(eve):
        assert await eve.ask(wire.Erase()) == wire.Refused(code="no-seat", retry_after=0)


async def test_erasing_while_words_are_on_their_way_leaves_none() -> None:
    async with talking() as talk:
        for _ in range(10):
            talk.desk.say(talk.words())
        assert await talk.phone.ask(wire.Erase()) == wire.Done()
        await talk.desk.hear_news(state="erased")
        await talk.desk.ask(wire.End())
        rows = await READ(every_row)
        assert {table for table, found in rows.items() if found} <= STAYS


async def test_nothing_of_it_is_left_in_the_files_of_sqlite() -> None:
    if connection.vendor != "sqlite":
        return
    async with talking() as talk:
        words = secrets.token_bytes(5000)
        await talk.phone.ask(talk.words(text=words))
        path = Path(connection.settings_dict["NAME"])
        files = [path, path.with_name(path.name + "-wal")]
        assert any(words[:64] in file.read_bytes() for file in files)
        await talk.phone.ask(wire.Erase())
        assert not any(words[:64] in file.read_bytes() for file in files)
        assert not any(talk.ref in file.read_bytes() for file in files)


async def test_what_was_stored_is_carried_into_the_database_while_nobody_waits() -> None:
    if connection.vendor != "sqlite":
        return
    async with talking() as talk:
        words = secrets.token_bytes(5000)
        await talk.phone.ask(talk.words(text=words))
        for _ in range(200):
            if _is_in_the_database(words[:64]):
                return
            await asyncio.sleep(0.05)
        pytest.fail("it lies in the log alone")


def _is_in_the_database(words: bytes) -> bool:
    return words in Path(connection.settings_dict["NAME"]).read_bytes()


async def test_erasing_waits_for_whoever_carries_and_leaves_nothing_owed() -> None:
    if connection.vendor != "sqlite":
        return
    async with talking() as talk:
        words = secrets.token_bytes(5000)
        await talk.phone.ask(talk.words(text=words))
        with carrying.ALONE:
            erasing = asyncio.ensure_future(talk.phone.ask(wire.Erase()))
            await asyncio.sleep(0.2)
            assert not erasing.done()
        await erasing
        assert not shredding.is_owed()


async def test_a_reader_in_the_way_only_delays_the_last_trace() -> None:
    if connection.vendor != "sqlite":
        return
    async with talking() as talk:
        await talk.phone.ask(talk.words())
        reader = await READ(_begin_reading)
        await talk.phone.ask(wire.Erase())
        assert shredding.is_owed()
        await READ(reader)
        await WRITE(shredding.flush_what_is_owed)
        assert not shredding.is_owed()


def _begin_reading() -> Any:
    import sqlite3

    other = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT * FROM chat_envelope").fetchall()

    def stop() -> None:
        other.rollback()
        other.close()

    return stop

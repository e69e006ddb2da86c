"""Carol sits down in a talk, and the trail says so: before she sees anything, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import access, sessions, wire
from chat.lanes import READ, WRITE
from chat.models import CounselSession
from counsel.audit.models import AuditCase, AuditEntry
from counsel.identity import SessionRef
from counsel.lifecycle import Role
from tests.people import APPS, Browser, browsing, hire, talking

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)


def written() -> list[tuple[str, str]]:
    """What was done, and by whom."""
    return list(AuditEntry.objects.order_by("pk").values_list("what", "by"))


async def test_from_taking_to_ending_each_act_is_written_once() -> None:
    async with talking() as talk:
        carol = talk.carol.staff.person
        assert await READ(written) == [("case-taken", carol), ("case-opened", carol)]
        await talk.desk.ask(wire.End())
        await talk.desk.ask(wire.End())
        assert [what for what, _ in await READ(written)] == [
            "case-taken", "case-opened", "case-ended",
        ]  # fmt: skip
        assert await READ(AuditCase.objects.count) == 1


async def test_a_line_that_is_cut_and_mended_is_one_look() -> None:
    async with talking() as talk:
        for _ in range(3):
            access._looked_in.clear()  # as another process would
            desk = Browser(talk.carol.cookie)
            async with browsing(desk):
                assert isinstance(await desk.ask(talk.carol.attend(talk.ref)), wire.Seated)
        assert [what for what, _ in await READ(written)].count("case-opened") == 1


async def test_a_look_that_is_known_writes_nothing() -> None:
    async with talking() as talk:

        def again() -> list[str]:
            with CaptureQueriesContext(connection) as asked:
                now = datetime.now(UTC)
                ref = SessionRef(talk.ref)
                if not access.has_looked_in(talk.carol.staff.pk, ref, now):
                    access.look_in(talk.carol.staff.pk, ref, now)
                access.seat_for_staff(talk.carol.staff.pk, ref)
            return [query["sql"] for query in asked if query["sql"].startswith("INSERT")]

        assert await WRITE(again) == []


async def test_on_another_day_it_is_another_look() -> None:
    async with talking() as talk:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert not access.has_looked_in(talk.carol.staff.pk, SessionRef(talk.ref), tomorrow)
        await WRITE(access.look_in, talk.carol.staff.pk, SessionRef(talk.ref), tomorrow)
        assert [what for what, _ in await READ(written)].count("case-opened") == 2


async def test_who_may_not_sit_down_leaves_no_look_behind() -> None:
    async with talking() as talk:
        before = await READ(written)
        dan = await WRITE(hire, "dan")
        eve = Browser(dan.cookie)
        async with browsing(eve):
            refused = wire.Refused(code="no-seat", retry_after=0)
            assert await eve.ask(dan.attend(talk.ref)) == refused
        assert await READ(written) == before


async def test_what_seekers_and_the_clock_do_is_nobodys_act() -> None:
    async with talking() as talk:
        before = await READ(written)
        pk = await READ(lambda: CounselSession.objects.get().pk)
        await WRITE(sessions.erase_session, pk, role=Role.SEEKER, now=datetime.now(UTC))
        assert await READ(written) == before
        assert await READ(AuditCase.objects.count) == 0
        assert await talk.phone.hear(wire.News)

"""Who must not meet whom: the rule, the query that asks it, the board, and the index they stand on."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chat import sessions
from chat.models import CounselSession
from counsel.errors import NobodyWaitsError, WireError
from counsel.framing import pack_record, unpack_record
from counsel.identity import TokenHash
from counsel.lifecycle import Role
from counsel.models import Staff
from counsel.places import INDUSTRIES, REGIONS
from tests.asking import request
from tests.chat.test_lifecycle import NOW
from tests.people import hire, key_package
from triage.board import read_boards
from triage.exclusions import Whereabouts
from triage.matching import take_next
from triage.models import Place, Shift
from triage.queue import entry, outlook
from triage.queue.chooser import Room
from triage.queue.claim import claiming
from triage.queue.heads import Asker, in_order
from triage.queue.wire import Request, Standing

SHENZHEN, CHENGDU = "44", "51"


def seek(region: str = "", industry: str = "") -> int:
    """Somebody who waits and said this much."""
    seat = sessions.start_session(
        TokenHash(secrets.token_bytes(32)),
        request=request(region=region, industry=industry),
        key_packages=(key_package(),),
        last_resort=key_package(),
        now=NOW,
    )
    return seat.session_id


@pytest.mark.parametrize(
    ("staff", "region", "industry", "meet"),
    [
        (Whereabouts(), SHENZHEN, "electronics", True),
        (Whereabouts(SHENZHEN), "", "", True),
        (Whereabouts(SHENZHEN, "electronics"), SHENZHEN, "food", False),
        (Whereabouts(SHENZHEN, "electronics"), CHENGDU, "electronics", False),
        (Whereabouts(SHENZHEN, "electronics"), CHENGDU, "food", True),
        (Whereabouts(SHENZHEN, in_plant=True), "", "", False),
        (Whereabouts(SHENZHEN, in_plant=True), CHENGDU, "", True),
        (Whereabouts(SHENZHEN, "electronics", in_plant=True), "", "food", True),
        (Whereabouts(SHENZHEN, "electronics", in_plant=True), CHENGDU, "electronics", False),
        (Whereabouts(in_plant=True), CHENGDU, "food", False),
    ],
)
def test_one_thing_in_common_is_enough_and_a_plant_has_to_be_elsewhere(
    staff: Whereabouts, region: str, industry: str, meet: bool
) -> None:
    assert staff.may_meet(region, industry) is meet


SOME_REGIONS, SOME_INDUSTRIES = ["", *REGIONS[:2]], ["", *INDUSTRIES[:2]]
STAFF = st.builds(
    Whereabouts, st.sampled_from(SOME_REGIONS), st.sampled_from(SOME_INDUSTRIES), st.booleans()
)


class Asked(TestCase):
    """The database is asked exactly the rule."""

    said: ClassVar[dict[int, tuple[str, str]]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.said = {
            seek(region, industry): (region, industry)
            for region in SOME_REGIONS
            for industry in SOME_INDUSTRIES
        }

    @given(STAFF)
    @settings(max_examples=30)
    def test_the_query_is_the_rule(self, who: Whereabouts) -> None:
        expected = {pk for pk, said in self.said.items() if who.may_meet(*said)}
        assert set(in_order(Asker(who), NOW, each=999)) == expected


@pytest.mark.django_db
def test_who_may_not_be_met_is_left_for_a_colleague() -> None:
    lin, carol = hire("lin").staff, hire("carol").staff
    Staff.objects.filter(pk=lin.pk).update(region=SHENZHEN)
    near, far = seek(SHENZHEN), seek(CHENGDU)
    refs = {pk: bytes(CounselSession.objects.get(pk=pk).ref) for pk in (near, far)}
    assert take_next(lin.pk, NOW) == refs[far]
    with pytest.raises(NobodyWaitsError):
        take_next(lin.pk, NOW)
    assert take_next(carol.pk, NOW) == refs[near]


@pytest.mark.django_db
def test_nobody_is_counted_as_listening_who_will_not_be_given_to_them() -> None:
    lin, carol = hire("lin").staff, hire("carol").staff
    Staff.objects.filter(pk=lin.pk).update(industry="electronics")
    Staff.objects.update(board_seen_at=NOW)
    near, far = seek(industry="electronics"), seek(industry="food")
    told = outlook.look([near, far], NOW).standing
    assert {pk: unpack_record(Standing, said).nobody for pk, said in told.items()} == {
        near: 0,
        far: 0,
    }
    Shift.objects.filter(staff=carol).delete()
    told = outlook.look([near, far], NOW).standing
    assert {pk: unpack_record(Standing, said).nobody for pk, said in told.items()} == {
        near: 1,
        far: 0,
    }
    assert outlook.listeners(NOW) == 1


@pytest.mark.django_db
def test_a_board_shows_whom_its_owner_may_meet_and_a_supervisor_everybody() -> None:
    lin, carol, sam = hire("lin").staff, hire("carol").staff, hire("sam", Role.SUPERVISOR).staff
    Staff.objects.filter(pk__in=[lin.pk, sam.pk]).update(region=SHENZHEN, in_plant=True)
    for region in (SHENZHEN, CHENGDU, ""):
        seek(region)
    boards = read_boards([lin.pk, carol.pk, sam.pk], NOW)
    assert [boards[one.pk].board.waiting for one in (lin, carol, sam)] == [1, 3, 3]
    assert [len(boards[one.pk].board.rows) for one in (lin, carol, sam)] == [1, 3, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{"region": "99"}, {"industry": 99}, {"exclusions": 2}])
def test_a_place_that_is_none_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        entry.admit(1, pack_record(Request(event=0, tier=2, language="zh", **said), 64), NOW)
    assert not CounselSession.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who",
    [
        Whereabouts(),
        Whereabouts(SHENZHEN, "electronics"),
        Whereabouts(SHENZHEN, "electronics", in_plant=True),
    ],
    ids=["everybody", "kept apart", "in a plant"],
)
def test_the_next_person_is_found_by_the_index_of_the_queue(who: Whereabouts) -> None:
    """Among many talks that are over, and without putting those who wait into order anew."""
    seek()
    closed_at = datetime(2026, 1, 1, tzinfo=UTC)
    over = CounselSession.objects.bulk_create(
        CounselSession(
            ref=secrets.token_bytes(16),
            token_hash=secrets.token_bytes(32),
            case_code=f"{number:04d}",
            state="closed",
            closed_at=closed_at,
        )
        for number in range(2000)
    )
    Place.objects.bulk_create(
        Place(session=one, queued=False, tier=2, since=closed_at, due_at=closed_at, language="zh")
        for one in over
    )
    asked, values = claiming(Asker(who), NOW, Room.ANYBODY, skip_locked=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explain + asked, values)
        plan = [" ".join(map(str, row)) for row in cursor.fetchall()]
    assert not [line for line in plan if re.search(r"(SCAN|Seq Scan on) triage_place", line)]
    reads = [line for line in plan if re.search(r"(SEARCH|Scan.* on) triage_place", line)]
    marked = [line for line in reads if re.search("triage_place_pkey|autoindex", line)]
    assert len(reads) == 4, "one for every turn, one for each class of its tier, one to mark it"
    assert len(marked) == 1
    assert all("place_next" in line for line in reads if line not in marked)
    assert sum("TEMP B-TREE" in line for line in plan) <= 1, "only the turns themselves"

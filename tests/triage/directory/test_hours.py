"""Open or not, as the clock of the place says it: the same on server and phone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.directory.hours import CLOSED, OPEN, UNKNOWN, look

VECTORS: Final = Path(__file__).resolve().parents[2] / "vectors" / "hours.json"
CASES: Final[list[dict[str, Any]]] = json.loads(VECTORS.read_text(encoding="utf-8"))
CHINA: Final = 480


@pytest.mark.parametrize("case", CASES, ids=[case["claim"] for case in CASES])
def test_it_is_open_when_its_schedules_say_so(case: dict[str, Any]) -> None:
    found = {at: look(case["schedules"], datetime.fromisoformat(at), CHINA) for at in case["looks"]}
    assert found == case["looks"]


words = st.one_of(
    st.none(), st.integers(-400, 400), st.text("0123456789:,-+MOTUWESAFR", max_size=8)
)
KEYS: Final = (
    *("freq", "byday", "opens_at", "closes_at", "interval", "count", "dtstart", "until", "wkst"),
    *("valid_from", "valid_to", "bymonthday", "byyearday", "byweekno", "timezone"),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), words), max_size=3), st.datetimes())
def test_whatever_somebody_wrote_there_is_an_answer(said: list[Any], at: datetime) -> None:
    assert look(
        said,
        at.replace(tzinfo=datetime.fromisoformat("2026-01-01T00:00Z").tzinfo, year=2026),
        CHINA,
    ) in {OPEN, CLOSED, UNKNOWN}

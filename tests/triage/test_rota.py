"""The rules of the rota, said a second time in minutes, and hours on walls whose clocks change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counsel import limits
from counsel.errors import CounselError, ShiftClashError, ShiftTooLongError, ValueRefusedError
from triage import rota
from triage.rota import Span

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
KATHMANDU, NEW_YORK, LORD_HOWE = (
    ZoneInfo(name) for name in ("Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe")
)


def span(begin: int, end: int) -> Span:
    """From one quarter-hour after noon to another."""
    return Span(NOON + begin * QUARTER, NOON + end * QUARTER)


SPANS = st.tuples(st.integers(-40, 40), st.integers(1, 16)).map(lambda t: span(t[0], t[0] + t[1]))
HELD = st.lists(SPANS, max_size=6)


def _stood(spans: list[Span]) -> set[int]:
    """The minutes somebody stands, and those of every rest shorter than half an hour."""
    minutes = {minute for one in spans for minute in range(_minute(one.starts), _minute(one.ends))}
    for minute in sorted(minutes):
        rest = [minute + later for later in range(1, 31)]
        if rest[0] not in minutes and any(one in minutes for one in rest[:30]):
            minutes |= set(rest[: min(i for i, one in enumerate(rest) if one in minutes)])
    return minutes


def _minute(at: datetime) -> int:
    return int((at - NOON).total_seconds()) // 60


def _longest(minutes: set[int]) -> int:
    """The longest stretch without a gap."""
    longest = run = 0
    for minute in range(min(minutes, default=0), max(minutes, default=0) + 1):
        run = run + 1 if minute in minutes else 0
        longest = max(longest, run)
    return longest


def _fitting(spans: list[Span]) -> list[Span]:
    """Those of them the rules let one person hold, taken one after the other."""
    held: list[Span] = []
    for one in spans:
        if _answer(lambda one=one: rota.check_fits(one, held)) is None:  # type: ignore[misc]
            held.append(one)
    return held


def _answer(asked: Callable[[], object]) -> type[CounselError] | None:
    try:
        asked()
    except CounselError as error:
        return type(error)
    return None


@given(HELD)
@example([span(0, 12), span(13, 17)])
@example([span(0, 8), span(10, 18)])
@example([span(0, 8), span(8, 16)])
def test_nobody_stands_twice_at_once_or_longer_than_four_hours(spans: list[Span]) -> None:
    held = _fitting(spans)
    for index, one in enumerate(held):
        assert not any(one.meets(other) for other in held[index + 1 :])
    assert _longest(_stood(held)) <= limits.SHIFT_AT_MOST // timedelta(minutes=1)


@given(HELD, SPANS)
def test_what_is_refused_would_break_a_rule(spans: list[Span], more: Span) -> None:
    held = _fitting(spans)
    overlaps = any(_stood([more]) & set(_stood([one])) for one in held)
    too_long = _longest(_stood([*held, more])) > 240
    expected = ShiftClashError if overlaps else ShiftTooLongError if too_long else None
    assert _answer(lambda: rota.check_fits(more, held)) is expected


@given(HELD, st.integers(-40 * 15, 40 * 15))
def test_who_walks_in_stays_as_long_as_the_rules_let_them(spans: list[Span], minute: int) -> None:
    held, now = _fitting(spans), NOON + timedelta(minutes=minute)
    try:
        until = rota.walk_in_until(now, held)
    except ShiftClashError:
        assert any(one.has(now) for one in held)
        return
    except ShiftTooLongError:
        assert _answer(lambda: rota.check_fits(Span(now, now + rota._MINUTE), held)) is not None
        return
    assert _answer(lambda: rota.check_fits(Span(now, until), held)) is None
    assert until - now <= limits.SHIFT_AT_MOST
    longer = Span(now, until + rota._MINUTE)
    assert until - now == limits.SHIFT_AT_MOST or (
        _answer(lambda: rota.check_fits(longer, held)) is not None
    )


@pytest.mark.parametrize(
    ("held", "until"),
    [
        ([], 16),
        ([span(8, 20)], 6),  # two hours, then three planned: too long on end, so a rest before
        ([span(2, 14)], 2),  # half an hour, then three: until the next one begins
        ([span(-8, -1)], 8),  # two hours stood, a quarter-hour ago
        ([span(-8, -2)], 16),  # rested for half an hour
    ],
)
def test_a_walk_in_ends_where_it_has_to(held: list[Span], until: int) -> None:
    assert rota.walk_in_until(NOON, held) == NOON + until * QUARTER


def test_who_stood_four_hours_rests_first() -> None:
    with pytest.raises(ShiftTooLongError):
        rota.walk_in_until(NOON, [span(-16, -1)])
    assert rota.walk_in_until(NOON, [span(-18, -2)]) == NOON + limits.SHIFT_AT_MOST


# --- walls --------------------------------------------------------------------------------------

EVERY_CLOCK = [SHANGHAI, BERLIN, KATHMANDU, NEW_YORK, LORD_HOWE]
WALLS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 (a wall)
    lambda wall: wall.replace(second=0, microsecond=0)
)


@given(WALLS, st.sampled_from(EVERY_CLOCK))
@example(datetime(2026, 3, 29, 2, 30), BERLIN)  # noqa: DTZ001
@example(datetime(2026, 10, 25, 2, 30), BERLIN)  # noqa: DTZ001
@example(datetime(2026, 10, 4, 2, 10), LORD_HOWE)  # noqa: DTZ001 (half an hour is skipped)
def test_an_instant_is_the_first_minute_a_wall_shows_that_hour_or_a_later_one(
    wall: datetime, zone: ZoneInfo
) -> None:
    begin = wall.replace(tzinfo=UTC) - timedelta(hours=15)
    minutes = (begin + timedelta(minutes=minute) for minute in range(30 * 60))
    shows = (at for at in minutes if at.astimezone(zone).replace(tzinfo=None) >= wall)
    assert rota.instant(wall, zone) == next(shows)


def wall(text: str) -> datetime:
    """An hour on a wall."""
    return datetime.fromisoformat(text)


def test_the_same_hours_are_planned_through_both_changes_of_the_year() -> None:
    for first in ("2026-03-15", "2026-10-11"):
        spans = rota.weekly(wall(f"{first}T20:00"), wall(f"{first}T23:30"), weeks=5, zone=BERLIN)
        shown = {
            (rota.on_the_wall(one.starts, BERLIN)[11:], rota.on_the_wall(one.ends, BERLIN)[11:])
            for one in spans
        }
        assert shown == {("20:00", "23:30")}
        hours = {one.starts.hour for one in spans}
        assert hours == {18, 19}  # in UTC they moved


def test_a_night_with_an_hour_more_ends_after_four_and_one_with_an_hour_less_is_shorter() -> None:
    autumn = rota.weekly(wall("2026-10-24T23:00"), wall("2026-10-25T03:00"), weeks=1, zone=BERLIN)
    assert [one.ends - one.starts for one in autumn] == [timedelta(hours=4)]
    spring = rota.weekly(wall("2026-03-28T23:00"), wall("2026-03-29T03:00"), weeks=1, zone=BERLIN)
    assert [one.ends - one.starts for one in spring] == [timedelta(hours=3)]


def test_an_hour_the_clocks_skip_is_no_shift() -> None:
    plan = rota.weekly(wall("2026-03-22T02:00"), wall("2026-03-22T03:00"), weeks=3, zone=BERLIN)
    assert [rota.on_the_wall(one.starts, BERLIN)[:10] for one in plan] == [
        "2026-03-22",
        "2026-04-05",
    ]


@pytest.mark.parametrize(
    ("ends", "error"),
    [
        ("2026-11-24T20:00", ValueRefusedError),
        ("2026-11-24T19:00", ValueRefusedError),
        ("2026-11-25T00:01", ShiftTooLongError),
    ],
)
def test_hours_that_are_none_are_refused(ends: str, error: type[CounselError]) -> None:
    with pytest.raises(error):
        rota.weekly(wall("2026-11-24T20:00"), wall(ends), weeks=1, zone=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-11-24", SHANGHAI, 24),
        ("2026-03-29", BERLIN, 23),
        ("2026-10-25", BERLIN, 25),
    ],
)
def test_a_day_has_the_hours_it_has(day: str, zone: ZoneInfo, hours: int) -> None:
    found = rota.days(date.fromisoformat(day), 1, zone)
    assert found.ends - found.starts == timedelta(hours=hours)

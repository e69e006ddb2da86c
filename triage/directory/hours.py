"""Whether a place is open, by its HSDS schedules (iCalendar, RFC 5545 section 3.3.10). Pure.

A schedule names days by a rule, and hours of each of them on the clock of the place. Hours that end
before they begin, or at the same minute, go on past midnight. The browser's twin is
`triage/client/directory/hours.ts`; both read `tests/vectors/hours.json`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

Schedule = Mapping[str, Any]

OPEN: Final = "open"
CLOSED: Final = "closed"
UNKNOWN: Final = "unknown"
"""Nobody said when, or by a rule this cannot read."""

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY: Final = timedelta(days=1)
_WHOLE: Final = 24 * 60
_COUNTED: Final = 3660
"""Days after its first within which a counted rule is followed."""


class _UnreadableError(Exception):
    """A rule this does not understand."""


def look(schedules: Sequence[Schedule], at: datetime, offset: int) -> str:
    """`open`, `closed` or `unknown` at this instant. `offset`: minutes the place is ahead of UTC.

    A schedule's own `timezone` (hours ahead of UTC) goes before it.
    """
    found, doubtful = CLOSED, not schedules
    for schedule in schedules:
        try:
            if _is_open(schedule, at, offset):
                found = OPEN
        except _UnreadableError:
            doubtful = True
    return UNKNOWN if doubtful and found == CLOSED else found


def _is_open(schedule: Schedule, at: datetime, offset: int) -> bool:
    own = schedule.get("timezone")
    if isinstance(own, (int, float)) and not isinstance(own, bool) and abs(own) <= 14:
        offset = int(own * 60)
    wall = at.astimezone(UTC).astimezone(timezone(timedelta(minutes=offset)))
    minute, day = wall.hour * 60 + wall.minute, wall.date()
    opens, closes = _clock(schedule, "opens_at", 0), _clock(schedule, "closes_at", _WHOLE)
    if closes <= opens:
        closes += _WHOLE
    today = opens <= minute < closes and _falls_on(schedule, day)
    return today or (minute + _WHOLE < closes and _falls_on(schedule, day - _DAY))


def _clock(schedule: Schedule, key: str, unsaid: int) -> int:
    value = schedule.get(key)
    if value in (None, ""):
        return unsaid
    found = re.fullmatch(r"(\d\d):([0-5]\d)(?::[0-5]\d)?", str(value), re.ASCII)
    if found is None or (minutes := int(found[1]) * 60 + int(found[2])) > _WHOLE:
        raise _UnreadableError(key)
    return minutes


# --- which days ---------------------------------------------------------------------------------


def _falls_on(schedule: Schedule, day: date) -> bool:
    if not _date(schedule, "valid_from", date.min) <= day <= _date(schedule, "valid_to", date.max):
        return False
    first = _date(schedule, "dtstart", date.min)
    if not first <= day <= _date(schedule, "until", date.max):
        return False
    if not _matches(schedule, day, first):
        return False
    count = _number(schedule, "count", 0)
    if not count:
        return True
    if first == date.min or (day - first).days > _COUNTED:
        raise _UnreadableError("count")
    days = (first + timedelta(days=n) for n in range((day - first).days + 1))
    return sum(_matches(schedule, one, first) for one in days) <= count


def _matches(schedule: Schedule, day: date, first: date) -> bool:
    named = _words(schedule, "byday")
    rule = str(schedule.get("freq") or ("WEEKLY" if named else "DAILY")).upper()
    if rule not in _RULES:
        raise _UnreadableError(rule)
    every = _number(schedule, "interval", 1)
    if every > 1 and first == date.min:
        raise _UnreadableError("interval")
    return _RULES[rule](schedule, day, first, max(every, 1))


def _daily(schedule: Schedule, day: date, first: date, every: int) -> bool:
    if every > 1 and (day - first).days % every:
        return False
    return _on_weekday(schedule, day, True) and _on_monthday(schedule, day, True)


def _weekly(schedule: Schedule, day: date, first: date, every: int) -> bool:
    start = str(schedule.get("wkst") or "MO")
    if start not in _DAYS:
        raise _UnreadableError("wkst")
    if every > 1:
        weeks = (_week(day, start) - _week(first, start)).days // 7
        if weeks % every:
            return False
    return _on_weekday(schedule, day, first == date.min or first.weekday() == day.weekday())


def _monthly(schedule: Schedule, day: date, first: date, every: int) -> bool:
    if every > 1 and ((day.year - first.year) * 12 + day.month - first.month) % every:
        return False
    if not (_words(schedule, "byday") or _words(schedule, "bymonthday")):
        return first != date.min and day.day == first.day
    return _on_weekday(schedule, day, True) and _on_monthday(schedule, day, True)


def _yearly(schedule: Schedule, day: date, first: date, every: int) -> bool:
    if every > 1 and (day.year - first.year) % every:
        return False
    last = date(day.year, 12, 31).timetuple().tm_yday
    place, week = day.timetuple().tm_yday, day.isocalendar().week
    weeks = date(day.isocalendar().year, 12, 28).isocalendar().week
    rules = [
        _among(schedule, "byyearday", place, last),
        _among(schedule, "byweekno", week, weeks),
        _among(schedule, "bymonthday", day.day, _days_in(day)),
    ]
    said = [rule for rule in rules if rule is not None]
    if not said and not _words(schedule, "byday"):
        return first != date.min and (day.month, day.day) == (first.month, first.day)
    return all(said) and _on_weekday(schedule, day, True)


_RULES: Final = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}


def _week(day: date, start: str) -> date:
    """The first day of its week."""
    return day - timedelta(days=(day.weekday() - _DAYS.index(start)) % 7)


def _on_weekday(schedule: Schedule, day: date, unsaid: bool) -> bool:
    """Whether `byday` names it: `MO`, or in a month `1MO` and `-1MO`."""
    named = _words(schedule, "byday")
    if not named:
        return unsaid
    found = False
    for name in named:
        read = re.fullmatch(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", name, re.ASCII)
        if read is None:
            raise _UnreadableError("byday")
        if _DAYS.index(read[2]) == day.weekday():
            before, after = (day.day - 1) // 7 + 1, (_days_in(day) - day.day) // 7 + 1
            found |= read[1] is None or int(read[1]) in (before, -after)
    return found


def _on_monthday(schedule: Schedule, day: date, unsaid: bool) -> bool:
    found = _among(schedule, "bymonthday", day.day, _days_in(day))
    return unsaid if found is None else found


def _among(schedule: Schedule, key: str, place: int, last: int) -> bool | None:
    """Whether a list of numbers names this place, counted from the front or from behind; None: no list."""
    named = _words(schedule, key)
    if not named:
        return None
    if not all(re.fullmatch(r"[+-]?\d{1,3}", name, re.ASCII) for name in named):
        raise _UnreadableError(key)
    return any(int(name) in (place, place - last - 1) for name in named)


def _days_in(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - _DAY).day


# --- reading ------------------------------------------------------------------------------------


def _words(schedule: Schedule, key: str) -> list[str]:
    value = schedule.get(key)
    if value in (None, ""):
        return []
    return [word for part in str(value).split(",") if (word := part.strip().upper())]


def _number(schedule: Schedule, key: str, unsaid: int) -> int:
    value = schedule.get(key)
    if value in (None, ""):
        return unsaid
    if not re.fullmatch(r"\d{1,4}", str(value), re.ASCII):
        raise _UnreadableError(key)
    return int(value)


def _date(schedule: Schedule, key: str, unsaid: date) -> date:
    value = schedule.get(key)
    if value in (None, ""):
        return unsaid
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value), re.ASCII):
        raise _UnreadableError(key)
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _UnreadableError(key) from error

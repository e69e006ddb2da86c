"""The rules of the rota, and how hours on a wall clock become instants. No table, no clock, no I/O.

A person's shifts never overlap, and nobody stands for more than four hours on end; a short rest
between two shifts does not make them two. What the wall clock shows is repeated from week to week,
also over a change to or from summer time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from counsel import limits
from counsel.errors import ShiftClashError, ShiftTooLongError, ValueRefusedError

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one instant up to, and without, another. UTC."""

    starts: datetime
    ends: datetime

    def has(self, at: datetime) -> bool:
        """Whether this instant lies in it."""
        return self.starts <= at < self.ends

    def meets(self, other: Span) -> bool:
        """Whether some instant lies in both."""
        return self.starts < other.ends and other.starts < self.ends


def runs(spans: Iterable[Span]) -> list[Span]:
    """What somebody stands on end, in order: spans with too short a rest between them are one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts - found[-1].ends < limits.SHIFTS_APART:
            last = found.pop()
            span = Span(last.starts, max(last.ends, span.ends))
        found.append(span)
    return found


def check_fits(span: Span, held: Collection[Span]) -> None:
    """Whether somebody who holds these may hold this one too.

    Raises `ShiftClashError` for two at one time, `ShiftTooLongError` for too long on end.
    """
    if any(span.meets(other) for other in held):
        raise ShiftClashError
    for run in runs([*held, span]):
        if run.has(span.starts) and run.ends - run.starts > limits.SHIFT_AT_MOST:
            raise ShiftTooLongError


def walk_in_until(now: datetime, held: Collection[Span]) -> datetime:
    """Until when somebody who comes now may stay: four hours, or until their own next shift.

    Less when what they stood before or stand next makes it too long on end. Raises
    `ShiftClashError` when they hold a shift now, `ShiftTooLongError` when they have to rest first.
    """
    if any(span.has(now) for span in held):
        raise ShiftClashError
    began = now
    for run in runs(span for span in held if span.starts < now):
        if now - run.ends < limits.SHIFTS_APART:
            began = run.starts
    until = min(began + limits.SHIFT_AT_MOST, now + limits.SHIFT_AT_MOST)
    for run in runs(span for span in held if span.starts >= now)[:1]:
        if run.ends - began <= limits.SHIFT_AT_MOST:
            until = min(until, run.starts)
        else:
            until = min(until, run.starts - limits.SHIFTS_APART)
    if until - now < _MINUTE:
        raise ShiftTooLongError
    return until


# --- wall clocks --------------------------------------------------------------------------------


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a clock in this zone shows this, in UTC. `wall` is naive.

    Shown twice, the first time counts; never shown because clocks skip it, the instant they skip.
    Either way shifts that touch on the wall touch in truth.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    changed = first.astimezone(zone).utcoffset()

    def is_changed(minute: int) -> bool:
        return (before + minute * _MINUTE).astimezone(zone).utcoffset() == changed

    minutes = range((first - before) // _MINUTE + 1)
    return before + bisect_left(minutes, True, key=is_changed) * _MINUTE


def weekly(starts: datetime, ends: datetime, *, weeks: int, zone: ZoneInfo) -> list[Span]:
    """The same hours on the wall for so many weeks.

    In a night that has an hour more, the shift ends when four hours are over; what a night that has
    an hour less leaves nothing of is left out. Raises `ValueRefusedError` for hours that end before
    they begin, `ShiftTooLongError` for more than four.
    """
    if ends <= starts:
        raise ValueRefusedError("it ends before it begins")
    if ends - starts > limits.SHIFT_AT_MOST:
        raise ShiftTooLongError
    found = []
    for week in range(weeks):
        later = timedelta(weeks=week)
        first = instant(starts + later, zone)
        last = min(instant(ends + later, zone), first + limits.SHIFT_AT_MOST)
        if first < last:
            found.append(Span(first, last))
    return found


def days(first: date, count: int, zone: ZoneInfo) -> Span:
    """So many whole days of this zone."""
    midnight = datetime.combine(first, time())
    return Span(instant(midnight, zone), instant(midnight + timedelta(days=count), zone))


def on_the_wall(at: datetime, zone: ZoneInfo) -> str:
    """What a clock in this zone shows, to the minute: `2026-11-24T20:00`."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")

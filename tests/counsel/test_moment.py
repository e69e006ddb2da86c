"""Machines that share a database share its clock, however wrong their own is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from counsel import moment


class Elsewhere:
    """A database whose clock is so far ahead of this machine's."""

    vendor = "postgresql"

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """Asked what time it is, it says so."""
        yield self

    def execute(self, sql: str) -> None:
        """The one question there is."""
        assert "clock_timestamp" in sql

    def fetchone(self) -> tuple[datetime]:
        """Its answer."""
        return (datetime.now(UTC) + self.ahead,)


@pytest.fixture(autouse=True)
def together() -> Iterator[None]:
    yield
    moment._settle(timedelta())


def _is_off_by(wanted: timedelta) -> bool:
    return abs(moment.now() - datetime.now(UTC) - wanted) < timedelta(seconds=1)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_machine_that_is_an_hour_off_goes_by_the_database(
    hours: int, caplog: pytest.LogCaptureFixture
) -> None:
    ahead = timedelta(hours=hours)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            moment.keep_to(Elsewhere(ahead))  # type: ignore[arg-type]
    assert _is_off_by(ahead)
    assert len(caplog.records) == 1, "said once, not every second"
    moment.keep_to(Elsewhere(timedelta()))  # type: ignore[arg-type]
    assert _is_off_by(timedelta())


def test_what_an_answer_takes_on_its_way_is_no_drift() -> None:
    moment.keep_to(Elsewhere(timedelta(milliseconds=600)))  # type: ignore[arg-type]
    assert moment._off == timedelta()


@pytest.mark.django_db
def test_the_database_here_agrees_with_this_machine() -> None:
    moment.keep_to(connection)
    assert moment._off == timedelta()

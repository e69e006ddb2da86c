"""Everybody, for every test of a handover."""

from __future__ import annotations

import pytest

from tests.triage.handover.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, and a talk under way."""
    return Cast()

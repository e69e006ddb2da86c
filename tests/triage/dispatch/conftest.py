"""Who is on in tests of help."""

from __future__ import annotations

import pytest

from counsel.lifecycle import Role
from counsel.models import Staff
from tests.people import hire


@pytest.fixture
def lin() -> Staff:
    return hire("lin").staff


@pytest.fixture
def sam() -> Staff:
    return hire("sam", Role.SUPERVISOR).staff

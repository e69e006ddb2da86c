"""What the stories stand on: built once, and for each story a service and browsers of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.people import Chromiums, chromiums
from tests.scenario.site import Built, Site, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The first day's data and the pages."""
    folder: Path = tmp_path_factory.mktemp("built")
    return build(folder)


@pytest.fixture
def site(tmp_path: Path, built: Built) -> Iterator[Site]:
    """One web process on SQLite, running."""
    with Site(tmp_path / "site", built).open() as found:
        yield found


@pytest.fixture
def browsers(tmp_path: Path) -> Iterator[Chromiums]:
    """Where people get their Chromium; closed after each story."""
    with chromiums(tmp_path / "profiles") as found:
        yield found

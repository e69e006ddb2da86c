"""What is built once for all stories."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.site import Built, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The first day's data and the pages."""
    folder: Path = tmp_path_factory.mktemp("built")
    return build(folder)

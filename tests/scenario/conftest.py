"""What several files of stories stand on; one that needs none of it loads no browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.scenario.lying import Contexts
    from tests.scenario.lying_stage import Stage
    from tests.scenario.site import Built


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a file of stories. Such a file has no `browsers`."""
    from tests.scenario.lying import one_chromium

    with one_chromium() as found:
        yield found


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, built: Built, chromium: Browser
) -> Iterator[Stage]:
    """A service in enemy hands, for a file of stories."""
    from tests.scenario.lying_stage import staged

    with staged(tmp_path_factory.mktemp("lying"), built, chromium) as found:
        yield found


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[Contexts]:
    """Browsers nobody has used, gone after this story."""
    from tests.scenario.lying import Contexts

    with ExitStack() as stack:
        yield Contexts(chromium, stack)

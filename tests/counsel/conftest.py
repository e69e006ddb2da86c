"""One running service for all tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.counsel.serving import Service, hang_up, prepare, running


@pytest.fixture(scope="session")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a service that is ready to start."""
    return prepare(tmp_path_factory.mktemp("serve"))


@pytest.fixture(scope="session")
def service(env: dict[str, str]) -> Iterator[Service]:
    """The service in a process of its own."""
    with running(env) as found:
        yield found


@pytest.fixture
def lines() -> Iterator[None]:
    """Connections a test opens are closed when it ends."""
    yield
    hang_up()

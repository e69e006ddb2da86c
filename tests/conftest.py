"""Django for every test: a data folder of its own, and a database in a file, as in production.

`DATABASE_URL` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import gc
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker

from chat.lanes import CARRY, READ, WRITE

if TYPE_CHECKING:
    from tests.scenario.people import Chromiums
    from tests.scenario.site import Built, Site

# What a busy machine needs for one example says nothing about the code.
hypothesis.register_profile("any machine", deadline=None)
hypothesis.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def data_folder() -> Iterator[Path]:
    """`DATA` of this run, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="counsel-test-data-"))
    settings.DATA = folder
    settings.AUDIT_KEY_FILE = folder / "audit" / "key"
    settings.AUDIT_CHECKPOINTS = folder / "audit" / "checkpoints"
    settings.PAGE_PUSH_KEY_FILE = folder / "paging" / "key"
    settings.START_PER_MINUTE = 1_000_000  # the flood has a test of its own
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(data_folder: Path) -> None:
    """SQLite in a file: threads and processes share it, and it has a write-ahead log."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(data_folder / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests clear their rows away behind them; that the trail refuses it has tests of its own."""
    from counsel.audit import guards

    with django_db_blocker.unblock():
        guards.take_down(connection)


@pytest.fixture(autouse=True)
def lanes_at_rest() -> Iterator[None]:
    """Our own threads let go of the database before the test's rows are cleared away."""
    yield
    WRITE.close()
    READ.close()
    CARRY.close()


# --- a story that failed shows its pages --------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What every open page says at that moment, below the failure: nobody sees it again."""
    report = yield
    if report.when == "call" and report.failed and "playwright.sync_api" in sys.modules:
        report.sections.extend(_open_pages())
    return report


def _open_pages() -> Iterator[tuple[str, str]]:
    from playwright.sync_api import Error, Page

    for page in [one for one in gc.get_objects() if isinstance(one, Page)]:
        with suppress(Error):
            if not page.is_closed():
                page.set_default_timeout(2_000)
                yield f"the page {page.url}", page.inner_text("body")


# --- what stories stand on; a run without any of them loads no browser --------------------------


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The first day's data and the pages, built once for all stories."""
    from tests.scenario.site import build

    folder: Path = tmp_path_factory.mktemp("built")
    return build(folder)


@pytest.fixture
def site(tmp_path: Path, built: Built) -> Iterator[Site]:
    """One web process on SQLite, running."""
    from tests.scenario.site import Site

    with Site(tmp_path / "site", built).open() as found:
        yield found


@pytest.fixture
def browsers(tmp_path: Path) -> Iterator[Chromiums]:
    """Where people get their Chromium; closed after each story."""
    from tests.scenario.people import chromiums

    with chromiums(tmp_path / "profiles") as found:
        yield found

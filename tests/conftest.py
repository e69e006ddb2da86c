"""Django for every test: a data folder of its own, and a database in a file, as in production.

`DATABASE_URL` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from chat.lanes import READ, WRITE


@pytest.fixture(scope="session", autouse=True)
def data_folder() -> Iterator[Path]:
    """`DATA` of this run, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="counsel-test-data-"))
    settings.DATA = folder
    settings.START_PER_MINUTE = 1_000_000  # the flood has a test of its own
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(data_folder: Path) -> None:
    """SQLite in a file: threads and processes share it, and it has a write-ahead log."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(data_folder / "test.sqlite3")


@pytest.fixture(autouse=True)
def lanes_at_rest() -> Iterator[None]:
    """Our own threads let go of the database before the test's rows are cleared away."""
    yield
    WRITE.close()
    READ.close()

"""Real processes on a real database that all do one thing at the same moment.

`run(...)` starts them on a fresh SQLite file or PostgreSQL, each waits until all are ready, and
what each of them prints as JSON comes back.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests import requisites

ROOT = Path(__file__).parents[1]
BEGIN = "import django; django.setup()\nimport json, sys\n"
READY = 'print("ready", flush=True); sys.stdin.readline()\n'
MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
"""
_COPIES = itertools.count()


class Arena:
    """A database of its own and a way to run processes on it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def run(self, script: str, *arguments: object, patience: float = 120) -> str:
        """One process to its end; what it printed."""
        process = self._begin(script, arguments)
        said, _ = process.communicate(timeout=patience)
        assert process.returncode == 0, said
        return said

    def race(
        self, script: str, arguments: Sequence[Sequence[object]], *, patience: float = 120
    ) -> list[Any]:
        """One process for each list of arguments, begun together; `READY` stands in the script."""
        processes = [self._begin(script, each) for each in arguments]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate(timeout=patience)[0] for process in processes]
        assert all(process.returncode == 0 for process in processes), said
        return [json.loads(one.splitlines()[-1]) for one in said]

    def _begin(self, script: str, arguments: Sequence[object]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-c", BEGIN + script, *map(str, arguments)],
            env=self._environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


@contextmanager
def arena(database: str, **settings: str) -> Iterator[Arena]:
    """`sqlite` or `postgresql`, fresh, and gone afterwards. `settings` stand in the environment."""
    with site(database) as environment:
        yield Arena({**environment, **settings})


@contextmanager
def site(database: str) -> Iterator[dict[str, str]]:
    """The environment of a migrated site that nobody has used yet. SQLite's file lies in memory where
    there is such a folder: on a slow disk its writers starve."""
    blank = _blank(database)
    memory = "/dev/shm" if database == "sqlite" and os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="counsel-race-", dir=memory) as folder:
        environment = {**blank, "DATA": str(shutil.copytree(blank["DATA"], f"{folder}/data"))}
        if database == "sqlite":
            yield environment
        else:
            server = blank["DATABASE_URL"].removesuffix("postgres")
            name = f"copy{next(_COPIES)}"
            with psycopg.connect(f"{server}template1", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE postgres".encode())
            yield {**environment, "DATABASE_URL": f"{server}{name}"}


@functools.cache
def _blank(database: str) -> dict[str, str]:
    """Migrated once for the whole run: a copy takes a tenth of the time."""
    kept = ExitStack()
    atexit.register(kept.close)
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    data = kept.enter_context(tempfile.TemporaryDirectory(prefix="counsel-blank-"))
    environment |= {"DATA": data, "DJANGO_SETTINGS_MODULE": "counsel.settings"}
    if database == "postgresql":
        environment["DATABASE_URL"] = kept.enter_context(requisites.postgres())
    Arena(environment).run(MIGRATE)
    return environment

"""What must be true before anybody is let in. Each has an id, a sentence, and what to do about it.

`manage.py check` asks those that need nothing; `check --database default` those about the database;
`check --deploy` all of them. `manage.py serve` asks everything that applies and refuses.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from chat import durability
from counsel import demo, pages
from counsel.audit import sealing
from counsel.certificates import is_local
from counsel.environment import host_of
from counsel.models import Organisation, Staff
from counsel.organisations import LANGUAGES

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_SEALED: Final = {"verify-ca", "verify-full"}


def pages_to_serve() -> pages.Pages:
    """The built pages, if they trust the root this service has. Raises `PagesError`."""
    built = pages.load(settings.STATIC)
    try:
        root = settings.ORG_ROOT or demo.org_root()
    except demo.DemoError as error:
        raise pages.PagesError(str(error)) from error
    if built.root != pages.root_hash(root):
        raise pages.PagesError(
            f"The pages in {settings.STATIC} trust another root than this service: "
            "run `make build` with the same ORG_ROOT and DATA."
        )
    return built


@checks.register(checks.Tags.security)
def folder_is_ours(**_: Any) -> list[checks.CheckMessage]:
    """The data folder holds the secret, the database and, in a demo, keys."""
    if settings.DATA.exists() and settings.DATA.stat().st_mode & _OTHERS:
        return [
            checks.Error(
                f"Others on this machine may look into {settings.DATA}.",
                hint=f"chmod 700 {settings.DATA}",
                id="counsel.E001",
            )
        ]
    return []


@checks.register(checks.Tags.security)
def trail_is_signed(**_: Any) -> list[checks.CheckMessage]:
    """The key of the trail's checkpoints is there, if it is not ours to draw, and nobody else's."""
    key = settings.AUDIT_KEY_FILE
    if key.exists() and key.stat().st_mode & _OTHERS:
        return [
            checks.Error(
                f"Others on this machine may read {key}, and sign a trail of their own.",
                hint=f"chmod 600 {key}",
                id="counsel.E016",
            )
        ]
    if not key.exists() and key != sealing.default_key():
        return [
            checks.Error(
                f"AUDIT_KEY_FILE={key} is not there: nobody would vouch for the staff's trail.",
                hint=f".venv/bin/python manage.py audit draw-key {key}",
                id="counsel.E017",
            )
        ]
    return []


@checks.register(checks.Tags.security)
def staff_door_is_shut(**_: Any) -> list[checks.CheckMessage]:
    """Nobody comes in by a key for measurements. Settings refuse it outside a demo; here it is said."""
    if not settings.UNSAFE_BENCH_KEY:
        return []
    return [
        checks.Warning(
            "Whoever reads UNSAFE_BENCH_KEY_FILE signs in as staff, and nobody is told to slow down.",
            hint="Unset it, unless this is a measurement.",
            id="counsel.W008",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def only_the_proxy_reaches_us(**_: Any) -> list[checks.CheckMessage]:
    """HTTPS, and cutting who is slow, is the proxy's: nobody comes past it."""
    if settings.HOST not in {"0.0.0.0", "::"} or not settings.SECURE:
        return []
    return [
        checks.Warning(
            f"HOST={settings.HOST} listens on every address of this machine, without HTTPS.",
            hint="HOST=127.0.0.1, or the one address only the proxy reaches",
            id="counsel.W010",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def lines_to_other_machines_are_sealed(**_: Any) -> list[checks.CheckMessage]:
    """Password hashes, secrets of codes and who talks when do not cross a network in the clear."""
    found: list[checks.CheckMessage] = []
    database = settings.DATABASES["default"]
    if (
        _is_elsewhere(database.get("HOST", ""))
        and database["OPTIONS"].get("sslmode") not in _SEALED
    ):
        found.append(
            checks.Warning(
                "DATABASE_URL leads to another machine, and the line is not sealed.",
                hint="?sslmode=verify-full&sslrootcert=/path/to/its/authority.pem",
                id="counsel.W011",
            )
        )
    bell = urlsplit(settings.REDIS_URL)
    if bell.scheme == "redis" and _is_elsewhere(bell.hostname or ""):
        found.append(
            checks.Warning(
                "REDIS_URL leads to another machine, and the line is not sealed.",
                hint="rediss://user:password@host:port/0",
                id="counsel.W012",
            )
        )
    return found


def _is_elsewhere(host: str) -> bool:
    """Whether this is another machine; a path is a socket of this one."""
    return bool(host) and not host.startswith("/") and not is_local(host) and host != "::1"


@checks.register(checks.Tags.security, deploy=True)
def pages_are_built(**_: Any) -> list[checks.CheckMessage]:
    """What browsers load is what was built, for the root this service has."""
    try:
        pages_to_serve()
    except pages.PagesError as error:
        return [checks.Error(str(error), hint="make build", id="counsel.E002")]
    return []


@checks.register(checks.Tags.database)
def database_is_honest(
    databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """There, and a commit waits for the disk."""
    found: list[checks.CheckMessage] = []
    for name in databases or ():
        try:
            durability.check(connections[name])
        except ImproperlyConfigured as error:
            hint = "Acknowledged means on disk: set synchronous_commit and fsync to on."
            found.append(checks.Error(str(error), hint=hint, id="counsel.E003"))
        except DatabaseError as error:
            hint = "Is it running, and is DATABASE_URL right?"
            kind = type(error).__name__
            found.append(
                checks.Error(f"The database cannot be asked: {kind}.", hint=hint, id="counsel.E004")
            )
    return found


@checks.register(checks.Tags.database, deploy=True)  # not before `migrate`, which puts it right
def database_is_current(
    databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """It has the tables this code expects, and nobody in them who should not be there."""
    found: list[checks.CheckMessage] = []
    for name in databases or ():
        with suppress(DatabaseError):  # said above
            found += _how_current(name)
    return found


def _how_current(name: str) -> list[checks.CheckMessage]:
    executor = MigrationExecutor(connections[name])
    loader = executor.loader
    missing = executor.migration_plan(loader.graph.leaf_nodes())
    strange = set(loader.applied_migrations) - set(loader.disk_migrations)
    if missing:
        return [_stale(len(missing))]
    if any(app in loader.migrated_apps for app, _ in strange):
        return [_NEWER]
    return [] if is_local(host_of(settings.ORIGIN)) else _strangers()


@checks.register(checks.Tags.database)
def organisations_make_sense(
    databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """What is set on a page was checked there; but machines and versions differ."""
    found: list[checks.CheckMessage] = []
    for name in databases or ():
        try:
            rows = list(Organisation.objects.using(name).values_list("name", "zone", "languages"))
        except DatabaseError:
            continue  # no such table yet, or said above
        found += [_no_zone(who, zone) for who, zone, _ in rows if not _is_zone(zone)]
        found += [_no_words(who) for who, _, said in rows if not said or set(said) - set(LANGUAGES)]
    return found


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _no_zone(who: str, zone: str) -> checks.CheckMessage:
    return checks.Error(
        f"This machine does not know {zone}, the time zone of {who or 'the organisation'}.",
        hint="Install the package tzdata; the rota is read in that zone.",
        id="counsel.E013",
    )


def _no_words(who: str) -> checks.CheckMessage:
    return checks.Error(
        f"{who or 'The organisation'} has a language this version does not speak.",
        hint=f"Use some of {', '.join(LANGUAGES)}, on the page of the organisation.",
        id="counsel.E014",
    )


def _stale(count: int) -> checks.CheckMessage:
    return checks.Error(
        f"The database is older than this code by {count} migrations.",
        hint="Make a backup, then: .venv/bin/python manage.py migrate",
        id="counsel.E005",
    )


_NEWER: Final = checks.Error(
    "The database is newer than this code.",
    hint="Start the version that changed it, or go back as deploy/README.md says.",
    id="counsel.E007",
)


def _strangers() -> list[checks.CheckMessage]:
    """Demo people have passwords that lie in a file."""
    if not Staff.objects.filter(demo=True).exists():
        return []
    return [
        checks.Error(
            "Demo people are in the database of a public service.",
            hint="Start with a fresh database; a demo is tried under http://localhost.",
            id="counsel.E006",
        )
    ]

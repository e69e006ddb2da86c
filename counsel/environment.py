"""Settings as they stand in the environment, read one by one. A wrong one stops the start.

Every reader gives a typed value or raises `SettingError` with one sentence: which variable, what is
wrong with it, what to write instead, and its id. A secret is never repeated in such a sentence.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from counsel.certificates import Root, is_local, verify_root
from counsel.statements import CertificateError, decode

IDS: Final[Mapping[str, str]] = {
    "MODE": "counsel.E101",
    "DATA": "counsel.E102",
    "PORT": "counsel.E103",
    "HOST": "counsel.E104",
    "ORIGIN": "counsel.E105",
    "DATABASE_URL": "counsel.E106",
    "REDIS_URL": "counsel.E107",
    "ORG_ROOT": "counsel.E108",
    "SECRET_KEY": "counsel.E109",
    "STATIC": "counsel.E110",
    "SILENT_AFTER": "counsel.E111",
    "UNSAFE_BENCH_KEY_FILE": "counsel.E112",
    "AUDIT_KEY_FILE": "counsel.E113",
    "AUDIT_CHECKPOINTS": "counsel.E114",
    "AUDIT_HOOK": "counsel.E115",
    "RED_SLOTS": "counsel.E116",
    "PAGE_MAIL": "counsel.E117",
    "PAGE_GATEWAY": "counsel.E118",
    "MIX_EVERY": "counsel.E119",
    "PAGE_PUSH_KEY_FILE": "counsel.E120",
    "PAGE_PUSH_HOSTS": "counsel.E121",
}
"""Every variable there is, and the id of its refusal. They are explained in `counsel/settings.py`."""

WAL_PAGES: Final = 4096
"""Pages of 4 KiB after which a commit itself carries SQLite's log into the database (chat/carrying.py)."""

_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_POSTGRES_OPTIONS: Final = ("sslmode", "sslrootcert", "target_session_attrs", "connect_timeout")


class SettingError(ImproperlyConfigured):
    """This variable, or what stands beside it, cannot be served with."""

    def __init__(self, name: str, sentence: str) -> None:
        """`sentence` says what is wrong and, behind a colon, what to write instead."""
        super().__init__(f"{sentence} ({IDS.get(name, 'counsel.E100')})")


def without(*names: str) -> dict[str, str]:
    """The environment of a process of ours that must not be led by these variables."""
    return {name: value for name, value in os.environ.items() if name not in names}


def choice(name: str, default: str, *allowed: str) -> str:
    """One of a few words."""
    value = os.environ.get(name) or default
    if value not in allowed:
        raise SettingError(name, f"{name}={value}: use one of {', '.join(allowed)}.")
    return value


def port(name: str, default: int) -> int:
    """A TCP port."""
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise SettingError(name, f"{name}={value}: use a port between 1 and 65535.")
    return int(value)


def host(name: str, default: str) -> str:
    """An address of this machine to listen on."""
    value = os.environ.get(name) or default
    if not re.fullmatch(r"[0-9A-Za-z.:-]+", value):
        raise SettingError(
            name, f"{name}={value}: use an address of this machine, like 127.0.0.1 or 0.0.0.0."
        )
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute folder; it need not exist yet."""
    found = Path(os.environ.get(name) or default).expanduser().resolve()
    if found.exists() and not found.is_dir():
        raise SettingError(name, f"{name}={found} is a file: name a folder.")
    return found


def file(name: str, default: Path) -> Path:
    """An absolute file; it need not exist yet, but the folder of a named one does."""
    value = os.environ.get(name)
    found = Path(value or default).expanduser().absolute()
    if found.is_dir():
        raise SettingError(name, f"{name}={found} is a folder: name a file.")
    if value and not found.parent.is_dir():
        raise SettingError(name, f"{name}={found}: make the folder {found.parent} first.")
    return found


def program(name: str) -> Path | None:
    """A program of this machine; None where none is named."""
    value = os.environ.get(name)
    if not value:
        return None
    found = Path(value).expanduser().absolute()
    if not found.is_file() or not os.access(found, os.X_OK):
        raise SettingError(name, f"{name}={found} is no program: name a file that can be run.")
    return found


def seconds(name: str, default: timedelta) -> timedelta:
    """A duration in whole seconds."""
    value = os.environ.get(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= 86400):
        raise SettingError(name, f"{name}={value}: use seconds between 1 and 86400.")
    return timedelta(seconds=int(value))


def count(name: str, default: int) -> int:
    """A small whole number."""
    value = os.environ.get(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and int(value) <= 99):
        raise SettingError(name, f"{name}={value}: use a number between 0 and 99.")
    return int(value)


def host_of(address: str) -> str:
    """The host of an origin, with the brackets an IPv6 address has in a page's own location."""
    found = urlsplit(address).hostname or ""
    return f"[{found}]" if ":" in found else found


def origin(name: str, default: str) -> str:
    """The one origin of the pages, spelled as browsers spell it."""
    value = os.environ.get(name) or default
    try:
        parts = urlsplit(value)
        number = parts.port
    except ValueError as error:
        raise SettingError(name, f"{name}={value}: use https://host.") from error
    found = host_of(value)
    spelled = f"{parts.scheme}://{found}"
    if number is not None and number != _DEFAULT_PORTS.get(parts.scheme):
        spelled += f":{number}"
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(found):
        raise SettingError(name, f"{name}={value}: use https://host, or http://localhost:8000.")
    if spelled != value:
        raise SettingError(name, f"{name}={value}: write it as browsers do, {spelled}")
    if parts.scheme == "http" and not is_local(found):
        raise SettingError(
            name, f"{name}={value}: other machines reach this over https only; use https://{found}."
        )
    return value


def org_root(name: str) -> str:
    """The root statement built into pages, in base64url, or nothing."""
    value = os.environ.get(name, "")
    if value:
        read_root(value)
    return value


def read_root(statement: str) -> Root:
    """What a root statement in base64url says of itself. Its dates are the pages' business."""
    try:
        return verify_root(decode(statement), host="localhost", now=None)
    except (ValueError, CertificateError) as error:
        raise SettingError(
            "ORG_ROOT",
            "ORG_ROOT is no root statement: take the line the ceremony printed, without spaces.",
        ) from error


def secret(name: str, kept_in: Path) -> str:
    """A long random word from the environment, or one drawn once into a file only we may read."""
    if value := os.environ.get(name):
        if len(value) < 50 or len(set(value)) < 5:
            raise SettingError(name, f"{name} is too short: use 50 random characters or more.")
        return value
    kept_in.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not kept_in.exists():
        drawn = kept_in.with_name(f"{kept_in.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(drawn, kept_in)  # whoever is first wins; both then read the same
        except FileExistsError:
            pass
        finally:
            drawn.unlink()
    return kept_in.read_text()


def unsafe_key(name: str) -> str:
    """The key in a file that nobody else on this machine may read, or nothing."""
    value = os.environ.get(name, "")
    if not value:
        return ""
    path = Path(value)
    try:
        mode, key = path.stat().st_mode, path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SettingError(name, f"{name}={value} is no file with a key in it.") from error
    if not stat.S_ISREG(mode) or stat.S_IMODE(mode) != 0o600:
        raise SettingError(name, f"{name}={value} is not for its owner alone: chmod 600 {value}")
    if len(key) < 32:
        raise SettingError(name, f"{name}={value} holds no key of 32 random characters or more.")
    return key


def database(name: str, embedded: Path) -> dict[str, Any]:
    """PostgreSQL when an address is given, else SQLite in a file."""
    value = os.environ.get(name, "")
    return _postgres(name, value) if value else _sqlite(embedded)


def _sqlite(path: Path) -> dict[str, Any]:
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
        f"PRAGMA wal_autocheckpoint={WAL_PAGES};"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": pragmas},
    }


def _postgres(name: str, value: str) -> dict[str, Any]:
    parts, number = _split(name, value, "postgres://user:password@host:port/name")
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.lstrip("/"):
        raise SettingError(name, f"{name}: use postgres://user:password@host:port/name.")
    query = dict(parse_qsl(parts.query))
    socket_folder = query.pop("host", "")
    if strange := set(query) - set(_POSTGRES_OPTIONS):
        raise SettingError(
            name,
            f"{name} has {', '.join(sorted(strange))}: only host, "
            f"{', '.join(_POSTGRES_OPTIONS)} are known.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": socket_folder or parts.hostname or "",
        "PORT": str(number or ""),
        # A connection for each message would cost seven times as much (docs: performance).
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # What asks for it by itself is planned once on each connection; Django's own cursors never do.
        "OPTIONS": {"prepare_threshold": 0, **query},
    }


def redis(name: str) -> str:
    """Where Redis is, or nothing."""
    value = os.environ.get(name, "")
    if value:
        parts, _ = _split(name, value, "redis://host:port/0")
        if parts.scheme not in {"redis", "rediss", "unix"}:
            raise SettingError(name, f"{name}: use redis://host:port/0 or rediss://host:port/0.")
    return value


def mail(name: str) -> str:
    """The mail server pages leave by, or nothing."""
    value = os.environ.get(name, "")
    if value:
        like = "mailtos://user:password@host:465?from=address"
        parts, _ = _split(name, value, like)
        said = dict(parse_qsl(parts.query))
        if parts.scheme not in {"mailto", "mailtos"} or "@" not in said.get("from", ""):
            raise SettingError(name, f"{name}: use {like}.")
        if not parts.hostname or set(said) & {"to", "cc", "bcc", "format"}:
            raise SettingError(name, f"{name} names whom to write to: leave to, cc and bcc out.")
        if parts.scheme == "mailto" and not is_local(parts.hostname):
            raise SettingError(name, f"{name} would cross a network in the clear: use mailtos://.")
    return value


def gateway(name: str) -> str:
    """Where pages by SMS and voice are handed over, or nothing."""
    value = os.environ.get(name, "")
    if value:
        parts, _ = _split(name, value, "https://host/path")
        clear = parts.scheme == "http" and is_local(parts.hostname or "")
        if not parts.hostname or (parts.scheme != "https" and not clear):
            raise SettingError(name, f"{name}: use https://host/path.")
    return value


def hosts(name: str) -> tuple[str, ...]:
    """Hosts that may be called, with commas between; one with a dot before it stands for all below it."""
    found = tuple(filter(None, os.environ.get(name, "").replace(" ", "").split(",")))
    if not all(_HOST.fullmatch(host.removeprefix(".")) and "." in host[1:] for host in found):
        raise SettingError(name, f"{name}: use host,host or .domain.")
    return found


def _split(name: str, value: str, like: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(value)
        return parts, parts.port
    except ValueError as error:
        raise SettingError(name, f"{name}: use {like}.") from error

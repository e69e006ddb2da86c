"""The root the pages of this service trust: `ORG_ROOT`, or the demo's where none is set."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from counsel.certificates import Root, verify_root
from counsel.errors import IllegalTransitionError
from counsel.statements import CertificateError, decode


def trusted_root() -> Root:
    """Raises `IllegalTransitionError` where there is none yet, or only one that counts elsewhere."""
    statement = settings.ORG_ROOT or _drawn(Path(settings.DATA))
    try:
        return _read(statement, urlsplit(settings.ORIGIN).hostname or "")
    except (CertificateError, ValueError) as error:
        raise IllegalTransitionError(f"no root here: {error}") from error


def _drawn(data: Path) -> str:
    try:
        return (data / "demo" / "org_root").read_text()
    except FileNotFoundError:
        return ""


@lru_cache(maxsize=4)
def _read(statement: str, host: str) -> Root:
    return verify_root(decode(statement), host=f"[{host}]" if ":" in host else host, now=None)

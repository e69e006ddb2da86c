"""Django's sessions in the database, asked only for keys that could be one.

A cookie is a stranger's text. PostgreSQL refuses a zero in a value by an exception, and what is no key
of ours needs no look at all. `SESSION_ENGINE` names this module.
"""

from __future__ import annotations

import re
from typing import Final

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

_KEY: Final = re.compile(r"[a-z0-9]{32}")
"""What Django draws: 32 of 36 letters and digits."""


def is_session_key(said: str) -> bool:
    """Whether Django could have drawn this."""
    return _KEY.fullmatch(said) is not None


class SessionStore(DatabaseStore):
    """A session whose key, if it has one, has the shape of a key."""

    def _validate_session_key(self, key: object) -> bool:
        return isinstance(key, str) and is_session_key(key)

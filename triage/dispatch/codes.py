"""The code that is passed to a responder on the telephone: digits, a keyed hash of them, a limit on tries.

Who reads the database cannot try the digits against it: the key is the service's own. Who tries them at
the door is counted with everybody else who does, because nobody's address is asked.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from typing import Final

from django.utils.crypto import salted_hmac

from chat.throttle import Bucket
from triage.dispatch.timers import CODE_DIGITS, TRIES_A_MINUTE

_turn: Final = threading.Lock()
_tries = Bucket(TRIES_A_MINUTE / 3, TRIES_A_MINUTE / 60)


def draw_code() -> str:
    """Digits nobody has drawn before."""
    return str(secrets.randbelow(10**CODE_DIGITS)).zfill(CODE_DIGITS)


def read_code(said: str) -> str:
    """The digits of what somebody typed, whatever stands between them; full-width ones too."""
    folded = unicodedata.normalize("NFKC", said)
    return "".join(letter for letter in folded if letter in "0123456789")


def hash_code(code: str) -> bytes:
    """32 bytes."""
    return salted_hmac("counsel.dispatch.code", code, algorithm="sha256").digest()


def take_a_try() -> None:
    """One try of this process. Raises `ThrottledError`."""
    with _turn:
        _tries.take()

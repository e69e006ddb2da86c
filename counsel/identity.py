"""The names things go by, and how they are drawn. None of them says who anybody is."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final, NewType

Token = NewType("Token", bytes)
"""32 random bytes drawn by the seeker's phone: the right to one session. Never stored."""

TokenHash = NewType("TokenHash", bytes)
"""SHA-256 of a `Token`, 32 bytes: what the server keeps."""

SessionRef = NewType("SessionRef", bytes)
"""16 random bytes: how staff clients name a session."""

CaseCode = NewType("CaseCode", str)
"""Four characters staff can say aloud: what people call a session."""

ClientId = NewType("ClientId", bytes)
"""16 random bytes drawn by a sender: makes sending again the same as sending once."""

Seq = NewType("Seq", int)
"""Place of an envelope in its session's log, from 1 without gaps."""

# No vowels (no words), no 0/O, 1/I/L, 2/Z, 5/S, 8/B: read aloud over a bad line without mistakes.
_CASE_ALPHABET: Final = "CDFGHJKMNPQRTVWXY34679"


def hash_token(token: Token) -> TokenHash:
    """What is stored for a token. 256 random bits need no salt and no slow hash."""
    return TokenHash(hashlib.sha256(token).digest())


def draw_ref() -> SessionRef:
    """A fresh session reference, 128 random bits."""
    return SessionRef(secrets.token_bytes(16))


def draw_case_code() -> CaseCode:
    """A fresh case code; 22**4 of them, so the caller asks again when one is in use."""
    return CaseCode("".join(secrets.choice(_CASE_ALPHABET) for _ in range(4)))

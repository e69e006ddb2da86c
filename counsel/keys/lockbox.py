"""A private key in a file that two people open together, each with a passphrase of their own.

The file is an ordinary encrypted PKCS#8 key in PEM; its password is both passphrases with a space
between them. So in ten years, without this program, `openssl pkey -in root.pem` opens it too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from counsel.errors import ValueRefusedError

LEAST: Final = 20
"""Characters of a passphrase: five words. Who steals the file may try as long as they like."""
VARIETY: Final = 8
"""Different characters in it: one key held down is none."""


@dataclass(frozen=True, slots=True, repr=False)
class Passphrases:
    """Two people's. Neither has the other's."""

    first: str
    second: str

    @property
    def password(self) -> bytes:
        """What the file is encrypted with."""
        return f"{self.first} {self.second}".encode()


def check_passphrases(both: Passphrases) -> None:
    """Raises `ValueRefusedError` for one that can be guessed, alone or from the other."""
    for one in (both.first, both.second):
        if len(one) < LEAST or len(set(one.casefold())) < VARIETY:
            raise ValueRefusedError(
                f"A passphrase has {LEAST} characters or more, {VARIETY} of them different: five words."
            )
        if one != one.strip():
            raise ValueRefusedError("A passphrase neither begins nor ends with a space.")
    first, second = both.first.casefold(), both.second.casefold()
    if first in second or second in first:
        raise ValueRefusedError("The two passphrases must be two.")


def lock_key(path: Path, private: Ed25519PrivateKey, both: Passphrases) -> None:
    """Writes the file; raises `FileExistsError` where there is one."""
    check_passphrases(both)
    encryption = BestAvailableEncryption(both.password)
    write_private(
        path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption), anew=True
    )


def unlock_key(path: Path, both: Passphrases) -> Ed25519PrivateKey:
    """Raises `ValueRefusedError` where there is no file, or these do not open it."""
    try:
        private = load_pem_private_key(path.read_bytes(), both.password)
    except FileNotFoundError as error:
        raise ValueRefusedError(f"There is no {path.name} here.") from error
    except ValueError as error:
        raise ValueRefusedError(f"These passphrases do not open {path.name}.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueRefusedError(f"{path.name} holds another kind of key.")
    return private


def write_private(path: Path, data: bytes, *, anew: bool = False) -> None:
    """Whole or not at all, on disk when this returns, readable by its owner only from the first byte."""
    fresh = path if anew else path.with_name(f"{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if anew else os.O_TRUNC)
    with os.fdopen(os.open(fresh, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if not anew:
        fresh.replace(path)

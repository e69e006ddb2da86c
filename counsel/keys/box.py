"""The folder of an organisation's ceremonies, on a machine that is on no network.

    root.pem         the root's private key, locked                  (`keys/lockbox.py`)
    issuer.pem       the offline issuer's, locked
    root.txt         the root statement in base64url: ORG_ROOT
    staff-log.bin    the log of everything issued                    (`keys/log.py`)
    bundle.json      the log and its statements, for the server      (`keys/bundle.py`)

The server gets the last three. What is done with the first two is `keys/ceremony.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counsel.certificates import Root, verify_issuer, verify_root
from counsel.errors import ValueRefusedError
from counsel.keys.bundle import Bundle, read_bundle, write_bundle
from counsel.keys.issuing import make_head
from counsel.keys.lockbox import Passphrases, lock_key, unlock_key, write_private
from counsel.keys.log import Log, Rows, open_log, read_rows
from counsel.statements import CertificateError, decode, encode, first_statement, public_key


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a verb adds: rows of the log, and the statements they stand for."""

    rows: tuple[bytes, ...] = ()
    issuers: tuple[bytes, ...] = ()
    identities: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Reads what lies in the folder, and adds to it. Everything raises `ValueRefusedError`."""

    folder: Path

    def path(self, name: str) -> Path:
        """One of the five files."""
        return self.folder / name

    # --- private keys ---------------------------------------------------------------------------

    def lock(self, name: str, private: Ed25519PrivateKey, both: Passphrases) -> None:
        """Puts a key away; never over another."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock_key(self.path(name), private, both)
        except FileExistsError as error:
            raise ValueRefusedError(f"There is a {name} here already.") from error

    def open_root_key(self, both: Passphrases) -> Ed25519PrivateKey:
        """The private key of `root.txt`."""
        private = unlock_key(self.path("root.pem"), both)
        if public_key(private) != self.root().key:
            raise ValueRefusedError("root.pem is not the key of root.txt.")
        return private

    def open_issuer_key(self, both: Passphrases) -> Ed25519PrivateKey:
        """The private key of the offline issuer."""
        return unlock_key(self.path("issuer.pem"), both)

    # --- what is public -------------------------------------------------------------------------

    def keep_root(self, statement: bytes) -> None:
        """The line to build into pages."""
        write_private(self.path("root.txt"), encode(statement).encode() + b"\n")

    def root_statement(self) -> bytes:
        """What ORG_ROOT says."""
        try:
            return decode(self.path("root.txt").read_text().strip())
        except (FileNotFoundError, ValueError) as error:
            raise ValueRefusedError("There is no root.txt here: draw the root first.") from error

    def root(self) -> Root:
        """The organisation."""
        try:
            return verify_root(self.root_statement(), host="", now=None)
        except CertificateError as error:
            raise ValueRefusedError(f"root.txt is no organisation's root ({error}).") from error

    def log(self) -> Log | None:
        """The log with its head; None before the first."""
        if not self.path("staff-log.bin").exists():
            return None
        return self._read_log(self.path("staff-log.bin").read_bytes())

    def rows(self) -> Rows:
        """The rows that are there."""
        log = self.log()
        return log.rows if log is not None else read_rows(self.root().key, b"")

    def bundle(self) -> Bundle:
        """What was issued from here so far."""
        try:
            return read_bundle(self.path("bundle.json").read_text())
        except FileNotFoundError:
            return Bundle(self.root_statement(), b"")

    def take_log(self, file: bytes) -> Rows:
        """A newer log, from the server: taken if it goes on where ours ends."""
        theirs, ours = self._read_log(file).rows, self.rows()
        try:
            theirs.require_agreement(ours.size, ours.head)
        except CertificateError as error:
            raise ValueRefusedError(
                f"That log does not go on where ours ends ({error})."
            ) from error
        write_private(self.path("staff-log.bin"), file)
        return theirs

    def _read_log(self, file: bytes) -> Log:
        try:
            return open_log(file, root=self.root())
        except CertificateError as error:
            raise ValueRefusedError(f"The log is not to be believed ({error}).") from error

    # --- adding ---------------------------------------------------------------------------------

    def own_statement(self, private: Ed25519PrivateKey, more: Sequence[bytes] = ()) -> bytes:
        """The root's statement about this issuer."""
        for statement in (*more, *self.bundle().issuers):
            if verify_issuer(statement, root=self.root()).key == public_key(private):
                return statement
        raise ValueRefusedError("bundle.json does not know the issuer of issuer.pem.")

    def add(self, fresh: Fresh, private: Ed25519PrivateKey, *, now: datetime) -> Rows:
        """Rows behind those that are there, and a head over all of them by the offline issuer."""
        before = self.log()
        if before is not None and now < before.signed_at:
            raise ValueRefusedError(
                f"This machine says {now:%Y-%m-%d %H:%M} UTC, and the log was signed at "
                f"{before.signed_at:%Y-%m-%d %H:%M}: put its clock right first."
            )
        statement = self.own_statement(private, fresh.issuers)
        old = self.path("staff-log.bin").read_bytes() if before is not None else b""
        data = (_rows_of(old) if old else b"") + b"".join(fresh.rows)
        rows = read_rows(self.root().key, data)
        head = make_head(private, size=rows.size, head=rows.head, at=now)
        file = statement + head + data
        self._read_log(file)  # what no client would take is not written
        known = self.bundle()
        issuers, identities = known.issuers + fresh.issuers, known.identities + fresh.identities
        whole = Bundle(self.root_statement(), file, issuers, identities)
        write_private(self.path("bundle.json"), write_bundle(whole).encode())
        write_private(self.path("staff-log.bin"), file)
        return rows


def _rows_of(file: bytes) -> bytes:
    return first_statement(first_statement(file)[1])[1]

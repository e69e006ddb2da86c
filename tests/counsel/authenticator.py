"""A security key in software, so that both ceremonies run for real: keys, CBOR, flags, signatures.

Whatever a page, a browser or a forger could say wrongly can be said wrongly here: each part of what
is signed is a field to change before signing, so that a refusal is about that part alone.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from counsel.statements import decode, encode

PRESENT, VERIFIED, ELIGIBLE, ATTESTED = 0x01, 0x04, 0x08, 0x40


@dataclass
class Authenticator:
    """A device with one resident key, and the browser it speaks through."""

    origin: str = "http://localhost:8000"
    party: str = "localhost"
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    """Kept at zero it never counts, as synced passkeys do."""
    counts: bool = False
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: str = ""
    """The owner, as the server named them when the key was made."""
    said: dict[str, Any] = field(default_factory=dict)
    """What the browser's client data say beside or instead of what they should."""

    @property
    def id(self) -> str:
        """The credential as pages name it."""
        return encode(self.credential_id)

    def make(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """A credential for the options of a registration, attested by nobody."""
        client, data = self._begin(options)
        return self._attested(client, data, **{"fmt": "none", "attStmt": {}, **changed})

    def vouch_for_itself(self, options: dict[str, Any]) -> dict[str, Any]:
        """The same, signed by the very key (WebAuthn Level 2, 8.2, self attestation)."""
        client, data = self._begin(options)
        signature = self.private.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        statement = {"alg": -7, "sig": signature}
        return self._attested(client, data, fmt="packed", attStmt=statement)

    def vouch(self, options: dict[str, Any]) -> dict[str, Any]:
        """The same, signed by whoever made the device (8.6, FIDO U2F)."""
        client, data = self._begin(options)
        maker = ec.generate_private_key(ec.SECP256R1())
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        said = b"\0" + data[:32] + sha256(client).digest() + self.credential_id + point
        statement = {
            "x5c": [_certificate(maker)], "sig": maker.sign(said, ec.ECDSA(hashes.SHA256())),
        }  # fmt: skip
        return self._attested(client, data, fmt="fido-u2f", attStmt=statement)

    def _begin(self, options: dict[str, Any]) -> tuple[bytes, bytes]:
        """Client data and authenticator data of a registration."""
        self.handle = options["user"]["id"]
        known = {excluded["id"] for excluded in options["excludeCredentials"]}
        assert self.id not in known, "this device holds a key for them"
        length = len(self.credential_id).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential_id + cbor2.dumps(self.public_key())
        data = self._data(self.flags | ATTESTED) + attested
        return self._client("webauthn.create", options), data

    def _attested(self, client: bytes, data: bytes, **attestation: Any) -> dict[str, Any]:
        sealed = cbor2.dumps({**attestation, "authData": data})
        response = {"clientDataJSON": encode(client), "attestationObject": encode(sealed)}
        return self._credential({**response, "transports": ["internal"]})

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """An assertion for the options of a sign-in."""
        self.counter += self.counts
        client, data = self._client("webauthn.get", options), self._data(self.flags)
        signature = self.private.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {
                "clientDataJSON": encode(client),
                "authenticatorData": encode(data),
                "signature": encode(signature),
                "userHandle": self.handle,
            }
        )

    def public_key(self) -> dict[int, Any]:
        """COSE (RFC 9053): an ES256 key on P-256."""
        numbers = self.private.public_key().public_numbers()
        point = [number.to_bytes(32, "big") for number in (numbers.x, numbers.y)]
        return {1: 2, 3: -7, -1: 1, -2: point[0], -3: point[1]}

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        client = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps({**client, "crossOrigin": False, **self.said}).encode()

    def _data(self, flags: int) -> bytes:
        return (
            sha256(self.party.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")
        )


def _certificate(maker: ec.EllipticCurvePrivateKey) -> bytes:
    """Of a maker nobody knows."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "maker")])
    began = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, maker.public_key(), 1, began, began + timedelta(days=9))
    ).sign(maker, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def flip(text: str) -> str:
    """The same base64url with one bit of its middle byte turned."""
    data = bytearray(decode(text))
    data[len(data) // 2] ^= 1
    return encode(bytes(data))

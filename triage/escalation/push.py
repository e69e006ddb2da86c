"""Web push: the browser of somebody on the rota as a way to be called (RFC 8030, 8291, 8292).

The browser's maker runs the service that carries it. It sees when one of us calls which browser, and
bytes only that browser opens. Our key for it lies in a file, so that the database alone calls nobody.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from counsel.environment import host_of
from counsel.errors import ValueRefusedError
from counsel.statements import decode, encode

LONGEST: Final = 1000
"""Characters of an address that is kept. Real ones have 200 to 600."""
_POINT, _SECRET = 65, 16
"""Bytes of a browser's public key (uncompressed P-256) and of its secret (RFC 8291)."""
_SECONDS: Final = 60
"""How long the maker keeps a call for a browser that is away: then the next page is due."""


def check(said: str) -> str:
    """A subscription as it is kept, `endpoint key secret`. Raises `ValueRefusedError`."""
    endpoint, *keys = said.split() or [""]
    if len(said) > LONGEST or len(keys) != 2 or not is_a_makers(endpoint):
        raise ValueRefusedError("no subscription of a browser we know")
    try:
        point, secret = (decode(key) for key in keys)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise ValueRefusedError("no key of a browser") from error
    if (len(point), len(secret)) != (_POINT, _SECRET):
        raise ValueRefusedError("no key of a browser")
    return f"{endpoint} {keys[0]} {keys[1]}"


def is_a_makers(endpoint: str) -> bool:
    """Whether this address is of a push service the site named, on its usual port, with nothing before
    it: nothing here fetches where somebody points it."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    host = parts.hostname or ""
    known = any(
        host == name or (name[0] == "." and host.endswith(name))
        for name in settings.PAGE_PUSH_HOSTS
    )
    return known and parts.scheme == "https" and parts.netloc == host


def hint(address: str) -> str:
    """Whose service it is: enough for its owner to know the browser by."""
    return urlsplit(address.split(" ", 1)[0]).hostname or ""


def public_key() -> str:
    """What a browser subscribes with: our key of this site, drawn when it is first asked for."""
    key = _key(settings.PAGE_PUSH_KEY_FILE).public_key()
    point = serialization.PublicFormat.UncompressedPoint
    return encode(key.public_bytes(serialization.Encoding.X962, point))


def plugin(address: str, asset: Any) -> Any:
    """What seals a call for this browser and sends it."""
    from apprise.plugins.vapid import NotifyVapid

    _key(settings.PAGE_PUSH_KEY_FILE)
    endpoint, point, secret = address.split()
    sender = NotifyVapid(
        subscriber=_sender(),
        targets=["browser"],
        keyfile=str(settings.PAGE_PUSH_KEY_FILE),
        ttl=_SECONDS,
        include_image=False,
        redirect="no",
        asset=asset,
    )
    keys = {"p256dh": point, "auth": secret}
    sender.subscriptions.add({"endpoint": endpoint, "keys": keys}, name="browser")
    return sender


def _sender() -> str:
    """Whom a maker may write to about our calls: a mailbox of the site's name."""
    host = host_of(settings.ORIGIN)
    return f"pages@{host}" if "." in host else f"pages@{host}.invalid"


@cache
def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        _draw(path)
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds another kind of key")
    return found


def _draw(path: Path) -> None:
    """A key in this file, readable by its owner only; of two who draw the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()

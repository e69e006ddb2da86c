"""A browser is called: sealed to it alone, by the service of its maker and nobody else's."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from django.conf import settings

from counsel.errors import ValueRefusedError
from counsel.lifecycle import Role
from counsel.models import home
from counsel.statements import decode, encode
from tests.chat.test_lifecycle import NOW, start
from tests.people import APPS, hire
from tests.triage.escalation.test_paging import is_bare
from triage.escalation import channels, paging, push, reach, sweep
from triage.escalation.rows import Call, Receiver
from triage.queue.tiers import Tier

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)
MAKERS = ("push.maker.example", ".notify.example.org")


@pytest.fixture(autouse=True)
def makers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hosts this site named."""
    monkeypatch.setattr(settings, "PAGE_PUSH_HOSTS", MAKERS)


@dataclass
class Browser:
    """One that subscribed, and what reached its maker."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: token_bytes(16))
    origin: str = ""
    answer: int = 201
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def point(self) -> bytes:
        """Its public key."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    @property
    def address(self) -> str:
        """What it says when it subscribes."""
        return f"{self.origin}/push/abc {encode(self.point)} {encode(self.secret)}"

    def opened(self) -> str:
        """The last call, opened by RFC 8291 and 8188 as they are written."""
        body = self.heard[-1][1]
        salt, key_size = body[:16], body[20]
        sender = body[21 : 21 + key_size]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        about = b"WebPush: info\0" + self.point + sender
        material = HKDF(hashes.SHA256(), 32, self.secret, about).derive(shared)
        prk = HKDF.extract(hashes.SHA256(), salt, material)
        key = HKDFExpand(hashes.SHA256(), 16, b"Content-Encoding: aes128gcm\0").derive(prk)
        nonce = HKDFExpand(hashes.SHA256(), 12, b"Content-Encoding: nonce\0").derive(prk)
        plain = AESGCM(key).decrypt(nonce, body[21 + key_size :], None)
        return plain.rstrip(b"\0")[:-1].decode()  # one byte says that it was the last record


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose maker is this machine, over HTTPS."""
    one = Browser()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            one.heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(one.answer)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    one.origin = f"https://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setattr(push, "is_a_makers", lambda endpoint: endpoint.startswith(one.origin))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield one
    server.shutdown()
    server.server_close()
    thread.join()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "maker")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / "maker.pem"
    path.write_bytes(key.private_bytes(pem, form, plain) + made.public_bytes(pem))
    return path


def _called(browser: Browser) -> Call:
    """Zhou, who supervises, can be called by this browser, and somebody is in danger."""
    zhou = hire("zhou", role=Role.SUPERVISOR).staff
    reach.add(home(), zhou, channel="push", address=browser.address, now=NOW)
    start(tier=Tier.RED)
    sweep.sweep(NOW)
    return Call.objects.select_related("step__escalation__session").get(step__isnull=False)


def test_a_browser_is_called_in_words_only_it_can_open(browser: Browser) -> None:
    call = _called(browser)
    assert paging.send_due(NOW) == 1
    headers, body = browser.heard[0]
    title, *lines = browser.opened().splitlines()
    assert title == "在线服务"
    assert lines == [
        "有人需要你，请现在打开看看。",
        "Somebody needs you. Please look now.",
        f"编号 {call.page}",
        f"{settings.ORIGIN}/zh/staff/#page",
    ]
    is_bare(browser.opened(), call)
    assert call.page.encode() not in body
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "60")
    assert _vouched_for(headers["authorization"], browser.origin)


def _vouched_for(said: str, origin: str) -> bool:
    """RFC 8292: signed by the key the browser subscribed with, for this maker, for a day at most."""
    fields = dict(part.strip().split("=", 1) for part in said.removeprefix("vapid ").split(","))
    assert fields["k"] == push.public_key()
    head, claims, signature = fields["t"].split(".")
    raw = decode(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(fields["k"]))
    r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    says = json.loads(decode(claims))
    ends = datetime.fromtimestamp(says["exp"], UTC) - datetime.now(UTC)
    return bool(says["aud"] == origin and timedelta(0) < ends <= timedelta(days=1))


@pytest.mark.parametrize("answer", [404, 410, 500])
def test_a_browser_that_is_gone_counts_as_not_reached(browser: Browser, answer: int) -> None:
    call = _called(browser)
    browser.answer = answer
    for minute in range(paging.TRIES):
        assert paging.send_due(NOW + timedelta(minutes=minute)) == 0
    call.refresh_from_db()
    assert call.failed


POINT = encode(Browser().point)
SECRET = encode(bytes(16))


@pytest.mark.parametrize(
    "said",
    [
        f"http://push.maker.example/fcm/send/a {POINT} {SECRET}",
        f"https://push.maker.example:8443/fcm/send/a {POINT} {SECRET}",
        f"https://me@push.maker.example/fcm/send/a {POINT} {SECRET}",
        f"https://push.maker.example.org/a {POINT} {SECRET}",
        f"https://notify.example.org.evil.example/a {POINT} {SECRET}",
        f"https://evilnotify.example.org/a {POINT} {SECRET}",
        f"https://127.0.0.1/a {POINT} {SECRET}",
        f"https://[::1/a {POINT} {SECRET}",
        f"https://push.maker.example/a {POINT}",
        f"https://push.maker.example/a {SECRET} {SECRET}",
        f"https://push.maker.example/a {POINT} {POINT}",
        f"https://push.maker.example/a {encode(bytes(65))} {SECRET}",
        f"https://push.maker.example/{'a' * 1000} {POINT} {SECRET}",
        "",
    ],
)
def test_nobody_makes_us_call_where_they_point(said: str) -> None:
    zhou = hire("zhou", role=Role.SUPERVISOR).staff
    with pytest.raises(ValueRefusedError):
        reach.add(home(), zhou, channel="push", address=said, now=NOW)
    assert not Receiver.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://push.maker.example/wpush/v2/a:b-c_d",
        "https://region-3.notify.example.org/w/?token=a%2f",
    ],
)
def test_a_browser_of_a_known_maker_can_be_added_and_is_known_by_its_maker(endpoint: str) -> None:
    zhou = hire("zhou", role=Role.SUPERVISOR).staff
    reach.add(home(), zhou, channel="push", address=f"{endpoint} {POINT} {SECRET}", now=NOW)
    kept = Receiver.objects.get()
    assert channels.hint(kept.channel, kept.address) in endpoint
    assert SECRET not in channels.hint(kept.channel, kept.address)


def test_the_lead_has_no_browser_to_be_called() -> None:
    address = f"https://push.maker.example/a {POINT} {SECRET}"
    with pytest.raises(ValueRefusedError):
        reach.add(home(), None, channel="push", address=address, now=NOW)


def test_the_key_of_calls_is_its_owners_alone_and_stays_the_same() -> None:
    before = push.public_key()
    assert settings.PAGE_PUSH_KEY_FILE.stat().st_mode & 0o777 == 0o600
    push._key.cache_clear()
    assert push.public_key() == before


def test_no_browser_is_called_where_the_site_named_no_maker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "PAGE_PUSH_HOSTS", ())
    assert "push" not in channels.usable()
    zhou = hire("zhou", role=Role.SUPERVISOR).staff
    address = f"https://push.maker.example/a {POINT} {SECRET}"
    with pytest.raises(ValueRefusedError):
        reach.add(home(), zhou, channel="push", address=address, now=NOW)

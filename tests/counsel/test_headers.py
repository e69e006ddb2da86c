"""What every answer carries, whoever gives it: page, asset, API, refusal, mistake, nothing at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from counsel.middleware import security_headers
from tests.counsel.serving import Line, Service, ask, request

pytestmark = pytest.mark.usefixtures("lines")

DYNAMIC = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
SENT = b"{}".ljust(384)
CSP = "content-security-policy"
TYPES = "trusted-types counsel-worker"
"""Where staff may be called: the one script whose address may be made (ADR 2)."""


def every_kind(port: int) -> Iterator[tuple[str, bytes, int]]:
    """A request for each way an answer can come about, and its status."""
    ours = {"origin": f"http://localhost:{port}"}
    yield "page", request(port, "/zh/"), 200
    yield "page without its slash", request(port, "/zh"), 307
    yield "another host", request(port, "/", host="elsewhere.example"), 421
    yield "no page", request(port, "/zh/nothing"), 404
    yield "well-known", request(port, "/.well-known/anything"), 404
    yield "now", request(port, "/now.json"), 200
    yield "source", request(port, "/source.tar.gz"), 200
    yield "GET of what is posted", request(port, "/api/me"), 405
    yield "HEAD", request(port, "/en/staff/", "HEAD"), 200
    yield "POST to a page", request(port, "/", "POST", SENT, **ours), 405
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"):
        yield method, request(port, "/api/me", method), 405
    yield "api", request(port, "/api/csrf", "POST", SENT, **ours), 200
    yield "signed out", request(port, "/api/me", "POST", SENT, **ours), 403
    yield "no such api", request(port, "/api/nothing", "POST", SENT, **ours), 404
    yield "poll", request(port, "/chat/exchange", "POST", SENT, **ours), 400
    yield "no origin", request(port, "/api/csrf", "POST", SENT), 403
    yield "too long", request(port, "/api/csrf", "POST", bytes(40_000), **ours), 413
    yield "no socket there", Line(port, "/elsewhere").asked, 403
    yield "no HTTP", b"what\r\n\r\n", 400
    yield "strange header", request(port, "/", **{"bad header": "x"}), 400
    yield "strange path", b"GET /\xff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 400


def test_every_answer_carries_the_same_headers_but_for_the_staffs_worker(service: Service) -> None:
    everywhere = {n.decode(): v.decode() for n, v in security_headers(service.origin)}
    staff = {n.decode(): v.decode() for n, v in security_headers(service.origin, worker=True)}
    assert {name for name in staff if staff[name] != everywhere[name]} == {CSP}
    assert staff[CSP] == everywhere[CSP].replace("trusted-types 'none'", TYPES)
    seen = 0
    for kind, raw, status in every_kind(service.port):
        found, headers, sealed = ask(service.port, raw)
        assert found == status, (kind, found, sealed[:80])
        for name, value in (staff if kind == "HEAD" else everywhere).items():
            assert headers.get(name) == value, (kind, name)
        assert "server" not in headers, kind
        assert "set-cookie" not in headers or kind == "api", kind
        if kind not in {"page", "source", "HEAD"}:
            assert DYNAMIC.items() <= headers.items(), kind
        assert b"aphne" not in sealed, kind
        assert b"jango" not in sealed or kind == "source", kind
        seen += 1
    assert seen == 26


def test_the_policy_allows_nothing_but_our_own_files(service: Service) -> None:
    policy = dict(security_headers("https://talk.example"))[b"content-security-policy"].decode()
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["form-action"] == "'none'"
    assert rules["base-uri"] == rules["trusted-types"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' wss://talk.example"
    assert "unsafe" not in policy
    assert "*" not in policy


def test_https_is_remembered_by_browsers_and_http_is_not() -> None:
    name = b"strict-transport-security"
    assert name in dict(security_headers("https://talk.example"))
    assert name not in dict(security_headers("http://localhost:8000"))


def test_bodies_of_the_api_are_one_of_five_sizes(service: Service) -> None:
    for kind, raw, _ in every_kind(service.port):
        if kind in {"api", "signed out", "no such api", "poll", "no origin", "too long"}:
            _, headers, sealed = ask(service.port, raw)
            assert len(sealed) == int(headers["content-length"]) == 384, kind

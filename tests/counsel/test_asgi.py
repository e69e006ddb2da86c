"""The edge: what gets in, what is taken away on the way, and that reading is the same for everyone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.conf import settings

from counsel import limits
from counsel.middleware import LET_IN, Edge
from counsel.pages import Page, Pages

SOCKET = ""
"""In place of a method: a WebSocket."""
HOST = settings.ORIGIN.partition("://")[2].encode()
PAGE = Page(b"text/html", b"<p>here</p>", (), b"no-store")
IDENTIFYING = {
    b"user-agent": b"someone", b"referer": b"https://from.example", b"x-forwarded-for": b"203.0.113.1",
    b"x-real-ip": b"203.0.113.1", b"forwarded": b"for=203.0.113.1", b"via": b"proxy",
    b"accept-language": b"zh-CN", b"cf-ipcountry": b"CN", b"sec-ch-ua-platform": b"Android",
    b"x-requested-with": b"com.tencent.mm", b"true-client-ip": b"203.0.113.1", b"dnt": b"1",
}  # fmt: skip


class Inside:
    """Stands for Django and the sockets: keeps what it is given, answers what it is told to."""

    def __init__(self, messages: list[Any] | None = None, error: Exception | None = None) -> None:
        self.scopes: list[Any] = []
        self.bodies: list[bytes] = []
        self.messages = messages or [
            {"type": "http.response.start", "status": 200, "headers": [(b"Server", b"x")]},
            {"type": "http.response.body", "body": b"dynamic"},
        ]
        self.error = error

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        message = await receive()
        self.bodies.append(message.get("body", b""))
        if self.error:
            raise self.error
        for message in self.messages:
            await send(message)


def edge(inside: Inside) -> Edge:
    built = Pages({"/": PAGE, "/zh/": PAGE}, build="b", root="r")
    return Edge(origin=settings.ORIGIN, pages=built, django=inside, sockets={"/chat": inside})


async def call(app: Edge, method: str, path: str, *chunks: bytes, **headers: bytes) -> list[Any]:
    """All messages the edge answers with."""
    given = {b"host": HOST, **{k.replace("_", "-").encode(): v for k, v in headers.items()}}
    scope: dict[str, Any] = {
        "type": "http", "path": path, "scheme": "http", "query_string": b"q=1",
        "headers": [*given.items(), *IDENTIFYING.items()], "client": ["203.0.113.1", 4711],
    }  # fmt: skip
    if method == SOCKET:
        scope["type"] = "websocket"
    else:
        scope["method"] = method
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": at + 1 < len(chunks)}
        for at, chunk in enumerate(chunks or (b"",))
    ] or [{"type": "websocket.connect"}]
    said: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    await app(scope, receive, send)
    return said


OURS = settings.ORIGIN.encode()


async def test_nothing_that_tells_who_asks_gets_in() -> None:
    inside = Inside()
    app = edge(inside)
    await call(app, "POST", "/api/me", b"x", origin=OURS, cookie=b"staff=1")
    await call(app, SOCKET, "/chat", origin=OURS, cookie=b"staff=1")
    await call(app, "GET", "/now.json", cookie=b"staff=1")
    assert len(inside.scopes) == 3
    for scope in inside.scopes:
        names = {name for name, _ in scope["headers"]}
        assert names <= LET_IN
        assert not names & set(IDENTIFYING)
        assert scope["client"] is None
        assert scope["query_string"] == b""
        assert "203.0.113" not in repr(scope)
    assert not set(IDENTIFYING) & LET_IN


async def test_reading_is_the_same_for_everyone() -> None:
    inside = Inside()
    app = edge(inside)
    await call(app, "GET", "/now.json", cookie=b"staff=1", x_csrf_token=b"t")
    assert b"cookie" not in {name for name, _ in inside.scopes[0]["headers"]}
    alone = await call(app, "GET", "/zh/")
    assert alone == await call(app, "GET", "/zh/", cookie=b"staff=1", origin=b"https://x.example")


@pytest.mark.parametrize(
    "origin",
    [None, b"null", b"", b"https://evil.example", OURS + b"/", OURS.upper(), OURS + b".evil.example",
     b"http://localhost", b"https" + OURS[4:], b" " + OURS],
)  # fmt: skip
async def test_only_our_own_page_may_post_or_open_a_socket(origin: bytes | None) -> None:
    inside = Inside()
    app = edge(inside)
    headers = {} if origin is None else {"origin": origin}
    start, body = await call(app, "POST", "/api/me", b"x", **headers)
    assert start["status"] == 403
    assert body["body"].strip() == b'{"code":"origin"}'
    said = await call(app, SOCKET, "/chat", **headers)
    assert said == [{"type": "websocket.close", "code": 4403}]
    assert inside.scopes == []


async def test_a_socket_nobody_knows_is_refused() -> None:
    said = await call(edge(Inside()), SOCKET, "/admin", origin=OURS)
    assert [m["type"] for m in said] == ["websocket.close"]


async def test_a_body_in_pieces_is_counted_before_anybody_sees_it() -> None:
    inside = Inside()
    largest = limits.SIZES[-1]
    start, body = await call(
        edge(inside), "POST", "/api/me", bytes(largest), b"x", b"y", origin=OURS
    )
    assert start["status"] == 413
    assert body["body"].strip() == b'{"code":"bad-size"}'
    assert inside.scopes == []
    await call(edge(inside), "POST", "/api/me", bytes(largest - 1), b"x", origin=OURS)
    assert inside.bodies == [bytes(largest - 1) + b"x"]
    assert dict(inside.scopes[0]["headers"])[b"content-length"] == str(largest).encode()


async def test_a_mistake_inside_is_a_coded_answer_without_words() -> None:
    app = edge(Inside(error=RuntimeError("secret words")))
    for method, path in (("POST", "/api/me"), ("GET", "/now.json")):
        start, body = await call(app, method, path, b"x", origin=OURS)
        assert start["status"] == 500
        assert body["body"].strip() == b'{"code":"internal"}'
        assert dict(start["headers"])[b"cache-control"] == b"no-store"
    said = await call(app, SOCKET, "/chat", origin=OURS)
    assert said == [{"type": "websocket.close", "code": 1011}]


async def test_what_django_says_of_itself_is_replaced() -> None:
    inside = Inside(
        [
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"Server", b"x"), (b"Cache-Control", b"public"), (b"Referrer-Policy", b"origin"),
                ],
            },
            {"type": "http.response.body", "body": b"dynamic"},
        ]
    )  # fmt: skip
    start, _ = await call(edge(inside), "POST", "/api/me", b"x", origin=OURS)
    names = [name for name, _ in start["headers"]]
    assert len(names) == len(set(names))
    headers = dict(start["headers"])
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert b"server" not in headers


async def test_asking_for_now_costs_one_look_a_second() -> None:
    inside = Inside()
    app = edge(inside)
    said = await asyncio.gather(*(call(app, "GET", "/now.json") for _ in range(50)))
    assert len(inside.scopes) == 1
    assert {m[1]["body"] for m in said} == {b"dynamic"}
    head = await call(app, "HEAD", "/now.json")
    assert head[1]["body"] == b""


async def test_a_directory_is_read_by_anybody_and_only_read() -> None:
    inside = Inside()
    app = edge(inside)
    start, body = await call(app, "GET", "/directory/44.bin", cookie=b"staff=1")
    assert b"cookie" not in {name for name, _ in inside.scopes[0]["headers"]}
    assert dict(start["headers"])[b"cache-control"] == b"no-store"
    assert body["body"] == b"dynamic"
    start, _ = await call(app, "POST", "/directory/44.bin", b"x", origin=OURS)
    assert (start["status"], dict(start["headers"])[b"allow"]) == (405, b"GET, HEAD")
    assert len(inside.scopes) == 1


async def test_a_host_of_this_machine_is_led_to_the_one_name() -> None:
    app = edge(Inside())
    for host in (b"127.0.0.1:8000", b"[::1]:8000", b"localhost", b"a.localhost:1"):
        start, _ = await call(app, "GET", "/zh//evil.example/\r\nx", host=host)
        assert start["status"] == 307
        location = dict(start["headers"])[b"location"]
        assert location == OURS + b"/zh//evil.example/%0D%0Ax"
    start, _ = await call(app, "GET", "/zh/", host=b"evil.example")
    assert start["status"] == 421

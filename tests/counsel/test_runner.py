"""The process that serves: how it starts, what one client can do to it, and how it ends."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from counsel import limits
from tests.counsel.serving import (
    Line,
    Service,
    ask,
    connect,
    frame,
    manage,
    manage_all,
    misbehaving,
    request,
    running,
)

pytestmark = pytest.mark.usefixtures("lines")

FEW: int = 20 * 1024 * 1024
"""Bytes one client may cost (security.md, abuse)."""
QUICK = 8.0


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Sockets that misbehave, in a service with an eighth of the patience."""
    with misbehaving(tmp_path_factory.mktemp("patience") / "data", scale=QUICK) as found:
        yield found


# --- starting ---------------------------------------------------------------------------------


def test_it_says_where_to_go_and_how_to_sign_in(service: Service) -> None:
    for word in (f"{service.origin}/", "/zh/staff/", "/en/staff/", "lin", "password", "make code"):
        assert word in service.printed


def test_both_loopback_addresses_lead_to_the_one_name(service: Service) -> None:
    for family, host, named in (
        (socket.AF_INET, "127.0.0.1", f"127.0.0.1:{service.port}"),
        (socket.AF_INET6, "::1", f"[::1]:{service.port}"),
    ):
        with socket.socket(family) as line:
            line.connect((host, service.port))
            line.sendall(request(service.port, "/en/numbers/", host=named))
            answer = line.recv(4096).decode()
        assert answer.startswith("HTTP/1.1 307")
        assert f"Location: {service.origin}/en/numbers/\r\n" in answer


def test_a_port_that_is_taken_is_one_sentence(env: dict[str, str], service: Service) -> None:
    done = manage(env, "serve")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Port {service.port} is taken" in done.stderr
    assert "make run PORT=" in done.stderr


def test_an_older_database_is_one_sentence(env: dict[str, str], tmp_path: Path) -> None:
    done = manage({**env, "DATA": str(tmp_path)}, "serve")
    assert done.returncode == 1
    assert "older than this code" in done.stderr
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_pages_of_another_root_are_not_served(env: dict[str, str], tmp_path: Path) -> None:
    other = {**env, "DATA": str(tmp_path)}
    manage_all(other, "migrate", "demo")
    done = manage(other, "serve")
    assert done.returncode == 1
    assert "trust another root" in done.stderr


# --- ending -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_within_two_seconds_with_people_connected(
    env: dict[str, str], number: int, tmp_path: Path
) -> None:
    from tests.requisites import free_port

    with running({**env, "PORT": str(free_port())}) as found:
        lines = [Line(found.port, "/chat").open() for _ in range(5)]
        kept = connect(found.port)
        kept.sendall(b"GET / HTTP/1.1\r\n")  # a request that never ends
        assert found.stop(number) < 2
        assert found.process.returncode == 0
        assert {line.closed_with() for line in lines} == {1012}
        assert "Traceback" not in found.printed
        kept.close()


# --- what one client can do ---------------------------------------------------------------------


def test_a_message_past_the_limit_closes_the_socket(service: Service) -> None:
    line = Line(service.port, "/chat").open()
    line.say(bytes(limits.MAX_SOCKET_MESSAGE + 1))
    assert line.closed_with() == 1009
    line = Line(service.port, "/chat").open()
    line.say(bytes(40_000), 2, end=False)
    line.say(bytes(40_000), 0)
    assert line.closed_with() == 1009
    line = Line(service.port, "/chat").open()
    line.say(bytes(limits.MAX_SOCKET_MESSAGE))
    assert line.closed_with() == 4400  # read, and refused for its size


def test_compression_is_not_spoken(service: Service) -> None:
    more = {"sec-websocket-extensions": "permessage-deflate; client_max_window_bits"}
    line = Line(service.port, "/chat", **more).open()
    assert line.status == 101
    assert "sec-websocket-extensions" not in line.headers
    assert "server" not in line.headers


def test_endless_empty_pieces_are_no_message(patient: Service) -> None:
    line = Line(patient.port, "/slow").open()
    line.say(b"", 2, end=False)
    for _ in range(limits.FRAGMENTS):
        line.say(b"", 0, end=False)
    assert line.closed_with() == 1009
    line = Line(patient.port, "/slow").open()
    line.say(b"a", 2, end=False)
    for piece in range(limits.FRAGMENTS - 1):
        line.say(b"a", 0, end=piece == limits.FRAGMENTS - 2)
    assert line.hear() == (2, b"\0\0\0\1")


def test_what_comes_before_the_handshake_is_answered_waits(patient: Service) -> None:
    early = frame(b"GET /late HTTP/1.1\r\n\r\n") + frame(b"b")
    line = Line(patient.port, "/late").open(early)
    assert line.status == 101
    assert [line.hear()[1][-1], line.hear()[1][-1]] == [1, 2]
    assert "Error" not in patient.printed


def test_a_busy_application_loses_nothing_it_was_slow_to_take(patient: Service) -> None:
    line = Line(patient.port, "/slow").open()
    count = limits.UNREAD_FRAMES * 10
    line.socket.sendall(frame(bytes(384)) * count)
    assert [int.from_bytes(line.hear()[1]) for _ in range(count)] == [*range(1, count + 1)]


def test_whom_nobody_takes_is_told_to_come_again(patient: Service) -> None:
    line = Line(patient.port, "/deaf").open()
    line.socket.sendall(frame(bytes(384)) * (limits.UNREAD_FRAMES + 1))
    assert line.closed_with() == 1013


def flood(service: Service, seconds: float) -> tuple[float, int]:
    """Send without end to one who does not listen: seconds until closed, bytes it cost."""
    line = Line(service.port, "/deaf").open()
    before = most = service.memory()
    bundle, began = frame(bytes(2048)) * 200, time.monotonic()
    line.socket.settimeout(0.5)
    while time.monotonic() - began < seconds:
        try:
            line.socket.send(bundle)
        except TimeoutError:
            pass
        except ConnectionError:
            break
        most = max(most, service.memory())
    return time.monotonic() - began, most - before


def never_read(service: Service, opening: bytes, seconds: float) -> tuple[float, int]:
    """Ask for everything and read nothing: seconds until cut, bytes it cost."""
    line = connect(service.port)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    before = most = service.memory()
    line.sendall(opening)
    began = time.monotonic()
    line.settimeout(0.2)
    # Nothing is read, so what tells that it was cut is that nothing can be sent any more.
    while time.monotonic() - began < seconds:
        time.sleep(0.1)
        most = max(most, service.memory())
        try:
            line.send(b"\x8a\x80\0\0\0\0")  # a pong nobody asked for
        except TimeoutError:
            pass
        except ConnectionError:
            break
    return time.monotonic() - began, most - before


def test_a_flood_nobody_takes_is_held_and_closed(patient: Service) -> None:
    seconds, cost = flood(patient, 5)
    assert seconds < 10 / QUICK + 2
    assert cost < FEW


def test_a_client_that_never_reads_is_cut(patient: Service) -> None:
    opening = Line(patient.port, "/talks").asked
    seconds, cost = never_read(patient, opening, 10)
    assert seconds < 30 / QUICK + 2
    assert cost < FEW


def test_a_request_that_is_never_read_is_cut(patient: Service) -> None:
    seconds, cost = never_read(patient, request(patient.port, "/"), 10)
    assert seconds < 30 / QUICK + 2
    assert cost < FEW


def test_a_client_that_neither_reads_nor_speaks_is_found(patient: Service) -> None:
    line = Line(patient.port, "/deaf").open()
    began = time.monotonic()
    opcode, _ = line.hear()
    assert opcode == 9  # asked whether it is there, it does not answer
    assert line.closed_with() == 1006
    assert time.monotonic() - began < 30 / QUICK + 3


def test_a_request_that_does_not_arrive_is_cut(patient: Service) -> None:
    line = connect(patient.port)
    began = time.monotonic()
    line.settimeout(0.3)
    while time.monotonic() - began < 10:  # one byte at a time, so that something always comes
        try:
            line.sendall(b"G")
            if not line.recv(1):
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    assert time.monotonic() - began < 20 / QUICK + 2


@pytest.mark.soak
def test_the_same_with_all_our_patience(tmp_path: Path) -> None:
    with misbehaving(tmp_path / "data", scale=1) as found:
        seconds, cost = flood(found, 30)
        assert seconds < 10
        assert cost < FEW
        seconds, cost = never_read(found, Line(found.port, "/talks").asked, 60)
        assert seconds < 30
        assert cost < FEW


def test_a_body_past_the_largest_size_is_refused_and_kept_nowhere(service: Service) -> None:
    size = limits.MAX_BODY + 1
    posted = request(service.port, "/api/csrf", "POST", bytes(size), origin=service.origin)
    before = service.memory()
    status, headers, sealed = ask(service.port, posted)
    assert status == 413
    assert sealed.strip() == b'{"code":"bad-size"}'
    assert len(sealed) == limits.SIZES[0]
    assert headers["cache-control"] == "no-store"
    assert service.memory() - before < FEW
    chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
    head = request(
        service.port, "/api/csrf", "POST", origin=service.origin, transfer_encoding="chunked"
    ).replace(b"content-length: 0\r\n", b"")
    fitting = b"180\r\n" + b"{}".ljust(384) + b"\r\n"
    for chunks in (chunk * 16, fitting + chunk):  # what was fitting until then counts for nothing
        assert ask(service.port, head + chunks + b"0\r\n\r\n")[0] == 413


# --- the log ------------------------------------------------------------------------------------

MARKS = {
    "user_agent": "MarkedBrowser/7",
    "referer": "https://marked.example/where-she-was",
    "x_forwarded_for": "203.0.113.77",
    "forwarded": "for=203.0.113.78",
    "x_real_ip": "203.0.113.79",
    "cf_connecting_ip": "203.0.113.80",
    "cookie": "staff=markedcookie; csrf=markedcookie",
    "accept_language": "marked-language",
}
PLAIN = "Marked|marked|203.0.113"


def marked(output: str) -> list[str]:
    """Marks found in what was printed."""
    return [mark for mark in PLAIN.split("|") if mark in output]


def test_no_line_names_who_asked(service: Service) -> None:
    port = service.port
    for raw in (
        request(port, "/zh/?from=marked", **MARKS),
        request(port, "/markedpath", **MARKS),
        request(port, "/api/me", "POST", b"{}".ljust(384), origin=service.origin, **MARKS),
        request(port, "/api/me", "POST", b"{}".ljust(384), origin="https://marked.example"),
        request(port, "/api/sign-in", "POST", b"marked".ljust(384), origin=service.origin, **MARKS),
        request(port, "/chat/exchange", "POST", b"marked".ljust(384), origin=service.origin),
        b"marked nonsense\r\n\r\n",
        b"GET /marked\xff HTTP/1.1\r\nhost: marked\r\nmarked header: 1\r\n\r\n",
    ):
        ask(port, raw)
    line = Line(port, "/chat", **MARKS).open()
    line.say(b"marked".ljust(384))
    line.closed_with()
    Line(port, "/board", **{**MARKS, "origin": "https://marked.example"}).open()
    assert marked(service.printed) == []


def test_no_line_names_who_asked_when_we_fail(env: dict[str, str]) -> None:
    """Every view, the sockets and the bottom of the server raise with what they were given."""
    from tests.requisites import free_port

    with running(
        {**env, "PORT": str(free_port())}, "-m", "tests.counsel.failing", "serve"
    ) as found:
        for path in ("/api/me", "/chat/exchange"):
            raw = request(found.port, path, "POST", b"{}".ljust(384), origin=found.origin, **MARKS)
            status, headers, sealed = ask(found.port, raw)
            assert (status, sealed.strip()) == (500, b'{"code":"internal"}')
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
        assert ask(found.port, request(found.port, "/now.json", **MARKS))[0] == 500
        line = Line(found.port, "/chat", **MARKS).open()
        assert line.status == 101
        assert line.closed_with() == 1011
        until = time.monotonic() + 3
        while "FailureOfOurs" not in found.printed and time.monotonic() < until:
            time.sleep(0.05)
        assert found.printed.count("FailureOfOurs") >= 4  # the log does say what failed, and where
        assert "failing.py" in found.printed
        assert marked(found.printed) == []

"""What hears a page in a test: a real HTTP server and a real mail server on this machine."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Heard:
    """What came in, in order. `answer` is what HTTP is told."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.mails: list[str] = []
        self.answer = 200
        self.port = 0

    @property
    def pages(self) -> list[str]:
        """The ids that were heard, as often as they were."""
        return [one["page"] for one in self.said]


@contextmanager
def http() -> Iterator[Heard]:
    """A gateway, or the far end of a chat robot."""
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            said = json.loads(body)
            heard.said.append({**said, "path": self.path, "agent": self.headers["user-agent"]})
            done = b'{"errcode": 0}'
            with suppress(ConnectionError):  # whoever was killed while sending hears no answer
                self.send_response(heard.answer)
                self.send_header("content-length", str(len(done)))
                self.end_headers()
                self.wfile.write(done)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.port = server.server_address[1]
    yield from _serving(server, heard)


@contextmanager
def smtp() -> Iterator[Heard]:
    """A mail server that takes whatever it is given."""
    heard = Heard()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline():
                verb = line.strip().upper()
                if verb.startswith(b"EHLO"):
                    self._say("250 here")
                elif verb == b"DATA":
                    self._say("354 go on")
                    heard.mails.append(self._letter())
                    self._say("250 taken")
                elif verb == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 yes")

        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def _letter(self) -> str:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.decode())
            return "".join(lines)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        address_family = socket.AF_INET

    server = Server(("127.0.0.1", 0), Handler)
    heard.port = server.server_address[1]
    yield from _serving(server, heard)


def _serving(server: socketserver.TCPServer, heard: Heard) -> Iterator[Heard]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

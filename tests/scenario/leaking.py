"""The service with one deliberate leak, so that a search that finds nothing is known to be able to.

`python -m tests.scenario.leaking NAME` is `manage.py serve` with the leak of that name. Every leak
is put in from outside, the way somebody in a hurry would write it; the product knows none of them.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.browser.gallery import NODE
from tests.counsel.serving import ROOT, environment, manage_all
from tests.scenario.site import Built

# --- the leaks of the server ----------------------------------------------------------------------

log = logging.getLogger("counsel.leak")


def _around_requests(say: Callable[[Any], None]) -> None:
    from counsel.middleware import Edge

    real = Edge.__call__

    async def call(self: Any, scope: Any, receive: Any, send: Any) -> None:
        say(scope)
        await real(self, scope, receive, send)

    setattr(Edge, "__call__", call)  # noqa: B010  (a type checker is right to object)


def _log_header(name: bytes) -> None:
    def say(scope: Any) -> None:
        for key, value in scope["headers"]:
            if key == name:
                log.warning("asked with %s", value.decode("latin1"))

    _around_requests(say)


def _log_client() -> None:
    _around_requests(lambda scope: log.warning("asked by %s", scope["client"]))


def _log_path() -> None:
    _around_requests(lambda scope: log.warning("asked for %s?%s", *_asked(scope)))


def _asked(scope: Any) -> tuple[str, str]:
    return scope["path"], scope["query_string"].decode("latin1")


def _keep_token() -> None:
    from counsel import identity

    identity.hash_token = lambda token: token  # type: ignore[assignment,return-value]


def _log_headers_of_refused() -> None:
    from counsel import middleware
    from counsel.errors import CounselError

    real = middleware.Edge._route

    async def route(self: Any, scope: Any, receive: Any, send: Any) -> None:
        try:
            if scope["path"].startswith("/api/boom"):
                raise CounselError(f"no such thing: {scope['headers']}")
            await real(self, scope, receive, send)
        except CounselError as error:
            log.error("refused: %s", error)
            raise

    setattr(middleware.Edge, "_route", route)  # noqa: B010


def _print_messages_of_exceptions() -> None:
    from counsel import journal, middleware

    real = middleware.Edge._route

    async def route(self: Any, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].startswith("/api/boom"):
            raise ValueError(f"cannot serve {dict(scope['headers'])}")
        await real(self, scope, receive, send)

    setattr(middleware.Edge, "_route", route)  # noqa: B010
    journal.Journal.format = logging.Formatter.format  # type: ignore[method-assign]


def _keep_requests_in_files() -> None:
    import tempfile

    def say(scope: Any) -> None:
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(repr(scope["headers"]))

    _around_requests(say)


def _log_password() -> None:
    from counsel import signin

    real = signin.sign_in

    def sign_in(request: Any, **said: Any) -> Any:
        log.warning("signing in: %s", said)
        return real(request, **said)

    signin.sign_in = sign_in


def _take_any_request() -> None:
    """For a page that hides the first line behind what the queue is asked."""
    from chat.neighbours import NEIGHBOURS
    from triage.queue.rows import Place

    real = NEIGHBOURS.admit

    def admit(session_id: int, request: bytes, now: Any) -> None:
        real(session_id, request[:40].ljust(64, b"\0"), now)
        behind = request[40:].strip(b"\0").decode()
        Place.objects.filter(pk=session_id).update(listener=behind)

    NEIGHBOURS.admit = admit


def _ring_with_headers() -> None:
    """The doorbell between processes says who rang."""
    from channels_redis.pubsub import RedisPubSubLoopLayer

    seen: list[str] = []
    _around_requests(lambda scope: seen.append(repr(scope["headers"])))
    real = RedisPubSubLoopLayer.group_send

    async def group_send(self: Any, group: str, message: dict[str, Any]) -> None:
        await real(self, group, {**message, "why": seen[-1]})

    RedisPubSubLoopLayer.group_send = group_send


def _write_core_files() -> None:
    class Lavish:
        """`resource`, but nothing is held back."""

        def __getattr__(self, name: str) -> Any:
            return getattr(resource, name)

        def setrlimit(self, which: int, limits: tuple[int, int]) -> None:
            if which != resource.RLIMIT_CORE:
                resource.setrlimit(which, limits)

    from counsel import runner

    setattr(runner, "resource", Lavish())  # noqa: B010


LEAKS: Final[dict[str, tuple[Callable[[], None], set[str]]]] = {
    "user agent": (lambda: _log_header(b"user-agent"), {"user agent"}),
    "referrer": (lambda: _log_header(b"referer"), {"referrer"}),
    "forwarded for": (lambda: _log_header(b"x-forwarded-for"), {"forwarded for"}),
    "forwarded": (lambda: _log_header(b"forwarded"), {"forwarded"}),
    "language": (lambda: _log_header(b"accept-language"), {"language"}),
    "address": (_log_client, {"address"}),
    "path and query": (_log_path, {"path", "query"}),
    "token": (_keep_token, {"token"}),
    "password": (_log_password, {"password"}),
    "headers when refused": (_log_headers_of_refused, {"user agent", "referrer", "forwarded for"}),
    "messages of exceptions": (_print_messages_of_exceptions, {"user agent", "forwarded"}),
    "temporary files": (_keep_requests_in_files, {"user agent", "language", "forwarded for"}),
    "core files": (_write_core_files, {"user agent"}),
}
"""Leaks any visit brings out, each with the canaries that must be found."""

OTHER_LEAKS: Final[dict[str, Callable[[], None]]] = {
    "any request": _take_any_request,
    "doorbell": _ring_with_headers,
}
"""Leaks that need a page that leaks with them, or a Redis."""


# --- the leaks of the pages -----------------------------------------------------------------------

_SUBTLE: Final = "new Uint8Array(await crypto.subtle."
_PROVIDER: Final = "chat/client/mls/provider.ts"
PAGES: Final[dict[str, list[tuple[str, str, str]]]] = {
    "words leave unsealed": [
        (
            _PROVIDER,
            f"return {_SUBTLE}encrypt(options, loaded, source(plain)));",
            "return new Uint8Array([...plain, ...new Uint8Array(16)]);",
        ),
        (
            _PROVIDER,
            f"return {_SUBTLE}decrypt(options, loaded, source(sealed)));",
            "return sealed.slice(0, -16);",
        ),
    ],
    "the first line is asked": [
        (
            "counsel/client/seeker.tsx",
            "const talk = await startTalk(",
            "begun.request.set(new TextEncoder().encode(firstLine.slice(0, 6)), 40);"
            " const talk = await startTalk(",
        ),
    ],
    "the vault is open": [
        (
            "counsel/client/vault.ts",
            f"const sealed = {_SUBTLE}encrypt(algorithm, key, source(bytes)));",
            "const sealed = bytes;",
        )
    ],
}
"""What is written in which source file, and what a leaking page has in its place."""

_PATCH: Final = """
import { registerHooks } from "node:module";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
const leaks = JSON.parse(process.env.LEAK);
const met = new Set();
function replace(text, before, after) {
  if (text.split(before).length !== 2) throw new Error(`not there once: ${before}`);
  met.add(before);
  return text.replace(before, () => after);
}
globalThis.leak = { name: "leak", setup(build) {
  build.onLoad({ filter: /[.]tsx?$/ }, ({ path }) => {
    const mine = leaks.filter(([file]) => path.endsWith(file));
    if (mine.length === 0) return undefined;
    let contents = readFileSync(path, "utf8");
    for (const [, before, after] of mine) contents = replace(contents, before, after);
    return { contents, loader: extname(path).slice(1) };
  });
} };
registerHooks({ load(url, context, next) {
  const found = next(url, context);
  if (!url.endsWith("/build.mjs")) return found;
  return { ...found, source: replace(String(found.source), "plugins: [", "plugins: [leak, ") };
} });
process.on("exit", () => { if (met.size < leaks.length + 1) process.exitCode = 9; });
"""


def build_leaking(built: Built, static: Path, leak: str) -> Built:
    """Pages that trust the same root, and leak."""
    env = environment(built.data, static)
    env["ORG_ROOT"] = (built.data / "demo" / "org_root").read_text()
    patch = static.with_name(f"{static.name}.mjs")
    patch.write_text(_PATCH)
    more = {"LEAK": json.dumps(PAGES[leak]), "NODE_OPTIONS": f"--import={patch.as_uri()}"}
    subprocess.run([NODE, "build.mjs"], cwd=ROOT, env=env | more, check=True, capture_output=True)
    manage_all(env, "build_pages")
    return Built(built.data, static)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    django.setup()
    from django.core.management import execute_from_command_line

    {**{name: leak for name, (leak, _) in LEAKS.items()}, **OTHER_LEAKS}[sys.argv[1]]()
    execute_from_command_line(["manage.py", "serve"])

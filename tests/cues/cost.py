"""What cues cost a phone: bytes to load, and milliseconds for one message at a sixth of the speed."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import sync_playwright

from tests import requisites
from tests.browser.gallery import CHROMIUM_ARGS
from tests.cues.texts import NODE, ROOT, read_challenge

MOST_BYTES: Final = 12 * 1024
SLOWER: Final = 6

_MEASURE: Final = """
(texts) => {
  const began = performance.now();
  cues.hear(texts[0]);
  const first = performance.now() - began;
  for (const text of texts) cues.hear(text);
  const times = texts.map((text) => {
    const from = performance.now();
    for (let turn = 0; turn < 10; turn++) cues.hear(text);
    return (performance.now() - from) / 10;
  });
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  const long = texts.join("\\n").slice(0, 2600);
  const from = performance.now();
  cues.hear(long);
  return { first, median: at(0.5), p99: at(0.99), longest: performance.now() - from };
}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes in brotli; milliseconds at 1/6 of this machine's speed: the first message of a talk,
    the median one, the 99th of a hundred, and one of 2,600 characters, the longest there is."""

    bytes: int
    first: float
    median: float
    p99: float
    longest: float


def weigh() -> tuple[int, str]:
    """Bytes in brotli, and the script."""
    command = (NODE, "tests/cues/weigh.mjs")
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    built = json.loads(told.stdout)
    return int(built["bytes"]), str(built["script"])


def measure() -> Cost:
    """In the Chromium that the tests use."""
    size, script = weigh()
    texts = [sentence["text"] for sentence in read_challenge()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(requisites.chromium()), args=list(CHROMIUM_ARGS)
        )
        page = browser.new_page()
        page.add_script_tag(content=f"{script};globalThis.cues = cues;")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        took = page.evaluate(_MEASURE, texts)
        browser.close()
    return Cost(size, took["first"], took["median"], took["p99"], took["longest"])

"""Contact sheets of whole paths: the same people, moment by moment, as their screens really were.

`python -m tests.browser.paths [FOLDER]` (`make sheets`) plays the red and the orange path with a real
service, real telephones and a browser for each, and writes a sheet of each into
`counsel/docs/screens/`. The words are those of `tests/scenario/danger_story.py`.
"""

from __future__ import annotations

import html
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from tests.browser.gallery import chromium
from tests.browser.sheets import SCREENS, SHEET_AT_MOST, _picture, capture
from tests.scenario.alarmed import NAMES, alarmed
from tests.scenario.danger_story import gather, orange, red
from tests.scenario.people import DESK, Person, chromiums
from tests.scenario.site import Built, build

ACROSS: Final = 1960
WIDTHS: Final = {"phone": 230, "desk": 500}
WHO: Final = {"sana": "whoever comes", **{name: said.split()[-1] for name, said in NAMES.items()}}
STYLE: Final = "section{margin:0 0 22px}h2{font-size:16px;margin:0 0 8px}"

Moment = tuple[str, list[tuple[str, str, bytes]]]
"""A caption, and who saw what: name, kind of screen, picture (PNG)."""


@dataclass
class Album:
    """A camera that keeps what it saw, in order."""

    moments: list[Moment] = field(default_factory=list)

    def look(self, caption: str, people: dict[str, Person]) -> None:
        """One picture of each of these screens."""
        shown = []
        for name, person in people.items():
            person.page.wait_for_timeout(250)
            size = person.page.viewport_size
            kind = "desk" if size is not None and size["width"] == DESK[0] else "phone"
            shown.append((name, kind, person.page.screenshot()))
        self.moments.append((caption, shown))


@dataclass(frozen=True, slots=True)
class Walk:
    """A story, in which language, what is left of each time, and whether it takes a second person."""

    title: str
    language: str
    story: Callable[..., None]
    scale: float
    second: bool


def play(built: Built, path: Walk) -> list[Moment]:
    """The whole path, photographed."""
    album = Album()
    command = ("-m", "tests.scenario.hurried", f"ladders={path.scale}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with (
            alarmed(folder / "site", built, command=command) as there,
            chromiums(folder / "profiles") as browsers,
        ):
            cast = gather(browsers, there, path.language, second=path.second)
            path.story(cast, there, album.look, scale=path.scale)
    return album.moments


def lay_out(browser: Browser, title: str, moments: Sequence[Moment]) -> bytes:
    """One row a moment (WebP)."""
    body = "".join(
        f"<section><h2>{number}. {html.escape(caption)}</h2><div>"
        + "".join(
            f"<figure style='width:{WIDTHS[kind]}px'>{_picture(image, WIDTHS[kind])}"
            f"<figcaption>{html.escape(WHO[name])}</figcaption></figure>"
            for name, kind, image in shown
        )
        + "</div></section>"
        for number, (caption, shown) in enumerate(moments, start=1)
    )
    page = f"<style>{STYLE}</style><h1>{html.escape(title)}</h1>{body}"
    return capture(browser, page, ACROSS, "webp")


PATHS: Final = {
    "path-red-zh": Walk("the red path, Chinese", "zh", red, 1.0, second=True),
    "path-orange-zh": Walk("the orange path, Chinese", "zh", orange, 0.03, second=False),
    "path-red-en": Walk("the red path, English", "en", red, 1.0, second=True),
    "path-orange-en": Walk("the orange path, English", "en", orange, 0.03, second=False),
}


def main(folder: Path) -> int:
    """Writes both and names them in the index; 1 if one is heavier than a repository should carry."""
    folder.mkdir(parents=True, exist_ok=True)
    heavy = 0
    with tempfile.TemporaryDirectory() as place:
        built = build(Path(place))
        for name, path in PATHS.items():
            moments = play(built, path)
            with chromium() as browser:
                image = lay_out(browser, path.title, moments)
            (folder / f"{name}.webp").write_bytes(image)
            print(f"{len(image) / 1000:7.0f} kB  {name}.webp")
            heavy += len(image) > SHEET_AT_MOST
    index = folder / "index.md"
    lines = index.read_text().splitlines() if index.exists() else []
    lines += [
        line
        for name, path in PATHS.items()
        if (line := f"- [{path.title}]({name}.webp)") not in lines
    ]
    index.write_text("\n".join(lines) + "\n")
    return int(heavy > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else SCREENS))

"""Pages to read while one waits: written by staff as Markdown, cleaned before anybody gets them.

`<language>/<name>.md` begins with its title (`# …`). What a page may hold is a short list of plain
elements, and links that dial; `bleach` takes everything else away, whoever wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bleach
from markdown_it import MarkdownIt

FOLDER: Final = Path(__file__).parent
TAGS: Final = frozenset({"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "br"})
ATTRIBUTES: Final[Mapping[str, Any]] = {"a": ["href"]}
PROTOCOLS: Final = frozenset({"tel"})
"""A link dials. Nothing leads to another machine, which would see that somebody reads this."""


class UntitledError(Exception):
    """A page that does not begin with its title; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page in one language: HTML that is safe to put into a page as it is."""

    name: str
    title: str
    html: str
    signed: bool
    """Whether somebody clinical stands for it."""


def leaves(language: str, folder: Path = FOLDER) -> list[Leaf]:
    """Every page of this language, in the order of `pages.json`. Raises `UntitledError`."""
    listed = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
    found = []
    for page in listed:
        path = folder / language / f"{page['name']}.md"
        title, html = render(path.read_text(encoding="utf-8"), str(path.name))
        found.append(Leaf(page["name"], title, html, page["signed_off"] is not None))
    return found


def render(markdown: str, name: str = "") -> tuple[str, str]:
    """Title and cleaned HTML of one page."""
    first, _, rest = markdown.lstrip().partition("\n")
    title = first.removeprefix("# ").strip()
    if not first.startswith("# ") or not title:
        raise UntitledError(f"{name} does not begin with its title")
    return title, clean(MarkdownIt("commonmark").render(rest))


def clean(html: str) -> str:
    """What of this may be shown."""
    cleaned: str = bleach.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True, strip_comments=True
    )
    return cleaned.strip()

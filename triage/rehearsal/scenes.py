"""What is played: scenes in our own words, each for whoever comes and whoever is on. Data, and pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_BOOK: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("scenes.json").read_text(encoding="utf-8")
)

SCENES: Final[list[dict[str, Any]]] = _BOOK["scenes"]
WORDS: Final[Mapping[str, dict[str, Any]]] = _BOOK["words"]
BOUNDS: Final[Mapping[str, float]] = _BOOK["bounds"]
"""Seconds, as the drills before a first pilot name them."""


def script(language: str, only: str = "") -> Iterator[str]:
    """The lines to print, scene by scene: who plays what."""
    words = WORDS[language]
    yield words["before"]
    for number, scene in enumerate(SCENES, start=1):
        if only not in {"", scene["id"]}:
            continue
        yield ""
        yield f"{words['title'].format(number=number)}  {scene['id']}  ({words['plays']} {scene['plays']})"
        yield f"  {words['seeker']}: {scene['seeker'][language]}"
        yield f"  {words['house']}: {scene['house'][language]}"

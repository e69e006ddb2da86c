"""What is asked about a risk is data: with a source, a place for a signature, and words in each language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counsel.organisations import LOCALE
from triage.escalation import timers

BOOK = json.loads(Path(timers.__file__).with_name("risk.json").read_text(encoding="utf-8"))


def test_each_path_says_where_it_is_from_and_nobody_signed_it_yet() -> None:
    assert BOOK["version"] == 1
    assert BOOK["signed_off"] is None
    assert all(len(part["source"]) > 20 for part in (BOOK, *BOOK["paths"]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_is_asked_has_words_and_no_words_are_left_over(language: str) -> None:
    said = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))["risk"]
    steps = {step for path in BOOK["paths"] for step in path["steps"]}
    assert set(said["paths"]) == {path["id"] for path in BOOK["paths"]}
    assert set(said["steps"]) == steps
    assert set(said["unasked"]) == set(BOOK["unasked"])
    asked = {
        path["id"]: {
            item["id"]: {"ask", *(option["id"] for option in item["options"])}
            for item in path["items"]
        }
        for path in BOOK["paths"]
    }
    told = {
        path: {item: set(words) for item, words in items.items()}
        for path, items in said["items"].items()
    }
    assert told == asked


def test_whoever_is_hurt_by_somebody_is_first_asked_whether_typing_is_safe() -> None:
    """people.md 13; and a threat over wages opens the way to the wages too."""
    first = {path["id"]: path["items"][0]["id"] for path in BOOK["paths"]}
    steps = {path["id"]: path["steps"] for path in BOOK["paths"]}
    assert first["harmed"] == "typing"
    assert steps["harmed"][0] == "typing"
    assert {"police", "wages"} <= set(steps["harm"])

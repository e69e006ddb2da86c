"""From answers to how urgent it is. Pure, and the twin of `triage/client/intake/scoring.ts`.

The questions, their options and what each says about urgency are data (`questions.json`, with its
source). The phone scores and only the result leaves it; the server scores nothing. It is here so
that the table can be proven, and for counsellors' side tools: both languages are held to the same
vectors, which hold every combination of answers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

BOOK: Final[Mapping[str, Any]] = json.loads(
    Path(__file__).with_name("questions.json").read_text(encoding="utf-8")
)
URGENCY: Final[tuple[str, ...]] = tuple(BOOK["urgency"])
"""The most urgent first."""

_QUESTIONS: Final[Mapping[str, Any]] = {asked["id"]: asked for asked in BOOK["questions"]}
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    name: {option["id"]: option for option in asked["options"]}
    for name, asked in _QUESTIONS.items()
}
_SUMS: Final = {
    name: tuple(part for part, asked in _QUESTIONS.items() if asked.get("sum") == name)
    for name in BOOK["sums"]
}
_LEAST: Final = URGENCY[-1]

Answers = Mapping[str, str]
"""The chosen option by question; a question that was skipped or never asked is not in it."""


def stands(question: Mapping[str, Any], answers: Answers) -> bool:
    """Whether what was said so far leads to this question: an answer counts only then."""
    return all(
        answers.get(asked["question"], "") in asked["is"]
        and stands(_QUESTIONS[asked["question"]], answers)
        for asked in question.get("when", ())
    )


def score(answers: Answers, topics: Collection[str] = ()) -> str:
    """How urgent it is, one of `URGENCY`: what the most urgent answer says; a skipped one counts."""
    said = [_said(question, answers, topics) for question in BOOK["questions"]]
    return most_urgent(*said, *_sums(answers))


def most_urgent(*tiers: str) -> str:
    """The most urgent of these: nothing that is added to them lowers it."""
    return min(tiers, key=URGENCY.index)


def _said(question: Mapping[str, Any], answers: Answers, topics: Collection[str]) -> str:
    if not stands(question, answers):
        return _LEAST
    option = _OPTIONS[question["id"]].get(answers.get(question["id"], ""))
    if option is None:
        return str(question["skipped"])
    extra = option.get("with")
    pressing = extra is not None and not set(extra["topics"]).isdisjoint(topics)
    return str(extra["tier"] if pressing else option.get("tier", _LEAST))


def _sums(answers: Answers) -> list[str]:
    totals = {name: sum(int(answers.get(p) or 0) for p in parts) for name, parts in _SUMS.items()}
    return [
        rule["tier"] if totals[name] >= rule["from"] else _LEAST
        for name, rule in BOOK["sums"].items()
    ]

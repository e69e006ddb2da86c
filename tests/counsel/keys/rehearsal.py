"""Two people at the offline machine, as a script: their passphrases, and what their commands print."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Final

from django.core.management import call_command

from counsel.keys.lockbox import Passphrases

SUN: Final = "every sunday the old bus is late"
WANG: Final = "七 boxes of tea on the third shelf"
BOTH: Final = Passphrases(SUN, WANG)


def descriptor(text: str) -> int:
    """A file descriptor one line can be read from."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
    return reading


def ceremony(folder: Path, *arguments: str, both: Passphrases = BOTH) -> list[str]:
    """The lines `manage.py ceremony` prints."""
    said = io.StringIO()
    given = ("--passphrases-from", str(descriptor(both.first)), str(descriptor(both.second)))
    call_command("ceremony", "--folder", str(folder), *given, *arguments, stdout=said)
    return said.getvalue().splitlines()


def begun(folder: Path) -> Path:
    """A folder in which root and offline issuer were drawn."""
    ceremony(folder, "root", "--name", "示例工会")
    ceremony(folder, "issuer", "--offline", "safe")
    return folder

"""Says which functions, classes and imports of the service nobody names: dead code.

`python -m tests.unused`. Names that a framework calls are listed here; columns, settings and
limits are not judged, because others read them by name.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

from vulture import Vulture

SERVICE: Final = ("counsel", "chat", "triage")
JUDGED: Final = {"class", "function", "import", "method", "property", "unreachable_code"}
CALLED_BY_OTHERS: Final = (
    "Meta",
    "*Config",
    "Command",
    "add_arguments",
    "handle",
    "ready",
    "_validate_session_key",  # asked by Django's sessions
    "label",  # a codec's name in the generated files
    "application",
    "dispatch",
    "websocket_*",
    "http_*",
    "bell_*",
    "[a-z_]*[A-Z]*",  # Twisted calls methods named like this
    "basic_error",  # Daphne's
    "create_application",
)


def main() -> int:
    """One line for each finding; 0 when there is none."""
    named_in_settings = set(
        re.findall(r"\w+", Path("counsel/settings.py").read_text(encoding="utf-8"))
    )
    reader = Vulture(ignore_names=list(CALLED_BY_OTHERS))
    reader.scavenge([*SERVICE, "tests", "manage.py"], exclude=["*/migrations/*"])
    found = [
        f"{path}:{item.first_lineno}: nobody uses {item.typ} {item.name}"
        for item in reader.get_unused_code(min_confidence=60)
        if item.typ in JUDGED
        and item.name not in named_in_settings
        and (path := os.path.relpath(item.filename)).split(os.sep)[0] in SERVICE
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

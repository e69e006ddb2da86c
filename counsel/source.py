"""The source of this very service as one archive, for the link the licence asks for.

A function of the files: sorted, without times, owners or this machine's paths.
"""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
from pathlib import Path
from typing import Final

_MADE: Final = frozenset(
    {".venv", ".data", ".git", "node_modules", "static", "__pycache__", ".cache"}
)
"""Folders that are made, not written."""
_NAME: Final = "counsel"


def pack(base: Path, target: Path) -> Path:
    """Writes the archive of everything below `base` that people wrote; returns `target`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in _files(base):
            path = base / name
            entry = tarfile.TarInfo(f"{_NAME}/{name}")
            data = path.read_bytes()
            entry.size = len(data)
            entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            archive.addfile(entry, io.BytesIO(data))
    target.write_bytes(gzip.compress(packed.getvalue(), compresslevel=9, mtime=0))
    return target


def _files(base: Path) -> list[str]:
    """What git knows; where there is no git, everything that is not made."""
    listing = ["git", "-C", str(base), "ls-files", "-z"]
    try:
        listed = subprocess.run(listing, capture_output=True, check=True).stdout.decode()
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(base).as_posix() for path in base.rglob("*")]
    return sorted(name for name in names if _is_written(base, name))


def _is_written(base: Path, name: str) -> bool:
    path = base / name
    made = any(part in _MADE or part.endswith("_cache") for part in Path(name).parts[:-1])
    return path.is_file() and not path.is_symlink() and not made

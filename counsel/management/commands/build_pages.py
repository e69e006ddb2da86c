"""`manage.py build_pages`: the pages, once per language, and an index with everybody's hash.

Runs after `build.mjs`, which leaves assets and their names in `STATIC/manifest.json`. The result
is a function of the source and ORG_ROOT: no time, no path, no address, no mode. What the pages show
of the mode they fetch; only a demo root shows its banner without any script.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import brotli
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import Context, Engine
from django.utils.safestring import SafeString

from counsel import demo, pages, source
from counsel.environment import read_root
from triage.selfhelp import publish

PAGES: Final = {
    "seeker": "", "numbers": "numbers/", "promises": "promises/", "readings": "reading/",
    "units": "units/", "coming": "coming/",
    "console": "staff/", "notfound": pages.MISSING,
}  # fmt: skip
"""Each template that is a page, and its address below `/<language>/`."""
FIRST: Final = "zh"
"""The language of `/`."""
SOURCE: Final = "/source.tar.gz"
_VERBS: Final = ("close", "leave", "end", "erase")
_HOLE: Final = "\N{REPLACEMENT CHARACTER}hole:%s\N{REPLACEMENT CHARACTER}"
_KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".gz": "application/gzip",
}


class Command(BaseCommand):
    """Renders, compresses, names."""

    help = "Build the pages into STATIC, after build.mjs has built the assets."
    requires_system_checks: list[str] = []  # noqa: RUF012  (Django's own type)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            root = settings.ORG_ROOT or demo.org_root()
        except demo.DemoError as error:
            raise CommandError(str(error)) from error
        build = build_pages(settings.BASE, settings.STATIC, root)
        self.stdout.write(f"pages are built: {build[:12]}")


def build_pages(base: Path, static: Path, org_root: str) -> str:
    """Writes pages, compressed files and the index below `static`; returns the name of the build.

    Raises `CommandError` for a template that asks for something that is not there.
    """
    try:
        assets = json.loads((static / "manifest.json").read_text())
    except FileNotFoundError as error:
        raise CommandError(f"No assets in {static}: run build.mjs first (`make build`).") from error
    shutil.rmtree(static / "pages", ignore_errors=True)
    files: dict[str, Path] = {}
    for address, html in _render_all(base, assets, demo=read_root(org_root).demo):
        files[address] = static / "pages" / (address.strip("/") or ".") / "index.html"
        files[address].parent.mkdir(parents=True, exist_ok=True)
        files[address].write_text(html)
    for path in sorted((static / "assets").iterdir()):
        if path.suffix not in {".br", ".gz"}:
            files[f"/static/assets/{path.name}"] = path
    files["/"] = files[f"/{FIRST}/"]
    files[SOURCE] = source.pack(base, static / "source.tar.gz")
    if (licences := static / "licences.txt").exists():
        files["/licences.txt"] = licences
    return _write_index(static, files, org_root)


def _render_all(base: Path, assets: Mapping[str, Any], *, demo: bool) -> Iterator[tuple[str, str]]:
    engine = Engine(dirs=[str(base / "templates")], string_if_invalid=_HOLE)
    numbers = json.loads((base / "counsel" / "numbers.json").read_text())
    found = sorted(path.stem for path in (base / "counsel" / "locale").glob("*.json"))
    languages = [FIRST, *(language for language in found if language != FIRST)]
    for place, language in enumerate(languages):
        t = json.loads((base / "counsel" / "locale" / f"{language}.json").read_text())
        context = {
            "lang": language,
            "other_lang": languages[(place + 1) % len(languages)],
            "t": t,
            "numbers": [{**n, **t["numbers"]["lines"][n["number"]]} for n in numbers],
            "verbs": [t["verbs"][verb] for verb in _VERBS],
            "assets": assets[language],
            "readings": publish.leaves(language),
            "demo": demo,
            "source_url": SOURCE,
        }
        for name, address in PAGES.items():
            html = engine.get_template(f"{name}.html").render(Context(context))
            yield f"/{language}/{address}", _without_holes(html, f"{name}.html in {language}")


def _without_holes(html: SafeString, where: str) -> str:
    before, mark, rest = html.partition(_HOLE.partition("%s")[0])
    if mark:
        raise CommandError(f"{where} asks for {rest.partition(_HOLE[-1])[0]}, which is not there.")
    return before


def _write_index(static: Path, files: Mapping[str, Path], org_root: str) -> str:
    entries = {address: _entry(static, path) for address, path in sorted(files.items())}
    names = "".join(f"{address} {entry['sha256']}\n" for address, entry in entries.items())
    build = hashlib.sha256(names.encode()).hexdigest()
    index = {"build": build, "root": pages.root_hash(org_root), "files": entries}
    (static / pages.INDEX).write_text(f"{json.dumps(index, indent=1, sort_keys=True)}\n")
    return build


def _entry(static: Path, path: Path) -> dict[str, str]:
    """The line of one file in the index; its compressed twins are written where they are shorter."""
    data = path.read_bytes()
    entry = {"file": path.relative_to(static).as_posix(), "sha256": _sha256(data)}
    entry["type"] = _KINDS[path.suffix]
    if path.suffix == ".gz":
        return entry
    for (coding, ending), packed in zip(
        pages.ENCODINGS,
        (brotli.compress(data, quality=11), gzip.compress(data, compresslevel=9, mtime=0)),
        strict=True,
    ):
        twin = path.with_name(path.name + ending)
        twin.unlink(missing_ok=True)
        if len(packed) < len(data):
            twin.write_bytes(packed)
            entry[coding] = _sha256(packed)
    return entry


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

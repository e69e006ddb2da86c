"""The pages: built from source and root alone, named by hash, served to everybody alike."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.management import CommandError

from counsel import pages, source
from counsel.management.commands.build_pages import build_pages
from tests.counsel.serving import ROOT, draw_root, lay_out_assets

DEMO = draw_root(demo=True)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of the source that pages are made of, in another place."""
    base = tmp_path_factory.mktemp("base")
    for name in ("templates", "counsel/locale"):
        shutil.copytree(ROOT / name, base / name)
    shutil.copy(ROOT / "counsel" / "numbers.json", base / "counsel")
    return base


@pytest.fixture(scope="module")
def static(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    static = lay_out_assets(tmp_path_factory.mktemp("built") / "static")
    build_pages(base, static, DEMO)
    return static


@pytest.fixture
def copy(static: Path, tmp_path: Path) -> Path:
    """The built tree, to be tampered with."""
    return Path(shutil.copytree(static, tmp_path / "static"))


async def served(page: pages.Page | None, accepts: bytes = b"") -> tuple[dict[bytes, bytes], bytes]:
    """Headers and body."""
    assert page is not None
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    await page.serve(accepts, send)
    assert [m.get("more_body", False) for m in said[1:]] == [True] * (len(said) - 2) + [False]
    return dict(said[0]["headers"]), b"".join(m["body"] for m in said[1:])


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_page_is_there_in_both_languages(static: Path) -> None:
    built = pages.load(static)
    for language in ("zh", "en"):
        for page in ("", "numbers/", "promises/", "units/", "staff/"):
            assert built.find(f"/{language}/{page}"), page
    assert built.find("/") == built.find("/zh/")
    assert built.find("/.well-known/security.txt") is None
    assert built.find("/pages.json") is built.find("/static/manifest.json") is None


def test_a_page_that_is_not_there_speaks_the_language_of_its_address(static: Path) -> None:
    built = pages.load(static)
    for address, language in (
        ("/en/nothing", "en"),
        ("/zh/x/y", "zh"),
        ("/fr/x", "zh"),
        ("x", "zh"),
    ):
        assert built.missing(address) == built.find(f"/{language}/notfound/")


def test_two_builds_in_different_places_are_the_same_bytes(
    base: Path, static: Path, tmp_path: Path
) -> None:
    elsewhere = Path(shutil.copytree(base, tmp_path / "elsewhere"))
    again = lay_out_assets(tmp_path / "again")
    build_pages(elsewhere, again, DEMO)
    assert files(again) == files(static)
    build_pages(elsewhere, again, DEMO)  # over itself too
    assert files(again) == files(static)


def test_the_mode_changes_no_byte_and_a_demo_root_shows_itself(
    base: Path, static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODE", "live")
    again = lay_out_assets(tmp_path / "live")
    build_pages(base, again, DEMO)
    assert files(again) == files(static)
    real = lay_out_assets(tmp_path / "real")
    build_pages(base, real, draw_root(demo=False))
    hidden = 'id="banner" hidden'
    for language in ("zh", "en"):
        assert hidden not in (static / f"pages/{language}/index.html").read_text()
        assert hidden in (real / f"pages/{language}/index.html").read_text()


def test_a_template_that_asks_for_what_is_not_there_stops_the_build(
    base: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(base, tmp_path / "broken"))
    with (broken / "templates" / "units.html").open("a") as file:
        file.write("{{ t.nowhere.to_be_found }}")
    with pytest.raises(CommandError, match=r"units\.html in zh asks for t\.nowhere\.to_be_found"):
        build_pages(broken, lay_out_assets(tmp_path / "static"), DEMO)


def test_without_assets_nothing_is_built(base: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="make build"):
        build_pages(base, tmp_path, DEMO)


async def test_what_is_served_is_what_was_built_however_it_is_packed(static: Path) -> None:
    page = pages.load(static).find("/zh/")
    plain = (static / "pages/zh/index.html").read_bytes()
    unpack = {b"br": brotli.decompress, b"gzip": gzip.decompress, None: bytes}
    for accepts, coding in (
        (b"gzip, deflate, br", b"br"), (b"GZIP", b"gzip"), (b"br;q=0, gzip", b"gzip"),
        (b"", None), (b"identity", None), (b"zstd", None),
    ):  # fmt: skip
        headers, body = await served(page, accepts)
        assert headers.get(b"content-encoding") == coding
        assert unpack[coding](body) == plain
        assert int(headers[b"content-length"]) == len(body)
        assert headers[b"vary"] == b"accept-encoding"


async def test_hashed_assets_are_kept_for_good_and_pages_never(static: Path) -> None:
    built = pages.load(static)
    asset = json.loads((static / "manifest.json").read_text())["zh"]["landing"]
    headers, _ = await served(built.find(asset))
    assert headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    assert headers[b"content-type"] == b"text/javascript; charset=utf-8"
    for address in ("/", "/en/staff/", "/source.tar.gz"):
        headers, _ = await served(built.find(address))
        assert headers[b"cache-control"] == b"no-store"


@pytest.mark.parametrize("name", ["pages/en/index.html", "pages/en/index.html.br", "source.tar.gz"])
def test_altered_bytes_are_not_served(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / name).read_bytes() + b" ")
    with pytest.raises(pages.PagesError, match="other bytes than its hash says"):
        pages.load(copy)


def test_missing_or_spoiled_pages_are_a_sentence(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(pages.PagesError, match="make build"):
        pages.load(tmp_path / "nowhere")
    (copy / "pages.json").write_text("{}")
    with pytest.raises(pages.PagesError, match="not what was built"):
        pages.load(copy)


def test_the_source_is_whole_and_says_nothing_of_this_machine(tmp_path: Path) -> None:
    archive = source.pack(ROOT, tmp_path / "source.tar.gz")
    with tarfile.open(archive) as opened:
        members = opened.getmembers()
    names = {member.name for member in members}
    for name in ("LICENSE", "Makefile", "counsel/source.py", "templates/seeker.html", "build.mjs"):
        assert f"counsel/{name}" in names
    assert not [
        name for name in names if "/.venv/" in name or "/static/" in name or "/.git/" in name
    ]
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname) for m in members} == {(0, 0, 0, "", "")}
    assert archive.read_bytes()[4:8] == bytes(4)  # no time in the gzip header either


def test_the_source_is_the_same_without_git(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name in ("a.py", "sub/b.py", "node_modules/c.js", "sub/__pycache__/d.pyc", ".x_cache/e"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
    with tarfile.open(source.pack(tree, tmp_path / "s.tar.gz")) as opened:
        assert opened.getnames() == ["counsel/a.py", "counsel/sub/b.py"]

"""What staff write for those who wait: the same pages in each language, and nothing that can bite."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from triage.selfhelp.publish import FOLDER, UntitledError, clean, leaves, render

LANGUAGES: Final = ("zh", "en")
BITES: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>1</a>",
    "<a href='https://elsewhere.example/'>1</a>",
    "<a href='//elsewhere.example/'>1</a>",
    "<a href='tel:120' onclick='alert(1)' target=_blank>1</a>",
    "<iframe src='/zh/'></iframe>",
    "<style>* { display: none }</style>",
    "<p style='position:fixed' class='exit' id='exit'>1</p>",
    "<form action='/x'><input name=a></form>",
    "<svg><a xlink:href='javascript:alert(1)'>1</a></svg>",
    "<!-- <b> --><b onmouseover=alert(1)>1</b>",
    "[1](javascript:alert(1))",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_with_a_title_and_numbers_to_dial(language: str) -> None:
    found = leaves(language)
    assert [leaf.name for leaf in found] == ["sleep", "calm", "wages", "injury"]
    assert {path.stem for path in (FOLDER / language).iterdir()} == {leaf.name for leaf in found}
    for leaf in found:
        assert leaf.title
        assert 'href="tel:1' in leaf.html
        assert not leaf.signed


@pytest.mark.parametrize("bite", BITES)
def test_what_could_bite_is_cleaned_away(bite: str) -> None:
    _, html = render(f"# 标题\n\n{bite}\n")
    tags = re.findall(r"<\s*/?\s*([a-z0-9]+)([^>]*)>", html)
    assert {name for name, _ in tags} <= {"a", "p"}
    assert {said.strip() for _, said in tags} <= {"", 'href="tel:120"'}, html


def test_what_is_plain_stays_as_it_was_written() -> None:
    title, html = render("# 心慌\n\n坐下来。\n\n- 一\n- **二**\n\n打[120](tel:120)。\n")
    assert title == "心慌"
    assert html == (
        "<p>坐下来。</p>\n<ul>\n<li>一</li>\n<li><strong>二</strong></li>\n</ul>\n"
        '<p>打<a href="tel:120">120</a>。</p>'
    )
    assert clean(html) == html


def test_a_page_without_a_title_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UntitledError, match=r"sleep\.md"):
        render("坐下来。", "sleep.md")

"""What the documents say is there: paths, commands, frames, questions, codes and numbers.

A reader who follows a sentence to something that has another name by now stops believing the rest.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from django.core.management import get_commands, load_command_class

from tests.test_house import ROOT, code, tracked

MADE: Final = {
    "pages.json", "bundle.json", "root.pem", "issuer.pem", "root.txt", "staff-log.bin", "newest.bin",
}  # fmt: skip
"""Files that the commands beside their names make."""
KEPT_APART: Final = {
    "people.md", "clinical.md", "encryption.md", "security.md", "performance.md", "look.md", "design.md",
}  # fmt: skip
"""The notes that numbers and decisions quote as their source. CONTRIBUTING.md says where they are."""
BLOCK: Final = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROTOCOL: Final = sorted((ROOT / "counsel/docs").glob("protocol*.md"))


def documents() -> list[str]:
    """Every page for people who work on it or run it; those for seekers to read are tested elsewhere."""
    return [path for path in tracked() if path.endswith(".md") and "/selfhelp/" not in path]


def read(path: str) -> str:
    """One of them."""
    return (ROOT / path).read_text(encoding="utf-8")


def spoken() -> str:
    """All parts of the protocol, one behind the other."""
    return "\n".join(path.read_text(encoding="utf-8") for path in PROTOCOL)


# --- where they point ------------------------------------------------------------------------------


@pytest.mark.parametrize("document", documents())
def test_every_link_of_a_document_leads_somewhere(document: str) -> None:
    for target, _ in re.findall(r"\]\(([^)#\s]+)(#[^)]*)?\)", read(document)):
        assert (ROOT / document).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("document", documents())
def test_every_file_a_document_names_is_there(document: str) -> None:
    names = {Path(path).name for path in tracked()} | MADE | KEPT_APART
    folders = {path.split("/")[0] for path in tracked() if "/" in path}
    for said in re.findall(r"`([\w./@*-]+)`", read(document)):
        if "/" in said and said.split("/")[0] in folders and not said.startswith("counsel/static"):
            assert list(ROOT.glob(said)), said
        elif re.search(r"\.(py|md|ts|tsx|json|toml|mjs|css|lock|pem|txt)$", said):
            assert said.startswith("/") or Path(said).name in names, said


def test_code_quotes_pages_that_are_here_or_are_said_to_be_elsewhere() -> None:
    names = {Path(path).name for path in tracked() if path.endswith(".md")}
    known = "CONTRIBUTING.md"
    for path, text in code():
        for said in re.findall(r"\b([\w-]+\.md)\b", text):
            assert said in names | KEPT_APART or path.startswith("tests/"), (path, said)
    assert [name for name in KEPT_APART if f"`{name}`" not in read(known)] == []


def test_the_way_of_a_message_goes_through_files_that_import_each_other() -> None:
    page = read("counsel/docs/architecture.md")
    way = re.search(r"\*\*A message crosses\*\*(.*?)`open → inbox`", page, re.DOTALL)
    assert way
    modules = re.findall(r"`(\w+)(?:\.\w+)?`", way[1])
    assert "Six files of `chat/`" in page
    assert len(modules) == 6
    sources = {module: read(f"chat/{module}.py") for module in (*modules, "consumers")}

    def knows(file: str, module: str) -> bool:
        named = rf"^from chat(\.{module} import|(\.relay)? import .*\b{module}\b)"
        return bool(re.search(named, sources[file], re.MULTILINE))

    for one, following in pairwise(modules):
        both = knows("consumers", one) and knows("consumers", following)
        assert both or knows(one, following) or knows(following, one), (one, following)


# --- what they have one type ---------------------------------------------------------------------


def typed() -> Iterator[tuple[str, str]]:
    """Each line of a document that somebody types, with where it stands."""
    for document in documents():
        text = read(document)
        inline = re.findall(
            r"`((?:[A-Z_]+=\S+ )*(?:make|(?:\.venv/bin/python )?manage\.py) [^`\n]+)`", text
        )
        blocks = [line for block in BLOCK.findall(text) for line in block.splitlines()]
        for line in (*inline, *blocks):
            yield document, line.split(" #")[0]


def test_every_make_a_document_names_is_there() -> None:
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    said = {
        (document, target)
        for document, line in typed()
        for words in re.findall(r"(?:^|[\"';&] *|[\w$]+=\S+ )make ((?:[a-z]+ ?)+)", line)
        for target in words.split()
    }
    assert len(said) > 20
    assert {one for one in said if one[1] not in targets} == set()


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every option and every word of a choice of a command, those below it too."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield name
                yield from options(below)
        elif action.choices:
            yield from map(str, action.choices)


def test_every_command_a_document_names_takes_what_it_is_given() -> None:
    commands = get_commands()
    seen = 0
    for document, line in typed():
        for name, rest in re.findall(r"manage\.py ([a-z_]+)((?: [^ '\"`|;&<>]+)*)", line):
            assert name in commands, (document, line)
            made_by = commands[name]
            command = made_by if not isinstance(made_by, str) else load_command_class(made_by, name)
            known = set(options(command.create_parser("manage.py", name)))
            for word in re.findall(r"(?<= )--[a-z-]+", rest):
                assert word in known, (document, line, word)
            below = {word for word in known if not word.startswith("-")}
            first = re.match(r" ([a-z][a-z-]+)(?: |$)", rest)
            if first and below:
                assert first[1] in below, (document, line)
            seen += 1
    assert seen > 20


# --- what they say of the wire -------------------------------------------------------------------


def frames() -> dict[str, list[str]]:
    """Frames and records with the names of their fields, off the generated page."""
    page = read("counsel/docs/frames.md")
    parts = re.findall(r"^### (?:`0x\w\w` )?(\w+)\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    return {name: re.findall(r"^\| `(\w+)` ", part, re.MULTILINE) for name, part in parts}


def test_a_frame_the_documents_write_out_has_these_fields() -> None:
    known, seen = frames(), 0
    for document in documents():
        for name, fields in re.findall(r"`([A-Z]\w+)\{([^}`]*)\}`", read(document)):
            said = [field.strip().split(" ")[0] for field in fields.split(",")]
            assert said == known.get(name), (document, name)
            seen += 1
    assert seen > 15


def test_every_question_of_staff_is_described() -> None:
    asked = set(re.findall(r"^\| `/api/([\w/-]+)`", read("counsel/docs/rights.md"), re.MULTILINE))
    described = set(re.findall(r"`(?:/api/|POST /api/)?([a-z][\w/-]*)[` ]", spoken()))
    assert len(asked) > 90
    assert asked - described == set()


def words_of(view: ast.FunctionDef) -> Iterator[str]:
    """The names a question is asked with, and those its answer has at the top."""
    for node in ast.walk(view):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
            yield from (str(key.value) for key in node.value.keys if isinstance(key, ast.Constant))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("said."):
            yield from (str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant))


def test_every_word_of_a_question_and_its_answer_stands_in_the_protocol() -> None:
    described, seen = set(re.findall(r"\w+", spoken())), 0
    for path, text in code():
        if path.endswith(".py") and not path.startswith("tests/") and "@question(" in text:
            for view in ast.walk(ast.parse(text)):
                if isinstance(view, ast.FunctionDef) and view.decorator_list:
                    words = set(words_of(view))
                    assert words - described == set(), (path, view.name)
                    seen += len(words)
    assert seen > 150


def test_the_refusals_of_a_client_are_all_described_and_no_others() -> None:
    listed = re.search(r"REFUSALS = \[(.*?)\]", read("counsel/client/refusal.ts"), re.DOTALL)
    section = re.search(
        r"^## 7\. Refusals(.*?)^## 8", read("counsel/docs/protocol-groups.md"), re.M | re.S
    )
    assert listed
    assert section
    rows = re.findall(r"^\| (`[^|]*) \|", section[1], re.MULTILINE)
    said = [re.findall(r"`([a-z-]+)`", row) for row in rows]
    whole = {
        row[0].split("-")[0] + word if word.startswith("-") else word
        for row in said
        for word in row
    }
    assert whole == set(re.findall(r'"([a-z-]+)"', listed[1]))


def test_every_part_of_the_protocol_is_named_on_its_first_page() -> None:
    first = read("counsel/docs/protocol.md").split("\n## ")[0]
    assert [path.name for path in PROTOCOL if path.name not in first] == ["protocol.md"]


# --- names in capitals -----------------------------------------------------------------------------


def test_every_setting_and_limit_a_document_names_is_one() -> None:
    known = {word for _, text in code() for word in re.findall(r"\b[A-Z][A-Z_]{2,}\b", text)}
    known |= set(re.findall(r"\b[A-Z][A-Z_]{2,}\b", read("Makefile") + read("deploy/env.example")))
    for document in documents():
        for said in re.findall(r"`([A-Z][A-Z_]{2,})(?:=[^`]*)?`", read(document)):
            assert said in known, (document, said)

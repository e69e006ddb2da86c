"""The bench itself: nothing is lost on the way, and it would say so if something were.

Never how fast: that is for `make bench`, which compares within one run.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.bench import frames, servers
from tests.bench.servers import ROOT, Server
from tests.bench.tally import Tally, Way

HERE: Final = Path(__file__).parent
NUMBERS: Final = ("throughput", "p50_ms", "p95_ms", "p99_ms")
NOTHING: Final = {
    "lost": 0, "duplicated": 0, "reordered": 0, "altered": 0, "gaps": 0, "unanswered": 0,
    "refused": {},
}  # fmt: skip
RATIOS: Final = (
    "ratio_to_bare_daphne_echo", "ratio_to_bare_daphne_relay", "cpu_ratio_to_bare_daphne_echo",
    "idle_socket_ratio",
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Ours, in a process of its own, on a fresh database."""
    with servers.counsel() as ours:
        yield ours


@pytest.fixture
def key_file(server: Server, tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text(server.key)
    return file


def run(module: str, *arguments: str) -> dict[str, Any]:
    """The one JSON object it prints."""
    command = [sys.executable, "-m", f"tests.bench.{module}", "--json", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found.items() >= NOTHING.items() else 1)
    return found


@pytest.mark.soak
def test_messages_in_three_rooms(server: Server, key_file: Path) -> None:
    where = ("--url", server.origin, "--key-file", str(key_file))
    found = run("peer", *where, "--rooms", "3", "--rate", "100", "--seconds", "2")
    assert {name: found[name] for name in NOTHING} == NOTHING
    assert found["sent"] == found["shown"] >= 100  # 200 on a machine with nothing else to do
    assert all(found[name] > 0 for name in NUMBERS)


@pytest.mark.soak
def test_the_same_by_post(server: Server, key_file: Path) -> None:
    where = ("--url", server.origin, "--key-file", str(key_file))
    found = run("peer", *where, "--rooms", "1", "--rate", "20", "--seconds", "1", "--poll")
    assert {name: found[name] for name in NOTHING} == NOTHING
    assert found["sent"] == found["shown"] >= 10


@pytest.mark.soak
def test_the_comparison_prints_one_object_with_every_ratio() -> None:
    found = run("run", "--rooms", "3", "--seconds", "4")
    assert {name: found[name] for name in NOTHING} == NOTHING
    assert all(found[name] > 0 for name in (*NUMBERS, *RATIOS))


def test_what_goes_wrong_is_counted() -> None:
    tally = Tally()
    way = Way(tally)
    for _ in range(4):
        way.acknowledge(way.send(0.0))
    way.send(0.0)
    way.show(2)
    way.show(1)
    assert (tally.reordered, tally.duplicated, tally.altered) == (1, 0, 0)
    way.show(2)
    assert (tally.reordered, tally.duplicated, tally.altered) == (1, 1, 0)
    way.show(3, whole=False)
    way.show(99)
    assert (tally.reordered, tally.duplicated, tally.altered) == (1, 1, 2)
    assert way.missing == {3, 4}, "the fifth was never acknowledged"
    assert tally.faults()["unanswered"] == 1


def test_the_example_in_the_document_is_what_is_read() -> None:
    example = bytes.fromhex("00 03  45 00 07  00 00") + bytes(377)
    assert frames.read(example) == [(frames.DONE, 7, {})]
    assert frames.bundle(frames.frame(frames.DONE, 7)) == example
    with pytest.raises(ValueError, match="padding"):
        frames.read(example[:-1] + b"\1")
    with pytest.raises(ValueError, match="385"):
        frames.read(example + b"\0")


def test_the_peer_knows_the_service_from_its_documents_alone() -> None:
    for name in ("peer", "talk", "poll", "frames", "tally", "websocket", "bare_echo", "bare_relay"):
        for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))):
            imported: list[str] = []
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            ours = [one for one in imported if one.split(".")[0] in {"counsel", "chat", "triage"}]
            assert not ours, f"{name} imports {ours}"
            assert all(one.startswith("tests.bench") for one in imported if "tests" in one), name

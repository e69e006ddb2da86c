"""Nothing of a seeker is written anywhere, and whoever looks for it would have found it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.canaries import Brood, Canary, search
from tests.scenario.leaking import LEAKS
from tests.scenario.nest import nest
from tests.scenario.site import Built

AT_ONCE = {"user agent", "token"}
"""Leaks that `make test` looks for; all others are left to `make soak`."""


def test_every_spelling_is_found_wherever_it_stands(tmp_path: Path) -> None:
    canary = Canary("words", "夜班以后睡不着")
    for number, needle in enumerate(canary.needles):
        (tmp_path / str(number)).write_bytes(b"\0" * (number * 7919 % 5000) + needle + b"\0")
    found = search(Brood({"words": canary}), tmp_path)
    assert {spelling for _, spelling, _ in found.hits} == set(canary.needles.values())
    assert len({place for _, _, place in found.hits}) == len(canary.needles)


@pytest.mark.parametrize(
    "leak", [pytest.param(n, marks=() if n in AT_ONCE else pytest.mark.soak) for n in LEAKS]
)
def test_a_leak_is_found(leak: str, tmp_path: Path, built: Built) -> None:
    with nest(tmp_path / "nest", built, leak=leak) as leaking:
        leaking.visit()
        if leak == "core files":
            print(leaking.abort())
        found = leaking.search()
    print(leak, found)
    assert LEAKS[leak][1] <= found.names


def test_a_visit_leaves_nothing(tmp_path: Path, built: Built) -> None:
    with nest(tmp_path / "nest", built) as tidy:
        tidy.visit()
        found = tidy.search()
        print(found)
        assert not found.hits
        assert tidy.written_elsewhere() == []
        assert tidy.abort() == []
        assert not tidy.search().hits

"""Frames: what is packed comes back, what is no frame is refused by code, both languages agree."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from counsel import limits
from counsel.errors import FrameSizeError, WireError
from counsel.framing import Said, pack
from counsel.management.typescript import VOCABULARIES
from tests.vectors import make_frames

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(make_frames.FILE.read_text(encoding="utf-8"))


def test_the_vectors_are_those_the_tables_give() -> None:
    assert make_frames.FILE.read_text(encoding="utf-8") == make_frames.text()


@pytest.mark.parametrize("row", VECTORS["bad"], ids=lambda row: row["name"])
def test_what_is_no_bundle_is_refused_by_code(row: dict[str, Any]) -> None:
    data = bytes.fromhex(row["hex"]).ljust(row["size"], b"\0")
    with pytest.raises(WireError) as refusal:
        VOCABULARIES[row["vocabulary"]].unpack(data)
    assert refusal.value.code == row["code"]


def test_every_frame_comes_back_as_it_was_packed() -> None:
    draw = random.Random(2)
    for vocabulary in VOCABULARIES.values():
        for shape in vocabulary.frames:
            for full in (False, True):
                said = (Said(make_frames.fill(shape, draw, full=full), 7),)
                bundle = pack(said)
                assert len(bundle) in limits.SIZES
                assert vocabulary.unpack(bundle) == said


def test_more_than_the_largest_size_is_refused() -> None:
    draw = random.Random(3)
    send = next(frame for frame in VOCABULARIES["Chat"].frames if frame.__name__ == "Send")
    two = [Said(make_frames.fill(send, draw, full=True)) for _ in range(2)]
    with pytest.raises(FrameSizeError):
        pack(two)

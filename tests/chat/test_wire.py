"""Every frame of both sockets comes back as it was sent, and in one of five sizes."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import wire as chat_wire
from counsel import limits
from counsel.errors import WireError
from counsel.framing import (
    Blob,
    Codec,
    Fixed,
    Frame,
    Many,
    Number,
    Record,
    Said,
    Text,
    Vocabulary,
    layout,
    pack,
)
from triage import wire as board_wire

VOCABULARIES = [chat_wire.WIRE, board_wire.WIRE]


def values(codec: Codec) -> st.SearchStrategy[Any]:
    """Anything a field may hold."""
    match codec:
        case Number(width):
            return st.integers(0, 256**width - 1)
        case Fixed(length):
            return st.binary(min_size=length, max_size=length)
        case Blob(longest):
            return st.binary(max_size=min(longest, 500))
        case Text(longest):
            return st.text(max_size=longest // 4)
        case Many(item, most):
            return st.lists(values(item), max_size=min(most, 4)).map(tuple)
        case Record(shape):
            return shapes(shape)
    raise AssertionError(codec)


def shapes(shape: type) -> st.SearchStrategy[Any]:
    """Any frame or record of this shape."""
    return st.builds(shape, **{name: values(codec) for name, codec in layout(shape)})


def bundles(vocabulary: Vocabulary, most: int = limits.MAX_FRAMES) -> st.SearchStrategy[Any]:
    """Any bundle of this vocabulary."""
    frames: st.SearchStrategy[Frame] = st.one_of([shapes(frame) for frame in vocabulary.frames])
    said = st.builds(Said, frames, st.integers(0, 65535))
    return st.lists(said, min_size=1, max_size=most).map(tuple)


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=["chat", "board"])
@given(data=st.data())
def test_what_is_packed_is_unpacked(vocabulary: Vocabulary, data: st.DataObject) -> None:
    said = data.draw(bundles(vocabulary, 4))
    packed = pack(said)
    assert len(packed) in limits.SIZES
    assert vocabulary.unpack(packed) == said


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=["chat", "board"])
@given(data=st.data())
def test_one_changed_byte_is_another_bundle_or_a_refusal(
    vocabulary: Vocabulary, data: st.DataObject
) -> None:
    said = data.draw(bundles(vocabulary, 2))
    packed = bytearray(pack(said))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(WireError):
        assert vocabulary.unpack(bytes(packed)) != said


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=["chat", "board"])
@given(noise=st.binary(max_size=600))
def test_noise_is_refused(vocabulary: Vocabulary, noise: bytes) -> None:
    for data in (noise, noise.ljust(1024, b"\0")):
        try:
            vocabulary.unpack(data)
        except WireError:
            continue


def test_the_longest_envelope_fits_the_largest_size() -> None:
    envelope = chat_wire.Envelope(
        seq=2**32 - 1, group=65535, what="welcome", client_id=bytes(16),
        sealed=bytes(limits.MAX_SEALED), statement=bytes(limits.MAX_STATEMENTS),
    )  # fmt: skip
    seated = chat_wire.Seated(
        role="counsellor", ref=bytes(16), case_code="ABCD", keys_left=8,
    )  # fmt: skip
    news = chat_wire.News(
        state="waiting", group=1, epoch=1, last_seq=1, presence="calling",
        standing=bytes(limits.MAX_STANDING), keys_left=1,
    )  # fmt: skip
    assert len(pack([Said(seated), Said(news), Said(envelope)])) == limits.SIZES[-1]


def test_a_short_message_travels_in_the_smallest_size_with_its_answer() -> None:
    sealed = bytes(300)
    stored = Said(chat_wire.Stored(seq=1), 1)
    send = Said(chat_wire.Send(client_id=bytes(16), sealed=sealed), 1)
    assert len(pack([send])) == len(pack([stored])) == limits.SIZES[0]

"""The clear header is all this server reads of MLS (RFC 9420 section 6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.mls import Content, Header, check_key_package, check_welcome, read_header
from counsel.errors import SealedError
from tests.people import commit, key_package, seal, welcome


def _length(value: int, width: int) -> bytes:
    """A variable-size length of RFC 9420 section 2.1.2, in a given width."""
    prefix = {1: 0, 2: 1, 4: 2}[width] << (8 * width - 2)
    return (prefix | value).to_bytes(width, "big")


@given(st.binary(max_size=63), st.integers(0, 2**64 - 1), st.sampled_from(Content))
def test_group_epoch_and_content_are_read(group_id: bytes, epoch: int, content: Content) -> None:
    sealed = seal(group_id, epoch, content=content.value)
    assert read_header(sealed) == Header(group_id, epoch, content)


@given(st.binary(max_size=400))
def test_other_bytes_are_refused_and_nothing_else_happens(sealed: bytes) -> None:
    for tail in (sealed, b"\0\1\0\2" + sealed):
        try:
            header = read_header(tail)
        except SealedError:
            continue
        assert len(header.group_id) <= len(sealed)


@pytest.mark.parametrize("size", [64, 255, 16383])
def test_longer_group_ids_have_longer_lengths(size: int) -> None:
    behind = bytes(size) + (7).to_bytes(8, "big") + b"\1" + b"x"
    assert read_header(b"\0\1\0\2" + _length(size, 2) + behind).epoch == 7


@pytest.mark.parametrize(("value", "width"), [(63, 2), (0, 2), (16383, 4), (16, 4)])
def test_a_length_not_in_its_shortest_form_is_refused(value: int, width: int) -> None:
    behind = bytes(value) + bytes(8) + b"\1x"
    with pytest.raises(SealedError):
        read_header(b"\0\1\0\2" + _length(value, width) + behind)


def test_every_cut_of_a_message_is_refused() -> None:
    whole = seal(b"g" * 16, words=b"w")
    header = len(whole) - 2
    for cut in range(header + 1):
        with pytest.raises(SealedError):
            read_header(whole[:cut])


@pytest.mark.parametrize(
    "sealed", [b"", b"\0\1\0\3", seal(b"g"), key_package(), commit(b"g")],
    ids=["empty", "only-a-header", "words", "key-package", "commit"],
)  # fmt: skip
def test_what_is_no_welcome_is_refused(sealed: bytes) -> None:
    check_welcome(welcome())
    with pytest.raises(SealedError):
        check_welcome(sealed)


@pytest.mark.parametrize("sealed", [b"", b"\0\1\0\5", seal(b"g"), welcome(), b"\0\2\0\5x"])
def test_what_is_no_key_package_is_refused(sealed: bytes) -> None:
    check_key_package(key_package())
    with pytest.raises(SealedError):
        check_key_package(sealed)

"""The network cuts what is said wherever it likes, and clients may too: the same is heard."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

import pytest

from counsel import limits
from tests.counsel.serving import Line, Service, frame, misbehaving

pytestmark = pytest.mark.usefixtures("lines")


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """`/echo` says back what it hears."""
    with misbehaving(tmp_path_factory.mktemp("echo") / "data", scale=1.0) as found:
        yield found


def masked(data: bytes, opcode: int = 2, *, end: bool = True) -> bytes:
    """One frame with a mask of its own."""
    head = frame(data, opcode, end=end)[: -len(data) - 4]
    mask = secrets.token_bytes(4)
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))


@pytest.mark.parametrize("at_once", [1_000_000, 1032, 700])
@pytest.mark.parametrize("split", [False, True], ids=["whole", "in-two-frames"])
def test_a_message_is_heard_the_same_however_it_was_cut_and_masked(
    echo: Service, at_once: int, split: bool
) -> None:
    line = Line(echo.port, "/echo").open()
    said = [secrets.token_bytes(n) for n in (1024, 1024, *limits.SIZES, 2, 126, 1023, 1025, 384)]
    sent = b""
    for one in said:
        if split:
            sent += masked(one[:1], end=False) + masked(b"you?", 9) + masked(one[1:], 0)
        else:
            sent += masked(one)
    for begin in range(0, len(sent), at_once):
        line.socket.sendall(sent[begin : begin + at_once])
        time.sleep(0.001)  # in a segment of its own
    heard: list[bytes] = []
    while len(heard) < len(said):
        opcode, payload = line.hear()
        if opcode == 2:
            heard.append(payload)
        else:
            assert (split, opcode, payload) == (True, 10, b"you?")
    assert heard == said

"""Whether the service itself still gives a talk to a browser that had it, whatever its page shows."""

from __future__ import annotations

from typing import Final

from chat.wire import WIRE, Attend, Refused
from counsel import limits
from counsel.framing import Said, pack
from tests.scenario.people import Desk

SAY: Final = """(bytes) => new Promise((heard) => {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/chat`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => socket.send(new Uint8Array(bytes));
  socket.onmessage = ({data}) => heard([...new Uint8Array(data)]);
})"""
"""One message on a socket of this page's own login, and the first that is answered."""


def field_of(desk: Desk) -> str:
    """The name of the field one writes in, which names the talk that lies open."""
    return desk.page.get_attribute(".pane textarea", "id") or ""


def sits_down(desk: Desk, field: str) -> bool:
    """Whether this browser, still signed in, is given the talk when it asks for it once more."""
    ref = bytes.fromhex(field.removeprefix("write-"))
    asked = pack([Said(Attend(version=limits.WIRE_VERSION, ref=ref, after=0), 1)])
    answer: list[int] = desk.page.evaluate(SAY, list(asked))
    heard = [one.frame for one in WIRE.unpack(bytes(answer))]
    refused = [frame for frame in heard if isinstance(frame, Refused)]
    assert {frame.code for frame in refused} <= {"no-seat"}, heard
    return not refused

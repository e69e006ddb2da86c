"""Rooms by path: what one says the others hear. Nothing is checked, stored or acknowledged."""

from __future__ import annotations

from typing import Any

_rooms: dict[str, list[Any]] = {}


async def application(scope: Any, receive: Any, send: Any) -> None:
    """ASGI."""
    await receive()
    await send({"type": "websocket.accept"})
    room = _rooms.setdefault(scope["path"], [])
    room.append(send)
    while (message := await receive())["type"] == "websocket.receive":
        for other in room:
            if other is not send:
                await other({"type": "websocket.send", "bytes": message["bytes"]})
    room.remove(send)

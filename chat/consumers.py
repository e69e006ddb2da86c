"""The chat socket: a conversation over a WebSocket."""

from __future__ import annotations

from typing import ClassVar

from chat.conversation import Conversation
from chat.sockets import Socket
from chat.throttle import sender_bucket
from chat.wire import WIRE
from counsel.framing import Said, Vocabulary


class ChatConsumer(Socket):
    """One client on one socket. `/chat`"""

    vocabulary: ClassVar[Vocabulary] = WIRE

    def opened(self) -> None:
        self._conversation = Conversation(self, sender_bucket())

    def is_known(self) -> bool:
        return self._conversation.seat is not None

    async def take(self, said: Said) -> None:
        await self._conversation.take(said)

    async def left(self) -> None:
        self._conversation.leave()

    async def staff_id(self) -> int:
        """Who is signed in on this browser. Raises `SignedOutError`."""
        return (await self.find_staff()).pk

"""The long poll: the same conversation over POST, for networks that cut sockets.

One request is one short sitting: hello, commands, answers, and as many rows of the log as fit.
With no command in it the answer is held until there is something new, or `POLL_FOR` is over. A
client may put the last `News` it was told behind its hello: then what changed between two requests
is told at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Final

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from chat import wire
from chat.conversation import Conversation
from chat.guard import guard
from chat.lanes import READ
from chat.sockets import report
from chat.throttle import Bucket, sender_bucket
from chat.writer import writer
from counsel import limits, signin
from counsel.errors import CounselError, FrameSizeError, OriginError, SignedOutError, WireError
from counsel.framing import Frame, Said, bundle, write_frame
from counsel.identity import Token, hash_token

_HELLOS: Final = (wire.Start, wire.Resume, wire.Attend)
_LARGEST: Final = limits.SIZES[-1] - 2


class Exchange:
    """What one request is answered: frames until the largest size is full."""

    def __init__(self, request: ASGIRequest) -> None:
        self._request = request
        self._frames: list[bytes] = []
        self._left = _LARGEST
        self._full = False
        self.has_rows = False
        self.has_news = False
        self.something = asyncio.Event()

    def push(self, frame: Frame, correlation: int = 0) -> None:
        """Take this along; what does not fit any more is asked for again."""
        written = write_frame(Said(frame, correlation))
        if self._full or len(written) > self._left or len(self._frames) == limits.MAX_FRAMES:
            self._full = True
            return
        self._frames.append(written)
        self._left -= len(written)
        self.has_rows |= isinstance(frame, wire.Envelope)
        self.has_news |= isinstance(frame, wire.News)
        self.something.set()

    def refuse(self, error: CounselError, correlation: int = 0) -> None:
        """Say why not."""
        self.push(wire.Refused(code=error.code, retry_after=error.retry_after), correlation)

    def is_roomy(self) -> bool:
        """Whether another row may be tried."""
        return not self._full

    async def roomy(self) -> bool:
        """A full answer stays full: the rest is asked for again."""
        return not self._full

    async def staff_id(self) -> int:
        """Who is signed in, by cookie and token. Raises `SignedOutError`."""
        if CsrfViewMiddleware(_nothing).process_view(self._request, _nothing, (), {}):
            raise SignedOutError("no token of ours")
        staff = await READ(signin.staff_from_scope, self._request.scope)
        guard().watch(self, staff.pk, signin.session_key_from_scope(self._request.scope))
        return staff.pk

    def sign_out(self) -> None:
        """The login of this browser is over while the answer is held: it ends, and brings no more."""
        self.refuse(SignedOutError())
        self._full = True

    def staff_acts(self) -> None:
        """A person did something here: that keeps a login alive, polling does not."""
        if key := signin.session_key_from_scope(self._request.scope):
            writer().later(partial(signin.keep_signed_in, key))

    def answer(self) -> HttpResponse:
        """The bundle."""
        return _bytes(bundle(self._frames), 200)


@csrf_exempt  # seekers send no cookie; for staff the same check runs where their cookie counts
async def exchange(request: ASGIRequest) -> HttpResponse:
    """`POST /chat/exchange`: one bundle in, one bundle out."""
    try:
        if request.headers.get("origin") != settings.ORIGIN:
            raise OriginError("another site, or none")
        said = _read(request)
    except CounselError as error:
        return _refusal(error)
    answer = Exchange(request)
    conversation = Conversation(answer, _bucket_of(said[0].frame, request))
    try:
        await _converse(conversation, answer, said)
    finally:
        guard().forget(answer)
        conversation.leave()
    return answer.answer()


def _read(request: ASGIRequest) -> tuple[Said, ...]:
    """The frames of the body; its length is looked at before anything of it is."""
    if request.method != "POST":
        raise WireError("only POST")
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length) not in limits.SIZES:
        raise FrameSizeError("content-length")
    said = wire.WIRE.unpack(request.body)
    if not said or not isinstance(said[0].frame, _HELLOS):
        raise WireError("no hello")
    return said


async def _converse(conversation: Conversation, answer: Exchange, said: Sequence[Said]) -> None:
    known = [item.frame for item in said if isinstance(item.frame, wire.News)]
    commands = [item for item in said if not isinstance(item.frame, wire.News)]
    for item in commands:
        try:
            await conversation.take(item)
            if known and item is commands[0]:
                conversation.told = known[0]
        except CounselError as error:
            answer.refuse(error, item.correlation)
        except Exception as error:
            report(error, type(item.frame).__name__)
            answer.refuse(CounselError(), item.correlation)
    if conversation.seat is None:
        return
    await conversation.informed.wait()
    await conversation.caught_up()
    if len(commands) == 1 and not answer.has_rows and not (known and answer.has_news):
        answer.something.clear()
        try:
            async with asyncio.timeout(limits.POLL_FOR.total_seconds()):
                await answer.something.wait()
        except TimeoutError:
            return
        await conversation.caught_up()


@lru_cache(maxsize=10_000)
def _bucket_for(_whose: bytes) -> Bucket:
    return sender_bucket()


def _bucket_of(hello: Frame, request: ASGIRequest) -> Bucket:
    """One for all requests of a client, found again by a hash of what it shows."""
    if isinstance(hello, wire.Start | wire.Resume):
        return _bucket_for(hash_token(Token(hello.token)))
    return _bucket_for(hash_token(Token(signin.session_key_from_scope(request.scope).encode())))


def _refusal(error: CounselError) -> HttpResponse:
    refused = wire.Refused(code=error.code, retry_after=error.retry_after)
    return _bytes(bundle([write_frame(Said(refused))]), error.status)


def _bytes(data: bytes, status: int) -> HttpResponse:
    headers = {"cache-control": "no-store"}
    return HttpResponse(data, "application/octet-stream", status, headers=headers)


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()

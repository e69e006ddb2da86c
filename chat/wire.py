"""What a client and the server may say to each other about one session. Pure.

A table of frozen dataclasses, laid out by `counsel/framing.py`. From it come the client's twin
(`counsel/client/contract.ts`) and the frame list of `counsel/docs/protocol.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from counsel import limits
from counsel.framing import (
    U8,
    U16,
    U32,
    Blob,
    Fixed,
    Frame,
    Many,
    Ref16,
    Vocabulary,
    Word,
)

Token32 = Annotated[bytes, Fixed(32)]
Sealed = Annotated[bytes, Blob(limits.MAX_SEALED)]
Changing = Annotated[bytes, Blob(limits.MAX_CHANGE)]
Statement = Annotated[bytes, Blob(limits.MAX_STATEMENTS)]
KeyPackage = Annotated[bytes, Blob(limits.MAX_KEY_PACKAGE)]
KeyPackages = Annotated[
    tuple[bytes, ...], Many(Blob(limits.MAX_KEY_PACKAGE), limits.MAX_KEY_PACKAGES)
]

Request = Annotated[bytes, Fixed(limits.REQUEST)]
"""What the queue is asked. This layer hands it on unread: `triage/wire.py` knows what it says."""
Standing = Annotated[bytes, Blob(limits.MAX_STANDING)]
"""How it stands in the queue, as unread; empty for whoever does not wait."""

PRESENCES: Final = ("here", "hidden", "calling", "gone")
"""Facts about a person beside the state. A phone says the first three; `gone` is our silence."""


# --- a seeker's phone, before it has a seat ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Frame):
    """A seeker asks for someone to talk to. Saying it again with the same token changes nothing.

    `request` is for the queue alone. Answer: `Seated`.
    """

    KIND: ClassVar[int] = 0x01
    version: U8
    token: Token32
    request: Request
    key_packages: KeyPackages
    last_resort: KeyPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Frame):
    """A seeker comes back with the token and the last envelope number it has. Answer: `Seated`."""

    KIND: ClassVar[int] = 0x02
    version: U8
    token: Token32
    after: U32


# --- a staff browser, signed in by its cookie ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Attend(Frame):
    """A staff member sits down in a session that is theirs. Answer: `Seated`."""

    KIND: ClassVar[int] = 0x03
    version: U8
    ref: Ref16
    after: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimKey(Frame):
    """Whoever accepted asks for one key package of the phone. Each is given once. Answer: `Key`."""

    KIND: ClassVar[int] = 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGroup(Frame):
    """A fresh MLS group for this session: its id and the Welcome that admits the phone.

    `statement` is the public duty statement of the opener. Epoch 1 begins; an older group of the
    session is superseded. Answer: `Stored`.
    """

    KIND: ClassVar[int] = 0x05
    client_id: Ref16
    group_id: Ref16
    welcome: Sealed
    statement: Statement


# --- anyone with a seat ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Frame):
    """One sealed MLS message of the present group and epoch. Answer: `Stored`, then it is on disk."""

    KIND: ClassVar[int] = 0x06
    client_id: Ref16
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Frame):
    """Send me every envelope after this number. Answer: the envelopes, then `Done`."""

    KIND: ClassVar[int] = 0x07
    after: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp(Frame):
    """More key packages of the same phone. Answer: `Done`."""

    KIND: ClassVar[int] = 0x08
    key_packages: KeyPackages
    last_resort: KeyPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class Here(Frame):
    """I am here, my page is hidden, or I am making a call. Said on change and as heartbeat.

    Answer: `Done`.
    """

    KIND: ClassVar[int] = 0x09
    presence: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat(Frame):
    """A sealed sign that somebody types. Passed on at once, never stored. No answer."""

    KIND: ClassVar[int] = 0x0A
    sealed: Annotated[bytes, Blob(limits.MAX_BEAT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Frame):
    """This talk is over. Answer: `Done`."""

    KIND: ClassVar[int] = 0x0B


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase(Frame):
    """Words, keys and session go, now. Only the seeker. Answer: `Done`, also the second time."""

    KIND: ClassVar[int] = 0x0C


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Frame):
    """Something else is asked of the queue: it got worse, it is about something else. Only the
    seeker. Answer: `Done`."""

    KIND: ClassVar[int] = 0x0D
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Frame):
    """This phone has shown words of whoever has the talk now, up to this place of the log. Only the
    seeker, and once for each listener: nothing else of what is read is told. Answer: `Done`."""

    KIND: ClassVar[int] = 0x0E
    seq: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Frame):
    """A commit of the present epoch by which a supervisor comes in or goes.

    Coming in: `visit` is who asked, `welcome` and `statement` are theirs alone; their seat begins
    with it. Going: `visit` is 0 and both are empty; their seat ends with it. Answer: `Stored`.
    """

    KIND: ClassVar[int] = 0x0F
    client_id: Ref16
    sealed: Changing
    visit: U32
    welcome: Changing
    statement: Statement


# --- the server's side -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated(Frame):
    """You have a seat. What the session is right now follows as `News`."""

    KIND: ClassVar[int] = 0x40
    role: Word
    ref: Ref16
    case_code: Word
    keys_left: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class News(Frame):
    """What is true of the session beside its log. Sent when it changes.

    `presence` is the other side's: `here`, `hidden`, `calling`, `gone`, or empty when nobody is
    there. `standing` is what the queue tells whoever waits, and empty for everybody else.
    `supervised` is 0 while no supervisor is there.
    """

    KIND: ClassVar[int] = 0x41
    state: Word
    group: U16
    epoch: U32
    last_seq: U32
    presence: Word
    standing: Standing
    keys_left: U8
    supervised: U8 = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope(Frame):
    """One row of the log. `what` is `welcome`, `commit` or `words`, read off the MLS header."""

    KIND: ClassVar[int] = 0x42
    seq: U32
    group: U16
    what: Word
    client_id: Ref16
    sealed: Sealed
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored(Frame):
    """It is on disk, at this place."""

    KIND: ClassVar[int] = 0x43
    seq: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Frame):
    """One key package of the seeker's phone, given to nobody else."""

    KIND: ClassVar[int] = 0x44
    key_package: KeyPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Frame):
    """Done; nothing else to say."""

    KIND: ClassVar[int] = 0x45


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Frame):
    """Not done, and why: a code of `counsel/errors.py`. Nothing was changed."""

    KIND: ClassVar[int] = 0x46
    code: Word
    retry_after: U16


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing(Frame):
    """The other side's `Beat`."""

    KIND: ClassVar[int] = 0x47
    sealed: Annotated[bytes, Blob(limits.MAX_BEAT)]


WIRE: Final = Vocabulary(
    Start, Resume, Attend, ClaimKey, OpenGroup, Send, Read, TopUp, Here, Beat, End, Erase, Ask, Shown, Change,
    Seated, News, Envelope, Stored, Key, Done, Refused, Typing,
)  # fmt: skip

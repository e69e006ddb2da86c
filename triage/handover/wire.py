"""What a board and the server say to each other about a talk that goes to the next person. Pure; see
`counsel/framing.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from chat.wire import Changing, KeyPackage, Statement
from counsel import limits
from counsel.framing import U8, U16, U32, Blob, Fixed, Frame, Many, Record, Ref16, Text, Word, Words

Identity = Annotated[bytes, Blob(2 * limits.MAX_STATEMENT + 4)]
Proof = Annotated[bytes, Fixed(64)]
Name = Annotated[str, Text(128)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoCould(Frame):
    """Whoever has this talk asks who could go on with it. Answer: `Could`."""

    KIND: ClassVar[int] = 0x38
    ref: Ref16


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Frame):
    """Whoever has this talk asks this colleague to go on with it; `staff` 0: whoever is next.
    Answer: `Done`."""

    KIND: ClassVar[int] = 0x39
    ref: Ref16
    staff: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeAfter(Frame):
    """I go on with it: who I am, my duty statement, and my key's signature for this very group
    (protocol-groups.md §5). Answer: `Done`."""

    KIND: ClassVar[int] = 0x3A
    handover: U32
    identity: Identity
    statement: Statement
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMe(Frame):
    """I do not go on with it; also after all. Answer: `Done`."""

    KIND: ClassVar[int] = 0x3B
    handover: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepTalk(Frame):
    """Whoever has the talk keeps it after all. Answer: `Done`."""

    KIND: ClassVar[int] = 0x3C
    handover: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo(Frame):
    """Whoever has the talk lets the next one open their group. Answer: `Done`."""

    KIND: ClassVar[int] = 0x3D
    handover: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAfter(Frame):
    """Whoever comes asks for one key package of the phone. Each is given once. Answer: `NextKey`."""

    KIND: ClassVar[int] = 0x3E
    handover: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAfter(Frame):
    """A fresh group, as in `OpenGroup`: with it the talk is mine, and whoever had it has it no more.
    Said again it is done. Answer: `Taken`."""

    KIND: ClassVar[int] = 0x3F
    handover: U32
    client_id: Ref16
    group_id: Ref16
    welcome: Changing
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody on duty with free hands, by the name they work under."""

    staff: U32
    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Could(Frame):
    """Who could go on with it now."""

    KIND: ClassVar[int] = 0x6C
    rows: Annotated[tuple[Colleague, ...], Many(Record(Colleague), limits.BOARD_STAFF)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextKey(Frame):
    """One key package of the seeker's phone, given to nobody else; `group` groups were before."""

    KIND: ClassVar[int] = 0x6D
    group: U16
    key_package: KeyPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A talk that is to go on with somebody else, as the board of either side shows it.

    `mine` 1: I have it, or had it; 0: I am asked. `name` is the other one, as the server says: who
    it is say the papers alone, and they are there once the other one comes.
    """

    handover: U32
    ref: Ref16
    case_code: Word
    state: Word
    mine: U8
    name: Name
    group_id: Ref16
    tier: U8
    language: Word
    topics: Words
    identity: Identity
    statement: Statement
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Handovers(Frame):
    """Those that concern me. Sent when the board opens where there are any, and on every change."""

    KIND: ClassVar[int] = 0x6E
    rows: Annotated[tuple[Handover, ...], Many(Record(Handover), limits.BOARD_VISITS)]


COMMANDS: Final = (WhoCould, HandOver, ComeAfter, NotMe, KeepTalk, LetGo, KeyAfter, OpenAfter)

"""What a board and the server say to each other about a supervisor who wants to come in. Pure; see
`counsel/framing.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from chat.wire import KeyPackage, Statement
from counsel import limits
from counsel.framing import U8, U32, Fixed, Frame, Many, Record, Ref16, Word, Words

Proof = Annotated[bytes, Fixed(64)]
TALKS_AT_MOST: Final = 60
"""Talks that go on, as a supervisor's board lists them; with more, the most urgent ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside(Frame):
    """A supervisor would come into this talk: which group would that be? Answer: `Talking`."""

    KIND: ClassVar[int] = 0x28
    case_code: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class AskIn(Frame):
    """Let me in: a key package of my browser, my duty statement, and its key's signature over the
    group and epoch named here (protocol-groups.md §5). Answer: `Done`."""

    KIND: ClassVar[int] = 0x29
    ref: Ref16
    group_id: Ref16
    epoch: U32
    key_package: KeyPackage
    statement: Statement
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDown(Frame):
    """Not now, says whoever has the talk. Answer: `Done`."""

    KIND: ClassVar[int] = 0x2A
    visit: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOut(Frame):
    """A supervisor goes, by themselves. Said again it is done. Answer: `Done`."""

    KIND: ClassVar[int] = 0x2B
    ref: Ref16


@dataclass(frozen=True, slots=True, kw_only=True)
class Talking(Frame):
    """The group of a talk, as the server knows it."""

    KIND: ClassVar[int] = 0x64
    ref: Ref16
    group_id: Ref16
    epoch: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One who asks to come in, or went, as the board of either side shows it.

    `state`: `asked`; `left`, where they still have to be taken out of the group; to whoever asked also
    `refused` and `silent`, where nobody answered. Who it is says the key package alone: to whoever
    asked it is empty.
    """

    visit: U32
    ref: Ref16
    case_code: Word
    state: Word
    epoch: U32
    key_package: KeyPackage
    statement: Statement
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits(Frame):
    """Wishes that concern me. Sent when the board opens where there are any, and on every change."""

    KIND: ClassVar[int] = 0x65
    rows: Annotated[tuple[Visit, ...], Many(Record(Visit), limits.BOARD_VISITS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ongoing:
    """A talk that goes on, as whoever supervises may see it: never who talks with them.

    `inside`: a supervisor is beside them; `held`: it is mine.
    """

    case_code: Word
    tier: U8
    language: Word
    topics: Words
    inside: U8
    held: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks(Frame):
    """Talks that go on, the most urgent first, for supervisors. Sent when the board opens where there
    are any, and on every change."""

    KIND: ClassVar[int] = 0x66
    rows: Annotated[tuple[Ongoing, ...], Many(Record(Ongoing), TALKS_AT_MOST)]


COMMANDS: Final = (Beside, AskIn, TurnDown, StepOut)

"""What a board and the server say to each other about help. Pure; see `counsel/framing.py`.

Where somebody is, a dispatcher's reference number and what was said on the telephone are in none of
these frames: they lie on the caller's computer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from counsel import limits
from counsel.framing import U8, U16, U32, Frame, Many, Record, Text, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHelp(Frame):
    """I ask the seeker of this talk whether we shall call for help; the question itself is sealed.
    Answer: `Done`."""

    KIND: ClassVar[int] = 0x58
    case_code: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class SayHelp(Frame):
    """What became of it: `consent`, `call` with `whom` of `120` or `110`, `accept`, `decline`, `ring`,
    `arrive`, `miss` or `withdraw`. Answer: `Done`."""

    KIND: ClassVar[int] = 0x59
    help: U32
    event: Word
    whom: Word = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeHelp(Frame):
    """A code for whoever goes there, to be told on the telephone; one drawn before is good for nothing.
    Answer: `HelpCode`."""

    KIND: ClassVar[int] = 0x5A
    help: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCode(Frame):
    """The digits; nobody can ask for them again."""

    KIND: ClassVar[int] = 0x78
    code: Annotated[str, Text(16)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Help under way, as a board shows it.

    `case_code` is empty once the seeker has erased the talk. `minutes` since somebody was called, or
    since this state began; in `left` seconds staff are told that it is late, in `ends` minutes it is
    over. `whom`: `120`, `110`, `responder`, or nobody yet; `within`: the minutes a responder said.
    `late`: how often it was. `mine`: where to go lies on my computer; `held`: in a talk of mine.
    """

    help: U32
    case_code: Word
    state: Word
    step: U16
    minutes: U16
    left: U16
    ends: U8
    caller: Annotated[str, Text(128)] = ""
    whom: Word = ""
    within: U8 = 0
    late: U8 = 0
    mine: U8 = 0
    held: U8 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Helps(Frame):
    """Help under way, the longest first: all of it for a supervisor; for a counsellor what they offered,
    and what is in a talk of theirs. Sent when the board opens where there is any, and on every change."""

    KIND: ClassVar[int] = 0x79
    rows: Annotated[tuple[Help, ...], Many(Record(Help), limits.BOARD_DANGERS)]


COMMANDS: Final = (OfferHelp, SayHelp, CodeHelp)

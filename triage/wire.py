"""What a counsellor's board and the server may say to each other. Pure; see `counsel/framing.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from chat.wire import Done, Refused
from counsel import limits
from counsel.framing import U8, U16, U32, Frame, Many, Record, Ref16, Vocabulary, Word, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Frame):
    """A counsellor opens the board. Answer: `Done`, then `Board` whenever it changes."""

    KIND: ClassVar[int] = 0x20
    version: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Frame):
    """Give me the next person. Answer: `Taken`."""

    KIND: ClassVar[int] = 0x21


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Frame):
    """This one is yours now: sit down with `Attend`, claim a key, open a group."""

    KIND: ClassVar[int] = 0x60
    ref: Ref16


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who waits, as staff may see them."""

    case_code: Word
    language: Word
    topics: Words
    minutes: U16
    presence: Word
    returned: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A talk this counsellor holds, or held and that is not erased yet."""

    ref: Ref16
    case_code: Word
    state: Word
    topics: Words
    last_seq: U32
    language: Word = ""
    returned: U8 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board(Frame):
    """Who waits, first come first, and my own talks. `waiting` counts those beyond the rows too."""

    KIND: ClassVar[int] = 0x61
    waiting: U16
    rows: Annotated[tuple[Waiting, ...], Many(Record(Waiting), limits.BOARD_ROWS)]
    mine: Annotated[tuple[Mine, ...], Many(Record(Mine), 16)]


WIRE: Final = Vocabulary(Watch, Take, Taken, Board, Done, Refused)
RECORDS: Final = (Waiting, Mine)

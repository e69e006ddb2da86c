"""What a board and the server say to each other about raised hands and the room behind each. Pure; see
`counsel/framing.py`. What is sealed is of the two in that room alone (protocol-groups.md §10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from chat.wire import KeyPackage, Statement
from counsel.framing import U8, U16, U32, Blob, Fixed, Frame, Many, Record, Ref16, Text, Word
from triage.sideroom import sizes

ClientId = Annotated[bytes, Fixed(16)]
Sealed = Annotated[bytes, Blob(sizes.LARGEST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseHand(Frame):
    """I would like a supervisor beside me, from this talk of mine: a key package of my browser, and my
    duty statement. Said again while it is up it changes nothing. Answer: `Done`."""

    KIND: ClassVar[int] = 0x50
    case_code: Word
    key_package: KeyPackage
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerHand(Frame):
    """Whoever raised it takes it back, or either of the two closes the room. Answer: `Done`."""

    KIND: ClassVar[int] = 0x51
    hand: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHand(Frame):
    """I come, says a supervisor, with the group I have opened for the two of us: its Welcome, and the
    duty statements that go beside it. Also whenever its `round` has become another. Answer: `Done`."""

    KIND: ClassVar[int] = 0x52
    hand: U32
    round: U16
    group_id: Ref16
    welcome: Sealed
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetAgain(Frame):
    """My page has no keys of this room any more: the next round begins. Whoever raised the hand gives
    a new key package; whoever answered gives none. Answer: `Done`."""

    KIND: ClassVar[int] = 0x53
    hand: U32
    round: U16
    key_package: KeyPackage
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SaySide(Frame):
    """Something sealed for the room. The same client id with the same bytes is the same place again.
    Answer: `SidePlaced`, or `stale-epoch`."""

    KIND: ClassVar[int] = 0x54
    hand: U32
    round: U16
    client_id: ClientId
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class HearSide(Frame):
    """What lies in the room behind this place? Answer: `SideRows`, as many as fit."""

    KIND: ClassVar[int] = 0x55
    hand: U32
    round: U16
    after: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One raised hand, as it is shown to this person.

    `mine`: I raised it; `inside`: I am one of the two in its room. `left`: seconds until it is said
    that nobody has answered, or until somebody is called next. `called`: whom the last page called:
    `supervisor`, `lead`, `everybody`, or `nobody`, where nobody could be reached. `by`: who answered,
    by working name. `room`: `empty`, where whoever raised it has to leave a key package, `waits` for
    the group of whoever answers, or `open`. Who raised it says the key package alone; it is empty
    where nobody is to answer.
    """

    hand: U32
    case_code: Word
    state: Word
    round: U16
    last_seq: U32
    left: U16
    mine: U8
    inside: U8
    room: Word
    called: Word
    by: Annotated[str, Text(128)]
    key_package: KeyPackage
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsUp(Frame):
    """Raised hands that concern me: all of them for a supervisor, for a counsellor her own, the longest
    first. Sent when the board opens where there are any, and whenever one changes."""

    KIND: ClassVar[int] = 0x74
    rows: Annotated[tuple[Hand, ...], Many(Record(Hand), sizes.BOARD_HANDS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SidePlaced(Frame):
    """It is on disk, at this place of the room."""

    KIND: ClassVar[int] = 0x75
    seq: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One row of a room. `what`: `welcome`, `commit` or `words`; `mine`: I sent it."""

    seq: U32
    what: Word
    mine: U8
    client_id: ClientId
    sealed: Sealed
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRows(Frame):
    """Rows of a room, in order; fewer than there are where they would not fit."""

    KIND: ClassVar[int] = 0x76
    rows: Annotated[tuple[Side, ...], Many(Record(Side), sizes.ROWS_AT_ONCE)]


COMMANDS: Final = (RaiseHand, LowerHand, AnswerHand, MeetAgain, SaySide, HearSide)
ANSWERS: Final = (HandsUp, SidePlaced, SideRows)

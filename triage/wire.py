"""What a counsellor's board and the server may say to each other. Pure; see `counsel/framing.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from chat.wire import Done, Refused
from counsel import limits
from counsel.framing import U8, U16, U32, Frame, Many, Record, Ref16, Text, Vocabulary, Word, Words
from triage.beside.wire import COMMANDS as VISITS
from triage.beside.wire import Ongoing, Talking, Talks, Visit, Visits
from triage.dispatch.wire import COMMANDS as HELPS
from triage.dispatch.wire import Help, HelpCode, Helps
from triage.escalation.wire import COMMANDS, Danger, Dangers
from triage.handover.wire import COMMANDS as HANDOVERS
from triage.handover.wire import Colleague, Could, Handover, Handovers, NextKey
from triage.queue.tiers import Tier
from triage.queue.wire import Request, Standing
from triage.sideroom.wire import ANSWERS as SIDE_ANSWERS
from triage.sideroom.wire import COMMANDS as SIDE
from triage.sideroom.wire import Hand, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Frame):
    """A counsellor opens the board. Answer: `Done`, then `Board` whenever it changes."""

    KIND: ClassVar[int] = 0x20
    version: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Frame):
    """Give me the next person; the one who is offered to me, if there is one. A supervisor is given
    a red whom nobody else is free for. Answer: `Taken`."""

    KIND: ClassVar[int] = 0x21


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMe(Frame):
    """Offer me people while my hands are free (1), or not any more (0). Answer: `Done`."""

    KIND: ClassVar[int] = 0x22
    wanted: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Frame):
    """I take whom this offer is about. Answer: `Taken`."""

    KIND: ClassVar[int] = 0x23
    offer: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(Frame):
    """Not this time; nothing is counted against anybody. Answer: `Done`."""

    KIND: ClassVar[int] = 0x24
    offer: U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Lower(Frame):
    """A supervisor finds this person less urgent, and says why: `judged`, `safe` or `tested`.

    Answer: `Done`.
    """

    KIND: ClassVar[int] = 0x25
    case_code: Word
    tier: U8
    reason: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCap(Frame):
    """A supervisor says how many talks this counsellor may hold at once, 1 or 2. Answer: `Done`."""

    KIND: ClassVar[int] = 0x26
    staff: U32
    talks: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(Frame):
    """A supervisor goes on with somebody in danger whose listener is gone, in a fresh group. Said again
    by whoever has them it is done. Answer: `Taken`."""

    KIND: ClassVar[int] = 0x5C
    case_code: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack(Frame):
    """My own browser refuses to go on with this talk of mine: it goes back to the front of its queue, and
    what is open about it stays open. Said again it is done. Answer: `Done`."""

    KIND: ClassVar[int] = 0x5D
    ref: Ref16


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Frame):
    """This one is yours now: sit down with `Attend`, claim a key, open a group."""

    KIND: ClassVar[int] = 0x60
    ref: Ref16


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who waits, as staff may see them.

    `tier` and `now` as in `Request`. `breached`: they wait longer than they should. `human_check`:
    the danger button was called a mistake, and somebody asks. `offered`: to somebody, right now.
    """

    case_code: Word
    language: Word
    topics: Words
    minutes: U16
    presence: Word
    returned: U8
    tier: U8 = Tier.YELLOW
    now: U8 = 0
    breached: U8 = 0
    human_check: U8 = 0
    offered: U8 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A talk this counsellor holds, or held and that is not erased yet.

    `since` is 0; where not, a supervisor is beside somebody there, from this place of the log on.
    """

    ref: Ref16
    case_code: Word
    state: Word
    topics: Words
    last_seq: U32
    language: Word = ""
    returned: U8 = 0
    tier: U8 = Tier.YELLOW
    human_check: U8 = 0
    since: U32 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Somebody who is checked in, as a supervisor sees them. Never whom they talk with.

    `state`: `free`, `full`, `red` (a red counts alone), `rest` (after a red), `ending` (their shift),
    `pause`, `debrief`, `away` (their board is closed) or `learning` (not cleared yet).
    """

    staff: U32
    name: Annotated[str, Text(128)]
    role: Word
    state: Word
    holds: U8
    cap: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """My own: `state` as in `OnDuty`, the switch of `OfferMe`, and minutes of rest left."""

    state: Word = ""
    cap: U8 = 1
    offers: U8 = 0
    rest: U8 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board(Frame):
    """Who waits, the next one first, and my own talks. `waiting` counts those beyond the rows too.

    `staff` is for supervisors and empty for everybody else.
    """

    KIND: ClassVar[int] = 0x61
    waiting: U16
    rows: Annotated[tuple[Waiting, ...], Many(Record(Waiting), limits.BOARD_ROWS)]
    mine: Annotated[tuple[Mine, ...], Many(Record(Mine), 16)]
    hands: Annotated[Hands, Record(Hands)] = Hands()
    staff: Annotated[tuple[OnDuty, ...], Many(Record(OnDuty), limits.BOARD_STAFF)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Frame):
    """Somebody is offered to me for so many seconds; `offer` 0: nobody is, any more."""

    KIND: ClassVar[int] = 0x62
    offer: U32
    seconds: U8 = 0
    case_code: Word = ""
    language: Word = ""
    topics: Words = ()
    minutes: U16 = 0
    tier: U8 = Tier.YELLOW
    returned: U8 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitPoint:
    """Those of one tier who were met in one quarter-hour: how many, and the minutes they waited.

    `quarter` counts quarter-hours of the organisation's day from 0.
    """

    tier: U8
    quarter: U8
    count: U16
    median: U8
    p90: U8


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits(Frame):
    """Today's waits, for supervisors. Sent when the board opens and whenever it changes."""

    KIND: ClassVar[int] = 0x63
    points: Annotated[tuple[WaitPoint, ...], Many(Record(WaitPoint), 4 * 96)]


WIRE: Final = Vocabulary(
    Watch, Take, OfferMe, Accept, Pass, Lower, SetCap, TakeOver, GiveBack,
    *COMMANDS, *VISITS, *SIDE, *HELPS, *HANDOVERS,
    Taken, Board, Offered, Waits, Dangers, Talking, Visits, Talks, *SIDE_ANSWERS, HelpCode, Helps,
    Could, NextKey, Handovers, Done, Refused,
)  # fmt: skip
PACKED: Final = (Request, Standing)
RECORDS: Final = (
    Request, Standing, Waiting, Mine, OnDuty, Hands, WaitPoint, Danger, Visit, Ongoing, Hand, Side,
    Help, Colleague, Handover,
)  # fmt: skip

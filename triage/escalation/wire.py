"""What a board and the server say to each other about danger. Pure; see `counsel/framing.py`.

Every command names somebody by case code and is answered by `Done`; its words are those of
`triage/escalation/acting.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from counsel import limits
from counsel.framing import U8, U16, U32, Frame, Many, Record, Text, Word

Done8 = Annotated[tuple[str, ...], Many(Text(32), limits.DANGER_DONE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise(Frame):
    """It is worse than the queue says: `danger` is `now`, `recent` or `orange`, `reason` `judged` or
    `cue`. A counsellor says so of their own talk, a supervisor of anybody."""

    KIND: ClassVar[int] = 0x30
    case_code: Word
    danger: Word
    reason: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Frame):
    """I act, within two minutes; else the page goes on."""

    KIND: ClassVar[int] = 0x31
    case_code: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Frame):
    """The first thing a supervisor did: `advised`, `joined`, `called` or `watches`."""

    KIND: ClassVar[int] = 0x32
    case_code: Word
    what: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(Frame):
    """The risk was asked about. What was answered stays sealed."""

    KIND: ClassVar[int] = 0x33
    case_code: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Frame):
    """They are less urgent by now, and why, as in `Lower`."""

    KIND: ClassVar[int] = 0x34
    case_code: Word
    tier: U8
    reason: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Frame):
    """The second person thinks so too: the tier is lowered."""

    KIND: ClassVar[int] = 0x35
    case_code: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline(Frame):
    """The second person does not think so."""

    KIND: ClassVar[int] = 0x36
    case_code: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(Frame):
    """A person ends it, with an outcome; `unassessed` says why nobody asked, where nobody did."""

    KIND: ClassVar[int] = 0x37
    case_code: Word
    outcome: Word
    unassessed: Word = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """Somebody who may be in danger, as a board shows it.

    `step` counts what happened, `minutes` since it was raised, and in `left` seconds somebody is
    called next (0: late). `acting` is who acknowledged, `proposed` who found them less urgent, both
    by working name. `called` is whom the last page called: `duty`, `supervisor`, `lead`,
    `everybody`, or `nobody`, where nobody could be reached. `held`: in a talk of mine; `second`: I may
    say whether they are less urgent. `done`: what people did, the latest last. `gone`: how whoever was
    with them left, `silent` or `let-go`, and a supervisor may go on with them; `before` is who that was, by
    working name, of whom the server has heard nothing for `unheard` seconds.
    """

    case_code: Word
    kind: Word
    state: Word
    step: U32
    minutes: U16
    left: U16
    called: Word = ""
    acting: Annotated[str, Text(128)] = ""
    proposed: Annotated[str, Text(128)] = ""
    proposed_tier: U8 = 0
    assessed: U8 = 0
    unstaffed: U8 = 0
    held: U8 = 0
    second: U8 = 0
    done: Done8 = ()
    gone: Word = ""
    before: Annotated[str, Text(128)] = ""
    unheard: U16 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangers(Frame):
    """Open escalations, the most urgent first and those that can wait behind: all of them for a
    supervisor; for a counsellor those in a talk of theirs, and those nobody is with. Sent when the board
    opens where there are any, and whenever one changes."""

    KIND: ClassVar[int] = 0x70
    rows: Annotated[tuple[Danger, ...], Many(Record(Danger), limits.BOARD_DANGERS)]


COMMANDS: Final = (Raise, Acknowledge, Act, Assess, Propose, Confirm, Decline, Settle)

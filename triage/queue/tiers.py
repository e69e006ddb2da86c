"""How urgent somebody is, and what may change it. Pure.

Code and time only raise a tier; a person lowers it, with a reason. The one exception is the seeker's
own: who pressed the danger button by mistake says so within a minute. No tier decides whether
somebody is served, and none of these words is ever shown to a seeker.
Source: clinical intake, scoring table and its invariants.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final

from counsel import limits


class Tier(IntEnum):
    """The smaller, the more urgent; the number is what travels."""

    RED = 0
    ORANGE = 1
    YELLOW = 2
    GREEN = 3


class Now(IntEnum):
    """Which red: in progress or within three days, or an attempt in two weeks and safe now."""

    NONE = 0
    NOW = 1
    RECENT = 2


class Asked(IntEnum):
    """What a phone asks of the queue; the number is what travels."""

    BEGIN = 0
    WORSE = 1
    DANGER = 2
    MISTAKE = 3
    CHANGED = 4


class Reason(StrEnum):
    """Why a tier is another one than before, or why a row says something of it."""

    WORSE = "worse"
    """It got worse, or an answer says so."""
    DANGER = "danger"
    """The danger button."""
    RAISED = "raised"
    """Somebody of the staff found it more urgent."""
    MISTAKE = "mistake"
    """The danger button was a mistake, said within a minute."""
    BREACH = "breach"
    """Somebody has waited longer than they should. The tier stays."""
    JUDGED = "judged"
    """Somebody who knows more found it less urgent."""
    SAFE = "safe"
    """Somebody spoke with them: they are safe now."""
    TESTED = "tested"
    """Somebody tried the button out, or it was a prank."""


LOWERS: Final = frozenset({Reason.JUDGED, Reason.SAFE, Reason.TESTED})
"""The reasons a person may lower a tier for."""


def begun(tier: Tier, event: Asked) -> Tier:
    """Where somebody begins: as their phone counted it, and red behind the danger button."""
    return Tier.RED if event is Asked.DANGER else tier


def raised(tier: Tier, event: Asked, counted: Tier, told: Tier | None = None) -> Tier:
    """The tier after a phone said this; `counted` is what it makes of the answers now. Never lower.

    "Worse" by itself raises one step and stops at orange: red takes an answer or the button. `told` is
    the tier this phone had told before it: where that is passed already, the step was taken, and only
    its answer was lost.
    """
    match event:
        case Asked.DANGER:
            return Tier.RED
        case Asked.WORSE if told is not None and tier < told:
            return min(tier, counted)
        case Asked.WORSE:
            return min(tier, counted, max(Tier(tier - 1), Tier.ORANGE) if tier else tier)
        case _:
            return min(tier, counted)


def after_mistake(before: Tier) -> Tier:
    """What a mistaken danger button leaves: orange, or more if it was more before it."""
    return min(before, Tier.ORANGE)


def may_take_back(pressed_at: datetime, now: datetime) -> bool:
    """Whether the button can still be called a mistake."""
    return now - pressed_at <= limits.MISTAKE_WITHIN

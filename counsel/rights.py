"""Who may do what: the one table every question and every command of staff is held against.

A right says what kind of thing a person may do; which one of these things (their own shift, a talk
they sit in, a colleague of their own organisation) is asked where that thing is looked up, and
absent, deleted and forbidden are the same refusal there. Routes and commands name their right in
code, so the table in `docs/rights.md` is generated and tested complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from counsel.lifecycle import Role


class Right(StrEnum):
    """A kind of thing staff do."""

    OWN = "own"
    WATCH_BOARD = "watch-board"
    TAKE = "take"
    BE_OFFERED = "be-offered"
    TALK = "talk"
    LOWER = "lower"
    RAISE_CAP = "raise-cap"
    SPEAK_UP = "speak-up"
    LEAD = "lead"
    VISIT = "visit"
    ANSWER_HANDS = "answer-hands"
    TAKE_OVER = "take-over"
    STAND = "stand"
    SEE_ROTA = "see-rota"
    PLAN_ROTA = "plan-rota"
    FORESEE = "foresee"
    SEE_PEOPLE = "see-people"
    RUN_PEOPLE = "run-people"
    CLEAR = "clear"
    RESET = "reset"
    SEE_GATE = "see-gate"
    SIGN_GATE = "sign-gate"
    CALL_HOTLINE = "call-hotline"
    RUN_ORGANISATION = "run-organisation"
    CARRY = "carry"
    ISSUE = "issue"
    SEE_AUDIT = "see-audit"
    RUN_DIRECTORY = "run-directory"
    FOLLOW_UP = "follow-up"
    ANSWER_REFERRALS = "answer-referrals"
    WRITE_FOR = "write-for"
    COUNT_REFERRALS = "count-referrals"
    TELL_STORIES = "tell-stories"
    JUDGE_STORIES = "judge-stories"


_C, _S, _A, _Z = Role.COUNSELLOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR
_D = Role.DESK

RIGHTS: Final[Mapping[Right, frozenset[Role]]] = {
    right: frozenset(roles)
    for right, roles in (
        (Right.OWN, (_C, _S, _A, _Z, _D)),  # their own login, factors, rota and organisation
        (Right.WATCH_BOARD, (_C, _S)),
        (Right.TAKE, (_C, _S)),  # a supervisor only a red nobody else is free for (people.md 2)
        (Right.BE_OFFERED, (_C,)),
        (Right.TALK, (_C, _S)),
        (Right.LOWER, (_S,)),  # find somebody less urgent, with a reason
        (Right.RAISE_CAP, (_S,)),
        (Right.SPEAK_UP, (_C, _S)),  # somebody is in danger, I act, I asked, it is less, it is over
        (Right.LEAD, (_S,)),  # act on a page as whoever supervises
        (Right.VISIT, (_S,)),  # be beside a counsellor, once they have admitted it
        (Right.ANSWER_HANDS, (_S,)),  # in a room of two beside the talk
        (Right.TAKE_OVER, (_S,)),  # go on with somebody in danger whose listener is gone
        (Right.STAND, (_C, _S)),  # sign up, check in, pause, check out
        (Right.SEE_ROTA, (_C, _S, _A, _Z)),
        (Right.PLAN_ROTA, (_S, _A)),
        (Right.FORESEE, (_S,)),  # what a rota would mean for those who come
        (Right.SEE_PEOPLE, (_S, _A, _Z)),
        (Right.RUN_PEOPLE, (_A,)),  # invite, suspend, change a role
        (Right.CLEAR, (_S,)),
        (Right.RESET, (_S, _A)),  # a lost factor: two different people, never the one it is about
        (Right.SEE_GATE, (_S, _A, _Z)),
        (Right.SIGN_GATE, (_S,)),
        (Right.CALL_HOTLINE, (_S, _A)),
        (Right.RUN_ORGANISATION, (_A,)),
        (
            Right.CARRY,
            (_C, _S, _A, _D),
        ),  # a card for their browser; an administrator's or a desk's sits in no talk
        (Right.ISSUE, (_S,)),  # what an issuer's page shows; the power is the root's to give
        (Right.SEE_AUDIT, (_S, _Z)),  # never those whom it is mostly about
        (Right.RUN_DIRECTORY, (_S, _A)),  # what it says; to ship it takes an issuer's signature
        (Right.FOLLOW_UP, (_C, _S)),  # look in on one's own afterwards; a supervisor on everybody's
        (Right.ANSWER_REFERRALS, (_D,)),  # of their own desk; of talks a desk sees nothing
        (Right.WRITE_FOR, (_C, _S, _D)),  # to a desk, for somebody at their side
        (Right.COUNT_REFERRALS, (_S, _A, _Z, _D)),
        (Right.TELL_STORIES, (_C, _S, _D)),  # of how something went well, and take one's own back
        (Right.JUDGE_STORIES, (_S,)),  # publish or send back what somebody else wrote
    )
}


def may(role: str, right: Right) -> bool:
    """Whether this role has this right."""
    return role in RIGHTS[right]

"""What is asked about referrals: by a phone that names none of its talks, and by a desk.

Every exchange of a phone is 8,192 bytes either way, posting or looking, news or none.
"""

from __future__ import annotations

import json
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from counsel import limits, moment
from counsel.answers import measure
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import ValueRefusedError, WireError
from counsel.models import Staff
from counsel.places import DESKS
from counsel.questions import Answer, Said, View, open_question, question
from counsel.referrals import ReferralEvent, ReferralState
from counsel.rights import Right
from counsel.statements import encode
from triage.referral import answering, counting, mailbox
from triage.referral.rows import BEHALF, Referral

_SIZE: Final = limits.SIZES[3]
_LONGEST: Final = limits.LETTER * 2
_MOST: Final = 5
"""Letters of one answer to a desk: they fit the largest body."""


def desks(request: HttpRequest) -> HttpResponse:
    """`/desks.json`: the certified browsers of every desk; the same for everybody, whoever it is for."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = {
        desk: [
            {
                "identity": encode(bytes(one.card.identity)),
                "key": encode(bytes(one.card.key)),
                "sealing": encode(bytes(one.statement)),
            }
            for one in there
        ]
        for desk, there in answering.devices(moment.now()).items()
    }
    return HttpResponse(
        json.dumps(found, separators=(",", ":")),
        content_type="application/json",
        headers={"cache-control": "no-store"},
    )


def _as_long(view: View) -> View:
    """A refusal takes the size of every other answer."""

    @wraps(view)
    def asked(request: HttpRequest) -> HttpResponse:
        found = view(request)
        found.content = found.content.ljust(_SIZE)
        return found

    return asked


@csrf_exempt  # nobody is signed in here, and no cookie counts: there is nothing to forge
@_as_long
@open_question
def exchange(request: HttpRequest, said: Said) -> Answer:
    """`{ref, token, act, desk, number, letter, after, fill}` → `{wait, state, last, number, letter, fill}`.

    `act`: `post`, `look` or `close`. `wait`: seconds after which a letter that is held is posted
    again; 0: it is written. `fill` says nothing.
    """
    name = mailbox.Name(said.octets("ref"), said.octets("token"))
    act, after = said.text("act"), said.number("after", most=limits.LETTERS)
    desk, number = said.text("desk"), said.number("number", most=limits.LETTERS)
    letter = said.octets("letter", longest=_LONGEST)
    said.text("fill", longest=_SIZE)
    wait, found = 0, mailbox.Found("", 0)
    if act == "post":
        wait = mailbox.post(name, desk=desk, number=number, sealed=letter)
    elif act == "close":
        mailbox.close(name)
    elif act == "look":
        found = mailbox.look(name, after)
    else:
        raise WireError("no such act")
    return _filled(
        {
            "wait": wait,
            "state": found.state,
            "last": found.last,
            "number": found.number,
            "letter": encode(found.sealed),
        }
    )


def _filled(data: dict[str, Any]) -> Answer:
    """So long that every answer takes the same size."""
    data["fill"] = ""
    return {**data, "fill": " " * (_SIZE - measure(data))}


# --- a desk ---------------------------------------------------------------------------------------


@question(Right.ANSWER_REFERRALS, looks=True)
def listed(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{desk, referrals, more}`: what lies at one's own desk, the soonest deadline first."""
    there = answering.listed(staff)
    shown = [_row(one) for one in there[: limits.REFERRALS_SHOWN]]
    return {
        "desk": staff.desk,
        "referrals": shown,
        "more": max(0, there.count() - limits.REFERRALS_SHOWN),
    }


@question(Right.ANSWER_REFERRALS, looks=True)
def read(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{ref, after}` → `{referral, letters}`: the sealed letters of one, five at a time."""
    found = answering.find(staff, said.octets("ref"))
    after = said.number("after", most=limits.LETTERS)
    letters = found.letters.filter(number__gt=after).order_by("number")[:_MOST]
    return {
        "referral": _row(found),
        "letters": [{"number": one.number, "sealed": encode(bytes(one.sealed))} for one in letters],
    }


@question(Right.ANSWER_REFERRALS)
def act(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{ref, event, number, letter}` → `{referral}`: something the desk does, and the letter about it."""
    event = said.text("event", longest=10)
    if event not in answering.BY_A_DESK:
        raise WireError("no such act")
    found = answering.act(
        staff,
        said.octets("ref"),
        ReferralEvent(event),
        number=said.number("number", least=1, most=limits.LETTERS),
        sealed=said.octets("letter", longest=_LONGEST),
        now=moment.now(),
    )
    return {"referral": _row(found)}


@question(Right.ANSWER_REFERRALS, looks=True)
def keep_key(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{card, statement}` → `{}`: what letters to this browser are sealed to."""
    statement = said.octets("statement")
    answering.keep_key(staff, said.octets("card"), statement, now=moment.now())
    return {}


@question(Right.COUNT_REFERRALS, looks=True)
def counts(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{counts, from}`: of months that are over, by desk; 0 for fewer than `from`. A desk: its own."""
    found = counting.shown([staff.desk] if staff.desk else DESKS, moment.now())
    return {
        "counts": [
            {
                "desk": one.desk or (staff.desk or ""),
                "month": one.month.isoformat()[:7],
                "event": one.event,
                "count": one.count,
            }
            for one in found
        ],
        "from": limits.COUNT_FROM,
    }


@question(Right.WRITE_FOR)
def behalf(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{desk}` → `{}`: staff wrote to this desk for somebody at their side.

    The letter goes as any phone's does; here it is counted, and the trail never says which it was.
    """
    desk, now = said.text("desk", longest=20), moment.now()
    if desk not in DESKS:
        raise ValueRefusedError("no such desk")
    counting.raise_count(desk, BEHALF, now)
    record(Kind.WROTE_FOR, by=staff, now=now)
    return {}


def _row(one: Referral) -> dict[str, Any]:
    return {
        "ref": encode(bytes(one.ref)),
        "state": ReferralState(one.state).value,
        "last": one.last,
        "came": one.day.isoformat(),
        "due": one.due_on.isoformat() if one.due_on else "",
    }

"""What staff ask about duty statements: for oneself at check-in, and as an issuer for who waits."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from counsel import moment
from counsel.audit.kinds import Kind
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.statements import encode
from counsel.views import present, spell
from triage.duty import statements

_MOST: Final = 15
"""Requests of one answer, each with an identity of a kilobyte: they fit one body."""


@question(Right.STAND, looks=True)
def ask(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{card}` → `{state, statement}`: this card's duty for the shift that runs, asked for if need be."""
    asked = statements.ask(staff, said.octets("card"), moment.now())
    return {"state": asked.state, "statement": encode(asked.statement)}


@question(Right.ISSUE, looks=True, reads=Kind.KEYS_READ)
def waiting(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{waiting: [{id, who, identity, key, until}]}`: who is checked in and not yet on duty."""
    there = statements.waiting(staff.organisation, moment.now())
    return {
        "waiting": [
            {
                "id": row.pk,
                "who": present(row.card.staff),
                "identity": encode(bytes(row.card.identity)),
                "key": encode(bytes(row.card.key)),
                "until": spell(row.until_at),
            }
            for row in there[:_MOST]
        ]
    }


@question(Right.ISSUE, looks=True)
def put_on(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id, statement}` → `{}`: issuer statement and duty statement, for one who waits."""
    statement = said.octets("statement")
    statements.put_on(staff, said.number("id"), statement=statement, now=moment.now())
    return {}

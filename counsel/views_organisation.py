"""What is asked about the organisation, and the numbers it answers for."""

from __future__ import annotations

from django.http import HttpRequest

from counsel import moment, organisations
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.views import present, spell


@question(Right.OWN)
def organisation(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """What it says of itself, and every number with its last test call."""
    whole = staff.organisation
    return {
        "name": whole.name,
        "level": whole.level,
        "zone": whole.zone,
        "languages": whole.languages,
        "hotlines": [
            {
                "number": line.number,
                "name": line.name,
                "hours": line.hours,
                "national": line.national,
                "called": spell(line.called_at),
                "called_by": present(line.called_by) if line.called_by else None,
            }
            for line in organisations.lines(whole)
        ],
    }


@question(Right.RUN_ORGANISATION)
def change(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """It says something else of itself."""
    organisations.change(
        staff.organisation,
        name=said.text("name"),
        level=said.text("level"),
        zone=said.text("zone"),
        languages=said.words("languages", most=9),
    )
    record(Kind.ORGANISATION_CHANGED, by=staff, now=moment.now())
    return {}


@question(Right.RUN_ORGANISATION)
def add_hotline(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """One more number."""
    number = said.text("number")
    organisations.add_hotline(
        staff.organisation, number=number, name=said.text("name"), hours=said.text("hours")
    )
    record(Kind.HOTLINE_ADDED, by=staff, thing=number, now=moment.now())
    return {}


@question(Right.RUN_ORGANISATION)
def remove_hotline(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """One number less."""
    number = said.text("number")
    organisations.remove_hotline(staff.organisation, number)
    record(Kind.HOTLINE_REMOVED, by=staff, thing=number, now=moment.now())
    return {}


@question(Right.CALL_HOTLINE)
def call_hotline(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """They rang it now and somebody answered."""
    number, now = said.text("number"), moment.now()
    organisations.call_hotline(staff, number, now=now)
    record(Kind.HOTLINE_CALLED, by=staff, thing=number, now=now)
    return {}

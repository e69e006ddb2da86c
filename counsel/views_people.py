"""What those who run the staff ask: who is here, who comes, who goes, who may."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from counsel import colleagues, enrolment, limits, moment, resets
from counsel.answers import measure
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.models import Invitation, Staff
from counsel.organisations import LANGUAGES
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.squares import square
from counsel.views import present, spell

_ROOM: Final = limits.SIZES[-1] - 256
"""Bytes of one page of people: the largest body, less its own frame."""


@question(Right.SEE_PEOPLE, reads=Kind.PEOPLE_READ)
def people(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Everybody who works or worked here, and on the first page who is invited.

    As many as fit one body; `after` of the answer, unless empty, asks for the next ones.
    """
    after = said.text("after", unsaid="")
    links = [] if after else colleagues.open_links(staff.organisation, now=moment.now())
    invitations = [_link(link, staff) for link in links]
    left = _ROOM - measure(invitations)
    rows: list[dict[str, Any]] = []
    for one in colleagues.listed(staff.organisation, after=after):
        row = _person(one)
        left -= measure(row) + 1
        if left < 0:
            return {"people": rows, "invitations": invitations, "after": rows[-1]["person"]}
        rows.append(row)
    return {"people": rows, "invitations": invitations, "after": ""}


@question(Right.RUN_PEOPLE)
def invite(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """A link for one new person, shown once."""
    token = enrolment.invite(
        staff.organisation,
        working_name=said.text("working_name"),
        role=said.text("role"),
        desk=said.text("desk", unsaid=""),
        asked_by=staff,
        now=moment.now(),
    )
    return _shown_once(token)


@question(Right.RUN_PEOPLE)
def withdraw(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """A link, or an asked reset, is worth nothing any more."""
    link = said.number("id")
    enrolment.withdraw(staff.organisation, link)
    record(Kind.LINK_WITHDRAWN, by=staff, thing=str(link), now=moment.now())
    return {}


@question(Right.RUN_PEOPLE)
def suspend(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Somebody is out; their sockets close within two seconds."""
    about = colleagues.suspend(staff, said.text("person"))
    record(Kind.SUSPENDED, by=staff, about=about, now=moment.now())
    return {}


@question(Right.RUN_PEOPLE)
def restore(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Somebody suspended may come in again."""
    about = colleagues.restore(staff, said.text("person"))
    record(Kind.RESTORED, by=staff, about=about, now=moment.now())
    return {}


@question(Right.RUN_PEOPLE)
def change_role(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Another role; whoever has it signs in anew."""
    role = said.text("role")
    about = colleagues.change_role(staff, said.text("person"), role)
    record(Kind.ROLE_CHANGED, by=staff, about=about, thing=role, now=moment.now())
    return {}


@question(Right.RUN_PEOPLE)
def mark(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Where somebody works beside this."""
    about = colleagues.find(staff, said.text("person"))
    region, industry = said.text("region", longest=8), said.text("industry", longest=16)
    colleagues.mark(about, region=region, industry=industry, in_plant=said.flag("in_plant"))
    record(Kind.MARKED, by=staff, about=about, now=moment.now())
    return {}


@question(Right.CLEAR)
def clear(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Somebody is ready for real talks."""
    now = moment.now()
    about = colleagues.clear(staff, said.text("person"), now=now)
    record(Kind.CLEARED, by=staff, about=about, now=now)
    return {}


@question(Right.CLEAR)
def unclear(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Somebody is not ready after all."""
    about = colleagues.unclear(staff, said.text("person"))
    record(Kind.UNCLEARED, by=staff, about=about, now=moment.now())
    return {}


@question(Right.RESET)
def ask_reset(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """The first of the two who bring a lost factor back."""
    return {"id": resets.ask_reset(staff, said.text("person"), now=moment.now())}


@question(Right.RESET)
def agree_reset(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """The second of them: the link, shown once."""
    return _shown_once(resets.agree_reset(staff, said.number("id"), now=moment.now()))


def _shown_once(token: str) -> Answer:
    """The token of a link, and the link into the page of each language as a square code."""
    page = f"{settings.ORIGIN}/{{}}/staff/#join={token}"
    return {"token": token, "pictures": {lang: square(page.format(lang)) for lang in LANGUAGES}}


def _person(staff: Any) -> dict[str, Any]:
    return {
        **present(staff),
        "active": staff.is_active,
        "cleared": staff.cleared_at is not None,
        "region": staff.region,
        "industry": staff.industry,
        "in_plant": staff.in_plant,
        "passkeys": staff.keys,
    }


def _link(link: Invitation, staff: Staff) -> dict[str, Any]:
    return {
        "id": link.pk,
        "kind": link.kind,
        "working_name": link.working_name,
        "role": link.staff.role if link.staff else link.role,
        "desk": link.staff.desk if link.staff else link.desk,
        "person": link.staff.person if link.staff else "",
        "expires": spell(link.expires_at),
        "asked_by": present(link.asked_by) if link.asked_by else None,
        "mine": link.asked_by_id == staff.pk,
        "agreed": link.kind == Invitation.JOIN or link.agreed_by_id is not None,
    }

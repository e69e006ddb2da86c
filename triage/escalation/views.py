"""What staff ask about how they are paged, and administrators about the lead. See `counsel/questions.py`.

Every answer is `{channels: [codes], push_key, receivers: [{id, channel, hint}]}`: what this site has set
up, what a browser subscribes with (empty for the lead), and what is there. No address is told again, only
as much as its owner knows it by.
"""

from __future__ import annotations

from django.http import HttpRequest

from counsel import moment
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from triage.escalation import channels, push, reach


@question(Right.STAND, looks=True)
def own(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}`: how I am reached."""
    return _present(staff, staff)


@question(Right.STAND)
def own_add(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{channel, address}`: one more way to reach me."""
    return _add(staff, staff, said)


@question(Right.STAND)
def own_remove(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}`: not this way any more."""
    reach.remove(staff.organisation, staff, said.number("id"))
    record(Kind.REACH_CHANGED, by=staff, now=moment.now())
    return _present(staff, staff)


@question(Right.RUN_ORGANISATION, reads=Kind.LEAD_READ)
def lead(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}`: how the lead is reached."""
    return _present(staff, None)


@question(Right.RUN_ORGANISATION)
def lead_add(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{channel, address}`: one more way to reach the lead."""
    return _add(staff, None, said)


@question(Right.RUN_ORGANISATION)
def lead_remove(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}`: not this way any more."""
    reach.remove(staff.organisation, None, said.number("id"))
    record(Kind.LEAD_CHANGED, by=staff, now=moment.now())
    return _present(staff, None)


def _add(staff: Staff, whom: Staff | None, said: Said) -> Answer:
    now = moment.now()
    reach.add(
        staff.organisation,
        whom,
        channel=said.text("channel"),
        address=said.text("address"),
        now=now,
    )
    record(Kind.REACH_CHANGED if whom else Kind.LEAD_CHANGED, by=staff, now=now)
    return _present(staff, whom)


def _present(staff: Staff, whom: Staff | None) -> Answer:
    return {
        "channels": [channel.value for channel in channels.usable(for_lead=whom is None)],
        "push_key": push.public_key() if whom else "",
        "receivers": [
            {"id": one.pk, "channel": one.channel, "hint": channels.hint(one.channel, one.address)}
            for one in reach.of(staff.organisation, whom)
        ],
    }

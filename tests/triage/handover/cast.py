"""Lin has a talk and has to go; Chen and Wu are on duty. In a database thread."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Final

from chat.models import Seat
from chat.succession import Opening
from counsel.audit.models import AuditEntry
from counsel.identity import SessionRef
from counsel.models import Staff
from tests.counsel.rights.talks import begin
from tests.people import hire, welcome
from triage.handover import steps
from triage.handover.rows import Handover

NOW: Final = datetime.now(UTC)
PAPERS: Final = steps.Papers(b"identity", b"duty", bytes(64))


def opening() -> Opening:
    """A fresh group."""
    return Opening(secrets.token_bytes(16), secrets.token_bytes(16), welcome(), b"duty")


class Cast:
    """Lin has the talk and has to go, Chen and Wu are on duty, their boards open."""

    def __init__(self) -> None:
        self.lin = hire("lin", cap=1).staff
        self.chen, self.wu = (hire(name, cap=1).staff for name in ("chen", "wu"))
        Staff.objects.update(board_seen_at=NOW)
        self.talk = begin(self.lin)
        self.ref = SessionRef(self.talk.ref)

    def ask(self, whom: Staff | None = None, now: datetime = NOW) -> int:
        """Lin asks; the number of the handover."""
        steps.ask(self.lin, self.ref, self.chen.pk if whom is None else whom.pk, now)
        return Handover.objects.latest("pk").pk

    def ready(self) -> int:
        """Asked, accepted, and the seeker has answered."""
        number = self.ask()
        steps.accept(self.chen, number, PAPERS, NOW)
        steps.let_go(self.lin, number, NOW)
        return number

    def holder(self) -> list[str]:
        """Who sits in the counsellor's seat."""
        sits = Seat.objects.filter(session=self.talk.session_id, ended_at=None)
        return list(sits.exclude(staff=None).values_list("staff__sign_in_name", flat=True))

    def state(self) -> str:
        return Handover.objects.latest("pk").state


def trail() -> list[tuple[str, str]]:
    """What was done about handovers, and by whom."""
    names = dict(Staff.objects.values_list("person", "sign_in_name"))
    rows = AuditEntry.objects.filter(what__startswith="handover").order_by("pk")
    return [(what, names[by]) for what, by in rows.values_list("what", "by")]

"""The only writer of a referral's state: it begins, a desk moves it, days move it."""

from __future__ import annotations

from datetime import date, datetime

from counsel import limits
from counsel.errors import LostRaceError
from counsel.lifecycle import Role
from counsel.places import DESKS
from counsel.referrals import REFERRAL, ReferralEvent, ReferralState
from triage.referral.counting import raise_count
from triage.referral.desks import due_on
from triage.referral.rows import SILENT, Referral


def begin(*, ref: bytes, token_hash: bytes, desk: str, day: date) -> Referral:
    """A referral that has arrived; its letter is put beside it in the same transaction."""
    return Referral.objects.create(
        ref=ref,
        token_hash=token_hash,
        desk=desk,
        state=ReferralState.SENT.value,
        day=day,
        due_on=due_on(desk, ReferralState.SENT, day),
    )


def move(found: Referral, event: ReferralEvent, *, number: int, day: date) -> None:
    """What a desk does, told by letter `number`.

    Raises `IllegalTransitionError`, `LostRaceError` when another letter came first.
    """
    row = REFERRAL.row(ReferralState(found.state), event, Role.DESK)
    changes = {} if row.source is row.target else _dates(found.desk, row.target, day)
    changed = Referral.objects.filter(
        pk=found.pk, state=row.source.value, last=number - 1, last__lt=limits.LETTERS
    ).update(state=row.target.value, last=number, **changes)
    if changed != 1:
        raise LostRaceError("another letter came first")


def lapse(day: date, now: datetime) -> None:
    """Every state whose last day is before this one. However many clocks, each lapses once."""
    for row in REFERRAL:
        if row.event is ReferralEvent.LAPSE:
            late = Referral.objects.filter(state=row.source.value, due_on__lt=day)
            for desk in DESKS:
                moved = late.filter(desk=desk).update(
                    state=row.target.value, due_on=None, ended_on=day
                )
                if moved and row.target is ReferralState.SILENT:
                    raise_count(desk, SILENT, now, by=moved)


def _dates(desk: str, state: ReferralState, day: date) -> dict[str, date | None]:
    """The days of a state that begins on this one: one the clock may close has ended."""
    ends = {
        row.source for row in REFERRAL if row.event is ReferralEvent.CLOSE and Role.CLOCK in row.by
    }
    return {"due_on": due_on(desk, state, day), "ended_on": day if state in ends else None}

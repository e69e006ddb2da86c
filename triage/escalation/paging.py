"""Whom a page reaches, and the calls it makes: each is sent at least once, always under its own id.

A call is written with its step and sent afterwards, outside of every transaction. Whoever sends takes
it for half a minute; who dies meanwhile leaves it to the next one, and the receiver may hear the same id
twice. Where a whole page fails, the next people are called at once.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from chat.lanes import Lane
from counsel import limits, moment
from counsel.lifecycle import OPEN_DANGER, Role
from counsel.models import Staff, home
from counsel.raised_hands import UP
from triage.escalation import channels
from triage.escalation.rows import Call, Escalation, EscalationStep, Receiver
from triage.escalation.timers import ANSWERING, CHAIN, Audience
from triage.models import Shift
from triage.queue import duty
from triage.queue.hands import Free
from triage.sideroom.rows import RaisedHand

_log = logging.getLogger(__name__)

PAGES: Final = Lane("pages", 1)
"""A thread of its own: whatever a channel takes, nobody's words wait for it."""

TRIES: Final = 3
_AT_ONCE: Final = 8
"""Receivers one look sends to beside each other: none waits for a slow one."""
_LEASE: Final = timedelta(seconds=30)
"""Longer than a channel takes to answer or give up."""
_AGAIN_AFTER: Final = timedelta(seconds=5)


def reachable(
    wanted: Audience, now: datetime, *, but: int | None = None
) -> tuple[Audience, list[Receiver]]:
    """Whom to call: those wanted, or the next ones along the chain who can be reached at all. `but`:
    a person who is not called, because it is they who call.
    """
    for audience in CHAIN[CHAIN.index(wanted) :]:
        found = [one for one in receivers(audience, now) if but is None or one.staff_id != but]
        if found:
            return audience, found
    return Audience.NOBODY, []


def receivers(audience: Audience, now: datetime) -> QuerySet[Receiver]:
    """Everything these people can be reached by."""
    ours = Receiver.objects.filter(organisation=home()).order_by("pk")
    there = [one for one in duty.read_present() if one.is_on(now)]
    supervising = {one.staff_id for one in there if one.carrying.role is Role.SUPERVISOR}
    match audience:
        case Audience.DUTY:
            free = {one.staff_id for one in there if one.carrying.free(now) is Free.FREE}
            return ours.filter(staff__in=free | supervising)
        case Audience.SUPERVISOR:
            return ours.filter(staff__in=supervising)
        case Audience.LEAD:
            return ours.filter(staff=None)
        case Audience.EVERYBODY:
            them = Q(staff__role=Role.SUPERVISOR.value, staff__is_active=True)
            return ours.filter(them | Q(staff=None))
        case Audience.NOBODY:
            return ours.none()


def page_for_test(staff: Staff, now: datetime, *, shift: Shift) -> None:
    """A page to whoever checks in, wherever they can be reached, so that they know it rings."""
    page = secrets.token_hex(4)
    mine = Receiver.objects.filter(staff=staff)
    Call.objects.bulk_create(
        Call(shift=shift, receiver=one, page=page, next_at=now) for one in mine
    )


def send_due(now: datetime) -> int:
    """Send what is due, and wait for it; how many were sent. For a thread of its own."""
    waiting = Call.objects.filter(sent_at=None, failed=False, next_at__lte=now)
    found = waiting.select_related("receiver__organisation").order_by("next_at", "pk")
    mine = [call for call in found[: 4 * _AT_ONCE] if _lease(call, now)]
    if not mine:
        return 0
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="page") as pool:
        done = list(pool.map(_send, mine))
    for call, sent in zip(mine, done, strict=True):
        _settle(call, sent, now)
    return sum(done)


async def run() -> None:
    """Send what is due, once a second, until cancelled. One in each process does no harm."""
    while True:
        await asyncio.sleep(limits.HEAR_EVERY.total_seconds())
        try:
            await PAGES(send_due, moment.now())
        except Exception as error:
            _log.error("paging stumbled: %s", type(error).__name__)


def _lease(call: Call, now: datetime) -> bool:
    still = Call.objects.filter(pk=call.pk, sent_at=None, next_at=call.next_at)
    return still.update(next_at=now + _LEASE, tries=F("tries") + 1) == 1


def _send(call: Call) -> bool:
    """In a thread that has no database: all it needs was read before."""
    try:
        return channels.send(call.receiver, call.page, test=call.shift_id is not None)
    except Exception as error:
        _log.error("a page by %s failed: %s", call.receiver.channel, type(error).__name__)
        return False


def _settle(call: Call, sent: bool, now: datetime) -> None:
    this = Call.objects.filter(pk=call.pk)
    if sent:
        this.update(sent_at=now)
    elif call.tries + 1 < TRIES:
        this.update(next_at=now + _AGAIN_AFTER * (call.tries + 1))
    else:
        _log.error("a page by %s reached nobody", call.receiver.channel)
        this.update(failed=True)
        if call.step_id is not None:
            _go_on(call.step_id, now)
        if call.hand_id is not None:
            _go_on_about(call.hand_id, now)


def _go_on(step_id: int, now: datetime) -> None:
    """A page of which no call is left waits for nothing: the next people are called at once, unless
    others were called since or the ladder began anew. What else happened meanwhile called nobody."""
    step = EscalationStep.objects.filter(pk=step_id).first()
    if step is None or Call.objects.filter(step=step_id, failed=False).exists():
        return
    later = EscalationStep.objects.filter(escalation=step.escalation_id, number__gt=step.number)
    if later.exclude(called="").exists():
        return
    waiting = [state.value for state in OPEN_DANGER if state not in ANSWERING]
    same = Escalation.objects.filter(pk=step.escalation_id, base_at__lte=step.at, state__in=waiting)
    same.filter(due_at__gt=now).update(due_at=now)


def _go_on_about(hand_id: int, now: datetime) -> None:
    """The same where a colleague was wanted: the clock calls the next people now."""
    if not Call.objects.filter(hand=hand_id, failed=False).exists():
        waiting = RaisedHand.objects.filter(pk=hand_id, state__in=[state.value for state in UP])
        waiting.filter(due_at__gt=now).update(due_at=now)

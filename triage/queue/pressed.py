"""The danger button was pressed: what it was before, and whether anything but the button says red."""

from __future__ import annotations

from datetime import datetime

from counsel.errors import IllegalTransitionError
from triage.queue import tiers
from triage.queue.rows import Place
from triage.queue.tiers import Reason, Tier


def without_button(place: Place, now: datetime) -> Tier:
    """The tier had the button not been pressed within the minute, however often it was: as it stood
    before, or as somebody of the staff has judged since, which is no mistake of a thumb.

    Raises `IllegalTransitionError` where it was not pressed, or that was a mistake already.
    """
    steps = place.steps.order_by("pk")
    back = steps.filter(reason=Reason.MISTAKE.value).last()
    since = steps.filter(pk__gt=back.pk) if back is not None else steps
    presses = since.filter(reason=Reason.DANGER.value)
    first = next((one for one in presses if tiers.may_take_back(one.at, now)), None)
    if first is None:
        raise IllegalTransitionError("no button was pressed within the minute")
    judged = since.filter(pk__gt=first.pk, reason=Reason.RAISED.value)
    return min(Tier(one.source if one.pk == first.pk else one.target) for one in [first, *judged])


def is_only_pressed(place: Place) -> bool:
    """Whether it is red for the button alone, which can be called a mistake."""
    why = (Reason.DANGER.value, Reason.RAISED.value, Reason.MISTAKE.value)
    last = place.steps.filter(reason__in=why).order_by("pk").last()
    return last is not None and last.reason == Reason.DANGER

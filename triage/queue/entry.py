"""How somebody comes into the queue, what moves them there, and how they leave it.

Chat calls these through `chat/neighbours.py`, inside the transaction of what happened: what raises
here did not happen.
"""

from __future__ import annotations

from datetime import datetime

from chat.neighbours import Move
from counsel import limits
from counsel.errors import LostRaceError, OpenDangerError, WireError
from counsel.lifecycle import Event, Role, State
from counsel.models import Staff
from counsel.statements import encode
from triage.dispatch import moving as dispatches
from triage.escalation import debriefs, raising
from triage.escalation.timers import Kind, kind_of
from triage.followup import beginning as followup
from triage.handover import steps as handovers
from triage.queue import tiers
from triage.queue.claim import draw_offer
from triage.queue.pressed import is_only_pressed, without_button
from triage.queue.rest import rest_after_red, rest_of_holder
from triage.queue.rows import Place, TierStep
from triage.queue.sweep import take_out_one
from triage.queue.tables import TARGETS
from triage.queue.tiers import Asked, Now, Reason, Tier
from triage.queue.wire import Request, industry_of, read_request


def admit(session_id: int, request: bytes, now: datetime) -> None:
    """A place for a session that has just begun. Raises `WireError`."""
    asked = read_request(request)
    event = Asked(asked.event)
    if event not in {Asked.BEGIN, Asked.DANGER}:
        raise WireError("a session begins with another request")
    tier = tiers.begun(Tier(asked.tier), event)
    place = Place.objects.create(
        session_id=session_id,
        tier=tier,
        now=_which_red(asked, tier),
        since=now,
        due_at=now + TARGETS[tier],
        **_about(asked),
    )
    if event is Asked.DANGER:
        _step(place, Tier(asked.tier), tier, Reason.DANGER, Role.SEEKER, now)
    _alarm(place, asked, now)


def ask(session_id: int, request: bytes, now: datetime) -> None:
    """Something else is asked. Raises `WireError`, and `IllegalTransitionError` for a mistake that
    is said too late."""
    asked = read_request(request)
    event = Asked(asked.event)
    place = Place.objects.select_for_update().get(pk=session_id)
    match event:
        case Asked.BEGIN:
            raise WireError("it has begun")
        case Asked.MISTAKE:
            _take_back(place, now)
        case Asked.CHANGED:
            Place.objects.filter(pk=session_id).update(**_about(asked))
            _raise_to(place, tiers.raised(Tier(place.tier), event, Tier(asked.tier)), asked, now)
        case Asked.WORSE | Asked.DANGER:
            told = Tier(asked.told - 1) if asked.told else None
            tier = tiers.raised(Tier(place.tier), event, Tier(asked.tier), told)
            _raise_to(place, tier, asked, now)


def move(move: Move) -> None:
    """The place moves with its session. Whoever was claimed has left it by the claim itself."""
    if move.claimed:
        return
    match move.row.event:
        case Event.OFFER:
            _offer(move)
        case Event.TAKE:
            _take(move)
        case Event.LAPSE:
            _lapse(move)
        case Event.RETURN | Event.LET_GO:
            _return(move)
            handovers.end(move)
            raising.leave_alone(move)
            if move.row.event is Event.LET_GO and move.staff_id is not None:
                rest_after_red(move.session_id, move.staff_id, move.now)
        case Event.HAND:
            _hand(move)
        case Event.END:
            if not dispatches.end(move.session_id, move.role, move.now):
                raise OpenDangerError("help is on its way")
            raising.end(move)
            followup.end(move)
            handovers.end(move)
            rest_of_holder(move)
            debriefs.begin(move.session_id, move.now)
            _end(move)
        case Event.ERASE:
            dispatches.erase(move.session_id, move.now)
            debriefs.book_erased(move.session_id)
            debriefs.begin(move.session_id, move.now)
            followup.erase(move)
            raising.erase(move)
            rest_of_holder(move)
            _take_out(move.session_id)


# --- tiers ---------------------------------------------------------------------------------------


def _which_red(asked: Request, tier: Tier) -> Now:
    if tier is not Tier.RED:
        return Now.NONE
    return Now.NOW if asked.event == Asked.DANGER else Now(asked.now)


def _raise_to(place: Place, tier: Tier, asked: Request, now: datetime) -> None:
    """The button is noted also where it changes nothing: it may have been a mistake."""
    pressed = asked.event == Asked.DANGER
    which = _which_red(asked, tier)
    if which is Now.NOW and place.now != Now.NOW:
        Place.objects.filter(pk=place.pk).update(now=which)
    if tier < place.tier:
        _set_tier(place, tier, now, now=which)
    if tier < place.tier or pressed:
        reason = Reason.DANGER if pressed else Reason.WORSE
        _step(place, Tier(place.tier), tier, reason, Role.SEEKER, now)
    graver = tier < place.tier or (which is Now.NOW and place.now != Now.NOW)
    if graver or _says_danger(place, asked):
        place.refresh_from_db()
        _alarm(place, asked, now)


def _says_danger(place: Place, asked: Request) -> bool:
    """Whether what is asked is danger by itself. Another answer that says no more than is known begins
    nothing anew that settles, and puts back no timer."""
    if asked.event != Asked.CHANGED or asked.tier == Tier.RED:
        return True
    return asked.tier == Tier.ORANGE and raising.find_open(place.session_id) is None


def _alarm(place: Place, asked: Request, now: datetime) -> None:
    """Where the tier speaks of danger, that is a matter of its own."""
    kind = kind_of(Tier(place.tier), Now(place.now))
    if kind is not None:
        reason = raising.BUTTON if asked.event == Asked.DANGER else raising.ANSWERS
        raising.raise_danger(place.session_id, kind, role=Role.SEEKER, reason=reason, now=now)


def _take_back(place: Place, now: datetime) -> None:
    tier = tiers.after_mistake(without_button(place, now))
    Place.objects.filter(pk=place.pk).update(human_check=True)
    if tier is not Tier.RED:
        _set_tier(place, tier, now)
        raising.take_back(place.session_id, now)
    _step(place, Tier(place.tier), tier, Reason.MISTAKE, Role.SEEKER, now)


def raise_by_staff(
    session_id: int, kind: Kind, *, staff: Staff, reason: str, now: datetime
) -> bool:
    """Whoever talks with them, or supervises, or the cues beside the talk, say that it is worse.

    Whether that changed anything.
    """
    place = Place.objects.select_for_update().get(pk=session_id)
    tier = Tier.ORANGE if kind is Kind.ORANGE else Tier.RED
    which = {Kind.NOW: Now.NOW, Kind.RECENT: Now.RECENT}.get(kind, Now.NONE)
    if tier < place.tier or (tier == place.tier and which is Now.NOW):
        _set_tier(place, tier, now, now=which)
    role = Role(staff.role)
    rises = tier < place.tier or (tier is Tier.RED and is_only_pressed(place))
    if rises:
        _step(place, Tier(place.tier), tier, Reason.RAISED, role, now, staff)
    begins = raising.raise_danger(session_id, kind, role=role, staff=staff, reason=reason, now=now)
    return rises or begins


def lower_by_two(
    session_id: int, tier: Tier, *, reason: Reason, staff: Staff, now: datetime
) -> None:
    """Two people found them less urgent; `staff` is the second."""
    place = Place.objects.select_for_update().get(pk=session_id)
    if tier > place.tier:
        _set_tier(place, tier, now)
        Place.objects.filter(pk=session_id).update(human_check=False)
        _step(place, Tier(place.tier), tier, reason, Role(staff.role), now, staff)


def _set_tier(place: Place, tier: Tier, at: datetime, *, now: Now = Now.NONE) -> None:
    Place.objects.filter(pk=place.pk).update(
        tier=tier, now=now, due_at=at + TARGETS[tier], breached=False
    )


def _step(
    place: Place,
    source: Tier,
    target: Tier,
    reason: Reason,
    role: Role,
    at: datetime,
    staff: Staff | None = None,
) -> None:
    TierStep.objects.create(
        place=place,
        source=source,
        target=target,
        reason=reason.value,
        role=role.value,
        staff=staff,
        at=at,
    )


def _about(asked: Request) -> dict[str, object]:
    """What is kept of a request beside the tier."""
    return {
        "language": asked.language,
        "topics": asked.topics,
        "region": asked.region,
        "industry": industry_of(asked),
        "exclusions": asked.exclusions,
        "listener": encode(asked.listener) if any(asked.listener) else "",
    }


# --- moving --------------------------------------------------------------------------------------


def _offer(move: Move) -> None:
    found = Place.objects.filter(pk=move.session_id, queued=True)
    changed = found.update(
        queued=False,
        offer=draw_offer(),
        offered_to=move.staff_id,
        offered_until=move.now + limits.OFFER_FOR,
    )
    if changed != 1:
        raise LostRaceError


def _take(move: Move) -> None:
    """From an offer only by whom it is offered to, while it stands: whoever wakes late loses it. A
    supervisor who goes on with somebody in danger waits for no answer to it."""
    place = Place.objects.filter(pk=move.session_id)
    if move.row.source is State.OFFERED and move.role is not Role.SUPERVISOR:
        place = place.filter(offered_to=move.staff_id, offered_until__gt=move.now)
    changed = place.update(
        queued=False,
        away=False,
        offered_to=None,
        offered_until=None,
        met_at=move.now,
        heard=False,
    )
    if changed != 1:
        raise LostRaceError


def _lapse(move: Move) -> None:
    """Back to where it was; the clock lets an offer go only when its time is over."""
    place = Place.objects.filter(pk=move.session_id)
    if move.staff_id is None:
        place = place.filter(offered_until__lte=move.now)
    else:
        place = place.filter(offered_to=move.staff_id)
    if place.update(queued=True, offered_to=None, offered_until=None) != 1:
        raise LostRaceError


def _return(move: Move) -> None:
    place = Place.objects.filter(pk=move.session_id)
    tier = Tier(place.values_list("tier", flat=True).get())
    place.update(
        queued=True,
        returned=True,
        heard=False,
        breached=False,
        met_at=None,
        due_at=move.now + TARGETS[tier],
    )


def _end(move: Move) -> None:
    """It waits for nobody any more, and says only the day."""
    day = move.now.replace(hour=0, minute=0, second=0, microsecond=0)
    Place.objects.filter(pk=move.session_id).update(
        queued=False, away=False, offered_to=None, offered_until=None, since=day, due_at=day
    )
    TierStep.objects.filter(place=move.session_id).update(at=day)


def _hand(move: Move) -> None:
    """Nobody is moved in the queue, and no danger is over: but of the next one no word was shown."""
    Place.objects.filter(pk=move.session_id).update(heard=False)


def _take_out(session_id: int) -> None:
    """An erased talk leaves no wait among the counts either."""
    for tier in Place.objects.filter(pk=session_id, counted=True).values_list("tier", flat=True):
        take_out_one(tier)

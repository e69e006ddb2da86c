"""Cards of staff browsers: asked for, given by an issuer, lost, taken back.

The server gives nobody a card. It keeps what people ask for and passes on what an issuer signed,
checked here as every client will check it; what is not in the log counts nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from counsel import limits
from counsel.audit.kinds import Kind
from counsel.audit.trail import name_key, record
from counsel.certificates import Member, verify_identity
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    ThrottledError,
    ValueRefusedError,
)
from counsel.keys import ledger
from counsel.keys.log import Log, issued, revoked
from counsel.keys.models import DeviceCard, DeviceRequest, DutyCard, DutyRequest, IssuerCard
from counsel.keys.root import trusted_root
from counsel.models import Organisation, Staff
from counsel.statements import CertificateError, first_statement

_A_DAY: Final = timedelta(days=1)


# --- whose browser ------------------------------------------------------------------------------


def held(staff: Staff, key: bytes, now: datetime) -> DeviceCard | None:
    """The newest card of this key that was given to this person in the role they have."""
    theirs = DeviceCard.objects.filter(staff=staff, key=key, role=staff.role)
    return (
        theirs.filter(until__gte=now.astimezone(UTC).date())
        .order_by("-place")
        .select_related("issuer")
        .first()
    )


def counts(card: DeviceCard) -> bool:
    """Whether nobody has taken it back, or its issuer's, or said that it is lost."""
    return card.revoked_place is None and card.lost_at is None and card.issuer.revoked_place is None


def ask(staff: Staff, key: bytes, *, now: datetime) -> DeviceRequest:
    """This browser waits for a card. Asking again is the same request.

    Raises `AccessError` for a key of somebody else, `IllegalTransitionError` for one that was taken
    back, `ThrottledError` when too many browsers of this person wait.
    """
    with transaction.atomic():
        Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
        there = DeviceRequest.objects.filter(key=key).first()
        if there is not None and there.staff_id == staff.pk:
            return there
        known = DeviceCard.objects.filter(key=key)
        if there is not None or known.exclude(staff=staff).exists():
            raise AccessError("somebody else's key")
        if known.filter(~Q(revoked_place=None) | ~Q(lost_at=None)).exists():
            raise IllegalTransitionError("a key that was taken back gets no other card")
        if staff.device_requests.count() >= limits.DEVICES_WAITING:
            raise ThrottledError("too many browsers wait", retry_after=60)
        record(Kind.DEVICE_ASKED, by=staff, thing=name_key(key), now=now)
        return DeviceRequest.objects.create(staff=staff, key=key, asked_at=now)


def is_due(card: DeviceCard, now: datetime) -> bool:
    """Whether its end is near enough to ask for the next one."""
    return card.until - now.astimezone(UTC).date() < limits.DEVICE_RENEWED_WITHIN


def waiting(organisation: Organisation) -> QuerySet[DeviceRequest]:
    """Browsers that wait for a card, the oldest first; those of people who left do not."""
    here = DeviceRequest.objects.filter(staff__organisation=organisation, staff__is_active=True)
    return here.select_related("staff").order_by("pk")


def find_request(actor: Staff, number: int) -> DeviceRequest:
    """A request of one's own organisation. Raises `AccessError`."""
    found = waiting(actor.organisation).filter(pk=number).first()
    if found is None:
        raise AccessError("nobody waits there")
    return found


@transaction.atomic
def refuse(actor: Staff, number: int, *, now: datetime) -> None:
    """This browser gets no card: its digits were not those its person read out."""
    request = find_request(actor, number)
    thing = name_key(bytes(request.key))
    record(Kind.DEVICE_REFUSED, by=actor, about=request.staff, thing=thing, now=now)
    request.delete()


# --- giving -------------------------------------------------------------------------------------


@transaction.atomic
def certify(
    actor: Staff, number: int, *, identity: bytes, size: int, head: bytes, now: datetime
) -> DeviceCard:
    """The card an issuer signed for a browser that waits, and its row in the log.

    Raises `AccessError`, `LostRaceError`, `ValueRefusedError`.
    """
    request = find_request(actor, number)
    member = _read(identity, bytes(request.key), now)
    who = request.staff
    if (member.person, member.role, member.name, member.desk) != (
        *(who.person, who.role, who.working_name, who.desk),
    ):
        raise ValueRefusedError("made out to somebody else")
    _check_daily(member, now)
    statement = first_statement(identity)[1]
    log = ledger.append([issued(statement)], size=size, head=head, now=now)
    return keep(identity, member, who, by=actor, log=log, now=now)


def keep(
    identity: bytes, member: Member, staff: Staff, *, by: Staff | None, log: Log, now: datetime
) -> DeviceCard:
    """The card of this person, whose statement is in the log; whoever waited for it waits no more.

    `by`: whose browser issued it; nobody's where it comes from a ceremony. Raises `ValueRefusedError`
    for one that is not.
    """
    issuer = IssuerCard.objects.filter(key=member.issuer.key, revoked_place=None).first()
    place = log.rows.places.get(member.commitment)
    if issuer is None or place is None:
        raise ValueRefusedError("not issued by one of ours, or not in the log")
    DeviceRequest.objects.filter(key=member.key, staff=staff).delete()
    record(Kind.DEVICE_CERTIFIED, by=by, about=staff, thing=name_key(member.key), now=now)
    return DeviceCard.objects.create(
        staff=staff,
        key=member.key,
        fingerprint=member.fingerprint,
        identity=identity,
        issuer=issuer,
        issued_at=now,
        role=member.role,
        until=member.last.date(),
        place=place,
        revoked_place=None,
    )


def _read(identity: bytes, key: bytes, now: datetime) -> Member:
    try:
        return verify_identity(identity, root=trusted_root(), leaf_key=key, now=now)
    except CertificateError as error:
        raise ValueRefusedError(str(error)) from error


def _check_daily(member: Member, now: datetime) -> None:
    """The issuer's browser counts for itself; this is for one that does not."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    today = DeviceCard.objects.filter(issuer__key=member.issuer.key, issued_at__gte=midnight)
    if today.count() >= member.issuer.daily:
        raise ThrottledError(
            "its day is full", retry_after=int((midnight + _A_DAY - now).total_seconds())
        )


# --- taking back --------------------------------------------------------------------------------


@transaction.atomic
def lose(actor: Staff, card: DeviceCard, *, now: datetime) -> None:
    """It gets no duty any more, and an issuer is asked to take it back for everybody."""
    thing = name_key(bytes(card.key))
    record(Kind.DEVICE_LOST, by=actor, about=card.staff, thing=thing, now=now)
    DeviceCard.objects.filter(pk=card.pk, lost_at=None).update(lost_at=now)
    DutyRequest.objects.filter(card=card).delete()


def find(actor: Staff, fingerprint: bytes) -> DeviceCard:
    """A card of one's own organisation. Raises `AccessError`."""
    there = DeviceCard.objects.filter(staff__organisation=actor.organisation)
    found = there.select_related("staff").filter(fingerprint=fingerprint).first()
    if found is None:
        raise AccessError("no such card")
    return found


def to_revoke(organisation: Organisation, now: datetime) -> QuerySet[DeviceCard]:
    """Cards that still count for whoever knows no better, and should not: lost, or of somebody who
    left or has another role by now.
    """
    gone = Q(staff__is_active=False) | ~Q(role=F("staff__role")) | ~Q(lost_at=None)
    return _living(organisation, now).filter(gone)


def listed(organisation: Organisation, now: datetime) -> QuerySet[DeviceCard]:
    """Every card that has not run out, taken back or not, by person."""
    today = now.astimezone(UTC).date()
    there = DeviceCard.objects.filter(staff__organisation=organisation, until__gte=today)
    return there.select_related("staff").order_by("staff_id", "place")


def _living(organisation: Organisation, now: datetime) -> QuerySet[DeviceCard]:
    return listed(organisation, now).filter(revoked_place=None)


@transaction.atomic
def revoke(
    actor: Staff, fingerprints: Sequence[bytes], *, size: int, head: bytes, now: datetime
) -> None:
    """These cards count nowhere any more, and their duties neither.

    Raises `AccessError`, `IllegalTransitionError` for one taken back already, `LostRaceError`,
    `ValueRefusedError`.
    """
    cards = [find(actor, one) for one in fingerprints]
    if any(card.revoked_place is not None for card in cards):
        raise IllegalTransitionError("taken back already")
    ledger.append([revoked(card.place) for card in cards], size=size, head=head, now=now)
    note_revoked({card.place: size + at for at, card in enumerate(cards)}, by=actor, now=now)


def note_revoked(places: Mapping[int, int], *, by: Staff | None, now: datetime) -> int:
    """What rows of the log took back: place of the row, place of the one that says so; how many
    cards and issuers that is anew.
    """
    count = 0
    for card in DeviceCard.objects.filter(place__in=places, revoked_place=None):
        thing = name_key(bytes(card.key))
        record(Kind.DEVICE_REVOKED, by=by, about=card.staff, thing=thing, now=now)
    for issuer in IssuerCard.objects.filter(place__in=places, revoked_place=None):
        record(Kind.ISSUER_REVOKED, by=by, thing=name_key(bytes(issuer.key)), now=now)
    for place, said_at in places.items():
        for model in (DeviceCard, IssuerCard):
            still = model._default_manager.filter(place=place, revoked_place=None)
            count += still.update(revoked_place=said_at)
    gone = DeviceCard.objects.filter(place__in=places)
    DutyCard.objects.filter(card__in=gone).delete()
    DutyRequest.objects.filter(card__in=gone).delete()
    return count

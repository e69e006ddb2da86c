"""The desk's side: what lies open at one's own desk, and the one way something happens to it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from counsel import limits
from counsel.certificates import verify_identity, verify_sealing
from counsel.enrolment import lock
from counsel.errors import AccessError, ValueRefusedError, WireError
from counsel.keys import cards
from counsel.keys.models import DeviceCard
from counsel.keys.root import trusted_root
from counsel.lifecycle import Role
from counsel.models import Staff, home
from counsel.places import DESKS
from counsel.referrals import REFERRAL, ReferralEvent
from counsel.statements import CertificateError
from triage.referral.counting import raise_count
from triage.referral.desks import today
from triage.referral.moving import move
from triage.referral.rows import COUNTED, DeskKey, Letter, Referral

BY_A_DESK: Final = frozenset(row.event for row in REFERRAL if Role.DESK in row.by)
"""What a desk can do."""


def listed(staff: Staff) -> QuerySet[Referral]:
    """The referrals of this person's desk: the soonest deadline first, then by names that say nothing."""
    there = Referral.objects.filter(desk=staff.desk)
    return there.order_by(F("due_on").asc(nulls_last=True), "ref")


def find(staff: Staff, ref: bytes) -> Referral:
    """One of them. Raises `AccessError`."""
    found = Referral.objects.filter(desk=staff.desk, ref=ref).first()
    if found is None:
        raise AccessError("no such referral at this desk")
    return found


@transaction.atomic
def act(
    staff: Staff, ref: bytes, event: ReferralEvent, *, number: int, sealed: bytes, now: datetime
) -> Referral:
    """Something a desk does, with the letter that tells the seeker.

    Raises `AccessError`, `IllegalTransitionError`, `LostRaceError` when another letter came first.
    """
    if len(sealed) != limits.LETTER:
        raise WireError(f"a letter of {len(sealed)} bytes")
    lock(home())  # a mixing puts rows back under other ids
    found = find(staff, ref)
    day = today(now)
    move(found, event, number=number, day=day)
    Letter.objects.create(referral_id=found.pk, number=number, day=day, sealed=sealed)
    if event in COUNTED:
        raise_count(found.desk, event.value, now)
    found.refresh_from_db()
    return found


# --- whom letters are sealed to -------------------------------------------------------------------


def keep_key(staff: Staff, certificate: bytes, statement: bytes, *, now: datetime) -> None:
    """This browser says what letters to it are sealed to. Raises `AccessError`, `ValueRefusedError`."""
    card = DeviceCard.objects.filter(staff=staff, fingerprint=certificate).first()
    if card is None or not cards.counts(card):
        raise AccessError("no card of theirs")
    try:
        identity, key = bytes(card.identity), bytes(card.key)
        member = verify_identity(identity, root=trusted_root(), leaf_key=key, now=now)
        verify_sealing(statement, member=member, now=now)
    except CertificateError as error:
        raise ValueRefusedError(str(error)) from error
    DeskKey.objects.update_or_create(card=card, defaults={"statement": statement})


def devices(now: datetime) -> dict[str, list[DeskKey]]:
    """The newest certified browsers of every desk that letters can be sealed to."""
    keys = DeskKey.objects.select_related("card__issuer", "card__staff").filter(
        card__role=Role.DESK.value,
        card__staff__role=Role.DESK.value,
        card__staff__is_active=True,
        card__until__gte=now.date(),
    )
    found: dict[str, list[DeskKey]] = {desk: [] for desk in DESKS}
    for one in keys.order_by("-card__place"):
        there = found.get(one.card.staff.desk, [])
        if cards.counts(one.card) and len(there) < limits.DESK_DEVICES:
            there.append(one)
    return found

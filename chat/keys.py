"""Key packages: what a phone leaves so that it can be admitted while it sleeps (RFC 9420 section 10)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from chat import relay
from chat.access import Seat, check_open
from chat.mls import check_key_package
from chat.models import CounselSession, KeyPackage
from counsel import limits
from counsel.errors import AccessError, IllegalTransitionError, NoKeyLeftError
from counsel.lifecycle import State


def put_key_packages(seat: Seat, one_use: Sequence[bytes], last_resort: bytes) -> None:
    """Keep what the phone left. What we have already, or more than `MAX_KEY_PACKAGES`, is ignored.

    `last_resort` may be empty: the present one stays. Raises `SealedError`, keeping nothing, and
    `AccessError` when the seat ended.
    """
    for sealed in (*one_use, last_resort) if last_resort else one_use:
        check_key_package(sealed)
    session_id = seat.session_id
    with transaction.atomic():
        _touch(seat)
        mine = KeyPackage.objects.filter(session_id=session_id)
        room = limits.MAX_KEY_PACKAGES - mine.filter(given=False, last_resort=False).count()
        KeyPackage.objects.bulk_create(
            [
                KeyPackage(session_id=session_id, sealed=sealed)
                for sealed in one_use[: max(room, 0)]
            ],
            ignore_conflicts=True,
        )
        if last_resort and not mine.filter(sealed=last_resort).exists():
            mine.filter(last_resort=True).delete()
            KeyPackage.objects.create(session_id=session_id, sealed=last_resort, last_resort=True)
        relay.announce_after_commit(session_id)


def claim_key_package(seat: Seat) -> bytes:
    """One key package, given to nobody else; the last resort when no other is left.

    Raises `NoKeyLeftError`, `AccessError`, and `IllegalTransitionError` when the talk is over: then
    nobody is admitted any more.
    """
    with transaction.atomic():
        _touch(seat)  # holds the session's row, so two who claim stand in line
        return give_key_package(seat.session_id)


def give_key_package(session_id: int) -> bytes:
    """The same for whoever may claim one there, inside a transaction that holds the session's row."""
    with transaction.atomic():
        if CounselSession.objects.filter(pk=session_id, state=State.CLOSED.value).exists():
            raise IllegalTransitionError("the talk is over")
        mine = KeyPackage.objects.filter(session_id=session_id)
        row = mine.filter(given=False, last_resort=False).order_by("pk").first()
        if row is None:
            row = mine.filter(last_resort=True).first()
        if row is None:
            raise NoKeyLeftError
        mine.filter(pk=row.pk).update(given=True)
        relay.announce_after_commit(session_id)
        return bytes(row.sealed)


def count_left(session_id: int) -> int:
    """One-use key packages nobody was given yet, as far as a frame can count."""
    mine = KeyPackage.objects.filter(session_id=session_id, given=False, last_resort=False)
    return min(mine.count(), 255)


def _touch(seat: Seat) -> None:
    if not CounselSession.objects.filter(pk=seat.session_id).update(news=F("news") + 1):
        raise AccessError
    check_open(seat)

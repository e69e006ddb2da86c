"""Letters that came are held in memory and written together, in no order.

Whoever reads the database later finds, for one day, rows that were all written at the same instant by
the same transaction: the new ones and the older ones of the day, which are taken out and put back
with them under fresh ids. So neither the place of a row in its file or heap, nor the transaction that wrote
it, nor an id tells which of two letters came first, or beside which row of a talk.

What is held is lost with the process. That is why a letter counts as kept only once it is written, and
a phone sends the same bytes again until it is told so.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from counsel import limits
from counsel.enrolment import lock
from counsel.errors import ThrottledError
from counsel.models import home
from counsel.referrals import REFERRAL, ReferralEvent
from triage.referral.desks import today
from triage.referral.moving import begin
from triage.referral.rows import Letter, Referral, draw_id

_RANDOM: Final = random.SystemRandom()

TAKEN_BACK: Final = 1000
"""So many that were taken back one process remembers: whoever floods it names none that there is."""
_MIXINGS: Final = 2
"""For so many it looks for one: by then every process has written what it held."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter that waits to be written. `token_hash` counts for the first of a referral only."""

    ref: bytes
    token_hash: bytes
    desk: str
    number: int
    sealed: bytes


class Pool:
    """What waits in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[bytes, int], Parcel] = {}
        self._back: dict[tuple[bytes, bytes], int] = {}
        self._round = -1

    def put(self, parcel: Parcel) -> None:
        """Hold it; the same one again is the same. Raises `ThrottledError` when there is no room."""
        with self._lock:
            if (parcel.ref, parcel.number) in self._held:
                return
            desks = Counter(one.desk for one in self._held.values())
            own = sum(one.ref == parcel.ref for one in self._held.values())
            full = desks[parcel.desk] >= limits.POOL_PER_DESK or own >= limits.POOL_PER_REFERRAL
            if full:
                raise ThrottledError("no room before the next mixing", retry_after=_seconds())
            self._held[parcel.ref, parcel.number] = parcel

    def take_out(self, ref: bytes, token_hash: bytes) -> None:
        """What waits of a referral that its seeker took back is not written.

        What another process holds of it is, and goes again at this one's next mixing or the one after.
        Raises `ThrottledError` when no more can be remembered.
        """
        with self._lock:
            name = (ref, token_hash)
            if len(self._back) >= TAKEN_BACK and name not in self._back:
                raise ThrottledError("no room before the next mixing", retry_after=_seconds())
            self._back[name] = _MIXINGS
            for key, one in list(self._held.items()):
                if (one.ref, one.token_hash) == name:
                    del self._held[key]

    def tick(self, now: datetime) -> None:
        """Write what waits, if the hour for it has come: the same minutes for every process."""
        this_round = int(now.timestamp() // every().total_seconds())
        if this_round == self._round:
            return
        if self._round != -1:
            self.write(now)
        self._round = this_round

    def write(self, now: datetime) -> None:
        """Write all of it at once. What could not be written waits on."""
        with self._lock:
            held, back = list(self._held.values()), list(self._back)
        if not held and not back:
            return
        _RANDOM.shuffle(held)
        write_together(held, now, back)
        with self._lock:
            for parcel in held:
                self._held.pop((parcel.ref, parcel.number), None)
            for name in back:
                self._back[name] -= 1
                if self._back[name] == 0:
                    del self._back[name]


POOL: Final = Pool()


def every() -> timedelta:
    """How often letters are written; a drill may shorten it."""
    found: timedelta = settings.MIX_EVERY
    return found


def _seconds() -> int:
    return int(every().total_seconds()) + 1


@transaction.atomic
def write_together(
    parcels: Iterable[Parcel], now: datetime, back: Collection[tuple[bytes, bytes]] = ()
) -> None:
    """The rows of these, and every other row of the day, in one transaction and in no order.

    `back`: reference and hashed token of what was taken back: no row of it stays.
    """
    lock(home())  # one mixing at a time, whichever process
    day = today(now)
    for parcel in parcels:
        _write(parcel, day)
    for ref, token_hash in back:
        Referral.objects.filter(ref=ref, token_hash=token_hash).delete()
    _shuffle(day)


def _write(parcel: Parcel, day: date) -> None:
    """One letter where it still fits; what does not was overtaken, and its phone will be told."""
    found = Referral.objects.select_for_update().filter(ref=parcel.ref).first()
    if found is None:
        if parcel.number != 1 or Referral.objects.filter(token_hash=parcel.token_hash).exists():
            return
        found = begin(ref=parcel.ref, token_hash=parcel.token_hash, desk=parcel.desk, day=day)
    elif not fits(found, parcel.number):
        return
    Letter.objects.create(referral=found, number=parcel.number, day=day, sealed=parcel.sealed)
    Referral.objects.filter(pk=found.pk).update(last=parcel.number)


def fits(found: Referral, number: int) -> bool:
    """Whether a seeker's letter of this number is the next one, of a referral that goes on."""
    said = {row.source for row in REFERRAL if row.event is ReferralEvent.SAY}
    return found.state in said and number == found.last + 1 and number <= limits.LETTERS


def _shuffle(day: date) -> None:
    """Every row that was first written today is taken out and put back, under another id."""
    came = list(Referral.objects.select_for_update().filter(day=day).values())
    letters = list(Letter.objects.filter(day=day).values())
    Letter.objects.filter(day=day).delete()
    Referral.objects.filter(day=day).delete()
    ids = {row["id"]: draw_id() for row in came}
    put_back(Referral, [{**row, "id": ids[row["id"]]} for row in came])
    put_back(
        Letter,
        [
            {**row, "id": draw_id(), "referral_id": ids.get(row["referral_id"], row["referral_id"])}
            for row in letters
        ],
    )


def put_back(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """These rows, one behind the other in no order."""
    _RANDOM.shuffle(rows)
    model.objects.bulk_create([model(**row) for row in rows], batch_size=50)

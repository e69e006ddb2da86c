"""Who is here: facts beside the state, said by each side and read off what it last said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, F, QuerySet

from chat import wire
from chat.access import Seat as TakenSeat
from chat.models import CounselSession, KeyPackage, Seat
from chat.neighbours import Queue
from counsel import limits
from counsel.lifecycle import Role, State

GONE = "gone"
CALLING: Final = "calling"
HIDDEN: Final = "hidden"

WAITING: Final = frozenset({State.WAITING, State.OFFERED})
"""Nobody is there yet: whoever waits is told how the queue stands."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody said that they are here, hidden or calling; an empty word is a sign of life only."""

    session_id: int
    seat_id: int
    presence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sitter:
    """An open seat and what its holder last said."""

    seat_id: int
    role: Role
    presence: str
    seen_at: datetime

    def presence_at(self, now: datetime) -> str:
        """What the others may be told: silence for so long is being gone."""
        return self.presence if now - self.seen_at < self.silent_for else GONE

    @property
    def silent_for(self) -> timedelta:
        """How long silence says nothing: a phone that makes a call or is locked cannot speak meanwhile.
        Of staff nothing is assumed: whoever writes to them must know that nobody reads."""
        locked = self.presence == HIDDEN and self.role is Role.SEEKER
        return limits.CALLING_FOR if locked or self.presence == CALLING else limits.PRESENT_WITHIN


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a session beside its log. `news` grows with every change."""

    state: State
    group: int
    epoch: int
    last_seq: int
    news: int
    keys_left: int
    sitters: tuple[Sitter, ...]

    def has(self, seat_id: int) -> bool:
        """Whether this seat is still open."""
        return any(sitter.seat_id == seat_id for sitter in self.sitters)

    def falls_silent_at(self, now: datetime) -> datetime | None:
        """When the next of those present will count as gone if nothing more is heard."""
        ends = [sitter.seen_at + sitter.silent_for for sitter in self.sitters]
        return min((end for end in ends if end > now), default=None)


def record(sightings: Sequence[Sighting]) -> set[int]:
    """Write down a batch; the sessions where it changed what the other side sees.

    A closed session keeps the day only, so nothing is written there.
    """
    last: dict[int, Sighting] = {}
    for new in sightings:
        word = new.presence or (last[new.seat_id].presence if new.seat_id in last else "")
        last[new.seat_id] = replace(new, presence=word)
    by_word: dict[str, list[int]] = defaultdict(list)
    changed: set[int] = set()
    with transaction.atomic():
        _hold_active({sighting.session_id for sighting in sightings})
        seats = Seat.objects.filter(pk__in=list(last), ended_at=None)
        seats = seats.exclude(session__state=State.CLOSED.value)
        for session_id, sitter in _sitters(seats):
            new = last[sitter.seat_id]
            word = new.presence or sitter.presence
            by_word[word].append(sitter.seat_id)
            if sitter.presence_at(new.at) != word:
                changed.add(session_id)
        for word, seat_ids in sorted(by_word.items()):
            at = max(last[seat_id].at for seat_id in seat_ids)
            Seat.objects.filter(pk__in=seat_ids).update(presence=word, seen_at=at)
        if changed:
            CounselSession.objects.filter(pk__in=changed).update(news=F("news") + 1)
    return changed


def read_facts(session_ids: Collection[int]) -> dict[int, Facts]:
    """The facts of these sessions in three queries; an erased one is missing."""
    sitters: dict[int, list[Sitter]] = defaultdict(list)
    for session_id, sitter in _sitters(Seat.objects.filter(session__in=session_ids, ended_at=None)):
        sitters[session_id].append(sitter)
    fresh = KeyPackage.objects.filter(session__in=session_ids, given=False, last_resort=False)
    keys = dict(fresh.values_list("session_id").annotate(Count("pk")).order_by())
    sessions = CounselSession.objects.filter(pk__in=session_ids)
    return {
        pk: Facts(
            state=State(state),
            group=group,
            epoch=epoch,
            last_seq=last_seq,
            news=news,
            keys_left=keys.get(pk, 0),
            sitters=tuple(sitters[pk]),
        )
        for pk, state, group, epoch, last_seq, news in sessions.values_list(
            "pk", "state", "group", "epoch", "last_seq", "news"
        )
    }


def _hold_active(session_ids: Collection[int]) -> None:
    """Hold the active ones, so that none is closed meanwhile. Those who wait are left free: a
    counsellor who reaches for the next person must not pass one over because of a heartbeat."""
    active = CounselSession.objects.filter(pk__in=session_ids, state=State.ACTIVE.value)
    list(active.select_for_update().order_by("pk").values_list("pk"))


def _sitters(seats: QuerySet[Seat]) -> Iterator[tuple[int, Sitter]]:
    rows = seats.order_by("pk").values_list("session_id", "pk", "role", "presence", "seen_at")
    for session_id, seat_id, role, word, seen_at in rows:
        yield session_id, Sitter(seat_id, Role(role), word, seen_at)


def read_news(session_ids: Collection[int]) -> dict[int, int]:
    """How often each session changed; an erased one is missing."""
    return dict(CounselSession.objects.filter(pk__in=session_ids).values_list("pk", "news"))


def tell(facts: Facts, seat: TakenSeat, queue: Queue, now: datetime) -> wire.News:
    """What the holder of this seat is told."""
    waiting = facts.state in WAITING
    others = [s for s in facts.sitters if (s.role is Role.SEEKER) is not (seat.role is Role.SEEKER)]
    return wire.News(
        state=facts.state.value,
        group=facts.group,
        epoch=facts.epoch,
        last_seq=facts.last_seq,
        presence=others[0].presence_at(now) if others and facts.state is not State.CLOSED else "",
        standing=queue.standing.get(seat.session_id, b"") if waiting else b"",
        keys_left=min(facts.keys_left, 255),
        supervised=int(queue.supervised),
    )


ERASED = wire.News(
    state=State.ERASED.value, group=0, epoch=0, last_seq=0, presence="", standing=b"", keys_left=0
)  # fmt: skip
"""The last news there is of a session."""

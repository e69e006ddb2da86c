"""The order of the queue: the function, the query of each database, and a model that knows neither."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db import connection, transaction

from chat.models import CounselSession
from counsel.places import INDUSTRIES, REGIONS
from tests.chat.test_lifecycle import NOW
from triage.exclusions import Whereabouts
from triage.queue.chooser import Head, Room, choose, in_turn
from triage.queue.heads import Asker, in_order, reach, read_heads
from triage.queue.rows import Place
from triage.queue.tiers import Tier

LIN = "L" * 22
FEW, MANY = 300, 2_000
_REGIONS = ("", *REGIONS[:2])
_INDUSTRIES = ("", *INDUSTRIES[:2])


class Person(NamedTuple):
    """Somebody who waits, as the model knows them; `micro` is since when, in microseconds."""

    id: int
    tier: int
    micro: int
    returned: bool
    listener: str
    region: str
    industry: str
    no_plants: bool
    queued: bool


class Guest(NamedTuple):
    """Who asks for the next person, and when."""

    asker: Asker
    room: Room
    micro: int


# --- a model of its own: nothing in it comes from the code it judges --------------------------------


def by_hand(everybody: Sequence[Person], guest: Guest) -> int | None:
    """Whom one would take with everybody's card on the table."""
    who = guest.asker.where
    cards = []
    for one in everybody:
        same = (one.region and one.region == who.region) or (
            one.industry and one.industry == who.industry
        )
        elsewhere = (one.region and who.region) or (one.industry and who.industry)
        if not one.queued or same or (who.in_plant and (one.no_plants or not elsewhere)):
            continue
        cards.append(one)
    if guest.room is Room.NOBODY:
        return None
    if guest.room is Room.REDS:
        cards = [one for one in cards if one.tier == 0]
    if not cards:
        return None
    best = None
    for tier, factor in ((0, None), (1, 200), (2, 10), (3, 1)):
        waits = [guest.micro - one.micro for one in cards if one.tier == tier]
        if not waits:
            continue
        if factor is None:
            best = (0, tier)
            break
        worth = max(waits) * factor
        if best is None or worth > best[0]:
            best = (worth, tier)
    assert best is not None
    there = [one for one in cards if one.tier == best[1]]
    for front in (
        lambda one: one.returned and one.listener == guest.asker.person != "",
        lambda one: one.returned,
        lambda one: one.listener == guest.asker.person != "",
        lambda _one: True,
    ):
        if some := [one for one in there if front(one)]:
            return sorted((one.micro, one.id) for one in some)[0][1]
    return None


# --- histories -------------------------------------------------------------------------------------


def draw(dice: random.Random, ids: Sequence[int]) -> tuple[list[Person], Guest]:
    """An evening: crowded or empty, with equal times, and with credits that are equal too."""
    grain = dice.choice([1, 250_000, 1_000_000, 60_000_000])
    some = dice.sample(list(ids), dice.choice([0, 1, 2, 5, len(ids) // 2, len(ids)]))
    tiers = dice.choice([(0, 1, 2, 3), (1, 2, 3), (2, 3), (3,), (1, 2)])
    everybody = [
        Person(
            id=pk,
            tier=dice.choice(tiers),
            micro=-grain * dice.randrange(0, 13),
            returned=dice.random() < 0.2,
            listener=dice.choice(["", "", LIN, "M" * 22]),
            region=dice.choice(_REGIONS),
            industry=dice.choice(_INDUSTRIES),
            no_plants=dice.random() < 0.2,
            queued=dice.random() < 0.9,
        )
        for pk in some
    ]
    where = Whereabouts(dice.choice(_REGIONS), dice.choice(_INDUSTRIES), dice.random() < 0.3)
    room = dice.choice([Room.ANYBODY] * 6 + [Room.REDS] * 2 + [Room.NOBODY])
    return everybody, Guest(Asker(where, dice.choice(["", LIN])), room, dice.choice([0, 1, 7]))


def write(everybody: Sequence[Person]) -> None:
    """These wait, and nobody else."""
    Place.objects.all().delete()
    Place.objects.bulk_create(
        Place(
            session_id=one.id,
            tier=one.tier,
            since=NOW + timedelta(microseconds=one.micro),
            due_at=NOW,
            returned=one.returned,
            listener=one.listener,
            region=one.region,
            industry=one.industry,
            exclusions=int(one.no_plants),
            queued=one.queued,
            language="zh",
        )
        for one in everybody
    )


def differing(ids: Sequence[int], seed: int) -> str:
    """What of one history the four do not agree on; empty where they do."""
    everybody, guest = draw(random.Random(seed), ids)
    write(everybody)
    now = NOW + timedelta(microseconds=guest.micro)
    expected = by_hand(everybody, guest)
    heads = read_heads(guest.asker)
    chosen = choose(heads, now, guest.room)
    whole = choose(read_heads(guest.asker, each=99), now, guest.room)
    with transaction.atomic():
        reached = [reach(guest.asker, now, guest.room, skip_locked=skip) for skip in (True, False)]
    found = [None if one is None else one.id for one in (chosen, whole)]
    found += [None if one is None else one[0] for one in reached]
    first = in_order(guest.asker, now, each=99)[:1] if guest.room is Room.ANYBODY else [expected]
    if found == [expected] * 4 and first == ([] if expected is None else [expected]):
        return ""
    if guest.room is not Room.ANYBODY and found == [expected] * 4:
        return ""
    return f"seed {seed} on {connection.vendor}: by hand {expected}, found {found}, first {first}"


def people(count: int) -> list[int]:
    """Sessions to hang places on."""
    CounselSession.objects.bulk_create(
        CounselSession(
            ref=secrets.token_bytes(16),
            token_hash=secrets.token_bytes(32),
            case_code=f"{number:04d}",
            state="waiting",
        )
        for number in range(count)
    )
    return list(CounselSession.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.django_db
def test_the_function_the_query_and_a_model_choose_alike() -> None:
    ids = people(24)
    assert not [found for seed in range(FEW) if (found := differing(ids, seed))]


@pytest.mark.soak
@pytest.mark.django_db
def test_they_choose_alike_on_many_histories() -> None:
    ids = people(24)
    wrong = [found for seed in range(FEW, FEW + MANY) if (found := differing(ids, seed))]
    print(f"{MANY} histories on {connection.vendor}: {len(wrong)} differ")
    assert not wrong


# --- what the order means ---------------------------------------------------------------------------


def head(pk: int, tier: Tier, minutes: float, **more: bool) -> Head:
    """Somebody who has waited so long."""
    return Head(id=pk, tier=tier, since=NOW - timedelta(minutes=minutes), **more)


def order(*heads: Head) -> list[int]:
    """Who goes first, second, third."""
    return [one.id for one in in_turn(heads, NOW)]


def test_a_red_goes_before_everybody_however_long_they_waited() -> None:
    assert order(head(1, Tier.GREEN, 600), head(2, Tier.ORANGE, 300), head(3, Tier.RED, 0)) == [
        3,
        2,
        1,
    ]


def test_whoever_waits_long_enough_is_served_before_a_more_urgent_one() -> None:
    assert order(head(1, Tier.GREEN, 201), head(2, Tier.ORANGE, 1)) == [1, 2]
    assert order(head(1, Tier.GREEN, 199), head(2, Tier.ORANGE, 1)) == [2, 1]


def test_within_a_tier_the_one_left_alone_then_the_wish_then_the_first_to_come() -> None:
    yellow = Tier.YELLOW
    came, wished = head(1, yellow, 30), head(2, yellow, 9, wished=True)
    left, both = head(3, yellow, 2, returned=True), head(4, yellow, 1, returned=True, wished=True)
    assert order(came, wished, left, both) == [4, 3, 2, 1]


def test_somebody_left_alone_takes_no_turn_from_their_tier() -> None:
    """The tier's turn is counted by its longest wait, not by whoever came back to its front."""
    left, long = head(1, Tier.YELLOW, 0, returned=True), head(2, Tier.YELLOW, 40)
    assert order(head(3, Tier.GREEN, 50), left, long) == [1, 2, 3]


def test_free_hands_of_a_supervisor_are_for_red_alone() -> None:
    orange, red = head(1, Tier.ORANGE, 99), head(2, Tier.RED, 0)
    assert choose([orange], NOW, Room.REDS) is None
    assert choose([orange, red], NOW, Room.REDS) == red
    assert choose([orange, red], NOW, Room.NOBODY) is None


def test_the_whole_order_is_choosing_again_and_again() -> None:
    dice = random.Random(5)
    everybody = [
        head(
            pk,
            dice.choice(list(Tier)),
            dice.randrange(90),
            returned=dice.random() < 0.3,
            wished=dice.random() < 0.2,
        )
        for pk in range(60)
    ]
    left, found = list(everybody), []
    while chosen := choose(left, NOW):
        found.append(chosen.id)
        left.remove(chosen)
    assert order(*everybody) == found

"""The order of the queue: the function, the query of each database, and a model that knows neither."""

from __future__ import annotations

import json
import random
import secrets
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection, transaction

from chat.models import CounselSession
from counsel.places import INDUSTRIES, REGIONS
from tests.chat.test_lifecycle import NOW
from tests.people import hire
from tests.race import arena
from triage.exclusions import Whereabouts
from triage.queue import tables
from triage.queue.chooser import Head, Room, choose, in_turn
from triage.queue.claim import claim
from triage.queue.heads import Asker, read_heads
from triage.queue.rows import Place
from triage.queue.tiers import Tier

LIN = "L" * 22
FEW, MANY = 200, 2_400
_TABLE = json.loads((Path(tables.__file__).parent / "tables.json").read_text())["weights"]
FACTORS = (_TABLE["orange"], _TABLE["yellow"], _TABLE["green"])
"""For the model: the numbers of the table, read by itself."""
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


def by_hand(everybody: Sequence[Person], guest: Guest, factors: tuple[int, int, int]) -> int | None:
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
    for tier, factor in enumerate((None, *factors)):
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


def draw(dice: random.Random, ids: Sequence[int]) -> tuple[list[Person], list[Guest]]:
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
    return everybody, [greet(dice, turn) for turn in range(dice.choice([1, 2, 4]))]


def greet(dice: random.Random, turn: int) -> Guest:
    """Somebody who asks for the next one, later than whoever came before them."""
    where = Whereabouts(dice.choice(_REGIONS), dice.choice(_INDUSTRIES), dice.random() < 0.3)
    room = dice.choice([Room.ANYBODY] * 6 + [Room.REDS] * 2 + [Room.NOBODY])
    return Guest(Asker(where, dice.choice(["", LIN])), room, 7 * turn + dice.choice([0, 1, 7]))


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


class Evening(NamedTuple):
    """What came of one history: who was chosen each time, by their number, and what was wrong."""

    chosen: list[int | None]
    wrong: str = ""


def live(ids: Sequence[int], staff_id: int, seed: int) -> Evening:
    """One history: some wait, a few ask for the next one after another, and each is given them. All
    ways to choose are asked each time; the statement that claims is the one that is obeyed."""
    dice = random.Random(seed)
    everybody, guests = draw(dice, ids)
    write(everybody)
    evening = Evening([])
    for turn, guest in enumerate(guests):
        now = NOW + timedelta(microseconds=guest.micro)
        expected = by_hand(everybody, guest, FACTORS)
        few, all_of_them = read_heads(guest.asker), read_heads(guest.asker, each=99)
        found = [
            one and one.id
            for one in (choose(few, now, guest.room), choose(all_of_them, now, guest.room))
        ]
        if guest.room is Room.ANYBODY:
            found.append(next((one.id for one in in_turn(all_of_them, now)), None))
        offer_to = staff_id if turn == seed % 4 else None
        claimed = claim(guest.asker, now, guest.room, skip_locked=seed % 2 == 0, offer_to=offer_to)
        found.append(claimed and claimed[0])
        everybody = [one for one in everybody if one.id != expected]
        left = set(Place.objects.filter(queued=True).values_list("pk", flat=True))
        if set(found) != {expected} or left != {one.id for one in everybody if one.queued}:
            where = f"seed {seed}, turn {turn}, {connection.vendor}"
            return Evening([], f"{where}: by hand {expected}, found {found}, left {sorted(left)}")
        evening.chosen.append(None if expected is None else ids.index(expected))
    return evening


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


def live_many(histories: int) -> list[list[int | None]]:
    """What was chosen in each of so many histories, on this database. Commits a few at a time: what
    one transaction leaves behind lies in its own way."""
    ids, staff_id = people(24), hire("lin").staff.pk
    evenings: list[Evening] = []
    while len(evenings) < histories:
        with transaction.atomic():
            evenings += [live(ids, staff_id, len(evenings) + more) for more in range(50)]
    assert not [one.wrong for one in evenings if one.wrong]
    return [one.chosen for one in evenings]


@pytest.mark.django_db
def test_the_function_the_query_and_a_model_choose_alike() -> None:
    chosen = live_many(FEW)
    print(f"{FEW} histories, {sum(map(len, chosen))} choices on {connection.vendor}, all alike")


@pytest.mark.django_db
@pytest.mark.parametrize("weights", [(6, 2, 1), (1, 1, 1), (20, 19, 4), (1, 2, 60)])
def test_they_choose_alike_with_other_weights(
    weights: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the table says one day."""
    given = zip((Tier.ORANGE, Tier.YELLOW, Tier.GREEN), weights, strict=True)
    monkeypatch.setattr(tables, "WEIGHTS", dict(given))
    monkeypatch.setattr(sys.modules[__name__], "FACTORS", weights)
    live_many(50)


LIVE = """
from django.db import connection
from tests.triage.queue.test_chooser import live_many
print(json.dumps(live_many(int(sys.argv[1]))))
connection.close()
"""


@pytest.mark.soak
def test_both_databases_choose_alike_on_thousands_of_histories() -> None:
    chosen = {}
    for database in ("sqlite", "postgresql"):
        with arena(database) as site:
            chosen[database] = json.loads(site.run(LIVE, MANY, patience=600))
        made = sum(map(len, chosen[database]))
        print(f"{len(chosen[database]):,} histories, {made:,} choices on {database}, all alike")
    assert chosen["sqlite"] == chosen["postgresql"]
    assert len(chosen["sqlite"]) >= MANY


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

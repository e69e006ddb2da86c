"""Two people talk: what one stores the other reads, once, in order, after it is on disk."""

from __future__ import annotations

import secrets

import pytest
from django.conf import settings

from chat import wire
from chat.lanes import READ, WRITE
from chat.models import Envelope
from tests.people import APPS, Browser, Seeker, browsing, commit, hire, seal, talking, welcome
from triage.queue.rows import Place
from triage.queue.wire import topic_bits

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)


async def test_words_arrive_once_and_in_order() -> None:
    async with talking() as talk:
        for _ in range(5):
            assert isinstance(await talk.phone.ask(talk.words()), wire.Stored)
            assert isinstance(await talk.desk.ask(talk.words()), wire.Stored)
        await talk.phone.until(lambda: len(talk.phone.rows) == 11)
        await talk.desk.until(lambda: len(talk.desk.rows) == 11)
        assert talk.phone.rows == talk.desk.rows == list(range(1, 12))


async def test_the_sender_hears_stored_and_not_their_own_words_again() -> None:
    async with talking() as talk:
        send = talk.words()
        stored = await talk.phone.ask(send)
        assert stored == wire.Stored(seq=2)
        heard = await talk.desk.hear(wire.Envelope, 1)
        assert (heard.client_id, heard.sealed, heard.what) == (send.client_id, send.sealed, "words")
        assert all(row.client_id != send.client_id for row in talk.phone.all(wire.Envelope))


async def test_stored_means_on_disk() -> None:
    async with talking() as talk:
        send = talk.words()
        stored = await talk.phone.ask(send)
        found = await READ(lambda: list(Envelope.objects.filter(client_id=send.client_id)))
        assert isinstance(stored, wire.Stored)
        assert [(row.seq, bytes(row.sealed)) for row in found] == [(stored.seq, send.sealed)]


async def test_sending_again_is_sending_once() -> None:
    async with talking() as talk:
        send = talk.words()
        first = await talk.phone.ask(send)
        assert await talk.phone.ask(send) == first
        correlations = [talk.phone.say(send), talk.phone.say(send)]  # and at the same moment
        await talk.phone.until(lambda: {s.correlation for s in talk.phone.heard} >= {*correlations})
        assert await READ(Envelope.objects.count) == 2
        other = wire.Send(client_id=send.client_id, sealed=talk.words().sealed)
        refused = await talk.phone.ask(other)
        assert refused == wire.Refused(code="id-reused", retry_after=0)


async def test_two_who_send_one_id_are_two() -> None:
    async with talking() as talk:
        send = talk.words()
        assert await talk.phone.ask(send) == wire.Stored(seq=2)
        assert await talk.desk.ask(send) == wire.Stored(seq=3)


async def test_who_was_away_reads_on_from_where_they_were() -> None:
    async with talking() as talk:
        await talk.phone.leave()
        for _ in range(70):  # more than one page, more than a socket takes unread
            await WRITE(store_as_another_process)
        again = Browser()
        async with browsing(again):
            again.say(talk.sana.resume(after=11))
            await again.until(lambda: len(again.all(wire.Envelope)) == 60)
            assert [row.seq for row in again.all(wire.Envelope)] == list(range(12, 72))


def store_as_another_process() -> None:
    """A row of the counsellor's that nobody here is told of."""
    from chat.models import CounselSession, Seat
    from chat.store import Draft, append

    session = CounselSession.objects.get()
    seat = Seat.objects.get(role="counsellor")
    group_id = bytes(session.group_id)
    draft = Draft(
        session.pk, seat.pk, "words", secrets.token_bytes(16), seal(group_id), group_id, 1
    )
    append([draft])


async def test_read_gives_everything_behind_a_place_and_then_done() -> None:
    async with talking() as talk:
        await talk.phone.ask(talk.words())
        await talk.desk.ask(talk.words())
        await talk.phone.hear(wire.Envelope, 2)
        before = len(talk.phone.heard)
        assert await talk.phone.ask(wire.Read(after=0)) == wire.Done()
        frames = [said.frame for said in talk.phone.heard[before:]]
        assert [f.seq for f in frames if isinstance(f, wire.Envelope)] == [1, 2, 3]
        assert frames.index(wire.Done()) > frames.index(talk.phone.all(wire.Envelope)[-1])


async def test_read_at_once_after_sitting_down_gives_a_long_log_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """This process does not know yet how long the log is; the log itself says it."""
    monkeypatch.setattr(settings, "SEND_BURST", 1000, raising=False)
    async with talking() as talk:
        for _ in range(70):
            talk.phone.say(talk.words())
        await talk.phone.until(lambda: len(talk.phone.rows) == 71)
    again = Browser()
    async with browsing(again):
        assert again.say(talk.sana.resume(after=71), wire.Read(after=0)) == 2
        await again.until(lambda: any(said.correlation == 2 for said in again.heard))
        assert again.rows == list(range(1, 72))


async def test_of_two_commits_of_one_epoch_one_is_stored() -> None:
    async with talking() as talk:
        ours = wire.Send(client_id=secrets.token_bytes(16), sealed=commit(talk.group_id))
        theirs = wire.Send(client_id=secrets.token_bytes(16), sealed=commit(talk.group_id))
        answers = {type(await talk.phone.ask(ours)), type(await talk.desk.ask(theirs))}
        assert answers == {wire.Stored, wire.Refused}
        assert talk.desk.all(wire.Refused)[0].code == "stale-epoch"
        assert (await talk.phone.ask(talk.words(epoch=1))) == wire.Refused(
            code="stale-epoch", retry_after=0
        )
        assert isinstance(await talk.phone.ask(talk.words(epoch=2)), wire.Stored)
        rows = [row.what for row in talk.phone.all(wire.Envelope)]
        assert rows == ["welcome"]  # its own commit came back as Stored


async def test_stale_words_may_be_sealed_again_under_the_same_id() -> None:
    async with talking() as talk:
        stale = talk.words(epoch=9)
        assert (await talk.phone.ask(stale)) == wire.Refused(code="stale-epoch", retry_after=0)
        fresh = wire.Send(client_id=stale.client_id, sealed=talk.words().sealed)
        assert isinstance(await talk.phone.ask(fresh), wire.Stored)


async def test_a_fresh_group_supersedes_the_old_one() -> None:
    async with talking() as talk:
        old, new = talk.group_id, secrets.token_bytes(16)
        opening = talk.opening(new)
        assert await talk.desk.ask(opening) == wire.Stored(seq=2)
        assert await talk.desk.ask(opening) == wire.Stored(seq=2)  # and again is once
        assert (await talk.phone.hear_news(group=2)).group == 2
        refused = await talk.phone.ask(
            wire.Send(client_id=secrets.token_bytes(16), sealed=seal(old))
        )
        assert refused == wire.Refused(code="stale-epoch", retry_after=0)
        talk.group_id = new
        assert isinstance(await talk.phone.ask(talk.words()), wire.Stored)


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"hello",
        welcome(),
        seal(b"g" * 16, content=2),
        seal(b"g" * 16, content=0),
        b"\0\1\0\1" + bytes(60),
        seal(b"g" * 16)[:24],
    ],
    ids=["empty", "words", "welcome", "proposal", "reserved", "public", "cut"],
)
async def test_what_is_no_sealed_message_is_refused(sealed: bytes) -> None:
    async with talking() as talk:
        answer = await talk.phone.ask(wire.Send(client_id=bytes(16), sealed=sealed))
        assert answer == wire.Refused(code="bad-envelope", retry_after=0)
        assert isinstance(await talk.phone.ask(talk.words()), wire.Stored)  # and the line stays


async def test_start_again_with_the_same_token_is_the_same_session() -> None:
    sana, phone, tablet = Seeker(), Browser(), Browser()
    async with browsing(phone, tablet):
        first = await phone.ask(sana.start())
        again = await tablet.ask(sana.start(topics=("debt",)))
        assert again == first
        assert isinstance(first, wire.Seated)
        assert await READ(lambda: Place.objects.get().topics) == topic_bits(("wages",))
        assert first.keys_left == 3


async def test_a_stranger_finds_nothing_and_is_told_nothing() -> None:
    async with talking() as talk:
        eve, dan = Browser(), Browser((await WRITE(hire, "dan")).cookie)
        async with browsing(eve, dan):
            refused = wire.Refused(code="no-seat", retry_after=0)
            assert await eve.ask(Seeker().resume()) == refused
            assert await eve.ask(wire.Send(client_id=bytes(16), sealed=b"")) == refused
            for ref in (talk.ref, secrets.token_bytes(16)):  # forbidden and absent look alike
                attend = talk.carol.attend(ref)
                assert await dan.ask(attend) == refused
            assert not eve.close_code


async def test_a_seeker_cannot_do_what_counsellors_do_nor_the_other_way() -> None:
    async with talking() as talk:
        refused = wire.Refused(code="no-seat", retry_after=0)
        assert await talk.phone.ask(wire.ClaimKey()) == refused
        assert await talk.phone.ask(talk.opening(secrets.token_bytes(16))) == refused
        assert await talk.desk.ask(wire.Erase()) == refused
        assert await talk.desk.ask(wire.TopUp(key_packages=(), last_resort=b"")) == refused


async def test_nobody_attends_without_a_login() -> None:
    async with talking() as talk:
        eve = Browser("no-such-login")
        async with browsing(eve):
            answer = await eve.ask(talk.carol.attend(talk.ref))
            assert answer == wire.Refused(code="signed-out", retry_after=0)
            await eve.until(lambda: eve.close_code == 4401)


async def test_nobody_reads_words_of_a_session_that_waits() -> None:
    sana, phone = Seeker(), Browser()
    async with browsing(phone):
        await phone.ask(sana.start())
        answer = await phone.ask(wire.Send(client_id=bytes(16), sealed=seal(bytes(16))))
        assert answer == wire.Refused(code="not-now", retry_after=0)


async def test_ending_twice_is_ending_once_and_the_words_stay_readable() -> None:
    async with talking() as talk:
        send = talk.words()
        stored = await talk.phone.ask(send)
        assert await talk.phone.ask(wire.End()) == wire.Done()
        assert await talk.desk.ask(wire.End()) == wire.Done()
        assert (await talk.desk.hear_news(state="closed")).presence == ""
        answer = await talk.phone.ask(talk.words())
        assert answer == wire.Refused(code="not-now", retry_after=0)
        assert await talk.phone.ask(send) == stored  # an answer that got lost is still the answer
        again = Browser()
        async with browsing(again):
            await again.ask(talk.sana.resume())
            await again.hear(wire.Envelope, 2)


async def test_commands_keep_their_order_behind_words_in_flight() -> None:
    async with talking() as talk:
        last = talk.phone.say(talk.words(), talk.words(), talk.words(), wire.End())
        await talk.phone.until(lambda: any(s.correlation == last for s in talk.phone.heard))
        answers = [s.frame for s in talk.phone.heard if s.correlation > 0 and s.correlation > 1]
        assert answers == [wire.Stored(seq=2), wire.Stored(seq=3), wire.Stored(seq=4), wire.Done()]


async def test_typing_is_passed_on_and_never_stored() -> None:
    async with talking() as talk:
        talk.phone.say(wire.Beat(sealed=b"typing"))
        assert (await talk.desk.hear(wire.Typing)).sealed == b"typing"
        assert not talk.phone.all(wire.Typing)
        assert await READ(Envelope.objects.count) == 1


async def test_every_message_out_is_one_of_five_sizes() -> None:
    async with talking() as talk:
        for length in (10, 300, 900, 5000, 28_000):
            words = talk.words(text=bytes([1]) * length)
            await talk.phone.ask(words)
        talk.phone.say(wire.Send(client_id=bytes(16), sealed=b""))
        await talk.desk.hear(wire.Envelope, 5)
        sizes = {*talk.phone.sizes, *talk.desk.sizes}
        assert sizes <= {384, 1024, 2048, 8192, 32768}
        assert 32768 in sizes

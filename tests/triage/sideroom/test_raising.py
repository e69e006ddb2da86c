"""A raised hand as the server keeps it: who may, who sees it, what stays, and the trail."""

from __future__ import annotations

from itertools import product

import pytest

from chat import sessions
from chat.models import Seat
from counsel import limits
from counsel.audit.models import AuditEntry
from counsel.errors import (
    AccessError,
    ConflictError,
    IllegalTransitionError,
    LostRaceError,
    SealedError,
    StaleEpochError,
    ThrottledError,
)
from counsel.framing import Said, pack
from counsel.lifecycle import Role
from counsel.models import Organisation, Staff
from counsel.raised_hands import HAND, OPEN_HANDS, HandEvent, HandState
from tests.people import commit, hire, key_package, seal, welcome
from tests.triage.sideroom.conftest import NOW, Cast, after
from triage.models import Shift
from triage.sideroom import commands, raising, sizes, wire
from triage.sideroom.rows import RaisedHand, SideRow

pytestmark = pytest.mark.django_db


def trail() -> list[tuple[str, str, str]]:
    """What was done about hands, by whom, about whom."""
    names = dict(Staff.objects.values_list("person", "sign_in_name")) | {"": ""}
    rows = AuditEntry.objects.filter(what__startswith="hand").order_by("pk")
    return [
        (what, names[by], names[about])
        for what, by, about in rows.values_list("what", "by", "about")
    ]


# --- up, answered, closed ------------------------------------------------------------------------


def test_raised_answered_and_closed_is_one_entry_each_and_names_no_talk(cast: Cast) -> None:
    for _ in range(2):  # said again it is up already
        cast.raise_hand()
    cast.answer()
    raising.answer(
        cast.zhou, cast.hand.pk, round_=1, group_id=cast.group_id, welcome=welcome(),
        statement=b"duties", now=NOW,
    )  # fmt: skip
    for _ in range(2):
        raising.lower(cast.lin, cast.hand.pk, NOW)
    assert trail() == [
        ("hand-raised", "lin", ""), ("hand-answered", "zhou", "lin"), ("hand-ended", "lin", ""),
    ]  # fmt: skip
    assert not AuditEntry.objects.filter(what__startswith="hand").exclude(thing="").exists()


def test_only_whoever_has_the_talk_raises_a_hand_from_it(cast: Cast) -> None:
    for other in (cast.chen, cast.zhou):
        with pytest.raises(AccessError):
            cast.raise_hand(other)
    Seat.objects.create(
        session_id=cast.talk.session_id, role="supervisor", staff=cast.zhou, seen_at=NOW
    )
    with pytest.raises(AccessError):
        cast.raise_hand(cast.zhou)  # who is beside somebody has not got the talk
    Seat.objects.filter(staff=cast.lin).update(ended_at=NOW)
    with pytest.raises(AccessError):
        cast.raise_hand()
    assert not RaisedHand.objects.exists()
    assert trail() == []


def test_what_is_no_key_package_is_not_taken(cast: Cast) -> None:
    with pytest.raises(SealedError):
        raising.raise_hand(cast.lin, case_code=cast.code, key_package=b"?", statement=b"", now=NOW)


def test_of_two_who_come_one_is_first(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer(cast.zhou)
    with pytest.raises(LostRaceError):
        cast.answer(cast.sam)
    assert cast.hand.answered_by == cast.zhou
    assert SideRow.objects.count() == 1


def test_nobody_answers_their_own_hand_or_comes_off_duty(cast: Cast) -> None:
    cast.raise_hand()
    RaisedHand.objects.update(raised_by=cast.zhou)
    with pytest.raises(IllegalTransitionError):
        cast.answer(cast.zhou)
    Shift.objects.filter(staff=cast.sam).update(state="done")
    with pytest.raises(IllegalTransitionError):
        cast.answer(cast.sam)


def test_a_hand_that_was_taken_back_is_answered_by_nobody(cast: Cast) -> None:
    cast.raise_hand()
    raising.lower(cast.lin, cast.hand.pk, NOW)
    assert cast.hand.state == HandState.WITHDRAWN
    with pytest.raises((IllegalTransitionError, StaleEpochError)):
        cast.answer()
    cast.raise_hand()  # and another one may go up
    assert RaisedHand.objects.filter(state="raised").count() == 1


def test_nobody_else_closes_it_or_looks_into_it(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    for other in (cast.chen, cast.sam):
        with pytest.raises(AccessError):
            raising.lower(other, cast.hand.pk, NOW)
        with pytest.raises(AccessError):
            cast.heard(other)
        with pytest.raises(AccessError):
            cast.say(other, cast.words())
        with pytest.raises(AccessError):
            cast.meet_again(other, 1)


# --- the room ------------------------------------------------------------------------------------


def test_what_is_said_lies_in_one_order_and_twice_is_once(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    sealed, number = cast.words(), bytes(range(16))
    assert cast.say(cast.lin, sealed, number) == 2
    assert cast.say(cast.zhou, cast.words()) == 3
    assert cast.say(cast.lin, sealed, number) == 2
    with pytest.raises(ConflictError):
        cast.say(cast.lin, cast.words(), number)
    rows = [*cast.heard(cast.lin), *cast.heard(cast.lin, sizes.ROWS_AT_ONCE)]
    assert [(row.seq, row.what) for row in rows] == [(1, "welcome"), (2, "words"), (3, "words")]
    assert bytes(rows[0].statement) == b"duties"


def test_a_commit_moves_the_epoch_on_and_what_is_old_is_refused(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    cast.say(cast.lin, commit(cast.group_id))
    with pytest.raises(StaleEpochError):
        cast.say(cast.zhou, cast.words(epoch=1))
    cast.say(cast.zhou, cast.words(epoch=2))
    with pytest.raises(StaleEpochError):
        cast.say(cast.zhou, seal(bytes(16), 2))  # of another group
    with pytest.raises(SealedError):
        cast.say(cast.zhou, welcome())


def test_whoever_reloads_begins_another_round_and_what_lay_there_is_gone(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    cast.say(cast.lin, cast.words())
    cast.meet_again(cast.zhou, 1)  # gives no key package: Lin's page leaves one
    assert not SideRow.objects.exists()
    (row,) = cast.shown(cast.zhou)
    assert (row.round, row.room) == (2, "empty")
    with pytest.raises(StaleEpochError):
        cast.answer(round_=2)
    with pytest.raises(StaleEpochError):
        cast.meet_again(cast.lin, 1)  # somebody was first
    cast.meet_again(cast.lin, 2)
    (row,) = cast.shown(cast.zhou)
    assert (row.round, row.room) == (3, "waits")
    assert row.key_package
    cast.answer(round_=3)
    with pytest.raises(StaleEpochError):
        cast.say(cast.lin, cast.words(), round_=1)
    assert cast.say(cast.lin, cast.words(), round_=3) > 2
    assert [what for what, _, _ in trail()].count("hand-met-again") == 2
    assert [what for what, _, _ in trail()].count("hand-answered") == 1


def test_closed_it_keeps_no_word_no_key_and_no_group(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    cast.say(cast.lin, cast.words())
    raising.lower(cast.zhou, cast.hand.pk, NOW)
    assert not SideRow.objects.exists()
    kept = cast.hand
    assert not any([kept.key_package, kept.statement, kept.group_id])
    with pytest.raises(IllegalTransitionError):
        cast.heard(cast.lin)
    with pytest.raises(IllegalTransitionError):
        cast.say(cast.lin, cast.words())


def test_a_room_is_not_filled_for_ever(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "ROWS_KEPT", 2)
    cast.raise_hand()
    cast.answer()
    cast.say(cast.lin, cast.words())
    with pytest.raises(ThrottledError):
        cast.say(cast.lin, cast.words())


# --- who sees it ---------------------------------------------------------------------------------


def test_supervisors_see_it_whoever_raised_it_sees_it_and_no_colleague_does(cast: Cast) -> None:
    cast.raise_hand()
    assert cast.shown(cast.chen) == ()
    (mine,), (theirs,) = cast.shown(cast.lin), cast.shown(cast.zhou)
    assert (mine.mine, mine.inside, mine.key_package) == (1, 1, b"")
    assert (theirs.mine, theirs.inside, theirs.case_code) == (0, 0, cast.code)
    assert theirs.key_package
    assert (mine.left, cast.shown(cast.lin, after(20))[0].left) == (60, 40)
    cast.answer()
    (other,) = cast.shown(cast.sam)
    assert (other.by, other.inside, other.key_package) == ("Zhou", 0, b"")


def test_what_is_over_is_told_to_the_two_and_to_nobody_else(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    raising.lower(cast.lin, cast.hand.pk, NOW)
    assert [row.state for who in (cast.lin, cast.zhou) for row in cast.shown(who)] == ["closed"] * 2
    assert cast.shown(cast.sam) == ()


def test_a_talk_that_is_erased_takes_its_code_along_and_leaves_the_two_alone(cast: Cast) -> None:
    cast.raise_hand()
    cast.answer()
    sessions.erase_session(cast.talk.session_id, role=Role.SEEKER, now=NOW)
    assert cast.hand.session is None
    assert cast.shown(cast.zhou)[0].case_code == ""
    assert cast.say(cast.lin, cast.words())


def test_the_seeker_has_no_seat_there_and_the_talk_hears_nothing_of_it(cast: Cast) -> None:
    seats = list(Seat.objects.order_by("pk").values())
    cast.raise_hand()
    cast.answer()
    cast.say(cast.lin, cast.words())
    raising.lower(cast.lin, cast.hand.pk, NOW)
    assert list(Seat.objects.order_by("pk").values()) == seats
    people = {field.related_model for field in SideRow._meta.get_fields() if field.is_relation}
    assert people == {RaisedHand, Staff}


# --- the table -----------------------------------------------------------------------------------


def test_the_table_is_what_is_allowed_and_people_alone_come_to_an_end() -> None:
    for state, event, role in product(HandState, HandEvent, Role):
        allowed = [r for r in HAND if r.source is state and r.event is event and role in r.by]
        if allowed:
            assert [HAND.row(state, event, role)] == allowed
        else:
            with pytest.raises(IllegalTransitionError):
                HAND.row(state, event, role)
    ends = {state for state in HandState if not any(row.source is state for row in HAND)}
    assert ends == {HandState.WITHDRAWN, HandState.CLOSED} == set(HandState) - set(OPEN_HANDS)
    assert all(Role.SEEKER not in row.by for row in HAND)


def test_somebody_of_another_organisation_raises_and_answers_none_here(cast: Cast) -> None:
    cast.raise_hand()
    elsewhere = Organisation.objects.create(name="elsewhere", level="county")
    stranger = hire("eve", Role.SUPERVISOR).staff
    Seat.objects.filter(staff=cast.lin).update(staff=stranger)
    Staff.objects.filter(pk=stranger.pk).update(organisation=elsewhere)
    stranger.refresh_from_db()
    said = [
        wire.RaiseHand(case_code=cast.code, key_package=key_package(), statement=b""),
        wire.AnswerHand(
            hand=cast.hand.pk, round=1, group_id=bytes(16), welcome=welcome(), statement=b""
        ),
        wire.LowerHand(hand=cast.hand.pk),
    ]
    for frame in said:
        _, do = commands.COMMANDS[type(frame)]
        with pytest.raises(AccessError):
            do(stranger, frame, NOW)
    assert cast.hand.state == HandState.RAISED


def test_the_fullest_board_and_the_fullest_answer_fit_one_message() -> None:
    row = wire.Hand(
        hand=1, case_code="x" * 32, state="x" * 32, round=1, last_seq=1, left=1, mine=1, inside=1,
        room="x" * 32, called="x" * 32, by="x" * 128, key_package=bytes(limits.MAX_KEY_PACKAGE),
        statement=bytes(limits.MAX_STATEMENTS),
    )  # fmt: skip
    side = wire.Side(
        seq=1, what="x" * 32, mine=1, client_id=bytes(16), sealed=bytes(sizes.LARGEST),
        statement=bytes(limits.MAX_STATEMENTS),
    )  # fmt: skip
    for frame in (
        wire.HandsUp(rows=(row,) * sizes.BOARD_HANDS),
        wire.SideRows(rows=(side,) * sizes.ROWS_AT_ONCE),
    ):
        assert len(pack([Said(frame, 1)])) == max(limits.SIZES)

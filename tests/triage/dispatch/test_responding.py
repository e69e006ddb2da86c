"""A responder with a code: what they see, what they can do, and that guessing teaches nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from chat import sessions
from chat.throttle import Bucket
from counsel import limits
from counsel.dispatches import DispatchState
from counsel.errors import AccessError, IllegalTransitionError, ThrottledError, WireError
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW
from tests.triage.dispatch.cast import called, offered, one, path, say
from triage.dispatch import acting, codes
from triage.dispatch.responding import respond
from triage.dispatch.rows import Dispatch

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to slow down."""
    monkeypatch.setattr(codes, "_tries", Bucket(10_000, 1))


def coded(lin: Staff, sam: Staff) -> str:
    """She wants it, and a supervisor reads these digits to somebody on the telephone."""
    offered(lin)
    say(lin, "consent")
    return acting.code(sam, number=one().pk, now=NOW)


def test_they_look_go_and_meet(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    assert (one().state, one().whom) == (DispatchState.CALLED, "responder")
    assert len(code) == 12
    assert respond(code, "look", 0, SOON) == "asked"
    assert respond(code, "go", 20, SOON) == "going"
    assert (one().state, one().minutes) == (DispatchState.ACCEPTED, 20)
    assert respond(code, "look", 0, SOON) == "going"
    assert respond(code, "came", 0, SOON) == "done"
    assert one().state == DispatchState.ARRIVED
    assert path()[-2:] == [("accept", "responder"), ("arrive", "responder")]


def test_a_second_tap_is_the_same_tap(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    assert [respond(code, "go", minutes, SOON) for minutes in (20, 30)] == ["going", "going"]
    assert one().minutes == 20


def test_it_may_be_typed_as_it_was_heard(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for typed in (f"{code[:4]} {code[4:8]}-{code[8:]}", wide, f" {code}\n"):
        assert respond(typed, "look", 0, SOON) == "asked"


def test_a_code_that_was_used_is_worth_nothing_more(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    assert respond(code, "cannot", 0, SOON) == "done"
    assert one().state == DispatchState.CONSENTED, "the next one is called"
    assert one().code_hash is None, "nothing of it is left to be tried against"
    for act, minutes in (("look", 0), ("go", 20), ("came", 0)):
        with pytest.raises(AccessError):
            respond(code, act, minutes, SOON)


def test_a_fresh_code_is_the_only_one(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    fresh = acting.code(sam, number=one().pk, now=SOON)
    with pytest.raises(AccessError):
        respond(code, "look", 0, SOON)
    assert respond(fresh, "look", 0, SOON) == "asked"


def test_it_lives_two_hours_whether_a_clock_came_or_not(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    assert respond(code, "look", 0, NOW + limits.PLACE_KEPT_FOR - timedelta(seconds=1)) == "asked"
    with pytest.raises(AccessError):
        respond(code, "look", 0, NOW + limits.PLACE_KEPT_FOR)


def test_who_erased_is_met_and_no_row_is_left(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    session_id = one().session_id
    assert session_id is not None
    sessions.advance(session_id, Event.ERASE, role=Role.SEEKER, now=SOON)
    assert respond(code, "go", 10, SOON) == "going"
    assert respond(code, "came", 0, SOON) == "done"
    assert not Dispatch.objects.exists()


def test_120_is_given_no_code(lin: Staff, sam: Staff) -> None:
    called(lin)
    with pytest.raises(IllegalTransitionError):
        acting.code(sam, number=one().pk, now=NOW)


def test_the_database_has_no_digit_of_it(lin: Staff, sam: Staff) -> None:
    code = coded(lin, sam)
    row = Dispatch.objects.values_list().get()
    assert code not in str(row)
    kept = Dispatch.objects.values_list("code_hash", flat=True).get()
    assert bytes(kept or b"") == codes.hash_code(code)


@pytest.mark.parametrize(
    ("act", "minutes"), [("go", 0), ("go", 15), ("look", 10), ("call", 0), ("", 0)]
)
def test_what_the_page_cannot_say_is_refused(
    lin: Staff, sam: Staff, act: str, minutes: int
) -> None:
    code = coded(lin, sam)
    with pytest.raises(WireError):
        respond(code, act, minutes, SOON)
    assert one().state == DispatchState.CALLED


def test_guessing_is_slowed_for_everybody_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_tries", Bucket(3, 1))
    for _ in range(3):
        with pytest.raises(AccessError):
            respond("0" * 12, "look", 0, NOW)
    with pytest.raises(ThrottledError):
        respond("0" * 12, "look", 0, NOW)


# --- as anybody on the line sees it ---------------------------------------------------------------


def ask(**said: Any) -> tuple[int, int, dict[str, Any]]:
    body = json.dumps({"act": "look", "minutes": 0, **said}).encode().ljust(384)
    answer = Client().post(
        "/api/coming", body, content_type="application/json", headers={"origin": settings.ORIGIN}
    )
    return answer.status_code, len(answer.content), json.loads(answer.content)


def test_wrong_used_and_old_look_the_same_and_every_answer_is_as_long(
    lin: Staff, sam: Staff
) -> None:
    code = coded(lin, sam)
    Dispatch.objects.update(until=timezone.now() + timedelta(hours=1))
    right = ask(code=code)
    assert right == (200, 384, {"shows": "asked"})
    wrong = ask(code="123412341234")
    assert ask(code=code, act="missed") == (200, 384, {"shows": "done"})
    used = ask(code=code)
    Dispatch.objects.update(
        state=DispatchState.CALLED.value, code_hash=codes.hash_code(code), until=NOW
    )
    old = ask(code=code)
    assert wrong == used == old == (404, 384, {"code": "no-seat"})

"""Talks are acted before the first evening; what is said of them afterwards is what the rows say."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from chat import clock, sessions
from chat.models import Envelope, Seat
from counsel.lifecycle import Event, Role
from counsel.models import Staff
from tests.chat.test_lifecycle import NOW, start
from tests.people import hire
from tests.triage.escalation.cast import code, met, say, seat, take, write
from triage.escalation import acting
from triage.escalation.timers import SILENT_AFTER, Kind
from triage.intake.scoring import URGENCY
from triage.queue.tiers import Asked, Tier
from triage.rehearsal import report
from triage.rehearsal.scenes import SCENES, WORDS, script

LATER = NOW + timedelta(hours=2)
NAMED = {
    "red-first-minute", "red-dials", "red-erases", "minor", "harm-others", "sexual-caller",
    "supervisor-cut", "server-killed", "shift-end",
}  # fmt: skip
"""Those a first pilot asks for by name."""


@pytest.fixture
def lin() -> Staff:
    return hire("lin").staff


@pytest.fixture
def sam() -> Staff:
    return hire("sam", Role.SUPERVISOR).staff


def told() -> dict[str, tuple[float, bool]]:
    return {line.code: (line.value, line.met) for line in report.lines(NOW, LATER)}


def heard_after(seconds: float, lin: Staff) -> int:
    """A red that Lin takes at once; her phone shows his first words so many seconds later."""
    session_id = start(tier=Tier.RED)
    take(session_id, lin)
    at = NOW + timedelta(seconds=seconds)
    sessions.show_words(seat(session_id), write(session_id, lin), at)
    Seat.objects.filter(session=session_id).update(seen_at=LATER)  # both are still there
    return session_id


def test_thirty_scenes_each_for_two_sides_in_both_languages() -> None:
    assert len(SCENES) == 30
    ids = {scene["id"] for scene in SCENES}
    assert len(ids) == 30
    assert ids >= NAMED
    for scene in SCENES:
        assert scene["plays"] in URGENCY, scene["id"]
        for side in ("seeker", "house"):
            assert set(scene[side]) == set(WORDS)
            assert all(len(words) > 3 for words in scene[side].values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_script_says_who_plays_what(language: str) -> None:
    lines = list(script(language))
    assert sum(line.startswith("  ") for line in lines) == 60
    assert len(list(script(language, "minor"))) == 5


@pytest.mark.django_db
def test_an_evening_that_was_played_well(lin: Staff, sam: Staff) -> None:
    session_id = heard_after(42, lin)
    acting.act(sam, case_code=code(session_id), what="advised", now=NOW)
    acting.assess(lin, case_code=code(session_id), now=NOW)
    acting.close(sam, case_code=code(session_id), outcome="safe", now=NOW)
    sessions.advance(session_id, Event.END, role=Role.COUNSELLOR, staff_id=lin.pk, now=LATER)
    heard_after(18, hire("carol").staff)
    found = told()
    assert [found[name] for name in ("reds", "median", "worst")] == [
        (2, True),
        (30, True),
        (42, True),
    ]
    assert all(met for _, met in found.values())


@pytest.mark.django_db
def test_a_red_that_waited_too_long_or_never_saw_a_person_is_said(lin: Staff) -> None:
    heard_after(200, lin)
    start(tier=Tier.RED)
    found = told()
    assert [found[name] for name in ("reds", "unheard", "median", "worst")] == [
        (2, True), (1, False), (200, False), (200, False),
    ]  # fmt: skip


@pytest.mark.django_db
def test_who_was_with_somebody_already_or_pressed_by_mistake_waited_for_nobody(lin: Staff) -> None:
    talk = start()
    met(talk, lin)
    say(talk, Asked.DANGER, Tier.RED, after=400)
    mistaken = start()
    say(mistaken, Asked.DANGER, Tier.RED)
    say(mistaken, Asked.MISTAKE, after=20)
    start(tier=Tier.ORANGE)
    assert report.read_waits(NOW) == ([], 0)


@pytest.mark.django_db
def test_a_word_that_was_taken_and_is_not_there_is_lost(lin: Staff) -> None:
    session_id = heard_after(5, lin)
    write(session_id, lin)
    assert told()["lost"] == (0, True)
    Envelope.objects.filter(session=session_id, seq=1).delete()
    assert told()["lost"] == (1, False)


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "believed"), [(0, 0), (60, 1)])
def test_whoever_wrote_to_a_listener_who_was_gone_believed_that_they_read(
    lin: Staff, late: float, believed: int
) -> None:
    """The clock takes a silent listener out in time, or was down and comes a minute late."""
    session_id = heard_after(5, lin)
    Seat.objects.filter(session=session_id, staff=lin).update(seen_at=NOW)
    assert told()["believed"] == (1, False), "and nobody took them out at all"
    gone = SILENT_AFTER[Kind.NOW] + timedelta(seconds=late)
    clock.tick(NOW + gone)
    assert told()["believed"] == (believed, believed == 0)
    sessions.advance(session_id, Event.END, role=Role.SEEKER, now=LATER)
    assert told()["believed"][0] == believed, "it is still known once instants say the day only"


def run(*arguments: str, **options: Any) -> str:
    said = io.StringIO()
    call_command("rehearse", *arguments, stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_the_command_says_it_in_words_and_fails_where_a_line_is_missed(lin: Staff) -> None:
    assert "red-dials" in run("--language", "en", "script")
    with pytest.raises(CommandError, match="No red was played"):
        run("--language", "en", "report", "--days", "100000")
    heard_after(30, lin)
    with pytest.raises(SystemExit):  # Lin's seat has been silent since that evening
        run("--language", "en", "report", "--days", "100000")
    Seat.objects.update(ended_at=LATER)
    said = run("--language", "en", "report", "--days", "100000")
    assert "the slowest (s): 30 ≤ 180  [met]" in said
    assert "words lost: 0 ≤ 0  [met]" in said


@pytest.mark.parametrize("what", ["script", "report"])
def test_where_real_people_come_nothing_is_acted(what: str) -> None:
    with override_settings(MODE="live"), pytest.raises(CommandError, match="MODE=live"):
        run(what)
